import Addresses
import Agreement
import Dialogues
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Checks

struct StreamsTests {
    /// Says so much at once, and is content with so much of what comes back.
    private struct Talk: Dialogue {
        var said: Int
        var wanted: Int
        var leavesClosingToServer = false

        var late: Outcome { .fail(.answerTimeout) }

        mutating func begin() -> Turn { .say([UInt8](repeating: 0x2A, count: said)) }

        mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
            wanted -= bytes.count
            return wanted <= 0 ? .end(.pass) : .listen
        }

        mutating func end() -> Outcome { .fail(.closed) }
    }

    /// Streams on a loop of their own, and what came of each.
    private final class Bench: Sendable {
        private let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        private let streams: NIOLoopBoundBox<Streams>

        init() {
            let loop = loop.next()
            streams = NIOLoopBoundBox.makeBoxSendingValue(Streams(on: loop), eventLoop: loop)
        }

        func outcome(
            _ target: Endpoint, _ talk: Talk, timeout: TimeAmount = .seconds(20)
        ) async throws -> Outcome {
            let promise = loop.next().makePromise(of: Outcome.self)
            loop.next().execute {
                self.streams.value.begin(target, ProbeExit(mark: 0), talk, timeout: timeout) { promise.succeed($0) }
            }
            return try await promise.futureResult.get()
        }

        /// Whether nobody is waited for any more.
        func isIdle() async throws -> Bool {
            try await loop.next().submit { !self.streams.value.isAwaited }.get()
        }

        func end() async throws {
            try await loop.shutdownGracefully()
        }
    }

    private static func withBench<Result>(
        _ behaviour: TestServer.Behaviour, _ body: (Bench, TestServer) async throws -> Result
    ) async throws -> Result {
        let bench = Bench()
        let server = try await TestServer(behaviour)
        let result = try await body(bench, server)
        try await server.stop()
        try await bench.end()
        return result
    }

    @Test func `says more than the kernel takes at once, and hears all of the answer`() async throws {
        let size = 16 << 20
        let outcome = try await Self.withBench(.answers { $0 }) { bench, server in
            try await bench.outcome(server.endpoint, Talk(said: size, wanted: size))
        }
        #expect(outcome == .pass)
    }

    @Test func `has many conversations one after the other, over the same sockets`() async throws {
        try await Self.withBench(.answers { $0 }) { bench, server in
            for _ in 0..<300 {
                let outcome = try await bench.outcome(server.endpoint, Talk(said: 100, wanted: 100))
                #expect(outcome == .pass)
            }
            let isLeft = try await server.isLeft()
            #expect(isLeft && server.connections == 300)
        }
    }

    @Test func `a conversation that begins anew hears nothing of the one before it`() async throws {
        try await Self.withBench(.answers { _ in [UInt8](repeating: 0x2A, count: 1 << 20) }) { bench, server in
            for _ in 0..<20 {
                // The rest of the answer is on its way when the socket is used again.
                let first = try await bench.outcome(server.endpoint, Talk(said: 1, wanted: 1))
                #expect(first == .pass)
                let silent = try await bench.outcome(
                    server.endpoint, Talk(said: 0, wanted: 1), timeout: .milliseconds(50))
                #expect(silent == .fail(.answerTimeout))
            }
        }
    }

    @Test func `leaves closing to the server, and waits for it no longer than the timeout`() async throws {
        let talk = Talk(said: 1, wanted: 1, leavesClosingToServer: true)
        try await Self.withBench(.keeps("yes")) { bench, server in
            let start = NIODeadline.now()
            let outcome = try await bench.outcome(server.endpoint, talk, timeout: .seconds(2))
            #expect(outcome == .pass)
            #expect(try await server.isLeft())
            #expect(NIODeadline.now() - start >= .seconds(2))
            #expect(try await bench.isIdle())
        }
    }

    @Test func `a server that is to close and talks on is left`() async throws {
        let talk = Talk(said: 1, wanted: 1, leavesClosingToServer: true)
        try await Self.withBench(.floods(String(repeating: "x", count: 8192))) { bench, server in
            let outcome = try await bench.outcome(server.endpoint, talk, timeout: .hours(1))
            #expect(outcome == .pass)
            #expect(try await server.isLeft())
        }
    }

    @Test func `nobody there is refused, and a silent one is late`() async throws {
        let nobody = try await TestServer.closedPort()
        try await Self.withBench(.silent) { bench, server in
            let refused = try await bench.outcome(nobody, Talk(said: 1, wanted: 1))
            #expect(refused == .fail(.refused))
            let late = try await bench.outcome(server.endpoint, Talk(said: 1, wanted: 1), timeout: .milliseconds(50))
            #expect(late == .fail(.answerTimeout))
        }
    }

    @Test func `who talks without end keeps nobody else waiting`() async throws {
        let flood = String(repeating: "x", count: 1 << 20)
        try await Self.withBench(.floods(flood)) { bench, server in
            let other = try await TestServer(.answers { $0 })
            async let endless = bench.outcome(
                server.endpoint, Talk(said: 1, wanted: .max), timeout: .seconds(3))
            for _ in 0..<10 {
                let outcome = try await bench.outcome(other.endpoint, Talk(said: 1, wanted: 1))
                #expect(outcome == .pass)
            }
            #expect(try await endless == .fail(.answerTimeout))
            try await other.stop()
        }
    }
}
