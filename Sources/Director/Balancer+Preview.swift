import Balancing
import Netlink
import Settings

/// What a configuration would change in the kernel.
package struct Preview: Sendable {
    var steps: [Step]
    /// The kernel's table as it was read for it.
    var held: Table
    /// Wanted services whose place somebody else's has.
    var taken: [ServiceIdentity]
    /// Servers that were never checked and are counted as up.
    var unchecked: Int
}

extension Balancer {
    /// Reads the kernel's table and changes nothing.
    mutating func preview(_ settings: Settings) -> Result<Preview, NetlinkError> {
        let known = ownedPlaces
        let held: Table
        do throws(NetlinkError) {
            guard let read = try kernel?.readTable(known: known) else { return .failure(.noIPVS) }
            held = read.table
        } catch {
            return .failure(error)
        }
        var verdicts = verdicts
        verdicts.assume(held, settings, overrides: overrides)
        let unchecked = verdicts.hope(settings)
        let wanted = desired(
            settings, verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages, shares: shares)
        var ownership = ownership
        _ = ownership.judge(held: held, desired: wanted)
        let steps = steps(from: held, to: wanted, ownership)
        return .success(Preview(steps: steps, held: held, taken: ownership.taken, unchecked: unchecked))
    }
}
