import Addresses
package import Agreement
import COpenSSL
package import Dialogues
import Linux
package import NIOCore
import Synchronization

/// What became of passwords with their salts. A server asks for the same ones each time (RFC 5802 9), so that only its
/// first check waits for it: 4,096 rounds take 1 to 4 ms.
///
/// They are salted one after the other on one thread of their own, which begins with the first of them, so that a
/// server that names other salts each time, and the most rounds, takes no time of the loop and at most one processor.
package final class SaltedPasswords: Sendable {
    package static let shared = SaltedPasswords()

    struct Job: Sendable {
        var salting: Salting
        var deadline: NIODeadline
        /// Called on the thread.
        var done: @Sendable ([UInt8]) -> Void
    }

    /// By the digest of all that they depend on.
    private struct Known {
        var newer: [[UInt8]: [UInt8]] = [:]
        var older: [[UInt8]: [UInt8]] = [:]

        var count: Int { newer.count + older.count }

        mutating func keep(_ name: [UInt8], _ salted: [UInt8]) {
            if newer.count >= SaltedPasswords.most { (older, newer) = (newer, [:]) }
            newer[name] = salted
        }
    }

    /// How many are kept twice over: one that is asked for again before as many new ones have come stays.
    private static let most = 512
    /// Behind everything that somebody waits for.
    private static let nice: Int32 = 10

    private let known = Mutex(Known())
    private let jobs = JobQueue<Job>()

    package init() {}

    package var count: Int { known.withLock { $0.count } }

    /// Lets the thread end; who waits is told nothing.
    package func stop() { jobs.stop() }

    /// Calls `done` once, on the loop: before this returns if the result is known, after the deadline perhaps never.
    ///
    /// - Parameter done: told of `.local` where there is no thread to be had.
    package func begin(
        _ salting: Salting, until deadline: NIODeadline, on loop: any EventLoop,
        done: @escaping (Result<[UInt8], CheckFailure>) -> Void
    ) {
        if let known = find(salting.name) { return done(.success(known)) }
        let done = NIOLoopBound(done, eventLoop: loop)
        let job = Job(salting: salting, deadline: deadline) { salted in
            loop.execute { done.value(.success(salted)) }
        }
        if let problem = jobs.add(job, start: start) { done.value(.failure(.local(problem.errno))) }
    }

    private func start() throws(SystemError) -> Wakeup {
        let wakeup = try Wakeup()
        var slot: SaltingThread? = try SaltingThread(of: self, wakeup)
        try OSThread.start(name: "salting", nice: Self.nice) {
            guard let thread = slot.take() else { return }
            thread.run()
        }
        return wakeup
    }

    /// Those that wait; absent: there are to be no more.
    func take() -> [Job]? { jobs.take(1) }

    /// The same as `begin` gives, on the thread that asks.
    package func salted(_ salting: Salting) -> [UInt8] {
        let name = salting.name
        if let known = find(name) { return known }
        let salted = salting.result
        known.withLock { $0.keep(name, salted) }
        return salted
    }

    private func find(_ name: [UInt8]) -> [UInt8]? {
        known.withLock { known in
            if let salted = known.newer[name] { return salted }
            guard let salted = known.older[name] else { return nil }
            known.keep(name, salted)
            return salted
        }
    }
}

extension Salting {
    fileprivate var name: [UInt8] {
        let lengths = "\(rounds) \(password.bytes.count) "
        return Digests.sha256(Array(lengths.utf8) + password.bytes + salt)
    }

    fileprivate var result: [UInt8] {
        var salted = [UInt8](repeating: 0, count: 32)
        let done = unsafe password.bytes.withUnsafeBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.assumingMemoryBound(to: CChar.self).baseAddress, Int32(password.count), salt,
                Int32(salt.count), Int32(rounds), EVP_sha256(), 32, &salted)
        }
        precondition(done == 1, "OpenSSL lacks PBKDF2")
        return salted
    }
}

/// The thread that salts.
struct SaltingThread: ~Copyable {
    private let passwords: SaltedPasswords
    private let wakeup: Wakeup
    private var poller: Poller

    init(of passwords: SaltedPasswords, _ wakeup: Wakeup) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(wakeup.fileDescriptor, mark: 0)
        self.poller = poller
        self.passwords = passwords
        self.wakeup = wakeup
    }

    /// Works until there is to be no more.
    consuming func run() {
        while let jobs = passwords.take() {
            guard let job = jobs.first else {
                poller.wait(until: .never) { _ in }
                wakeup.answer()
                continue
            }
            // Nobody waits any longer for what is late.
            if NIODeadline.now() < job.deadline { job.done(passwords.salted(job.salting)) }
        }
    }
}
