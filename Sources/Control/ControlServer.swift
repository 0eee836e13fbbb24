import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import ServiceLifecycle

/// The API: HTTP and JSON on a Unix domain socket.
package struct ControlServer: Service, CustomStringConvertible {
    /// What keeps clients from using a director up.
    package struct Limits: Sendable {
        /// How many connections are open at once at the most; more wait in the backlog.
        package var connections: Int
        /// How long a request, its answer, or the pause after it may take: longer than a wait for events.
        package var patience: TimeAmount

        package init(connections: Int = 64, patience: TimeAmount = .seconds(60)) {
            self.connections = connections
            self.patience = patience
        }
    }

    package let description = "API"
    private let path: String
    private let target: any ControlTarget
    private let events: EventLog
    private let group: any EventLoopGroup
    private let limits: Limits
    private let logger: Logger

    /// - Parameters:
    ///   - path: where the socket appears: `/run/tandem/api.sock`, at most 107 bytes.
    ///   - group: event loops shared with the rest of the daemon; the server does not end them.
    package init(
        path: String, target: any ControlTarget, events: EventLog, group: any EventLoopGroup, limits: Limits = Limits(),
        logger: Logger
    ) {
        self.path = path
        self.target = target
        self.events = events
        self.group = group
        self.limits = limits
        self.logger = logger
    }

    /// Makes the path free for a socket, before anything else begins. Throws a `SocketProblem` if somebody answers on
    /// it, or something else is in its place.
    package static func clear(path: String) throws(SocketProblem) {
        try SocketFile(path).clear()
    }

    /// Serves until the service group shuts down or the task is cancelled, and removes the socket. Throws a
    /// `SocketProblem` if the socket cannot be had.
    package func run() async throws {
        let access = Access.ofThisMachine()
        let file = try SocketFile(path)
        try file.clear()
        let own = OwnSocket(file)
        let application = application(access, whenBound: { own.adopt(openTo: access.readers, logger: logger) })
        defer { own.remove() }
        do {
            try await application.run()
        } catch let error as IOError {
            throw SocketProblem(path, .failed("serve the API on", error.errnoCode))
        }
    }

    private func application(
        _ access: Access, whenBound: @escaping @Sendable () -> Void
    ) -> Application<ControlResponder> {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let patience = limits.patience
        return Application(
            responder: ControlResponder(target: target, events: events, access: access, logger: logger),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [Patience(limit: patience)],
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64))),
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: path),
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { _ in whenBound() },
            eventLoopGroupProvider: .shared(group),
            logger: quiet)
    }
}
