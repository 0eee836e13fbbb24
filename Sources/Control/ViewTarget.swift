/// What the API can be asked about the kernel's table and connections; nothing here changes anything.
package protocol ViewTarget: Sendable {
    /// What the kernel counts, read now.
    func counters() async throws(ControlRefusal) -> CountersReport
    /// The kernel's table in ipvsadm's layouts, read now.
    func listing(_ request: ListingRequest) async throws(ControlRefusal) -> ListingReport
    /// Where the kernel sends a flow.
    func explain(_ request: ExplainRequest) async throws(ControlRefusal) -> ExplainReport
    /// How a server is checked, and what came of it.
    func checks(_ request: CheckRequest) async throws(ControlRefusal) -> ChecksReport
    /// The figures for Prometheus, in pieces of whole lines; who asks again within a second gets the same.
    func metrics(as format: MetricsFormat) async -> [[UInt8]]
    /// The kernel's connections, at most `limit` of them.
    func connections(limit: Int) async throws(ControlRefusal) -> any ConnectionPages
}

/// The kernel's connections, read page by page as somebody takes them.
package protocol ConnectionPages: Sendable {
    /// Whole lines as `ipvsadm -Lnc` prints them, and as the very last `end COUNT whole` or `end COUNT more`; nil
    /// behind that.
    func next() -> [UInt8]?
}
