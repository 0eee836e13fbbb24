/// What may have changed for the services since one last looked, so that of ten thousand servers only those are looked
/// at which it concerns.
package enum Scope: Hashable, Sendable {
    /// The decisions that come with it and nothing else; what time brings can wait.
    case decisions
    /// Besides what time brings, and what the peer remembers under these marks.
    case latches([UInt64])
    /// Who holds the groups, the peer or the configuration: everything.
    case all

    var marks: [UInt64] { if case .latches(let marks) = self { marks } else { [] } }
}

extension SharedVerdicts {
    /// - Parameter message: what is about to be heard.
    package func scope(of message: VerdictMessage) -> Scope {
        guard !isStaging, !message.part.contains(.first) else {
            return message.part.contains(.last) ? .all : .latches([])
        }
        return .latches(message.entries.map(\.mark).filter { !isServer($0) })
    }
}
