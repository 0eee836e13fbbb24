import Election

/// Speaks to the witness: what the heart tells it.
struct Envoy: ~Copyable {
    enum Message: Sendable {
        case petition(Petition)
    }
}
