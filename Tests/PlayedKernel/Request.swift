import Addresses
import Balancing
import Glibc
import Netlink
import Settings

/// One request of a datagram, understood; and the messages that answer it.
struct Request {
    enum Command {
        case listServices, listServers, askService, other
        case step(Step)
    }

    let command: Command
    /// Which service it is about.
    let service: ServiceIdentity?
    private let header: ArraySlice<UInt8>

    /// NLM_F_ACK.
    var wantsAnswer: Bool { header[header.startIndex + 6] & 0x4 != 0 }

    /// The requests in their order; what cannot be a message ends them.
    static func all(of datagram: ArraySlice<UInt8>) -> [Request] {
        var (rest, requests): (ArraySlice<UInt8>, [Request]) = (datagram, [])
        while let length = Self.number(rest, 4), length >= 20, length <= rest.count {
            requests.append(Request(rest.prefix(length)))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return requests
    }

    private init(_ message: ArraySlice<UInt8>) {
        header = message.prefix(16)
        let payload = message.dropFirst(16)
        // NLM_F_DUMP
        let isDump = header[header.startIndex + 7] & 0x3 == 0x3
        let fields = Self.attributes(Self.attributes(payload.dropFirst(4))[1] ?? [])
        service = Self.identity(fields)
        command =
            service.map { Self.command(payload, isDump, $0) } ?? (Self.isListing(payload) ? .listServices : .other)
    }

    /// IPVS_CMD_GET_SERVICE of no service.
    private static func isListing(_ payload: ArraySlice<UInt8>) -> Bool { payload.first == 4 }

    /// `IPVS_CMD_...` in linux/ip_vs.h.
    private static func command(
        _ payload: ArraySlice<UInt8>, _ isDump: Bool, _ service: ServiceIdentity
    ) -> Command {
        let server = attributes(attributes(payload.dropFirst(4))[2] ?? [])
        let options = IPVSReader.service(payload)?.1
        let endpoint = Self.endpoint(server, address: 1, port: 2, family: server[11])
        let serverOptions = IPVSReader.server(payload, family: service.family)?.options
        switch (payload.first ?? 0, options, endpoint, serverOptions) {
        case (1, let options?, _, _): return .step(.addService(service, options))
        case (2, let options?, _, _): return .step(.editService(service, options))
        case (3, _, _, _): return .step(.removeService(service))
        case (4, _, _, _): return .askService
        case (5, _, let endpoint?, let options?): return .step(.addServer(endpoint, options, of: service))
        case (6, _, let endpoint?, let options?): return .step(.editServer(endpoint, options, of: service))
        case (7, _, let endpoint?, _): return .step(.removeServer(endpoint, of: service))
        case (8, _, _, _) where isDump: return .listServers
        default: return .other
        }
    }

    // MARK: Answers

    func answer(_ identity: ServiceIdentity, _ options: ServiceOptions) -> [UInt8] {
        numbered(IPVSCodec.message(for: .addService(identity, options), family: PlayedKernel.family))
    }

    func answer(_ server: Endpoint, _ options: ServerOptions, _ counts: Statistics?) -> [UInt8]? {
        service.map {
            let message = IPVSCodec.message(for: .addServer(server, options, of: $0), family: PlayedKernel.family)
            return counted(numbered(message), counts)
        }
    }

    /// With what was counted at the end of the server's attributes, which are the last ones: IPVS_DEST_ATTR_STATS64.
    private func counted(_ message: [UInt8], _ counts: Statistics?) -> [UInt8] {
        guard let counts else { return message }
        var fields: [UInt8] = []
        for (index, number) in [counts.connections, counts.packetsIn, counts.packetsOut].enumerated() {
            fields += [12, 0, UInt8(index + 1), 0]
            fields += Self.bytes(UInt32(truncatingIfNeeded: number))
            fields += [0, 0, 0, 0]
        }
        let added: [UInt8] = [UInt8(fields.count + 4), 0, 12, 0] + fields
        var (bytes, last) = (message, 20)
        while case let next = last + (Self.length(bytes, last) + 3) & ~3, next < bytes.count { last = next }
        let length = Self.length(bytes, last) + added.count
        bytes.replaceSubrange(last..<(last + 2), with: [UInt8(length & 0xFF), UInt8(length >> 8)])
        bytes += added
        bytes.replaceSubrange(0..<4, with: Self.bytes(UInt32(bytes.count)))
        return bytes
    }

    private static func length(_ bytes: [UInt8], _ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }

    /// NLMSG_ERROR: an acknowledgement where the number is 0.
    func end(_ errno: Int32) -> [UInt8] { closing(2, UInt32(bitPattern: -errno)) + header }

    /// NLMSG_DONE of a listing.
    var done: [UInt8] { closing(3, 0) }

    private func closing(_ type: UInt8, _ number: UInt32) -> [UInt8] {
        // An error brings the request's header along.
        var bytes = Self.bytes(type == 2 ? 36 : 20)
        bytes += [type, 0, 0, 0]
        bytes += header.dropFirst(8)
        bytes += Self.bytes(number)
        return bytes
    }

    /// A message of several (NLM_F_MULTI) under the request's number.
    private func numbered(_ message: NetlinkMessage) -> [UInt8] {
        var bytes = message.bytes
        bytes.replaceSubrange(6..<8, with: [2, 0])
        bytes.replaceSubrange(8..<12, with: header.dropFirst(8).prefix(4))
        return bytes
    }

    // MARK: Bytes, of little-endian machines

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Int? {
        guard bytes.count >= count else { return nil }
        return bytes.prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func attributes(_ bytes: ArraySlice<UInt8>) -> [Int: ArraySlice<UInt8>] {
        var (rest, found): (ArraySlice<UInt8>, [Int: ArraySlice<UInt8>]) = (bytes, [:])
        while let length = number(rest, 2), let type = number(rest.dropFirst(2), 2), length >= 4, length <= rest.count {
            found[type & 0x3FFF] = rest.prefix(length).dropFirst(4)
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return found
    }

    /// `IPVS_SVC_ATTR_...`
    private static func identity(_ fields: [Int: ArraySlice<UInt8>]) -> ServiceIdentity? {
        guard let family = fields[1].flatMap({ number($0, 2) }) else { return nil }
        if let mark = fields[5].flatMap({ number($0, 4) }) {
            return .mark(UInt32(mark), family == Int(AF_INET) ? .v4 : .v6)
        }
        let kind = fields[2].flatMap { number($0, 2) }
        guard let transport = TransportProtocol.allCases.first(where: { $0.number == kind }) else { return nil }
        return endpoint(fields, address: 3, port: 4, family: fields[1]).map { .endpoint(transport, $0) }
    }

    private static func endpoint(
        _ fields: [Int: ArraySlice<UInt8>], address: Int, port: Int, family: ArraySlice<UInt8>?
    ) -> Endpoint? {
        let length = family.flatMap { number($0, 2) } == Int(AF_INET) ? 4 : 16
        guard let address = fields[address].flatMap({ IPAddress(bytes: $0.prefix(length)) }), let port = fields[port],
            port.count == 2
        else { return nil }
        return Endpoint(address: address, port: port.reduce(0) { $0 << 8 | UInt16($1) })
    }
}
