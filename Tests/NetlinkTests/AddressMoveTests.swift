import Addresses
import Glibc
import Linux
import Netlink
import Testing

/// Two directors and a client on one wire: what the client's neighbour table says.
@Suite(.enabled(if: canMakeNamespaces)) struct AddressMoveTests {
    private struct Wire {
        var client: Namespace
        var directors: [Namespace]

        /// The client's bridge is the wire.
        init() throws {
            client = try Namespace()
            try client.run("ip link add name wire type bridge")
            try client.run("ip addr add 192.0.2.100/24 dev wire")
            try client.run("ip addr add 2001:db8::100/64 dev wire nodad")
            try client.run("ip link set wire up")
            directors = []
            for name in ["one", "two"] {
                let director = try Namespace()
                try director.run("ip link add eth0 type veth peer name \(name) netns \(client.path)")
                try director.run("ip link set eth0 up")
                try client.run("ip link set \(name) up master wire")
                directors.append(director)
            }
        }

        /// Adds the address on a director and announces it in all its forms.
        func claim(_ index: Int, _ text: String) throws -> MACAddress {
            try directors[index].enter()
            var route = try RouteSocket()
            let link = try #require(try route.link(named: "eth0"))
            let mac = try #require(link.mac)
            let leased = LeasedAddress(prefix: Prefix(host: address(text)), interface: link.index, lease: 60)
            #expect(route.change([.add(leased)]) == [nil])
            let packets = try PacketSocket()
            var frame: [UInt8] = []
            var frames = FrameBatch()
            switch address(text) {
            case .v4(let address):
                for form in AnnouncementFrames.ARPForm.allCases {
                    AnnouncementFrames.gratuitousARP(form, for: address, at: mac, into: &frame)
                    frames.add(frame, interface: link.index)
                }
            case .v6(let address):
                AnnouncementFrames.unsolicitedAdvertisement(for: address, at: mac, into: &frame)
                frames.add(frame, interface: link.index)
            }
            let count = frames.count
            #expect(frames.send(on: packets) == count)
            return mac
        }
    }

    @Test(arguments: ["192.0.2.10", "2001:db8::10"])
    func `a third machine follows an announcement`(text: String) async throws {
        try await onOwnThread {
            let wire = try Wire()
            let first = try wire.claim(0, text)
            // Any packet makes the client ask.
            try wire.client.run("bash -c echo>/dev/udp/\(text)/9")
            #expect(try wire.client.knows(text, at: first))
            let second = try wire.claim(1, text)
            #expect(first != second)
            #expect(try wire.client.knows(text, at: second))
        }
    }

    @Test func `a frame that the kernel refuses keeps none of the others back`() async throws {
        try await onOwnThread {
            let wire = try Wire()
            try wire.directors[0].enter()
            var route = try RouteSocket()
            let link = try #require(try route.link(named: "eth0"))
            let packets = try PacketSocket()
            var frames = FrameBatch()
            for number in 0..<150 {
                frames.add([UInt8](repeating: 0xFF, count: 60), interface: number % 10 == 0 ? 4000 : link.index)
            }
            frames.add([1, 2, 3], interface: link.index)
            #expect(frames.count == 150)
            #expect(frames.send(on: packets) == 135)
            #expect(frames.count == 0)
        }
    }

    @Test(arguments: ["192.0.2.10", "2001:db8::10"])
    func `a probe is answered by the holder alone`(text: String) async throws {
        try await onOwnThread {
            let wire = try Wire()
            try wire.directors[1].enter()
            var route = try RouteSocket()
            let link = try #require(try route.link(named: "eth0"))
            let mac = try #require(link.mac)
            let packets = try PacketSocket(hearing: .claims, interface: link.index)
            #expect(try Self.answer(to: text, packets, link.index, mac) == nil)
            let holder = try wire.claim(0, text)
            #expect(try Self.answer(to: text, packets, link.index, mac)?.mac == holder)
        }
    }

    /// Asks who has the address and waits up to 0.3 s for a claim of it.
    private static func answer(
        to text: String, _ packets: borrowing PacketSocket, _ interface: Int32, _ mac: MACAddress
    ) throws -> HeardClaim? {
        var frame: [UInt8] = []
        switch address(text) {
        case .v4(let address): AnnouncementFrames.arpProbe(for: address, from: mac, into: &frame)
        case .v6(let address): AnnouncementFrames.solicitationProbe(for: address, from: mac, into: &frame)
        }
        var buffer = [UInt8](repeating: 0, count: 2048)
        while packets.receive(into: &buffer) != nil {}
        #expect(packets.send(frame, interface: interface) == nil)
        for _ in 0..<30 {
            usleep(10_000)
            while let (count, from) = packets.receive(into: &buffer) {
                #expect(from == interface)
                guard let claim = HeardClaim(frame: buffer[..<count]), claim.address == address(text) else { continue }
                return claim
            }
        }
        return nil
    }
}

extension Namespace {
    /// Whether the neighbour table has it so, or does within 0.5 s.
    fileprivate func knows(_ text: String, at mac: MACAddress) throws -> Bool {
        for _ in 0..<50 {
            if try run("ip neigh show \(text)").contains("\(mac)") { return true }
            usleep(10_000)
        }
        return false
    }
}
