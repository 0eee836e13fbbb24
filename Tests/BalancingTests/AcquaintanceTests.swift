import Addresses
import Balancing
import Testing

/// One acquaintance, by reference: the macros of a test change nothing.
private final class Peer {
    private var acquaintance = Acquaintance()

    func isDue(_ listener: Acquaintance.Listener, isWarm: Bool, holdsTable: Bool, now: Instant) -> Bool {
        acquaintance.isDue(listener, isWarm: isWarm, holdsTable: holdsTable, now: now)
    }

    func told(now: Instant) { acquaintance.told(now: now) }

    func brokeOff() { acquaintance.brokeOff() }
}

@Suite struct AcquaintanceTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)
    private let anew = Acquaintance.Listener(life: 7, wasFound: false)

    @Test func `who listens anew is told at once, and again while it does not know enough`() {
        let peer = Peer()
        #expect(peer.isDue(anew, isWarm: false, holdsTable: false, now: start))
        peer.told(now: start)
        #expect(!peer.isDue(anew, isWarm: false, holdsTable: true, now: start + .seconds(2)))
        #expect(!peer.isDue(anew, isWarm: false, holdsTable: false, now: start + .seconds(9)))
        #expect(peer.isDue(anew, isWarm: false, holdsTable: true, now: start + .seconds(9)))
        peer.told(now: start + .seconds(9))
        #expect(!peer.isDue(anew, isWarm: true, holdsTable: true, now: start + .seconds(99)))
    }

    @Test func `pauses grow to ten minutes, and shrink when it knows enough`() {
        let peer = Peer()
        var now = start
        var times: [Duration] = []
        for _ in 0..<12 {
            let before = now
            while !peer.isDue(anew, isWarm: false, holdsTable: true, now: now) { now = now + .seconds(1) }
            times.append(now - before)
            peer.told(now: now)
        }
        #expect(times.prefix(4) == [.zero, .seconds(3), .seconds(6), .seconds(12)])
        #expect(times.last == .seconds(600))
        _ = peer.isDue(anew, isWarm: true, holdsTable: true, now: now)
        #expect(peer.isDue(anew, isWarm: false, holdsTable: true, now: now + .seconds(3)))
    }

    @Test func `one that listened all the time is told only if it lacks something`() {
        let peer = Peer()
        let found = Acquaintance.Listener(life: 8, wasFound: true)
        #expect(!peer.isDue(found, isWarm: true, holdsTable: true, now: start))
        #expect(!peer.isDue(found, isWarm: false, holdsTable: true, now: start + .seconds(1)))
        #expect(peer.isDue(found, isWarm: false, holdsTable: true, now: start + .seconds(3)))
    }

    @Test func `what was broken off is begun anew`() {
        let peer = Peer()
        #expect(peer.isDue(anew, isWarm: true, holdsTable: true, now: start))
        peer.brokeOff()
        let found = Acquaintance.Listener(life: 9, wasFound: true)
        #expect(peer.isDue(found, isWarm: true, holdsTable: true, now: start))
        peer.told(now: start)
        #expect(!peer.isDue(found, isWarm: true, holdsTable: true, now: start))
    }

    @Test func `nobody is told who does not listen`() {
        let peer = Peer()
        let deaf = Acquaintance.Listener(life: 0, wasFound: false)
        #expect(!peer.isDue(deaf, isWarm: false, holdsTable: true, now: start + .seconds(60)))
    }
}
