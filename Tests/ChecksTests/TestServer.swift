import Addresses
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server on 127.0.0.1 that behaves as a test wants.
struct TestServer {
    enum Behaviour: Sendable {
        /// Says this once asked, and closes.
        case says(String)
        /// Says this once asked, and leaves the connection open.
        case keeps(String)
        /// Says what this makes of what it is asked, and leaves the connection open.
        case answers(@Sendable ([UInt8]) -> [UInt8])
        /// Says this unasked, and leaves the connection open.
        case greets(String)
        /// Accepts and never speaks.
        case silent
        /// Closes at once.
        case closes
        /// Sends a reset once asked.
        case resets
        /// Sends this every millisecond as long as the connection takes it.
        case floods(String)
        /// Sends one byte of this every 10 ms.
        case trickles(String)
    }

    private let channel: any Channel
    private let counts: Counts
    let endpoint: Endpoint

    init(_ behaviour: Behaviour, port: Int = 0) async throws {
        let counts = Counts()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                counts.opened()
                channel.closeFuture.whenComplete { _ in counts.closed() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(behaviour))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.counts = counts
        let port = UInt16(channel.localAddress?.port ?? 0)
        endpoint = Endpoint(address: .v4(IPv4Address(number: 0x7F00_0001)), port: port)
    }

    /// Connections so far, and the most at one time.
    var connections: Int { counts.state.withLock { $0.total } }
    var mostAtOnce: Int { counts.state.withLock { $0.most } }

    /// Once those that are connected have been accepted: after 150 ms in which nothing changed, at least one being
    /// expected.
    func settledConnections() async throws -> Int {
        var before = connections
        for _ in 0..<20 {
            try await Task.sleep(for: .milliseconds(150))
            if connections == before, before > 0 { break }
            before = connections
        }
        return connections
    }

    /// Whether nobody is connected any more, within 10 s.
    func isLeft() async throws -> Bool {
        for _ in 0..<200 where counts.state.withLock({ $0.now }) > 0 { try await Task.sleep(for: .milliseconds(50)) }
        return counts.state.withLock { $0.now } == 0
    }

    func stop() async throws {
        try await channel.close()
    }

    /// An endpoint where nobody listens: a busy machine may close a socket later than it says.
    static func closedPort() async throws -> Endpoint {
        let server = try await TestServer(.silent)
        try await server.stop()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        while let channel = try? await bootstrap.connect(host: "127.0.0.1", port: Int(server.endpoint.port)).get() {
            try? await channel.close()
            try await Task.sleep(for: .milliseconds(10))
        }
        return server.endpoint
    }

    private final class Counts: Sendable {
        let state = Mutex((total: 0, now: 0, most: 0))

        func opened() {
            state.withLock {
                $0.total += 1
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func closed() {
            state.withLock { $0.now -= 1 }
        }
    }
}

private final class Speaker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let behaviour: TestServer.Behaviour

    init(_ behaviour: TestServer.Behaviour) {
        self.behaviour = behaviour
    }

    func channelActive(context: ChannelHandlerContext) {
        switch behaviour {
        case .closes: context.close(promise: nil)
        case .greets(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        default: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch behaviour {
        case .says(let text):
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.value.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)))
                .whenComplete { _ in context.value.close(promise: nil) }
        case .keeps(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .answers(let answer):
            let bytes = answer(Array(unwrapInboundIn(data).readableBytesView))
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .greets, .silent, .closes: break
        case .resets:
            let options = context.channel as? any SocketOptionProvider
            _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: nil)
        case .floods(let text): flood(context.channel, ByteBuffer(string: text))
        case .trickles(let text): trickle(context.channel, Array(text.utf8)[...])
        }
    }

    private func flood(_ channel: any Channel, _ bytes: ByteBuffer) {
        guard channel.isActive else { return }
        if channel.isWritable { channel.writeAndFlush(bytes, promise: nil) }
        channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [self] in flood(channel, bytes) }
    }

    private func trickle(_ channel: any Channel, _ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first, channel.isActive else { return }
        channel.writeAndFlush(ByteBuffer(bytes: [first]), promise: nil)
        channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(10)) { [self] in
            trickle(channel, bytes.dropFirst())
        }
    }
}
