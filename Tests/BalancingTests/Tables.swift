import Addresses
import Balancing
import Settings

/// Shorthand of these tests: text that is wrong ends the test run.
func endpoint(_ text: String) -> Endpoint {
    guard let endpoint = Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
    return endpoint
}

func tcp(_ text: String) -> ServiceIdentity { .endpoint(.tcp, endpoint(text)) }

func udp(_ text: String) -> ServiceIdentity { .endpoint(.udp, endpoint(text)) }

/// A generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators": the same numbers for the
/// same seed on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SplitMix64 {
    /// Few services with few servers, so that two tables often share some of both.
    mutating func table() -> Table {
        var table = Table()
        for _ in 0..<Int.random(in: 0...4, using: &self) { table.services[identity()] = service() }
        return table
    }

    private mutating func identity() -> ServiceIdentity {
        let number = UInt32.random(in: 1...3, using: &self)
        return switch Int.random(in: 0...2, using: &self) {
        case 0: .endpoint(.tcp, Endpoint(address: .v4(IPv4Address(number: number)), port: 80))
        case 1: .endpoint(.udp, Endpoint(address: .v4(IPv4Address(number: number)), port: 53))
        default: .mark(number, .v4)
        }
    }

    private mutating func service() -> TableService {
        var service = TableService(
            options: ServiceOptions(
                scheduler: Bool.random(using: &self) ? "wlc" : "rr",
                persistence: Bool.random(using: &self) ? 300 : nil))
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let address = IPv4Address(number: 0x0A00_0000 + UInt32.random(in: 1...5, using: &self))
            service.servers[Endpoint(address: .v4(address), port: 80)] = ServerOptions(
                forwarding: Forwarding.allCases.randomElement(using: &self) ?? .nat,
                weight: UInt32.random(in: 0...2, using: &self))
        }
        return service
    }
}
