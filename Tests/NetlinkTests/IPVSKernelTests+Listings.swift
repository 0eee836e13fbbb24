import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings
import Synchronization
import Testing

/// Listings of many parts, while somebody else adds and removes services.
extension IPVSKernelTests {
    /// Whether somebody is to go on.
    private final class Ending: Sendable {
        private let state = Mutex((isWanted: false, isDone: false))
        var isWanted: Bool { state.withLock { $0.isWanted } }
        var isDone: Bool { state.withLock { $0.isDone } }
        func want() { state.withLock { $0.isWanted = true } }
        func reach() { state.withLock { $0.isDone = true } }
    }

    private static func services(_ host: Int, _ count: Int) -> Set<ServiceIdentity> {
        Set(
            (0..<count).map {
                ServiceIdentity.endpoint(
                    .tcp, Endpoint(address: address("192.0.2.\(host)"), port: UInt16(1000 + $0)))
            })
    }

    @Test func `none of the known services is missing in a listing, whatever others add and remove meanwhile`()
        async throws
    {
        try await onOwnThread {
            let director = try Namespace()
            var socket = try IPVSSocket()
            let (ours, others) = (Self.services(10, 400), Self.services(11, 100))
            #expect(socket.apply(ours.map { .addService($0, ServiceOptions()) }).allSatisfy { $0 == nil })
            let ending = Ending()
            try OSThread.start(name: "other") {
                defer { ending.reach() }
                do {
                    try director.enter()
                    var other = try IPVSSocket()
                    while !ending.isWanted {
                        _ = other.apply(others.map { .addService($0, ServiceOptions()) })
                        _ = other.apply(others.map { .removeService($0) })
                    }
                } catch {
                    Issue.record(error)
                }
            }
            var incomplete = 0
            for _ in 0..<10 {
                let plain = try socket.readTable().table
                if !ours.isSubset(of: plain.services.keys) { incomplete += 1 }
                let known = try socket.readTable(known: ours).table
                #expect(ours.isSubset(of: known.services.keys))
            }
            ending.want()
            while !ending.isDone { usleep(5000) }
            print("\(incomplete) of 10 listings beside another writer left services out")
        }
    }
}
