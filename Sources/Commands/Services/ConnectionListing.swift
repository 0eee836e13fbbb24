import Control
import Synchronization

/// `tandem table --connections`: line by line as they come, however many there are.
struct ConnectionListing {
    private let client: ControlClient
    private let limit: Int
    private let isJSON: Bool

    init(_ client: ControlClient, limit: Int, isJSON: Bool) {
        self.client = client
        self.limit = limit
        self.isJSON = isJSON
    }

    func run() async throws {
        let page = Mutex((text: isJSON ? "[" : ConnectionText.title, count: 0))
        let isWhole = try await client.connections(limit: limit) { [isJSON] line in
            let full = page.withLock { page -> String? in
                page.text += isJSON ? (page.count == 0 ? "\n" : ",\n") + ConnectionText.json(line) : line + "\n"
                page.count += 1
                guard page.text.utf8.count > 32_768 else { return nil }
                defer { page.text = "" }
                return page.text
            }
            if let full { Terminal.say(full) }
        }
        let (rest, count) = page.withLock { $0 }
        Terminal.say(rest + (isJSON ? "\n]\n" : ""))
        if !isWhole {
            Terminal.complain("these are \(count) of more connections: --limit N lists more of them")
        }
    }
}

/// The kernel's connections for people and for programs.
package enum ConnectionText {
    /// The head of `ipvsadm -Lnc`.
    package static let title = """
        IPVS connection entries
        pro expire state       source             virtual            destination

        """

    /// A line of the list as an object; its words are without blanks, quotation marks and backslashes.
    package static func json(_ line: Substring) -> String {
        let keys = ["protocol", "expires", "state", "client", "service", "server"]
        let pairs = zip(keys, line.split(separator: " ")).map { "\"\($0)\": \"\($1)\"" }
        return "  {\(pairs.joined(separator: ", "))}"
    }
}
