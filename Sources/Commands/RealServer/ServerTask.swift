package import Addresses
import Linux
import Netlink
package import Settings
import SettingsFile

/// One run of `tandem realserver`: which server this is, what is asked of it, what it has.
struct ServerTask: ~Copyable {
    private var hands: ServerHands
    private let store: ServerStore
    private(set) var kept: KeptChanges
    let duty: ServerDuty

    /// For `undo`: nothing is asked of this machine.
    init(folder: String) throws {
        try self.init(ServerDuty(), hands: ServerHands(), store: ServerStore(folder: folder))
    }

    init(folder: String, file: String, addresses: [IPAddress]) throws {
        var hands = try ServerHands()
        let loaded = SettingsFile.load(path: file)
        guard let settings = loaded.settings else {
            throw CommandFailure(
                "\(file) cannot be used:\n" + loaded.errors.map { "    \($0)" }.joined(separator: "\n"))
        }
        let own = try ServerIdentity.servers(settings, named: addresses, own: try hands.addresses())
        try self.init(
            ServerDuty(settings, servers: own), hands: hands, store: ServerStore(folder: folder))
    }

    private init(_ duty: ServerDuty, hands: consuming ServerHands, store: ServerStore) throws {
        let kept = try store.read()
        self.duty = duty
        self.hands = hands
        self.store = store
        self.kept = kept
    }

    mutating func plan() throws -> ServerPlan {
        let isGUE = !duty.listeners.isEmpty || !kept.ports.isEmpty
        return ServerPlan(duty, on: try hands.look(asking: isGUE), kept: kept)
    }

    /// Each step is written down before it is tried, so that whatever happens in between, undo knows of it.
    ///
    /// - Returns: what failed.
    mutating func carryOut(_ plan: ServerPlan, tell: (ServerStep, String?) -> Void) throws -> Int {
        var failures = 0
        for step in plan.steps {
            kept.note(step)
            try store.write(kept)
            let problem = hands.carryOut(step)
            if step.takesBack ? problem == nil : problem != nil { kept.forget(step) }
            tell(step, problem)
            failures += problem == nil ? 0 : 1
        }
        try store.write(kept)
        return failures
    }

    mutating func note(unit: String?) throws {
        guard kept.unit != unit else { return }
        kept.unit = unit
        try store.write(kept)
    }

    /// Once everything that can be taken back has been.
    mutating func forgetAll() throws {
        kept = KeptChanges()
        try store.write(kept)
    }
}

extension ServerStep {
    var takesBack: Bool {
        switch self {
        case .restoreSwitch, .removeDevice, .stopListening, .removeAddress: true
        case .setSwitch, .create, .setUp, .listen, .addAddress: false
        }
    }
}

/// Which servers of a configuration a machine is.
package enum ServerIdentity {
    /// Those whose addresses were given, else those whose addresses it has.
    package static func servers(
        _ settings: Settings, named: [IPAddress], own: Set<IPAddress>
    ) throws -> Set<IPAddress> {
        let servers = settings.serverAddresses
        if let stranger = named.first(where: { !servers.contains($0) }) {
            throw CommandFailure("no service has a server \(stranger); give an address that the file names as a server")
        }
        let directors = settings.pair.directors.filter { !own.isDisjoint(with: $0.addresses) }
        if let director = directors.first {
            throw CommandFailure(
                "this machine is the director \(director.name) of pair \(settings.pair.name): a director is no server "
                    + "of its own pair")
        }
        let found = named.isEmpty ? servers.intersection(own) : Set(named)
        guard !found.isEmpty else {
            throw CommandFailure(
                "this machine has none of the addresses of the file's servers; run it on a server, or say which one it "
                    + "is with --address")
        }
        return found
    }
}
