import Addresses
package import Balancing
import Glibc
import Linux
import Settings

/// Keeps on the disk which services of the kernel's table are ours, so that a later life of this director knows. Only
/// the balancer writes it.
package struct OwnershipFile: Sendable {
    private let path: String
    private let boot: String
    private var stored: Set<ServiceIdentity>?
    /// Why it cannot be written, in a sentence.
    private(set) var problem: String?

    /// - Parameter folder: `/var/lib/tandem/PAIR/DIRECTOR`.
    package init(folder: String) {
        path = "\(folder)/services"
        boot = (try? Sysctl.read("kernel/random/boot_id")) ?? "unknown"
    }

    /// What an earlier life owned, unless the machine has been started anew since: then the kernel's table was too. A
    /// file that cannot be used is put aside, and the sentence says so.
    mutating func restore() -> (Set<ServiceIdentity>, warning: String?) {
        do {
            guard let bytes = try DurableFile.read(path, limit: OwnershipText.limit) else { return ([], nil) }
            let text = try StateText(
                bytes, kind: OwnershipText.kind, version: OwnershipText.version, limit: OwnershipText.limit)
            let (services, writtenIn) = try OwnershipText.services(text)
            guard writtenIn == boot else { return ([], nil) }
            stored = services
            return (services, nil)
        } catch {
            let why = (error as? StateDamage).map { "it \($0)" } ?? "\(error)"
            let place = (try? DurableFile.setAside(path)).map { "it is kept as \($0)" } ?? "it cannot be put aside"
            return (
                [],
                "the state file \(path) cannot be used: \(why); \(place), and services in the kernel that are not just "
                    + "as the configuration wants them count as somebody else's ('tandem adopt' takes them over)"
            )
        }
    }

    /// Writes what is not written yet. The sentence says what cannot be written and could before.
    mutating func store(_ services: Set<ServiceIdentity>) -> String? {
        guard services != stored else { return nil }
        let before = problem
        do throws(SystemError) {
            try DurableFile.write(path, OwnershipText.text(services, boot: boot).bytes)
            stored = services
            problem = nil
        } catch {
            problem =
                "\(error): a restart would take new services for somebody else's, and leave those that were removed "
                + "meanwhile"
        }
        return problem == before ? nil : problem
    }
}

/// Owned services as lines of a state file, below the id of the boot in which the kernel holds them.
package enum OwnershipText {
    package static let kind = "services"
    package static let version = 1
    /// In bytes; a hundred thousand services take half of it.
    package static let limit = 16 << 20

    package static func text(_ services: Set<ServiceIdentity>, boot: String) -> StateText {
        let lines = services.inServiceOrder().map { service in
            switch service {
            case .endpoint(let transport, let endpoint): StateText.Line(transport.rawValue, "\(endpoint)")
            case .mark(let mark, let family): StateText.Line(family == .v4 ? "mark4" : "mark6", "\(mark)")
            }
        }
        return StateText(kind: kind, version: version, lines: [StateText.Line("boot", boot)] + lines)
    }

    package static func services(
        _ text: StateText
    ) throws(StateDamage) -> (Set<ServiceIdentity>, boot: String) {
        guard let first = text.lines.first, first.key == "boot" else { throw .line(2) }
        var services: Set<ServiceIdentity> = []
        for (offset, line) in text.lines.enumerated().dropFirst() {
            guard let service = service(line), services.insert(service).inserted else { throw .line(offset + 2) }
        }
        return (services, first.value)
    }

    private static func service(_ line: StateText.Line) -> ServiceIdentity? {
        switch line.key {
        case "mark4": UInt32(line.value).map { .mark($0, .v4) }
        case "mark6": UInt32(line.value).map { .mark($0, .v6) }
        default:
            TransportProtocol(rawValue: line.key).flatMap { transport in
                Endpoint(line.value).map { .endpoint(transport, $0) }
            }
        }
    }
}
