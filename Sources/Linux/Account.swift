import Glibc

/// A user of this machine, out of /etc/passwd and /etc/group. Directory services are not asked: one that hangs must not
/// stop a director.
struct Account {
    var user: UInt32
    var group: UInt32
    /// Groups that name the user, and `group`.
    var groups: [UInt32]
    var home: String

    // Implementation constants.
    private static let longestFile = 4 << 20
    private static let mostGroups = 256

    init?(named name: String) {
        guard let fields = Self.lines("/etc/passwd").first(where: { $0.first.map(String.init) == name }),
            fields.count >= 6, let user = UInt32(fields[2]), let group = UInt32(fields[3])
        else { return nil }
        self.user = user
        self.group = group
        home = String(fields[5])
        var groups: Set = [group]
        for fields in Self.lines("/etc/group") where fields.count >= 4 && groups.count < Self.mostGroups {
            guard let number = UInt32(fields[2]) else { continue }
            if fields[3].split(separator: ",").contains(where: { $0 == name }) { groups.insert(number) }
        }
        self.groups = groups.sorted()
    }

    private static func lines(_ path: String) -> [[Substring]] {
        guard let bytes = try? DurableFile.read(path, limit: longestFile) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
    }
}
