import Balancing
import Netlink
import Settings

/// What a configuration would change in the kernel.
struct Preview: Sendable {
    var steps: [Step]
    /// The kernel's table as it was read for it.
    var held: Table
    /// Wanted services whose place somebody else's has.
    var taken: [ServiceIdentity]
    /// Servers that were never checked and are counted as up.
    var unchecked: Int
}

extension Balancer {
    /// Reads the kernel's table and changes nothing; nil: there is no ip_vs, or it cannot be read.
    mutating func preview(_ settings: Settings) -> Preview? {
        guard let held = try? kernel?.readTable().table else { return nil }
        var verdicts = verdicts
        verdicts.assume(held, settings, overrides: overrides)
        let unchecked = verdicts.hope(settings)
        let wanted = desired(settings, verdicts: verdicts, overrides: overrides)
        var ownership = ownership
        _ = ownership.judge(held: held, desired: wanted)
        let steps = plan(
            from: held, to: ownership.attainable(wanted), owned: ownership.services.subtracting(heldBack ?? []))
        return Preview(steps: steps, held: held, taken: ownership.taken, unchecked: unchecked)
    }
}
