package import Agreement
package import Settings

/// Another dialogue, behind a header of the PROXY protocol that names no client (haproxy's doc/proxy-protocol.txt 2.1,
/// 2.2): what the server says is for the other one alone.
package struct ProxiedDialogue: Dialogue {
    private let header: [UInt8]
    private var inner: any Dialogue

    package init(_ inner: any Dialogue, _ header: ProxyHeader) {
        self.inner = inner
        self.header = header.bytes
    }

    package var late: Outcome { inner.late }
    package var leavesClosingToServer: Bool { inner.leavesClosingToServer }

    package mutating func begin() -> Turn {
        let turn = inner.begin()
        return switch turn {
        case .listen where !header.isEmpty: .say(header)
        case .say(let bytes): .say(header + bytes)
        default: turn
        }
    }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn { inner.receive(bytes) }

    package mutating func salted(_ bytes: [UInt8]) -> Turn { inner.salted(bytes) }

    package mutating func end() -> Outcome { inner.end() }
}

extension ProxyHeader {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .none: []
        case .v1: Array("PROXY UNKNOWN\r\n".utf8)
        // The signature; version 2 and the command LOCAL; no family; no addresses.
        case .v2: [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0x00, 0x00, 0x00]
        }
    }
}
