package import Addresses

/// The load that judges a takeover or a handover.
package struct LoadSettings: Sendable {
    /// Where to connect to; connections take turns.
    package var targets: [Endpoint]
    /// How many long connections there are, 1 to 10,000.
    package var connections = 100
    /// How many of them say nothing until the end.
    package var idle = 50
    /// How often each of the others sends.
    package var sendEvery = Duration.milliseconds(50)
    /// How often a new connection is made.
    package var connectEvery = Duration.milliseconds(20)
    /// From the moment when all long connections stand to the failure.
    package var before = Duration.seconds(10)
    /// From the failure to the moment when the idle connections must answer.
    package var after = Duration.seconds(10)
    /// How long an answer or a new connection may take until it counts as failed.
    package var patience = Duration.seconds(10)

    package init(targets: [Endpoint]) {
        precondition(!targets.isEmpty, "a load needs a target")
        self.targets = targets
    }

    /// The bytes of one message.
    static let messageLength = 100

    func target(of connection: Int) -> Endpoint { targets[connection % targets.count] }
}
