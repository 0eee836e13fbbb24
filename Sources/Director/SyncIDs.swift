import Heartbeat
package import Settings

extension PairSettings {
    /// Two ids of 1 to 255 for the kernel's sync daemons, in the order of `directors`: they differ, are the same on
    /// both directors, and are rarely those of another pair on the same wire.
    package var syncIDs: [UInt8] {
        let base = UInt8(fingerprint("tandem sync " + name) % 127) * 2 + 1
        let isFirst = directors[0].name < directors[1].name
        return isFirst ? [base, base + 1] : [base + 1, base]
    }
}
