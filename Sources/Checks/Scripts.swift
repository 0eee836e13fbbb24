import Addresses
import Agreement
import Linux
import NIOCore
import Settings

/// Runs the scripts of checks, on a thread of its own that begins with the first one.
///
/// At most so many run at once; the others wait for their turn, first come, first served. A script's time begins when
/// it does, so that those that wait do not fail for it.
package final class Scripts: Sendable {
    typealias Ending = Result<CommandResult, CommandProblem>

    struct Job: Sendable {
        var command: Command
        /// Called once, on the scripts' thread.
        var done: @Sendable (Ending) -> Void
    }

    private let limit: Int
    private let environment: [String: String]
    private let jobs = JobQueue<Job>()

    /// - Parameters:
    ///   - limit: how many run at once, at least 1.
    ///   - environment: what each is told besides its subject.
    package init(limit: Int = 64, environment: [String: String] = [:]) {
        precondition(limit >= 1, "at least one script runs at a time, not \(limit)")
        self.limit = limit
        self.environment = environment
    }

    /// Calls `done` once, on the loop; after `stop` perhaps never.
    func begin(
        _ check: ScriptCheck, _ subject: ScriptSubject?, within timeout: Duration, on loop: any EventLoop,
        done: @escaping (Outcome) -> Void
    ) {
        let done = NIOLoopBound(done, eventLoop: loop)
        let told = environment.merging(subject?.environment ?? [:]) { $1 }
        let command = Command(
            check.words + (subject?.words(check.arguments) ?? []), user: check.user, limit: timeout, environment: told)
        let job = Job(command: command) { ending in
            loop.execute { done.value(Outcome(ending, isDynamic: check.isDynamic)) }
        }
        if let problem = jobs.add(job, start: start) { job.done(.failure(.process(problem.errno))) }
    }

    private func start() throws(SystemError) -> Wakeup {
        let wakeup = try Wakeup()
        var slot: ScriptThread? = try ScriptThread(of: self, wakeup, limit: limit)
        try OSThread.start(name: "scripts") {
            guard let thread = slot.take() else { return }
            thread.run()
        }
        return wakeup
    }

    /// Ends those that run and forgets those that wait.
    package func stop() { jobs.stop() }

    /// The next ones that may begin, at most `count`; absent: there are to be no more.
    func take(_ count: Int) -> [Job]? { jobs.take(count) }
}

extension Outcome {
    /// What a script's end says about the server.
    fileprivate init(_ ending: Scripts.Ending, isDynamic: Bool) {
        switch ending {
        case .success(let result):
            switch result.end {
            case .exited(0): self = .pass
            case .exited(let code) where isDynamic && code >= 2: self = .advised(Advice(fixed: UInt32(code - 2)))
            case .exited(let code): self = .fail(.script(.exited(UInt8(truncatingIfNeeded: code))))
            case .killed(let signal): self = .fail(.script(.killed(UInt8(truncatingIfNeeded: signal))))
            case .late: self = .fail(.script(.late))
            case .flooded: self = .fail(.script(.flooded))
            }
        case .failure(let problem): self = .fail(.script(.notRun(ScriptFailure.Obstacle(problem))))
        }
    }
}

extension ScriptFailure.Obstacle {
    fileprivate init(_ problem: CommandProblem) {
        switch problem {
        case .noUser: self = .noUser
        case .user(_, let code): self = .user(code)
        case .program(_, _, let code): self = .program(code)
        case .process(let code): self = .process(code)
        }
    }
}
