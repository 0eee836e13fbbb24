import Addresses
import Balancing
import Director
import Election
import Glibc
import Linux
import Netlink
import PlayedKernel
import Settings
import Synchronization
import Testing

/// The balancer beside a kernel that refuses: what is wrong is named, the rest goes on, it is tried again, and the status
/// is red until the table is true.
@Suite struct KernelRefusalTests {
    /// A balancer with its kernel, and everything that it said.
    private final class Trial: Sendable {
        let kernel: PlayedKernel
        let board = BalancerBoard()
        let inbox: Mailbox<Balancer.Message>
        private let folder: String
        private let said = Mutex<[(sentence: String, isRed: Bool)]>([])
        private let hasStopped = Mutex(false)

        /// - Parameter earlier: a life before this one, whose folder it finds.
        init(_ kernel: PlayedKernel = PlayedKernel(), ports: [UInt16], after earlier: Trial? = nil) throws {
            self.kernel = kernel
            folder = earlier?.folder ?? "/tmp/tandem-refusals-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            inbox = try Mailbox()
            mkdir(folder, 0o700)
            let note: @Sendable (String) -> Void = { [weak self] sentence in
                guard let self else { return }
                said.withLock { $0.append((sentence, failures != nil || isMissing)) }
            }
            let wiring = Balancer.Ports(
                inbox: inbox, heart: try Mailbox(), board: board,
                kernel: Balancer.Kernel(
                    open: { () throws(NetlinkError) -> IPVSSocket in try kernel.open() },
                    load: { () throws(NetlinkError) -> Void in kernel.load() }),
                say: note, inform: note, tell: { sentence, _ in note(sentence) },
                stopped: { [weak self] in self?.hasStopped.withLock { $0 = true } })
            let (settings, state) = (Self.settings(ports), OwnershipFile(folder: folder))
            try OSThread.start(name: "balancer") {
                do {
                    let balancer = try Balancer(
                        settings: settings, director: 0, overrides: Overrides(), state: state, ports: wiring)
                    balancer.run()
                } catch {
                    note("\(error)")
                }
            }
        }

        deinit {
            inbox.post(.stop(keepsSync: true))
            for name in ["services", "services.new"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }

        static func settings(_ ports: [UInt16]) -> Settings {
            let directors = [
                DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: []),
            ]
            return Settings(
                pair: PairSettings(name: "edge", keys: "/k", directors: directors, sysctl: .check),
                services: ports.map { port in
                    ServiceSettings(
                        name: "s\(port)", listens: [KernelRefusalTests.virtual(port)],
                        check: CheckSettings(kind: .none),
                        servers: [1, 2].map {
                            ServerSettings(endpoint: KernelRefusalTests.server($0, port), forwarding: .dr)
                        })
                })
        }

        var isStopped: Bool { hasStopped.withLock { $0 } }

        func says(_ words: String) -> Bool { said.withLock { $0.contains { $0.sentence.contains(words) } } }

        /// Whether it said so while the status was red.
        func saysRed(_ words: String) -> Bool {
            said.withLock { $0.contains { $0.sentence.contains(words) && $0.isRed } }
        }

        /// Absent while the table is true.
        var failures: [String]? { if case .failed(let sentences) = board.current.state { sentences } else { nil } }

        var isTrue: Bool { if case .ok = board.current.state { kernel.table == board.current.desired } else { false } }

        var isMissing: Bool { if case .missing = board.current.state { true } else { false } }

        /// What the balancer finds wrong when it looks now.
        func look() async -> [String]? {
            let answer = Answer<Repair>()
            inbox.post(.look(answer))
            return await answer.wait(for: .seconds(10))?.problems
        }
    }

    private static func virtual(_ port: UInt16) -> ServiceIdentity {
        .endpoint(.tcp, Endpoint(address: .v4(IPv4Address(number: 0xC000_020A)), port: port))
    }

    private static func server(_ host: UInt32, _ port: UInt16) -> Endpoint {
        Endpoint(address: .v4(IPv4Address(number: 0x0A01_0014 + host)), port: port)
    }

    private static let way = ServerOptions(forwarding: .dr)

    private func eventually(_ seconds: Double = 8, _ condition: () -> Bool) async -> Bool {
        for _ in 0..<Int(seconds * 100) {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return condition()
    }

    @Test func `a step without memory and one that is busy are named, tried after 1 and 2 s, and red until done`()
        async throws
    {
        let kernel = PlayedKernel()
        let steps = [
            Step.addService(Self.virtual(80), ServiceOptions()),
            .addServer(Self.server(1, 81), Self.way, of: Self.virtual(81)),
        ]
        kernel.trouble { $0.refusals = [steps[0]: ENOMEM, steps[1]: EBUSY] }
        let trial = try Trial(kernel, ports: [80, 81, 82])
        #expect(await eventually { trial.failures?.count == 2 })
        let failures = trial.failures ?? []
        #expect(failures.contains { $0.contains("cannot \(steps[0]): the kernel has no memory for it; free some") })
        #expect(failures.contains { $0.contains("cannot \(steps[1]): the kernel is busy with it; it will be tried") })
        var rest = trial.board.current.desired
        rest.services[Self.virtual(80)] = nil
        rest.services[Self.virtual(81)]?.servers[Self.server(1, 81)] = nil
        #expect(kernel.table == rest)
        func tries(_ step: Step) -> [ContinuousClock.Instant] {
            kernel.attempts.filter { $0.step == step }.map(\.time)
        }
        #expect(await eventually { tries(steps[0]).count >= 2 && tries(steps[1]).count >= 2 })
        #expect(trial.failures?.count == 2 && !trial.says("what it should be again"))
        kernel.trouble { $0.refusals = [:] }
        #expect(await eventually { trial.isTrue })
        #expect(trial.says("the kernel's table is what it should be again"))
        for step in steps {
            let times = tries(step)
            let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
            // Counted from when the balancer woke, which is a moment before it tries.
            let isPatient = zip(pauses, [900, 1900, 3900, 7900]).allSatisfy { $0 >= .milliseconds($1) }
            #expect(times.count >= 3 && isPatient, "\(step): \(pauses)")
        }
    }

    enum Ailment: String, CaseIterable {
        case interrupted = "it kept changing while it was read"
        case cut = "the kernel's answer is cut short"
        case silent = "the kernel did not answer in time"

        func befall(_ trouble: inout PlayedKernel.Trouble) {
            switch self {
            case .interrupted: trouble.interruptions = 20
            case .cut: trouble.cuts = 1
            case .silent: trouble.silences = 1
            }
        }
    }

    @Test(arguments: Ailment.allCases)
    func `a table that cannot be read is red with the reason, and true again once it can`(
        ailment: Ailment
    ) async throws {
        let trial = try Trial(ports: [80, 81])
        #expect(await eventually { trial.isTrue })
        trial.kernel.trouble { ailment.befall(&$0) }
        trial.inbox.post(.look(Answer()))
        #expect(await eventually { trial.saysRed("cannot list the services of ip_vs: \(ailment.rawValue)") })
        #expect(await trial.look() == [] && trial.isTrue)
    }

    @Test func `steps of which nobody knows whether they were done are looked for, and not done twice`() async throws {
        let kernel = PlayedKernel()
        kernel.trouble { $0.lostAcknowledgements = 2 }
        let trial = try Trial(kernel, ports: [80])
        #expect(
            await eventually { trial.saysRed("cannot add service tcp://192.0.2.10:80 with scheduler wlc: the kernel") })
        #expect(await eventually { trial.isTrue })
        #expect(Set(kernel.attempts.map(\.step)).count == 3 && kernel.attempts.count == 3)
    }

    @Test func `ip_vs that is unloaded is missed at once, loaded again, and filled`() async throws {
        let trial = try Trial(ports: [80, 81])
        #expect(await eventually { trial.isTrue })
        let wanted = trial.kernel.table
        trial.kernel.trouble { ($0.isUnloaded, $0.loadsLater) = (true, true) }
        #expect(await eventually { trial.isMissing && trial.board.current.figures.kernel == 0 })
        #expect(trial.saysRed("ip_vs was unloaded from the kernel"))
        #expect(trial.kernel.loadings == 1)
        trial.kernel.trouble { $0.isUnloaded = false }
        #expect(await eventually { trial.isTrue && trial.kernel.table == wanted })
    }

    @Test func `whoever was quicker keeps a name, until it is adopted`() async throws {
        let trial = try Trial(ports: [80])
        #expect(await eventually { trial.isTrue })
        // Between the reading and the first step: the name was free when the table was read.
        let foreign = TableService(options: ServiceOptions(scheduler: "rr"))
        trial.kernel.trouble { $0.intrusion = { $0.services[Self.virtual(81)] = foreign } }
        trial.inbox.post(.adopt(Trial.settings([80, 81, 82])))
        #expect(await trial.look()?.first?.contains("tcp://192.0.2.10:81 is in the kernel already") == true)
        #expect(trial.kernel.table.services[Self.virtual(81)] == foreign)
        #expect(trial.kernel.table.services[Self.virtual(82)]?.servers.count == 2, "the rest goes on")
        trial.inbox.post(.own([Self.virtual(81)]))
        #expect(await trial.look() == [] && trial.isTrue)
    }

    @Test func `a service of ours that a listing leaves out is neither missed nor given up`() async throws {
        let trial = try Trial(ports: (1...100).map { 1000 + $0 })
        #expect(await eventually { trial.isTrue })
        trial.kernel.change { $0.services[Self.virtual(1)] = TableService() }
        #expect(await trial.look() == [])
        trial.kernel.trouble { $0.interference = (1, { $0.services[Self.virtual(1)] = nil }) }
        #expect(await trial.look() == [] && trial.isTrue)
        #expect(!trial.says("it was gone") && trial.board.current.taken.isEmpty)
        #expect(trial.board.current.owned.count == 100)
    }

    @Test func `a director that starts again beside a thousand services sends no step`() async throws {
        let ports: [UInt16] = (1...1000).map { 1000 + $0 }
        let first = try Trial(ports: ports)
        #expect(await eventually { first.isTrue })
        first.inbox.post(.stop(keepsSync: true))
        #expect(await eventually { first.isStopped })
        let (table, steps) = (first.kernel.table, first.kernel.attempts.count)
        #expect(table.services.count == 1000 && steps == 3000)
        let second = try Trial(first.kernel, ports: ports, after: first)
        #expect(await eventually { second.isTrue })
        #expect(await second.look() == [])
        #expect(first.kernel.attempts.count == steps && first.kernel.table == table)
        #expect(second.board.current.owned.count == 1000 && !second.says("it is Tandem's now"))
    }
}
