package import Addresses

/// When each request was sent, and which were answered.
package struct ProbeRecord {
    private var sendTimes: [Instant] = []
    private var answers: [Bool] = []
    private var answerCount = 0

    package init() {}

    package var count: Int { sendTimes.count }

    package var isComplete: Bool { answerCount == count }

    package mutating func sent(at now: Instant) {
        sendTimes.append(now)
        answers.append(false)
    }

    /// - Parameter number: counts the requests from 0. A number that was never sent is ignored.
    package mutating func answered(_ number: UInt32) {
        guard number < answers.count, !answers[Int(number)] else { return }
        answers[Int(number)] = true
        answerCount += 1
    }

    package func report(target: String) -> ProbeReport {
        var report = ProbeReport(target: target, sent: count, lost: count - answerCount)
        var index = 0
        while index < count {
            guard !answers[index] else {
                index += 1
                continue
            }
            let start = index
            while index < count, !answers[index] { index += 1 }
            report.gaps.append(
                ProbeReport.Gap(
                    lost: index - start,
                    lastAnswered: start > 0 ? sendTimes[start - 1].nanoseconds : nil,
                    firstAnswered: index < count ? sendTimes[index].nanoseconds : nil))
        }
        return report
    }
}
