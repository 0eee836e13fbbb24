import Addresses
import Heartbeat
import Simulation
import Testing

/// Two ends of a stream, without wires: segments are handed over, or not.
struct StreamTests {
    private final class End {
        var stream = Stream()
        var events: [Stream.Event] = []
        let boot: BootID

        init(boot: BootID) { self.boot = boot }

        func send(_ message: [UInt8]) -> Bool { stream.send(message) }

        func segments(_ now: Instant) -> [[UInt8]] {
            var segments: [[UInt8]] = []
            while let segment = stream.nextSegment(now: now) { segments.append(segment) }
            return segments
        }

        var messages: [[UInt8]] {
            events.compactMap { if case .message(let message) = $0 { message } else { nil } }
        }
    }

    private let left = End(boot: BootID(high: 1, low: 1))
    private let right = End(boot: BootID(high: 2, low: 2))
    private var now = Instant(nanoseconds: 1_000_000_000)

    init() {
        left.stream.meet(right.boot, into: &left.events)
        right.stream.meet(left.boot, into: &right.events)
        left.events = []
        right.events = []
    }

    /// Lets time pass until nothing is under way, dropping what `isLost` says; says how many segments left on the left.
    @discardableResult
    private mutating func settle(_ isLost: (Int) -> Bool = { _ in false }) throws -> Int {
        var count = 0
        for _ in 0..<100_000 {
            for segment in left.segments(now) {
                count += 1
                if !isLost(count) { try right.stream.receive(segment, from: left.boot, now: now, into: &right.events) }
            }
            for segment in right.segments(now) {
                try left.stream.receive(segment, from: right.boot, now: now, into: &left.events)
            }
            let next = min(left.stream.deadline, right.stream.deadline)
            if next == .never { return count }
            now = max(now + .microseconds(100), next)
        }
        Issue.record("the stream does not come to rest")
        return count
    }

    @Test(arguments: [0, 1, 1163, 1164, 1165, 20_000, 262_144])
    func `a message of any length arrives whole`(length: Int) throws {
        var test = self
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(test.left.send(message))
        let count = try test.settle()
        #expect(test.right.messages == [message] && test.left.stream.held == 0)
        #expect(count == max(1, (length + 1163) / 1164))
    }

    @Test(arguments: [(0, 250), (20, 700)])
    func `256 KiB take so many milliseconds where so many percent are lost`(percent: Int, limit: Int) throws {
        var test = self
        let start = test.now
        var random = SplitMix64(seed: 3)
        #expect(test.left.send([UInt8](repeating: 7, count: Stream.longestMessage)))
        try test.settle { _ in random.chance(Double(percent) / 100) }
        #expect(test.right.messages.count == 1)
        #expect(test.now - start < .milliseconds(limit), "\(test.now - start)")
    }

    @Test func `every third segment lost, all arrive in order`() throws {
        var test = self
        let messages = (0..<20).map { [UInt8](repeating: UInt8($0), count: 3000 * $0) }
        for message in messages { #expect(test.left.send(message)) }
        try test.settle { $0 % 3 == 0 }
        #expect(test.right.messages == messages)
    }

    @Test func `eight leave at once and then one each millisecond`() {
        var test = self
        #expect(test.left.send([UInt8](repeating: 7, count: 100_000)))
        #expect(test.left.segments(test.now).count == 8)
        for _ in 0..<20 {
            test.now = test.now + .milliseconds(1)
            #expect(test.left.segments(test.now).count == 1)
        }
    }

    @Test func `what nobody answers is repeated more and more rarely, and no more than the window is under way`() {
        var test = self
        #expect(test.left.send([UInt8](repeating: 7, count: 200_000)))
        var counts: [Int] = []
        for _ in 0..<30 {
            var count = 0
            for _ in 0..<100 {
                test.now = test.now + .milliseconds(10)
                count += test.left.segments(test.now).count
            }
            counts.append(count)
        }
        #expect(counts[0] <= 5 * 64 && counts[29] <= 64)
    }

    @Test func `a stream that is full takes no more, and one without a peer nothing`() {
        var test = self
        let message = [UInt8](repeating: 7, count: Stream.longestMessage)
        for _ in 0..<4 { #expect(test.left.send(message)) }
        #expect(!test.left.send([1]))
        test = StreamTests()
        for _ in 0..<64 { #expect(test.left.send([])) }
        #expect(!test.left.send([]))
        var alone = Stream()
        let isTaken = alone.send([])
        #expect(!isTaken && alone.deadline == .never)
    }

    @Test func `another life begins anew, the same one does not`() throws {
        let test = self
        #expect(test.left.send([1]))
        test.left.stream.meet(test.right.boot, into: &test.left.events)
        #expect(test.left.events.isEmpty && test.left.stream.held == 1)
        let other = BootID(high: 3, low: 3)
        test.left.stream.meet(other, into: &test.left.events)
        #expect(test.left.events == [.began(other)] && test.left.stream.held == 0)
        #expect(test.left.segments(test.now).isEmpty)
    }

    @Test func `a segment of another life is skipped`() throws {
        let test = self
        #expect(test.left.send([1]))
        for segment in test.left.segments(test.now) {
            try test.right.stream.receive(
                segment, from: BootID(high: 9, low: 9), now: test.now, into: &test.right.events)
        }
        #expect(test.right.events.isEmpty && test.right.segments(test.now).isEmpty)
    }

    /// Docs/Packet.md, byte by byte.
    @Test func `a segment is this`() throws {
        let test = self
        #expect(test.left.send([0xAA, 0xBB]) && test.left.send([]))
        let golden = """
            01 01 0020 0003 0002        version 1, segment, fixed part of 32, data and end, 2 bytes
            0000000000000000            number 0
            0000000000000000            nothing arrived yet
            0000000000000000            and nothing beyond
            aabb                        data
            """
        let segments = test.left.segments(test.now)
        #expect(segments.count == 2 && segments[0] == bytes(ofTable: golden))
        // The second alone: the answer says what is missing.
        try test.right.stream.receive(segments[1], from: test.left.boot, now: test.now, into: &test.right.events)
        let answer = """
            01 01 0020 0000 0000        no data
            0000000000000000            number of the next
            0000000000000000            0 is expected
            0000000000000001            and 1 has arrived
            """
        #expect(test.right.segments(test.now) == [bytes(ofTable: answer)])
    }

    @Test(arguments: [
        (0, 0), (1, 0), (3, 31), (6, 5), (7, 3), (8, 1), (15, 64), (23, 1), (16, 0xFF),
    ])
    func `is refused with a wrong byte`(offset: Int, value: UInt8) {
        let test = self
        #expect(test.left.send([1, 2]))
        var segment = test.left.segments(test.now)[0]
        segment[offset] = value
        let now = test.now
        let boot = test.left.boot
        #expect(throws: Refusal.malformed) {
            try test.right.stream.receive(segment, from: boot, now: now, into: &test.right.events)
        }
        #expect(test.right.events.isEmpty)
    }

    @Test func `a message without an end stops the stream and not the director`() throws {
        let test = self
        for number in 0..<400 {
            var segment =
                bytes(ofTable: "01 01 0020 0001 048c 000000000000") + [UInt8(number >> 8), UInt8(number & 0xFF)]
            segment += [UInt8](repeating: 0, count: 16 + 1164)
            try? test.right.stream.receive(segment, from: test.left.boot, now: test.now, into: &test.right.events)
            _ = test.right.segments(test.now)
        }
        #expect(test.right.events.isEmpty && test.right.send([1]))
    }

    @Test func `50,000 mutated segments crash nothing and deliver nothing that is too long`() {
        var test = self
        var random = SplitMix64(seed: 11)
        for _ in 0..<50 {
            #expect(test.left.send([UInt8](repeating: 1, count: 5000)))
            let segments = test.left.segments(test.now)
            for _ in 0..<1000 {
                guard var segment = segments.randomElement(using: &random) else { continue }
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    segment[Int.random(in: 0..<min(40, segment.count), using: &random)] = UInt8.random(
                        in: .min ... .max, using: &random)
                }
                if random.chance(0.1) { segment.removeLast(Int.random(in: 0...segment.count, using: &random)) }
                try? test.right.stream.receive(segment, from: test.left.boot, now: test.now, into: &test.right.events)
                _ = test.right.segments(test.now)
            }
            #expect(test.right.messages.allSatisfy { $0.count <= Stream.longestMessage })
            test.right.events = []
            test.left.stream.meet(test.left.boot, into: &test.left.events)
            test.left.stream.meet(test.right.boot, into: &test.left.events)
            test.now = test.now + .seconds(1)
        }
    }
}
