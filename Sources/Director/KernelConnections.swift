import Addresses
import Balancing
import Control
import Linux
import Synchronization

/// The kernel's connections as lines, a page at a time.
///
/// The kernel walks its table from the beginning for each page (net/netfilter/ipvs/ip_vs_conn.c, `ip_vs_conn_array`),
/// so there is an end to the patience as well as to the number.
final class KernelConnections: ConnectionPages {
    private struct State: ~Copyable {
        var pages: LinePages
        var left: Int
        var count = 0
        var isOver = false
    }

    private static let patience = Duration.seconds(30)

    private let state: Mutex<State>
    private let end: Instant

    init(limit: Int) throws(SystemError) {
        let pages = try LinePages(path: Teller.list)
        state = Mutex(State(pages: pages, left: limit))
        end = Clock.now() + Self.patience
    }

    func next() -> [UInt8]? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            do throws(SystemError) {
                guard let page = try state.pages.next() else { return Self.close(&state, isWhole: true) }
                return lines(of: page, &state)
            } catch {
                return Self.close(&state, isWhole: false)
            }
        }
    }

    private func lines(of page: [UInt8], _ state: inout State) -> [UInt8] {
        var text: [UInt8] = []
        for line in page.split(separator: 0x0A) {
            guard let connection = Connection(line: line) else { continue }
            guard state.left > 0, Clock.now() < end else { return text + Self.close(&state, isWhole: false) }
            state.left -= 1
            state.count += 1
            text += Array((TableText.line(connection) + "\n").utf8)
        }
        return text
    }

    private static func close(_ state: inout State, isWhole: Bool) -> [UInt8] {
        state.isOver = true
        return Array("end \(state.count) \(isWhole ? "whole" : "more")\n".utf8)
    }
}
