import Glibc
import Linux
import Testing

struct LockFileTests {
    @Test func `a director is locked by one at a time`() throws {
        let path = "/tmp/tandem-lock-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))"
        defer { unlink(path) }
        do {
            let lock = try LockFile(path: path)
            let error = #expect(throws: SystemError.self) { _ = try LockFile(path: path) }
            #expect(error?.errno == EWOULDBLOCK)
            #expect(error?.description.contains("another tandemd runs for this director") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(throws: Never.self) { _ = try LockFile(path: path) }
    }

    @Test func `names the file that cannot be made`() {
        let error = #expect(throws: SystemError.self) { _ = try LockFile(path: "/proc/none/lock") }
        #expect(error?.errno == ENOENT && error?.what == "open the lock file /proc/none/lock")
    }
}
