package import Addresses

/// Why an echo did not come back as it should.
package enum PingFailure: Hashable, Sendable {
    /// Somebody on the way, or the machine itself, said why: an error of ICMP, or of ICMPv6.
    case refused(AddressFamily, type: UInt8, code: UInt8)
    /// What came back is not what was sent.
    case otherData
}

extension PingFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let family, let type, let code):
            "\(Self.words(family, type, code)) (\(family == .v4 ? "ICMP" : "ICMPv6") type \(type) code \(code))"
        case .otherData: "the echo brings back other data than were sent"
        }
    }

    private static func words(_ family: AddressFamily, _ type: UInt8, _ code: UInt8) -> String {
        let kind = (family == .v4 ? kinds4 : kinds6).first { $0.type == type }
        guard let kind else { return "an error" }
        return code < kind.codes.count ? kind.codes[Int(code)] : kind.name
    }

    private typealias Kind = (type: UInt8, name: String, codes: [String])

    /// RFC 792; codes 6 to 12 of type 3: RFC 1122 3.2.2.1; 13 to 15: RFC 1812 5.2.7.1.
    private static let kinds4: [Kind] = [
        (
            3, "destination unreachable",
            [
                "net unreachable", "host unreachable", "protocol unreachable", "port unreachable",
                "fragmentation needed and DF set", "source route failed", "destination network unknown",
                "destination host unknown", "source host isolated",
                "communication with destination network administratively prohibited",
                "communication with destination host administratively prohibited",
                "network unreachable for type of service", "host unreachable for type of service",
                "communication administratively prohibited", "host precedence violation",
                "precedence cutoff in effect",
            ]
        ),
        (
            11, "time exceeded", ["time to live exceeded in transit", "fragment reassembly time exceeded"]
        ),
        (12, "parameter problem", []),
    ]

    /// RFC 4443 3.
    private static let kinds6: [Kind] = [
        (
            1, "destination unreachable",
            [
                "no route to destination", "communication with destination administratively prohibited",
                "beyond scope of source address", "address unreachable", "port unreachable",
                "source address failed ingress/egress policy", "reject route to destination",
            ]
        ),
        (2, "packet too big", []),
        (3, "time exceeded", ["hop limit exceeded in transit", "fragment reassembly time exceeded"]),
        (
            4, "parameter problem",
            [
                "erroneous header field encountered", "unrecognized Next Header type encountered",
                "unrecognized IPv6 option encountered",
            ]
        ),
    ]
}
