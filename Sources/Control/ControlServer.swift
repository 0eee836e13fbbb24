package import Logging
package import NIOCore

/// The API: HTTP and JSON on a Unix domain socket.
package struct ControlServer: Sendable {
    private let path: String
    private let target: any ControlTarget
    private let events: EventLog
    private let group: any EventLoopGroup
    private let logger: Logger

    /// - Parameters:
    ///   - path: where the socket appears: `/run/tandem/api.sock`, at most 107 bytes.
    ///   - group: event loops shared with the rest of the daemon; the server does not end them.
    package init(
        path: String, target: any ControlTarget, events: EventLog, group: any EventLoopGroup, logger: Logger
    ) {
        self.path = path
        self.target = target
        self.events = events
        self.group = group
        self.logger = logger
    }

    /// Serves until the service group shuts down or the task is cancelled, and removes the socket.
    package func run() async throws {
    }
}
