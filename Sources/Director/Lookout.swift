/// Watches a director's surroundings: what the heart tells it.
struct Lookout: ~Copyable {
    enum Message: Sendable {
        /// Whether to probe at the heartbeat's interval.
        case lookOut(Bool)
    }
}
