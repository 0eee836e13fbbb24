/// Why a Redis server does not answer as it should: the first word of its error, if it says one that is known.
package enum RedisFailure: Hashable, Sendable {
    /// Not the Redis protocol.
    case malformed
    case withoutPassword
    case wrongPassword
    /// The check has a password, and the server wants none.
    case passwordUnwanted
    case notPermitted
    /// It takes connections of its own machine alone.
    case protected
    case tooManyClients
    case loading
    case busy
    /// A replica that has lost its master and was told to say so.
    case masterDown
    case cannotPersist
    /// An error that has no name here.
    case refused
    case otherRole
}

extension RedisFailure {
    /// Of the words after the minus sign of an error.
    package init(error words: String) {
        let known: [(String, RedisFailure)] = [
            ("NOAUTH", .withoutPassword), ("WRONGPASS", .wrongPassword), ("ERR invalid password", .wrongPassword),
            ("ERR AUTH <password> called without", .passwordUnwanted), ("ERR Client sent AUTH", .passwordUnwanted),
            ("NOPERM", .notPermitted), ("DENIED", .protected), ("ERR max number of clients", .tooManyClients),
            ("LOADING", .loading), ("BUSY", .busy), ("MASTERDOWN", .masterDown), ("MISCONF", .cannotPersist),
        ]
        self = known.first { words.hasPrefix($0.0) }?.1 ?? .refused
    }
}

extension RedisFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not of the Redis protocol"
        case .withoutPassword: "it wants a password and the check has none (NOAUTH)"
        case .wrongPassword: "it does not take the check's password"
        case .passwordUnwanted: "the check has a password and the server wants none"
        case .notPermitted: "the check's user may not do that (NOPERM)"
        case .protected: "it takes connections of its own machine alone (protected mode)"
        case .tooManyClients: "it has too many clients"
        case .loading: "it is still loading its data"
        case .busy: "it is busy with a script"
        case .masterDown: "it has lost its master"
        case .cannotPersist: "it cannot write its data to the disk"
        case .refused: "it answers with an error"
        case .otherRole: "it has another role than the check wants"
        }
    }
}
