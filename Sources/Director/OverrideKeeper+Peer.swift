import Addresses
import Balancing
import Control
import Linux
import Synchronization

extension OverrideKeeper {
    /// The stream begins anew: nothing that was sent counts.
    func peerBegan() {
        state.withLock { state in
            state.peerDigest = nil
            state.peerLeft = [:]
            state.told = nil
            state.shareDelay = Self.shareDelay.first
        }
        share(Clock.now())
    }

    /// A message of the peer's, on the messenger's thread.
    func receive(_ bytes: [UInt8]) {
        guard let message = OverrideMessage.read(bytes) else { return }
        let news = state.withLock { state in
            let old = state.overrides
            state.overrides.merge(message.overrides)
            if let left = message.left {
                state.peerLeft = Dictionary(left.map { (Mark($0), DrainCount($0)) }) { $1 }
            }
            if let digest = message.digest { state.peerDigest = UInt64(digest, radix: 16) }
            guard state.overrides != old else { return [Override]() }
            spread(&state)
            let known = Set(old.list)
            return state.overrides.list.filter { !known.contains($0) }
        }
        tell(news)
        guard message.digest != nil else { return }
        if !isShared {
            share(Clock.now())
        } else if message.asks {
            sendDigest()
        }
    }

    /// Whether the peer said that it knows everything.
    var isShared: Bool { state.withLock { $0.isShared } }

    /// Tells the peer everything, but the same not twice in a second.
    func share(_ now: Instant) {
        let messages = state.withLock { state in
            let digest = state.overrides.digest
            if let told = state.told, told.digest == digest, now - told.at < .seconds(1) { return [OverrideMessage]() }
            state.told = (digest, now)
            state.nextShare = now + state.shareDelay
            return OverrideMessage.all(of: state.overrides, left: state.left)
        }
        for message in messages { send(message) }
    }

    /// Tells it the digest, and what the drains wait for here.
    func sendDigest() {
        let message = state.withLock { state in
            OverrideMessage(
                clock: state.overrides.clock, digest: String(state.overrides.digest, radix: 16), asks: false,
                left: state.left)
        }
        send(message)
    }

    /// What the stream has no room for is told again later.
    private func send(_ message: OverrideMessage) {
        guard let bytes = try? JSON.encode(message) else { return }
        organs.messenger.post(.send(.overrides, bytes))
    }
}

extension OverrideKeeper.State {
    var isShared: Bool { peerDigest == overrides.digest }

    fileprivate var left: [OverrideMessage.Left] {
        watches.map { mark, watch in
            OverrideMessage.Left(
                stamp: mark.stamp, director: mark.director, connections: watch.here.connections,
                isFinal: watch.here.isFinal)
        }
    }
}

extension DrainCount {
    fileprivate init(_ left: OverrideMessage.Left) {
        self.init(connections: left.connections, isFinal: left.isFinal)
    }
}
