package import Addresses

/// Why a machine does not know which director it is.
package enum IdentityError: Error, Hashable, Sendable {
    case noneMatches([DirectorSettings])
    case bothMatch([DirectorSettings])
    case unknownNode(String, known: [String])
}

extension IdentityError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noneMatches(let directors):
            return "this machine has none of the addresses of \(Self.list(directors)); give one of them to it, mend "
                + "pair.directors, or say --node NAME"
        case .bothMatch(let directors):
            return
                "this machine has addresses of both directors, \(Self.list(directors)); say which it is "
                + "with --node NAME"
        case .unknownNode(let name, let known):
            let hint = Words.nearest(to: name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
            return "there is no director \(name); the pair has \(known.joined(separator: " and "))\(hint)"
        }
    }

    private static func list(_ directors: [DirectorSettings]) -> String {
        directors.map { "\($0.name) (\($0.addresses.map(\.description).joined(separator: ", ")))" }
            .joined(separator: " and ")
    }
}

extension Settings {
    /// The index in `pair.directors` of the director that a machine is: the one that is named, else the one of whose
    /// addresses the machine has at least one.
    package func identify(node: String?, ownAddresses: Set<IPAddress>) throws(IdentityError) -> Int {
        if let node {
            if let index = pair.directors.firstIndex(where: { $0.name == node }) { return index }
            throw .unknownNode(node, known: pair.directors.map(\.name))
        }
        let matching = pair.directors.indices.filter { !ownAddresses.isDisjoint(with: pair.directors[$0].addresses) }
        guard let index = matching.first else { throw .noneMatches(pair.directors) }
        guard matching.count == 1 else { throw .bothMatch(pair.directors) }
        return index
    }
}
