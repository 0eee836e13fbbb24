import Addresses
import Balancing
import Netlink
import Settings
import Testing

/// Golden messages of little-endian machines.
@Suite(.enabled(if: UInt16(1).littleEndian == 1, "golden bytes are little-endian"))
struct NetfilterCodecTests {
    private static let messages: [NetlinkMessage] = {
        let service = ServiceSettings(
            name: "web", listens: [.endpoint(.tcp, endpoint("192.0.2.10:80"))], isMasqueraded: true,
            servers: [ServerSettings(endpoint: endpoint("10.0.0.1:8080"), forwarding: .nat)])
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let pair = PairSettings(name: "edge", keys: "/k", directors: directors)
        return NetfilterCodec.replacement(NetfilterTable(Masquerade(Settings(pair: pair, services: [service]))))
    }()

    /// NFPROTO_INET and the table's name, in its own attribute 1.
    private static let table = ["01000000", "0b000100", "74616e64", "656d0000"]
    private static let comment = [
        "16000600", "00106b65", "70742062", "79207461", "6e64656d", "64000000",  // USERDATA: comment, 16 bytes
    ]

    @Test func `a table takes the place of another one in one batch`() {
        // NEWTABLE, DELTABLE, NEWTABLE, NEWCHAIN, twice NEWSET and NEWSETELEM, NEWRULE; subsystem 10
        #expect(
            Self.messages.map { hex($0.bytes)[1].prefix(4) } == [
                "000a", "020a", "000a", "030a", "090a", "0c0a", "090a", "0c0a", "060a",
            ])
        #expect(
            hex(Self.messages[0].bytes) == ["38000000", "000a0504", "00000000", "00000000"] + Self.table + Self.comment)
        #expect(hex(Self.messages[1].bytes) == ["20000000", "020a0500", "00000000", "00000000"] + Self.table)
    }

    @Test func `the chain sees what leaves, after conntrack's own work`() {
        #expect(
            hex(Self.messages[3].bytes)
                == ["54000000", "030a0504", "00000000", "00000000"] + Self.table
                + ["10000300", "706f7374", "726f7574", "696e6700"]  // NAME: postrouting
                + ["14000480", "08000100", "00000004", "08000200", "00000064"]  // HOOK: NF_INET_POST_ROUTING, 100
                + ["08000500", "00000001"]  // POLICY: accept
                + ["08000700", "6e617400"])  // TYPE: nat
    }

    @Test func `a set and its keys`() {
        let name = ["14000200", "69705f74", "63705f73", "65727669", "63657300"]  // NAME: ip_tcp_services
        #expect(
            hex(Self.messages[6].bytes)
                == ["54000000", "090a0504", "00000000", "00000000"] + Self.table + name
                + ["08000300", "00000000"]  // FLAGS
                + ["08000400", "000001cd"]  // KEY_TYPE: ipv4_addr 7 << 6 | inet_service 13
                + ["08000500", "00000008"]  // KEY_LEN
                + ["08000a00", "00000002"])  // ID
        #expect(
            hex(Self.messages[7].bytes)
                == ["4c000000", "0c0a0504", "00000000", "00000000"] + Self.table + name
                + ["18000380", "14000180", "10000180"]  // ELEMENTS, ELEM, KEY
                + ["0c000100", "c000020a", "00500000"])  // VALUE: 192.0.2.10, 80
    }

    @Test func `a rule compares what the client asked for and where the packet goes`() {
        let words = Self.messages[8].bytes
        for name in ["meta", "cmp", "ct", "lookup", "payload", "masq"] {
            #expect(words.firstRange(of: Array(name.utf8) + [0]) != nil)
        }
        let rule = NetfilterReader.rule(words[16...]) ?? []
        #expect(
            rule.map(\.name) == [
                "meta", "cmp", "meta", "cmp", "ct", "ct", "lookup", "payload", "lookup", "masq",
            ])
        #expect(
            rule[5].fields == [1: [0, 0, 0, 9], 2: [0, 0, 0, 12], 3: [0]], "PROTO_DST of the original, to word 1")
        #expect(
            rule[7].fields == [1: [0, 0, 0, 1], 2: [0, 0, 0, 1], 3: [0, 0, 0, 16], 4: [0, 0, 0, 4]],
            "4 bytes at 16 of the network header, to word 0")
    }

    @Test func `reads what it wrote, and survives anything`() {
        var random = SystemRandomNumberGenerator()
        for message in Self.messages {
            let payload = message.bytes[16...]
            Self.readAll(payload)
            for _ in 0..<300 {
                var bytes = Array(payload)
                for _ in 0..<3 { bytes[Int.random(in: 4..<bytes.count, using: &random)] = .random(in: 0...255) }
                Self.readAll(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            }
        }
        #expect(NetfilterReader.rule(Self.messages[8].bytes[16...])?.count == 10)
        #expect(NetfilterReader.set(Self.messages[6].bytes[16...])?.0 == "ip_tcp_services")
        #expect(NetfilterReader.keys(Self.messages[7].bytes[16...]).map(\.count) == [8])
    }

    private static func readAll(_ payload: ArraySlice<UInt8>) {
        _ = NetfilterReader.generation(payload)
        _ = NetfilterReader.title(payload)
        _ = NetfilterReader.chain(payload)
        _ = NetfilterReader.set(payload)
        _ = NetfilterReader.keys(payload)
        _ = NetfilterReader.rule(payload)
    }
}
