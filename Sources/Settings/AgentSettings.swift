package import Addresses

/// A program at a server that says how much work it wants, in HAProxy's words.
package struct AgentSettings: Hashable, Sendable {
    package var port: UInt16
    /// Absent: the server's own.
    package var address: IPAddress?
    /// Said first; empty: the agent speaks first.
    package var send: [UInt8]
    /// 100 ms to 1 h, start to start.
    package var interval: Duration

    package init(port: UInt16, address: IPAddress? = nil, send: [UInt8] = [], interval: Duration = .seconds(2)) {
        self.port = port
        self.address = address
        self.send = send
        self.interval = interval
    }
}
