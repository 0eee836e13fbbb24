import Glibc
import Linux
import Testing

struct DurableFileTests {
    private let folder: String

    init() throws {
        var template = Array("/tmp/tandem-file-XXXXXX\0".utf8CString)
        _ = try #require(mkdtemp(&template))
        folder = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    private func clean() {
        for name in ["a", "a.new"] + ["a.damaged"] + (2...9).map({ "a.damaged-\($0)" }) { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    @Test func `gives back what was written, and nothing where nothing was`() throws {
        defer { clean() }
        #expect(try DurableFile.read("\(folder)/a", limit: 100) == nil)
        let long = [UInt8](repeating: 7, count: 10_000)
        try DurableFile.write("\(folder)/a", long)
        #expect(try DurableFile.read("\(folder)/a", limit: 10_000) == long)
        try DurableFile.write("\(folder)/a", [1, 2])
        #expect(try DurableFile.read("\(folder)/a", limit: 100) == [1, 2])
        #expect(access("\(folder)/a.new", F_OK) != 0)
        try DurableFile.write("\(folder)/a", [])
        #expect(try DurableFile.read("\(folder)/a", limit: 100) == [])
    }

    @Test func `what a crash left half written beside the file does no harm`() throws {
        defer { clean() }
        try DurableFile.write("\(folder)/a", [1])
        try DurableFile.write("\(folder)/a.new", [9, 9, 9, 9])
        #expect(try DurableFile.read("\(folder)/a", limit: 100) == [1])
        try DurableFile.write("\(folder)/a", [2])
        #expect(try DurableFile.read("\(folder)/a", limit: 100) == [2])
    }

    @Test func `a folder, a fifo or too much of a file is an error and no wait`() throws {
        defer { clean() }
        #expect(throws: SystemError.self) { try DurableFile.read(folder, limit: 100) }
        try DurableFile.write("\(folder)/a", [UInt8](repeating: 0, count: 101))
        #expect(throws: SystemError(errno: EFBIG, what: "read \(folder)/a")) {
            try DurableFile.read("\(folder)/a", limit: 100)
        }
        #expect(throws: SystemError.self) { try DurableFile.write("\(folder)/missing/a", [1]) }
    }

    @Test func `what is put aside keeps its name as long as there is room`() throws {
        defer { clean() }
        var names: [String] = []
        for number in 0..<11 {
            try DurableFile.write("\(folder)/a", [UInt8(number)])
            names.append(try DurableFile.setAside("\(folder)/a"))
        }
        #expect(names[0] == "\(folder)/a.damaged" && names[1] == "\(folder)/a.damaged-2")
        #expect(names[8] == "\(folder)/a.damaged-9" && names[10] == names[8])
        #expect(try DurableFile.read(names[0], limit: 10) == [0])
        #expect(try DurableFile.read(names[8], limit: 10) == [10])
    }
}

struct NameLockTests {
    @Test func `a name is had once, its holder is told, and it is free again`() throws {
        let name = "tandem/test\(getpid())/lb1"
        do {
            let lock = try NameLock(name)
            let taken = #expect(throws: NameLock.Taken.self) { _ = try NameLock(name) }
            #expect(taken?.pid == getpid())
            _ = try NameLock(name + "b")
            _ = consume lock
        }
        _ = try NameLock(name)
    }

    @Test func `a name that is too long is an error`() {
        #expect(throws: SystemError.self) { _ = try NameLock(String(repeating: "x", count: 107)) }
    }
}
