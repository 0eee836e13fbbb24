import Addresses
import Balancing
import Election
import Linux

extension Teller {
    // Implementation constants

    private static var perSecond: Int { 20_000 }
    /// A few messages of full size: a daemon that is kept from running has room for some ninety.
    private static var burst: Int { 200 }
    /// Messages that wait for their time take so much memory at most; more wait in the kernel's list.
    private static var roomForBytes: Int { 4 << 20 }
    /// Connections that were told are remembered for the second round up to so many.
    private static var roomForMarks: Int { 200_000 }
    private static var retry: Duration { .milliseconds(5) }
    private static var retries: Int { 200 }

    mutating func tellIfDue(_ now: Instant) {
        guard let peer, let warmth = ports.heartBoard.current.peerWarmth else { return }
        let listener = Acquaintance.Listener(
            life: peer.isBackupRunning ? peer.life : 0, wasFound: peer.wasFound)
        let isDue = acquaintance.isDue(
            listener, isWarm: warmth.isWarm, holdsTable: warmth.holdsTable, now: now)
        guard isDue, !heldGroups.isEmpty else { return }
        isInterrupted = false
        ports.board.update { $0.isTelling = true }
        do throws(SystemError) {
            let count = try tellAll(longest: peer.longest ?? SyncMessage.safeLength)
            finish(count, since: now)
        } catch {
            ports.say("the peer is not told of connections: \(error)")
            acquaintance.told(now: Clock.now())
        }
        ports.board.update { $0.isTelling = false }
    }

    private mutating func finish(_ count: Int?, since start: Instant) {
        let end = Clock.now()
        guard let count else { return acquaintance.brokeOff() }
        acquaintance.told(now: end)
        ports.board.update { $0.told = SyncBoard.Told(count: count, duration: end - start, at: end) }
        if count > 0 { ports.told(count, end - start) }
    }

    /// How many were told; nil when it was broken off, because the peer began anew or is not heard any more.
    ///
    /// Two rounds: entries that end while the kernel's list is read push others out of the reader's sight.
    private mutating func tellAll(longest: Int) throws(SystemError) -> Int? {
        let voice = try MulticastSocket(group: SyncMessage.group, interface: interface)
        var telling = Telling(id: id, longest: min(longest, voice.mtu - SyncMessage.headers))
        var reader = LineReader(path: Self.list)
        var told: Set<UInt64> = []
        for _ in 0..<2 {
            var lines = 0
            var held = heldGroups
            try reader.forEachLine { line in
                lines += 1
                if lines % 256 == 0 {
                    held = heldGroups
                    listen()
                }
                guard !isInterrupted else { return false }
                guard let connection = Connection(line: line), connection.isSynced, let place = index[connection],
                    isOurs(place, held), told.count >= Self.roomForMarks || told.insert(connection.fingerprint).inserted
                else { return true }
                telling.add(connection, place)
                send(&telling, voice, leaving: Self.roomForBytes)
                return telling.failure == nil
            }
            if let failure = telling.failure { throw failure }
            guard !isInterrupted else { return nil }
        }
        telling.close()
        send(&telling, voice, leaving: 0)
        if let failure = telling.failure { throw failure }
        return isInterrupted ? nil : telling.count
    }

    /// Connections of services without a group belong to whoever holds everything.
    private func isOurs(_ place: ServiceIndex.Place, _ held: Set<Int>) -> Bool {
        place.group.map { held.contains($0) } ?? (held.count == groupNames.count)
    }

    /// Sends what the pace allows, and waits for it only while more than so many bytes are left.
    private mutating func send(_ telling: inout Telling, _ voice: borrowing MulticastSocket, leaving room: Int) {
        var failures = 0
        while let message = telling.next, !isInterrupted {
            let now = Clock.now()
            var again = telling.pace.pass(message.count, now: now)
            if again == nil {
                let errno = voice.send(message.bytes)
                if errno == 0 {
                    telling.removeNext()
                    failures = 0
                    continue
                }
                failures += 1
                guard failures < Self.retries else { return telling.fail(errno, interface) }
                again = now + Self.retry
            }
            guard telling.waitingBytes > room, let again else { return }
            poller.wait(until: again) { _ in }
            listen()
            if ports.heartBoard.current.peerState != .heard { isInterrupted = true }
        }
    }

    /// Messages on their way.
    private struct Telling {
        var pace = Pace(perSecond: Teller.perSecond, burst: Teller.burst)
        private(set) var count = 0
        private(set) var failure: SystemError?
        private(set) var waitingBytes = 0
        private var open: SyncMessage
        private var waiting: [SyncMessage] = []
        private var sent = 0
        private let longest: Int

        init(id: UInt8, longest: Int) {
            self.longest = longest
            open = SyncMessage(id: id, longest: longest)
        }

        /// The kernel sends a template with the whole time of its service, because a taker renews it by that.
        mutating func add(_ connection: Connection, _ place: ServiceIndex.Place) {
            if !put(connection, place) {
                close()
                guard put(connection, place) else { return }
            }
            count += 1
        }

        private mutating func put(_ connection: Connection, _ place: ServiceIndex.Place) -> Bool {
            open.add(
                connection, forwarding: place.forwarding, mark: place.mark,
                timeout: connection.isTemplate ? place.persistence : nil)
        }

        mutating func close() {
            guard !open.isEmpty else { return }
            waiting.append(open)
            waitingBytes += open.bytes.count
            open = SyncMessage(id: open.id, longest: longest)
        }

        var next: SyncMessage? { sent < waiting.count ? waiting[sent] : nil }

        mutating func removeNext() {
            waitingBytes -= waiting[sent].bytes.count
            sent += 1
            guard sent == waiting.count || sent >= 1024 else { return }
            waiting.removeFirst(sent)
            sent = 0
        }

        mutating func fail(_ errno: Int32, _ interface: String) {
            failure = SystemError(errno: errno, what: "send to \(SyncMessage.group) out of \(interface)")
        }
    }
}
