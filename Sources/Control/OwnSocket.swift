import Logging
import Synchronization

/// The socket that this server made, so that it removes no other at the end: another daemon may have taken the path.
final class OwnSocket: Sendable {
    private let file: SocketFile
    private let identity = Mutex<SocketFile.Identity?>(nil)

    init(_ file: SocketFile) {
        self.file = file
    }

    /// Remembers the socket that was just bound, and lets its group in.
    func adopt(openTo group: UInt32?, logger: Logger) {
        do {
            try file.open(to: group)
            let found = try file.identity()
            identity.withLock { $0 = found }
        } catch {
            logger.error("\(error)")
        }
    }

    func remove() {
        let own = identity.withLock { $0 }
        guard let own, (try? file.identity()) == own else { return }
        try? file.remove()
    }
}
