import Control
import Glibc

/// Standard output and standard error.
enum Terminal {
    /// Whether a person reads standard output.
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Of the terminal at standard output; absent: it is none, or does not know.
    static var size: (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Colours for people who did not ask for none (no-color.org).
    static var style: Style {
        isInteractive && getenv("NO_COLOR") == nil ? .coloured : .plain
    }

    static func say(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    static func say(json value: some Encodable, pretty: Bool = true) throws {
        let bytes = try JSON.encode(value, pretty: pretty)
        say(String(decoding: bytes, as: UTF8.self) + "\n")
    }

    static func complain(_ sentence: String) {
        write("tandem: \(sentence)\n", to: STDERR_FILENO)
    }

    /// Seconds of the Unix epoch.
    static var now: Int64 { Int64(time(nil)) }
    /// The same in milliseconds.
    static var nowMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A reader who is gone ends the program as SIGPIPE would, which NIO has switched off.
    private static func write(_ text: String, to file: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { exit(128 + SIGPIPE) }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// What stands around words so that a terminal shows them in a colour.
package enum Style: Sendable {
    case plain, coloured

    package enum Colour: String, Sendable {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
        case faint = "2"
    }

    func paint(_ text: String, _ colour: Colour?) -> String {
        guard let colour, self == .coloured, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}
