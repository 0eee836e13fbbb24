/// The question what the server can do (RFC 3261 11).
package struct SIPCheck: Hashable, Sendable {
    package enum Transport: String, Hashable, Sendable, CaseIterable {
        case udp, tcp
    }

    package var transport: Transport
    /// Whom it is asked of; absent: the server's address and port.
    package var host: String?
    /// Final statuses that are good, 200 to 699.
    package var status: [ClosedRange<Int>]

    package static let statuses = 200...699

    package init(
        transport: Transport = .udp, host: String? = nil, status: [ClosedRange<Int>] = [200...200]
    ) {
        self.transport = transport
        self.host = host
        self.status = status
    }
}
