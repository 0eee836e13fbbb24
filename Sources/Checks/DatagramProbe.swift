import Addresses
import Agreement
import Dialogues
import NIOCore
import NIOPosix

/// Sends a question in a datagram and hears answers, until one decides or the time is over.
///
/// The socket is connected: the kernel drops what comes from elsewhere, and tells when nobody listens.
final class DatagramProbe: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = ByteBuffer

    private var dialogue: any DatagramDialogue
    private var done: ((Outcome) -> Void)?
    private var alarm: Scheduled<Void>?

    private init(_ dialogue: any DatagramDialogue, done: @escaping (Outcome) -> Void) {
        self.dialogue = dialogue
        self.done = done
    }

    /// Calls `done` exactly once, on the loop, after `timeout` at the latest.
    static func begin(
        _ server: Endpoint, _ exit: ProbeExit, _ dialogue: any DatagramDialogue, timeout: TimeAmount,
        on loop: any EventLoop,
        done: @escaping (Outcome) -> Void
    ) throws(CheckFailure) {
        let target = try SocketAddress(server)
        let source = try exit.sourceAddress
        let probe = DatagramProbe(dialogue, done: done)
        let handler = NIOLoopBound(probe, eventLoop: loop)
        let deadline = NIODeadline.now() + timeout
        let bootstrap = DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.prepare(exit).flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        let connect = source.map { bootstrap.connect(to: target, from: $0) } ?? bootstrap.connect(to: target)
        connect.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): probe.ask(channel, deadline, loop)
            case .failure(let error): probe.finish(.fail(CheckFailure(error)))
            }
        }
    }

    private func ask(_ channel: any Channel, _ deadline: NIODeadline, _ loop: any EventLoop) {
        alarm = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            finish(dialogue.late)
            channel.close(promise: nil)
        }
        channel.writeAndFlush(ByteBuffer(bytes: dialogue.question)).assumeIsolated().whenFailure { error in
            self.finish(.fail(CheckFailure(error)))
            channel.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).data.readableBytesView
        guard let outcome = dialogue.receive(Array(bytes)) else { return }
        finish(outcome)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // A socket that was bound and cannot connect is closed before anybody is told why.
        guard alarm != nil else { return }
        finish(.fail(.closed))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.fail(CheckFailure(error)))
        context.close(promise: nil)
    }

    private func finish(_ outcome: Outcome) {
        alarm?.cancel()
        guard let done else { return }
        self.done = nil
        done(outcome)
    }
}
