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

    /// Two tables of up to `size` services each that have about half of them in common, and of those about half just as
    /// they are.
    mutating func overlapping(size: UInt32) -> (Table, Table) {
        let count = UInt32.random(in: max(1, size / 2 + 1)...size, using: &self)
        var (held, desired) = (Table(), Table())
        for number in 0..<count {
            held.services[identity(number)] = service()
            desired.services[identity(number + count / 2)] = service()
        }
        // In an order that is the same for the same seed.
        for number in 0..<count {
            let identity = identity(number)
            guard let service = held.services[identity], desired.services[identity] != nil else { continue }
            if Bool.random(using: &self) {
                desired.services[identity] = service
            } else if Bool.random(using: &self) {
                desired.services[identity] = changed(service)
            }
        }
        return (held, desired)
    }

    private mutating func identity() -> ServiceIdentity { identity(UInt32.random(in: 1...9, using: &self)) }

    private func identity(_ number: UInt32) -> ServiceIdentity {
        let address = IPv4Address(number: 0xC000_0200 + number / 3)
        return switch number % 3 {
        case 0: .endpoint(.tcp, Endpoint(address: .v4(address), port: 80))
        case 1: .endpoint(.udp, Endpoint(address: .v4(address), port: 53))
        default: .mark(number, .v4)
        }
    }

    /// The same service with other options, other weights, methods and limits, and a server more or less.
    private mutating func changed(_ service: TableService) -> TableService {
        var changed = service
        if Bool.random(using: &self) { changed.options = options() }
        for endpoint in service.servers.keys.sorted() {
            switch Int.random(in: 0...3, using: &self) {
            case 0: changed.servers[endpoint] = nil
            case 1: changed.servers[endpoint] = server(Bool.random(using: &self))
            default: break
            }
        }
        return changed
    }

    private mutating func options() -> ServiceOptions {
        let isPersistent = Bool.random(using: &self)
        return ServiceOptions(
            scheduler: Bool.random(using: &self) ? "mh" : "sh", persistence: isPersistent ? 300 : nil,
            netmask: isPersistent && Bool.random(using: &self) ? 0xFFFF_FF00 : nil,
            flags: UInt32.random(in: 0...3, using: &self) << 3)
    }

    private mutating func server(_ hasLimits: Bool) -> ServerOptions {
        ServerOptions(
            forwarding: Forwarding.allCases.randomElement(using: &self) ?? .nat,
            weight: UInt32.random(in: 0...2, using: &self), upperThreshold: hasLimits ? 100 : 0,
            lowerThreshold: hasLimits ? UInt32.random(in: 0...100, using: &self) : 0)
    }

    private mutating func service() -> TableService {
        var service = TableService(options: options())
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let address = IPv4Address(number: 0x0A00_0000 + UInt32.random(in: 1...5, using: &self))
            service.servers[Endpoint(address: .v4(address), port: 80)] = server(Bool.random(using: &self))
        }
        return service
    }
}
