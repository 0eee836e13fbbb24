extension Oracle {
    /// How long each thing may last, from the options alone. Docs/Simulation.md says why.
    package struct Bounds: Sendable {
        /// Both directors answer in one connected network, whatever happened to one of them.
        package let double: Duration
        /// The same where nothing is wrong any more.
        package let undisturbedDouble: Duration
        /// Both directors serve a group although the policy lets only one of them.
        package let bothServing: Duration
        /// A director that could serve leaves a group to nobody.
        package let unserved: Duration
        /// Addresses are on the wire of a machine whose daemon has nothing to do with them.
        package let orphan: Duration
        /// A director is active and its addresses are not on the wire.
        package let empty: Duration
        /// After such a time without fault or request no role changes.
        package let settling: Duration
        /// After the last fault the pair is at rest, everything where it belongs.
        package let convergence: Duration

        init(_ options: SimulatedPair.Options) {
            let lease = (options.restarts ? max(options.lease, options.restartPatience) : options.lease) + options.slack
            let work = options.handWork + options.slack
            let takeover = options.takeoverTime
            let claim = max(.seconds(5), takeover * 2)
            // A holder whose gift was not taken rests for so long before it offers it again by itself.
            let rest = Duration.seconds(10)
            let preempt = options.groups.compactMap(\.preempt).max() ?? .zero
            double = lease + takeover + options.handPatience + work + .seconds(1)
            undisturbedDouble = options.interval * 5 + work
            bothServing = options.claiming + options.interval * 2 + work
            let boot = options.isGuarded ? options.restartPatience + takeover : .zero
            unserved = claim + lease + options.handPatience + takeover * 8 + work + boot
            orphan = lease + work
            empty = options.lease / 2 + takeover + work
            // A director that is fitter for long gets a group after 30 s, at the soonest.
            settling = unserved + claim + preempt + rest + .seconds(40)
            convergence = unserved * 2 + preempt + rest
        }

        /// 2 s after the first claim that failed, doubled each time, at most a minute.
        func pause(after failures: Int) -> Duration { .seconds(min(60, 1 << min(failures, 6))) }
    }
}
