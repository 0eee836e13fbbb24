import Addresses
import Election
package import Heartbeat

/// The keys that a director accepts, and the id of the one that it sends with.
package struct SimulatedKeys: Hashable, Sendable {
    package var accepted = [key(7)]
    package var sending: UInt32 = 7

    package init() {}

    package static func key(_ id: UInt32) -> SharedKey {
        SharedKey(id: id, secret: [UInt8](repeating: UInt8(truncatingIfNeeded: id &* 6), count: 32))
    }
}

/// How far somebody is who changes the pair's key again and again: each step at one director, then at the other.
struct Rotation {
    enum Step: Int, CaseIterable { case add, activate, retire }

    /// The key that is sent with, and the one that is about to be.
    var old: UInt32 = 7
    var new: UInt32 { old + 1 }
    var step = Step.add
    /// Who has done the step already.
    var first: Seat?
    /// Keys that have gone.
    var rounds = 0
}

extension SimulatedPair {
    /// Takes other keys, in its files and in its daemon.
    package mutating func setKeys(_ seat: Seat, _ change: (inout SimulatedKeys) -> Void) {
        change(&directors[seat.rawValue].keys)
        let keys = directors[seat.rawValue].keys
        command(seat, "takes other keys") { machine, _, orders in
            machine.setKeys(keys.accepted, sending: keys.sending, into: &orders)
        }
    }

    /// How many keys were added, sent with and retired.
    package var rotations: Int { rotation.rounds }

    mutating func planRotation() {
        guard let pause = options.rotation else { return }
        queue.plan(.rotate, at: now + random.duration(in: pause))
    }

    /// Does the next half of a step, as `tandem keys` would: both directors must hear each other, and a key that is
    /// seen on the wire stays. No fault comes of it: whatever role changes now has no excuse.
    mutating func rotate() {
        planRotation()
        guard Seat.allCases.allSatisfy({ directors[$0.rawValue].isAwake && peerState($0) == .heard }) else { return }
        guard rotation.step != .retire || Seat.allCases.allSatisfy({ !needs(rotation.old, $0) }) else { return }
        let seat = rotation.first?.other ?? (random.chance(0.5) ? Seat.lb1 : .lb2)
        change(&directors[seat.rawValue].keys)
        let keys = directors[seat.rawValue].keys
        var orders = Orders()
        directors[seat.rawValue].machine?.setKeys(keys.accepted, sending: keys.sending, into: &orders)
        trace.add(now, seat, "\(rotation.step)s key \(rotation.step == .retire ? rotation.old : rotation.new)")
        advance(seat)
    }

    private func change(_ keys: inout SimulatedKeys) {
        switch rotation.step {
        case .add: keys.accepted.append(SimulatedKeys.key(rotation.new))
        case .activate: keys.sending = rotation.new
        case .retire: keys.accepted.removeAll { $0.id == rotation.old }
        }
    }

    private mutating func advance(_ seat: Seat) {
        guard rotation.first != nil else {
            rotation.first = seat
            return
        }
        rotation.first = nil
        guard rotation.step != .retire else {
            rotation = Rotation(old: rotation.new, rounds: rotation.rounds + 1)
            return
        }
        rotation.step = Rotation.Step(rawValue: rotation.step.rawValue + 1) ?? .add
    }

    /// Whether a director's session came from the key, or something under it arrived lately.
    private func needs(_ id: UInt32, _ seat: Seat) -> Bool {
        guard let machine = directors[seat.rawValue].machine, machine.keyID != id else { return true }
        guard let seen = machine.keys.first(where: { $0.id == id })?.lastSeen else { return false }
        return clock(of: seat) - seen < max(.seconds(1), options.takeoverTime)
    }
}
