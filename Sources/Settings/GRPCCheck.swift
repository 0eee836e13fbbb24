/// gRPC's own health service (grpc.health.v1) over HTTP/2.
package struct GRPCCheck: Hashable, Sendable {
    /// At most 255 bytes; absent: the server as a whole.
    package var service: String?
    /// The authority that is asked for; absent: the server's address.
    package var host: String?
    /// Absent: in the clear, with prior knowledge (RFC 9113 3.3).
    package var tls: TLSCheck?

    package init(service: String? = nil, host: String? = nil, tls: TLSCheck? = nil) {
        self.service = service
        self.host = host
        self.tls = tls
    }
}
