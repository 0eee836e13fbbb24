import Addresses
import Settings

/// What a check says of an agent.
extension Reading {
    /// A port, or a mapping with one.
    mutating func agent(_ node: Node) -> AgentSettings? {
        guard case .mapping = node.content else {
            return number(node, 1...65535, "agent").map { AgentSettings(port: UInt16($0)) }
        }
        guard let fields = fields(node, Schema.agent) else { return nil }
        // What is not there is absent, what cannot be read is nil within.
        let place = fields["address"].map { address($0, "the agent's address") }
        let words = fields["send"].map { bytes($0, "send") }
        let period = fields["interval"].map { duration($0, .milliseconds(100) ... .seconds(3600), "interval") }
        let port = required(fields, "port", of: "agent").flatMap { number($0, 1...65535, "port") }
        guard let port, place != .some(nil), words != .some(nil), period != .some(nil) else { return nil }
        var agent = AgentSettings(port: UInt16(port), address: place ?? nil)
        if case .some(let words?) = words { agent.send = words }
        if case .some(let period?) = period { agent.interval = period }
        return agent
    }
}
