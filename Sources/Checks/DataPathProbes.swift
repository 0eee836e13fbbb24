import Addresses
import Agreement
import Dialogues
import Linux
import NIOCore
import Settings

/// Asks servers for their virtual addresses, on a thread of its own that begins with the first question: the kernel's
/// tables say where the packets go, and whoever reads those may have to wait.
package final class DataPathProbes: Sendable {
    typealias Word = (speaker: Transcript.Line.Speaker, text: String)

    struct Job: Sendable {
        var path: DataPath
        /// What is asked in datagrams, where the path has such targets.
        var kind: CheckSettings.Kind
        /// From when it is asked.
        var timeout: Duration
        /// What goes over the wire, in words; absent: nobody wants to know.
        var overhear: (@Sendable (Word) -> Void)?
        /// Called once, on the thread.
        var done: @Sendable (Outcome) -> Void
    }

    private let survey: @Sendable () throws -> any DataPathSurvey
    private let jobs = JobQueue<Job>()

    /// - Parameter survey: called on the thread, which keeps what it gets.
    package init(survey: @escaping @Sendable () throws -> any DataPathSurvey = { NoDataPathSurvey() }) {
        self.survey = survey
    }

    /// Calls `done` once, on the loop; after `stop` perhaps never. The time begins when the question is put, so that
    /// those that wait behind others do not fail for it.
    func begin(
        _ path: DataPath, _ kind: CheckSettings.Kind, within timeout: Duration, on loop: any EventLoop,
        _ transcript: Transcript?,
        done: @escaping (Outcome) -> Void
    ) {
        let done = NIOLoopBound(done, eventLoop: loop)
        let overhear = transcript.map { transcript -> @Sendable (Word) -> Void in
            let transcript = NIOLoopBound(transcript, eventLoop: loop)
            return { word in loop.execute { transcript.value.note(word.speaker, Array(word.text.utf8)) } }
        }
        let job = Job(path: path, kind: kind, timeout: timeout, overhear: overhear) { outcome in
            loop.execute { done.value(outcome) }
        }
        if let problem = jobs.add(job, start: start) { job.done(.fail(.dataPath(.unsent(problem.errno)))) }
    }

    private func start() throws(SystemError) -> Wakeup {
        let wakeup = try Wakeup()
        var slot: DataPathThread? = try DataPathThread(of: self, wakeup)
        let survey = survey
        try OSThread.start(name: "data path") {
            guard let thread = slot.take() else { return }
            thread.run((try? survey()) ?? NoDataPathSurvey())
        }
        return wakeup
    }

    /// Asks nobody any more.
    package func stop() { jobs.stop() }

    /// What was asked since; absent: nothing is to be asked any more.
    func take() -> [Job]? { jobs.take() }
}
