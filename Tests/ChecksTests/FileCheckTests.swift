import Addresses
import Agreement
import Checks
import Glibc
import Linux
import NIOPosix
import Settings
import Testing

struct FileCheckTests {
    private static func probes(_ check: FileCheck, _ count: Int = 3, interval: Int = 300) -> [ProbeSettings] {
        (1...count).map { number in
            let server = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0000 + UInt32(number))), port: 80)
            return ProbeSettings(server, .file(check), interval: interval, timeout: interval)
        }
    }

    @Test func `servers are up while a file is there, all at once`() async throws {
        let folder = CheckScripts()
        let watch = Watch()
        let path = folder.path + "/up"
        watch.checker.adopt(Self.probes(FileCheck(path: path)))
        #expect(await watch.next(3).map(\.verdict) == Array(repeating: .down(.file(.absent)), count: 3))
        try DurableFile.write(path, [])
        #expect(await watch.next(3).map(\.verdict) == Array(repeating: .up, count: 3))
        unlink(path)
        #expect(await watch.next(3).map(\.verdict) == Array(repeating: .down(.file(.absent)), count: 3))
        watch.checker.stop()
    }

    @Test func `a file can be too old, and be written again`() async throws {
        let folder = CheckScripts()
        let watch = Watch()
        let path = folder.path + "/up"
        try DurableFile.write(path, [])
        setTime(of: path, secondsAgo: 60)
        watch.checker.adopt(Self.probes(FileCheck(path: path, newerThan: .seconds(30)), 1))
        #expect(await watch.next().map(\.verdict) == [.down(.file(.stale))])
        // One from times to come is not old.
        setTime(of: path, secondsAgo: -3600)
        #expect(await watch.next().map(\.verdict) == [.up])
        setTime(of: path, secondsAgo: 60)
        #expect(await watch.next().map(\.verdict) == [.down(.file(.stale))])
        watch.checker.stop()
    }

    @Test(arguments: [
        // A file that is in the place of a folder has nothing below it.
        ("/etc/passwd/up", CheckFailure.file(.absent), false),
        ("/tmp/" + String(repeating: "x", count: 300), .file(.unseen(ENAMETOOLONG)), true),
    ])
    func `says whose fault it is that a file is not seen`(path: String, failure: CheckFailure, isOwn: Bool) async throws
    {
        #expect(failure.isOwn == isOwn)
        let watch = Watch()
        let probe = try #require(Self.probes(FileCheck(path: path), 1, interval: 5000).first)
        let view = try await watch.look(at: probe)
        #expect(view?.newest == .fail(failure))
        #expect((view?.view == nil) == isOwn)
        watch.checker.stop()
    }

    private func setTime(of path: String, secondsAgo: Int) {
        let time = timeval(tv_sec: Glibc.time(nil) - secondsAgo, tv_usec: 0)
        #expect(utimes(path, [time, time]) == 0)
    }
}
