/// Why a server's health service does not say that it is serving.
package enum GRPCFailure: Hashable, Sendable {
    /// HTTP/2, and not gRPC.
    case notGRPC
    case malformed
    case notServing
    /// It does not say whether it is serving.
    case unknownHealth
    /// It knows no service of the name that the check asks for.
    case unknownService
    /// Another status than OK.
    case status(UInt8)
}

extension GRPCFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notGRPC: "the answer is not gRPC"
        case .malformed: "the answer is not one of gRPC's health service"
        case .notServing: "it says NOT_SERVING"
        case .unknownHealth: "it does not say whether it is serving"
        case .unknownService: "it does not know the service"
        case .status(12): "it has no health service (gRPC status UNIMPLEMENTED)"
        case .status(let code): "gRPC status \(Self.words[code] ?? "\(code)")"
        }
    }

    /// "Status codes and their use in gRPC" of the gRPC project.
    private static let words: [UInt8: String] = [
        1: "CANCELLED", 2: "UNKNOWN", 3: "INVALID_ARGUMENT", 4: "DEADLINE_EXCEEDED", 6: "ALREADY_EXISTS",
        7: "PERMISSION_DENIED", 8: "RESOURCE_EXHAUSTED", 9: "FAILED_PRECONDITION", 10: "ABORTED", 11: "OUT_OF_RANGE",
        13: "INTERNAL", 14: "UNAVAILABLE", 15: "DATA_LOSS", 16: "UNAUTHENTICATED",
    ]
}
