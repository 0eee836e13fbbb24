import Addresses
import Agreement
import Dialogues
import NIOCore
import NIOPosix

/// Moves bytes between a server and a dialogue, until the dialogue has its outcome or the time is over.
final class StreamProbe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much is read after the outcome, in bytes, before a connection is reset that the server was to close.
    private static let drainLimit = 65_536

    private var dialogue: any Dialogue
    private let deadline: NIODeadline
    private var done: ((Outcome) -> Void)?
    private var alarm: Scheduled<Void>?
    private var drained = 0

    private init(_ dialogue: any Dialogue, deadline: NIODeadline, done: @escaping (Outcome) -> Void) {
        self.dialogue = dialogue
        self.deadline = deadline
        self.done = done
    }

    /// Calls `done` exactly once, on the loop, after `timeout` at the latest.
    static func begin(
        _ server: Endpoint, _ exit: ProbeExit, _ dialogue: any Dialogue, timeout: TimeAmount, on loop: any EventLoop,
        done: @escaping (Outcome) -> Void
    ) throws(CheckFailure) {
        let target = try SocketAddress(server)
        let probe = StreamProbe(dialogue, deadline: .now() + timeout, done: done)
        let handler = NIOLoopBound(probe, eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.resetOnClose().flatMap { channel.prepare(exit) }.flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        if let source = try exit.sourceAddress { bootstrap = bootstrap.bind(to: source) }
        let connect = bootstrap.connect(to: target)
        connect.assumeIsolated().whenFailure { probe.finish(.fail(CheckFailure($0))) }
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            finish(.fail(dialogue.late))
            channel.close(promise: nil)
        }
        take(dialogue.begin(), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        guard done != nil else {
            drained += bytes.count
            if drained > Self.drainLimit { context.close(promise: nil) }
            return
        }
        take(dialogue.receive(ArraySlice(bytes)), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        if done != nil { finish(dialogue.end()) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.fail(CheckFailure(error, connected: true)))
        context.close(promise: nil)
    }

    private func take(_ turn: Turn, _ context: ChannelHandlerContext) {
        switch turn {
        case .listen: break
        case .say(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .secure, .sayAndSecure:
            // Whoever wants TLS is led by a dialogue that speaks it.
            finish(.fail(.tls(.protocolUnknown)))
            context.close(promise: nil)
        case .end(let outcome):
            finish(outcome)
            if !outcome.isPass || !dialogue.leavesClosingToServer { context.close(promise: nil) }
        }
    }

    private func finish(_ outcome: Outcome) {
        guard let done else { return }
        self.done = nil
        done(outcome)
    }
}
