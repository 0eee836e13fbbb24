import Synchronization

/// A place for one answer of an organ's thread to somebody who waits for it in a task.
package final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    package init() {}

    func give(_ answer: Value) { value.withLock { $0 = answer } }

    /// Absent if none came in time.
    package func wait(for patience: Duration) async -> Value? {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while clock.now < end {
            if let answer = value.withLock(\.self) { return answer }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return value.withLock(\.self)
    }
}
