import Agreement
import Dialogues
import NIOCore
import NIOPosix

/// Moves bytes between a server and an HTTP dialogue, until the dialogue has its outcome or the time is over.
final class HTTPProbe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much of the body is read for politeness after the outcome, in bytes, before the connection is reset.
    private static let drainLimit = 65_536

    private let request: [UInt8]
    private var dialogue: HTTPDialogue
    private let deadline: NIODeadline
    private var done: ((Outcome) -> Void)?
    private var alarm: Scheduled<Void>?
    private var drained = 0

    private init(
        _ request: [UInt8], _ dialogue: HTTPDialogue, deadline: NIODeadline, done: @escaping (Outcome) -> Void
    ) {
        self.request = request
        self.dialogue = dialogue
        self.deadline = deadline
        self.done = done
    }

    static func begin(
        _ target: SocketAddress, request: [UInt8], _ dialogue: HTTPDialogue, timeout: TimeAmount,
        on loop: any EventLoop, done: @escaping (Outcome) -> Void
    ) {
        let probe = HTTPProbe(request, dialogue, deadline: .now() + timeout, done: done)
        let handler = NIOLoopBound(probe, eventLoop: loop)
        let connect = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.resetOnClose().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .connect(to: target)
        connect.assumeIsolated().whenFailure { probe.finish(.fail(CheckFailure($0))) }
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.finish(.fail(.answerTimeout))
            channel.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        guard done != nil else {
            drained += bytes.count
            if drained > Self.drainLimit { context.close(promise: nil) }
            return
        }
        guard let outcome = dialogue.receive(bytes) else { return }
        finish(outcome)
        if outcome != .pass { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        finish(dialogue.end())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.fail(CheckFailure(error, connected: true)))
        context.close(promise: nil)
    }

    private func finish(_ outcome: Outcome) {
        guard let done else { return }
        self.done = nil
        done(outcome)
    }
}
