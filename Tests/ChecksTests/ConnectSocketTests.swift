import Addresses
import CLinux
import Glibc
import NIOCore
import NIOPosix
import Testing

struct ConnectSocketTests {
    /// What connects, one time after another, to whoever accepts on 127.0.0.1 and to a port where nobody does; and what
    /// hears of it.
    struct Bench {
        let socket = clinux_open_connect(false, 0, nil)
        private let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        private let ear = Glibc.socket(AF_INET, Int32(SOCK_RAW.rawValue) | O_NONBLOCK, Int32(IPPROTO_TCP))

        init() throws {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(80).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let status = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0 && listen(listener, 16) == 0 && ear >= 0 && socket >= 0)
        }

        func end() {
            for descriptor in [socket, listener, ear] { close(descriptor) }
        }

        /// - Returns: what became of it: 0, or an errno.
        func connect(_ port: UInt16) throws -> Int32 {
            let target = clinux_endpoint(high: 0, low: 0x7F00_0001, port: port, is_v6: false)
            try #require(clinux_begin_connect(socket, target) == 0)
            var number = EALREADY
            for _ in 0..<1000 where number == EALREADY {
                usleep(1000)
                number = clinux_ask_connect(socket, target)
            }
            #expect(clinux_renew_connect(socket) == 0)
            return number
        }

        /// The sequence numbers of all that has asked for a connection.
        func sequences() -> [UInt32] {
            var numbers: [UInt32] = []
            var packet = [UInt8](repeating: 0, count: 2048)
            while true {
                let count = recv(ear, &packet, packet.count, 0)
                guard count >= 0 else { return numbers }
                let segment = packet[..<count].dropFirst(Int(packet[0] & 0x0F) * 4)
                let start = segment.startIndex
                // SYN and nothing else (RFC 9293 3.1).
                guard segment.count >= 20, segment[start + 13] & 0x3F == 0x02 else { continue }
                numbers.append(segment[(start + 4)..<(start + 8)].reduce(0) { $0 << 8 | UInt32($1) })
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
    func `a socket connects to one server after another`() async throws {
        let world = try await NamespaceLoop("ip link set lo up")
        let ports: [UInt16] = [80, 80, 81, 80, 81, 81, 80]
        let numbers = try await world.loop.submit {
            let bench = try Bench()
            defer { bench.end() }
            return try ports.map { try bench.connect($0) }
        }.get()
        #expect(numbers == ports.map { $0 == 80 ? 0 : ECONNREFUSED })
        try await world.end()
    }

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"), arguments: [UInt16(80), 81])
    func `nobody can guess a connection's sequence number from the one before`(port: UInt16) async throws {
        let world = try await NamespaceLoop("ip link set lo up")
        let numbers = try await world.loop.submit {
            let bench = try Bench()
            defer { bench.end() }
            for _ in 0..<10 { _ = try bench.connect(port) }
            return bench.sequences()
        }.get()
        #expect(numbers.count == 10)
        // Left to itself the kernel counts on: by 3, or by some 65,000.
        let steps = zip(numbers.dropFirst(), numbers).map { ($0 &- $1) >> 20 }
        #expect(Set(steps).count > 5, "\(numbers)")
        try await world.end()
    }

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
    func `a socket that is connected to itself has found nobody`() async throws {
        let world = try await NamespaceLoop(
            "ip link set lo up && echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range")
        let number = try await world.loop.submit {
            let bench = try Bench()
            defer { bench.end() }
            return try bench.connect(40000)
        }.get()
        #expect(number == ECONNREFUSED)
        try await world.end()
    }
}
