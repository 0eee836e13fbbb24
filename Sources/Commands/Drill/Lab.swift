import Addresses
import Control
import Drills

/// How a drill reaches a lab: the file that Deploy/lab writes (Docs/Drills.md).
struct Lab: Decodable, Sendable {
    struct Director: Decodable, Sendable {
        /// The socket of its daemon.
        var api: String
        /// The file of its network namespace.
        var namespace: String
    }

    /// By name; two.
    var directors: [String: Director]
    /// The file of the namespace that probes and load run in.
    var client: String
    var policy: PartitionPolicy
    /// The program that causes failures, and its first arguments; those that follow are the drill and the director.
    var fault: [String]
    /// Where the load connects to; absent: there is nothing that balances.
    var load: [String]?

    static func read(_ path: String) throws -> Lab {
        let lab = try DrillFile.read(Lab.self, from: path)
        guard lab.directors.count == 2 else { throw DrillError("\(path) does not name two directors") }
        return lab
    }

    var loadTargets: [Endpoint] { (load ?? []).compactMap(Endpoint.init) }

    var nodes: [AddressWatch.Node] {
        directors.map { AddressWatch.Node(director: $0.key, namespace: $0.value.namespace) }
    }
}
