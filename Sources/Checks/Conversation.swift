import Addresses
import Agreement
import Dialogues
import NIOCore
import Settings

/// One run of a probe: the check's kind decides who leads it.
enum Conversation {
    /// Calls `done` exactly once, on the loop, after the check's timeout at the latest.
    static func begin(_ probe: Probe.Identity, on loop: any EventLoop, done: @escaping (Outcome) -> Void) {
        let target: SocketAddress
        do {
            target = try SocketAddress(ipAddress: probe.target.address.description, port: Int(probe.target.port))
        } catch {
            return done(.fail(CheckFailure(error)))
        }
        let timeout = TimeAmount.nanoseconds(probe.check.timeout.nanoseconds)
        switch probe.check.kind {
        case .none: done(.pass)
        case .tcp: TCPProbe.begin(target, timeout: timeout, on: loop, done: done)
        case .http(let check):
            let request = HTTPDialogue.request(path: check.path, host: check.host ?? Self.host(probe.target))
            let dialogue = HTTPDialogue(accepted: check.status)
            HTTPProbe.begin(target, request: request, dialogue, timeout: timeout, on: loop, done: done)
        }
    }

    /// The Host header of a server without a name: the port is left out where it is HTTP's own (RFC 9110 7.2).
    private static func host(_ target: Endpoint) -> String {
        switch (target.address, target.port) {
        case (.v4(let address), 80): "\(address)"
        case (.v6(let address), 80): "[\(address)]"
        default: target.description
        }
    }
}
