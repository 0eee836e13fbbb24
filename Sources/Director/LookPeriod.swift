/// How often the balancer reads the kernel's table back, and repairs it.
package enum LookPeriod {
    package static var usual: Duration { .seconds(5) }
    /// For as long as this director is new to the table: who just came is waited for.
    package static var new: Duration { .seconds(1) }

    /// From one look, that took `spent`, to the next. A large table is not read all the time; but a look that had
    /// modules of the kernel to load took seconds once, and who then sleeps longer than usual looks stuck.
    package static func next(isNew: Bool, spent: Duration) -> Duration {
        isNew ? min(max(new, spent * 10), usual) : usual
    }
}
