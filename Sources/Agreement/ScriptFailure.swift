/// Why a check's script did not say that the server is up.
package enum ScriptFailure: Hashable, Sendable {
    /// With a code that is not 0.
    case exited(UInt8)
    /// By somebody else's signal.
    case killed(UInt8)
    /// It was ended because it ran longer than the check's timeout.
    case late
    /// It was ended because it printed too much.
    case flooded
    /// It did not even begin: the director's own fault.
    case notRun(Obstacle)

    /// What kept a script from beginning, with the errno of the system call.
    package enum Obstacle: Hashable, Sendable {
        case noUser
        case user(Int32)
        case program(Int32)
        case process(Int32)
    }
}

extension ScriptFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let code): "its script says exit \(code)"
        case .killed(let signal): "its script was killed by signal \(signal)"
        case .late: "its script did not end in time"
        case .flooded: "its script was ended because it printed too much"
        case .notRun(let obstacle): "the director cannot run its script: \(obstacle)"
        }
    }
}

extension ScriptFailure.Obstacle: CustomStringConvertible {
    // Linux's numbers (errno(3)): a pure module has no C library to ask.
    private static let (notPermitted, noEntry, notAProgram, noAccess): (Int32, Int32, Int32, Int32) = (1, 2, 8, 13)

    package var description: String {
        switch self {
        case .noUser: "its user is not in /etc/passwd"
        case .user(Self.notPermitted): "becoming its user needs CAP_SETUID and CAP_SETGID"
        case .user(let code): "it cannot become its user (errno \(code))"
        case .program(Self.noEntry): "there is none at that path, or not what its first line names"
        case .program(Self.noAccess): "its user may not execute it"
        case .program(Self.notAProgram): "it is no program; does its first line begin with #!?"
        case .program(let code): "it cannot be executed (errno \(code))"
        case .process(let code): "no process can begin (errno \(code))"
        }
    }
}
