package import Addresses

/// The kernel's own way of telling another kernel about connections, version 1, written in user space: a backup daemon
/// takes it as if the other kernel had sent it (net/netfilter/ipvs/ip_vs_sync.c, `ip_vs_process_message`).
///
/// ```
///  0 1 reserved   1 1 sync id   2 2 length of the message   4 1 connections   5 1 version (1)   6 2 spare
///  connection, IPv4: 0 1 type (0)   1 1 protocol   2 2 version 0 << 12 | length (36)   4 4 flags   8 2 state
///   10 2 client port   12 2 virtual port   14 2 server port   16 4 mark   20 4 timeout, s
///   24 4 client   28 4 virtual   32 4 server; IPv6: type 1, length 72, addresses of 16 bytes
/// ```
package struct SyncMessage: Sendable {
    // Specification constants

    /// Where the daemons of Linux listen unless told otherwise.
    package static let group = Endpoint(address: .v4(IPv4Address(number: 0xE000_0051)), port: 8848)
    private static let headerLength = 8
    private static let version: UInt8 = 1
    private static let tcp: UInt8 = 6
    private static let typeOfV6: UInt8 = 1
    /// `IP_VS_CONN_F_DROUTE`; the taker's own entry of the server decides.
    private static let directRoute: UInt32 = 3
    private static let inactive: UInt32 = 0x0100

    // Implementation constant: fits the smallest link that IPv6 allows.
    private static let longest = 1200

    /// The bytes so far; complete at any time.
    package private(set) var bytes: [UInt8]

    package let id: UInt8

    package init(id: UInt8) {
        self.id = id
        bytes = [0, id, 0, UInt8(Self.headerLength), 0, Self.version, 0, 0]
        bytes.reserveCapacity(Self.longest)
    }

    package var isEmpty: Bool { bytes[4] == 0 }

    /// False where there is no room any more, or the connection's addresses are not of one family.
    package mutating func add(_ connection: Connection) -> Bool {
        let addresses = [connection.client.address, connection.service.address, connection.server.address]
        let isV6 = addresses[0].family == .v6
        guard addresses.allSatisfy({ ($0.family == .v6) == isV6 }) else { return false }
        let length = isV6 ? 72 : 36
        guard bytes.count + length <= Self.longest, bytes[4] < .max else { return false }
        bytes += [isV6 ? Self.typeOfV6 : 0, Self.tcp]
        append(UInt16(length))
        append(Self.directRoute | (connection.state == .established ? 0 : Self.inactive))
        append(connection.state.rawValue)
        for endpoint in [connection.client, connection.service, connection.server] { append(endpoint.port) }
        append(UInt32(0))
        append(max(1, connection.expires))
        for address in addresses { bytes += address.bytes }
        bytes[2] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: bytes.count)
        bytes[4] += 1
        return true
    }

    private mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
