package import Agreement

/// One check's conversation with a server over one connection, as a machine: bytes in, bytes and an outcome out.
///
/// It opens no socket and knows no time, and what it keeps of a server's words is bounded. Whoever leads it tells it of
/// nothing after a turn that ends it.
package protocol Dialogue {
    /// The connection stands; or TLS does on it, after a turn that asked for that.
    mutating func begin() -> Turn

    /// The server said this, cut into pieces in any way.
    mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn

    /// What became of the password that a turn asked to be salted.
    mutating func salted(_ bytes: [UInt8]) -> Turn

    /// The server says no more.
    mutating func end() -> Outcome

    /// What the outcome is if the time is over now, and there is none yet.
    var late: Outcome { get }

    /// Whether the server was asked to close, and is given the time to do so after a pass.
    var leavesClosingToServer: Bool { get }
}

/// What follows of what happened.
package enum Turn: Hashable, Sendable {
    /// Nothing yet.
    case listen
    case say([UInt8])
    /// The server is ready for TLS: what follows is said within it, from `begin` on.
    case secure
    /// The same once the server has heard this, which it does not answer in the clear.
    case sayAndSecure([UInt8])
    /// This is said, and then a password salted; meanwhile the server may go on.
    case salt(Salting, after: [UInt8])
    case end(Outcome)
}

extension Dialogue {
    /// Most have none to be salted.
    package mutating func salted(_ bytes: [UInt8]) -> Turn { .listen }
}

extension Turn {
    package var wantsTLS: Bool {
        switch self {
        case .secure, .sayAndSecure: true
        case .listen, .say, .salt, .end: false
        }
    }
}
