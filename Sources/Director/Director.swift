import Addresses
import Checks
import Control
import Election
import Glibc
import Heartbeat
import Linux
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Settings
import UnixSignals

/// A director: its organs, its API, its life from start to goodbye.
struct Director {
    let config: String
    let node: String?
    let state: String
    let api: String
    /// Where it keeps what a reboot may forget; absent: beside the API's socket.
    let runFolder: String?

    /// Removes what a director that crashed left here. A clean end left nothing, or leaves it to the next process.
    func release() throws {
        if Notifier.serviceResult == "success" { return }
        let start = try DirectorStart(config: config, node: node)
        let name = try takeName(start)
        for sentence in try Leftovers(start: start).release() { print("tandemd: \(sentence)") }
        _ = consume name
    }

    /// Runs until SIGTERM or SIGINT has handed everything over.
    func run() async throws {
        let start = try DirectorStart(config: config, node: node)
        guard Capability.administerNetwork.isEffective else {
            throw StartProblem(
                description: "tandemd: CAP_NET_ADMIN is missing: run it as root or give the process this capability")
        }
        let folder = "\(state)/\(start.settings.pair.name)/\(start.local.name)"
        let runFolder = "\(runFolder ?? apiFolder)/\(start.settings.pair.name)/\(start.local.name)"
        let name = try takeName(start)
        try makeFolder(folder)
        try makeFolder(apiFolder)
        // Terms are a help, no condition: what cannot be written there is a warning.
        try? makeFolder(runFolder)
        let lock = try LockFile(path: "\(folder)/lock")
        try ControlServer.clear(path: api)
        let level = start.settings.log
        let logger = Logger(label: "tandemd") { _ in LineLog(level) }
        let journal = Journal(events: EventLog(), logger: logger)
        let openFiles = OpenFiles.raiseLimit()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let organs = try Organs(start, loop: loops.next(), openFiles: openFiles, journal: journal)
        let store = StateStore(folders: .init(state: folder, run: runFolder), settings: start.settings)
        let (remembered, damages) = store.restore(now: Clock.now(), wall: Clock.wallMilliseconds())
        let (words, otherDamages) = store.restoreOverrides()
        for damage in damages + otherDamages { journal.warn(damage) }
        let keys = KeyKeeper(start, organs: organs, journal: journal)
        let comparer = Comparer(start, organs: organs)
        let overrides = OverrideKeeper(start, words, organs: organs, store: store, journal: journal)
        let warnings = try organs.start(
            start, store: store, keys: keys, comparer: comparer, overrides: overrides, remembered: remembered,
            journal: journal)
        let desk = Desk(
            file: config, start: start, organs: organs, store: store, keys: keys, comparer: comparer,
            overrides: overrides, journal: journal, warnings: damages + otherDamages + warnings)
        try await serve(desk, organs: organs, journal: journal, loops: loops)
        try await loops.shutdownGracefully()
        _ = consume lock
        _ = consume name
    }

    private var apiFolder: String {
        guard let slash = api.lastIndex(of: "/") else { return "." }
        return slash == api.startIndex ? "/" : String(api[..<slash])
    }

    /// One daemon for a director in a network namespace, whatever folders it was given.
    private func takeName(_ start: DirectorStart) throws -> NameLock {
        let (pair, director) = (start.settings.pair.name, start.local.name)
        let name = "tandem/\(pair)/\(director)"
        do {
            let hasRoom = name.utf8.count <= Self.longestName
            return try NameLock(hasRoom ? name : "tandem/\(String(fingerprint(name), radix: 16))")
        } catch let taken as NameLock.Taken {
            let process = taken.pid > 0 ? " (process \(taken.pid))" : ""
            throw StartProblem(
                description: "tandemd: another tandemd\(process) runs for director \(director) of pair \(pair) in this "
                    + "network namespace: stop it first")
        }
    }

    /// In bytes, of an abstract socket's name (unix(7)) without the zero in front.
    private static let longestName = 106

    /// Shutdown goes from the last to the first: the heart hands over while everything else still works.
    private func serve(
        _ desk: Desk, organs: Organs, journal: Journal, loops: MultiThreadedEventLoopGroup
    ) async throws {
        let server = ControlServer(
            path: api, target: desk, events: journal.events, group: loops, logger: journal.logger)
        // Before anybody is told that this director is ready: a signal that came first would end the process.
        let reloads = ReloadService(desk: desk, signals: await UnixSignalsSequence(trapping: .sighup))
        let restarts = RestartService(organs: organs, signals: await UnixSignalsSequence(trapping: .sigusr2))
        var configuration = ServiceGroupConfiguration(
            services: [
                // Without its API a director cannot be asked for anything: it hands over and ends.
                .init(service: server, failureTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: BalancerService(organs: organs)),
                .init(service: reloads), .init(service: restarts),
                .init(service: MetricsService(desk: desk, group: loops)), .init(service: organs.watchdog),
                .init(service: HeraldService(organs: organs)),
                .init(service: HeartService(organs: organs), successTerminationBehavior: .gracefullyShutdownGroup),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "life") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        Notifier.tell("READY=1\nSTATUS=director \(desk.local) of pair \(desk.pair)")
        journal.record(.configuration, "director \(desk.local) of pair \(desk.pair) started", level: .notice)
        try await ServiceGroup(configuration: configuration).run()
    }

    private func makeFolder(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.hasSuffix("/") || made.isEmpty ? "" : "/") + part
            guard !made.isEmpty, mkdir(made, 0o750) != 0, errno != EEXIST else { continue }
            throw SystemError(errno: errno, what: "make the folder \(made)")
        }
    }
}

// The services of a group have descriptions, because the group prints each of them: what has none is taken apart field
// by field, organs, boards and settings included.

/// Waits for the heart; shutdown asks it to hand over.
private struct HeartService: Service, CustomStringConvertible {
    let organs: Organs
    let description = "heart"

    func run() async throws {
        await withGracefulShutdownHandler {
            await organs.heartStopped.wait()
        } onGracefulShutdown: {
            guard !organs.heartStopped.isOpen else { return }
            Notifier.tell("STOPPING=1\nSTATUS=handing over")
            organs.heart.post(.stop)
        }
    }
}

/// Ends the sync daemons after the heart has handed over; a restart leaves them to the next process.
private struct BalancerService: Service, CustomStringConvertible {
    let organs: Organs
    let description = "balancer"

    func run() async throws {
        await withGracefulShutdownHandler {
            await organs.balancerStopped.wait()
        } onGracefulShutdown: {
            organs.checker.stop()
            organs.balancer.post(.stop(keepsSync: organs.restarting.isOpen))
        }
    }
}

/// Lets the commands be told of the last changes.
private struct HeraldService: Service, CustomStringConvertible {
    let organs: Organs
    let description = "herald"

    func run() async throws {
        await withGracefulShutdownHandler {
            await organs.heraldStopped.wait()
        } onGracefulShutdown: {
            organs.herald.post(
                .finish(within: organs.restarting.isOpen ? Herald.shortPatience : Herald.patience))
        }
    }
}

/// SIGUSR2, which systemd sends instead of SIGTERM when the service is to be restarted.
private struct RestartService: Service, CustomStringConvertible {
    let organs: Organs
    let signals: UnixSignalsSequence
    let description = "restarts"

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() {
            organs.restarting.open()
            Notifier.tell("STOPPING=1\nSTATUS=restarting")
            organs.heart.post(.restart)
        }
    }
}

/// SIGHUP.
private struct ReloadService: Service, CustomStringConvertible {
    let desk: Desk
    let signals: UnixSignalsSequence
    let description = "reloads"

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() {
            // What is refused stands in the log and in the status.
            _ = try? desk.reload()
        }
    }
}
