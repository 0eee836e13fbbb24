/// The pair's keys as they lie in files: all are accepted, one is for sending.
///
/// `keys:` names a file with one key, or a directory with a `*.key` file for each. In a directory the file `active` has
/// the name of the key to send with; without it that is the last one by name. Files that begin with a dot are drafts
/// and are not looked at. Every change is one step on the file system, durable before it is told of.
package struct KeyRing: Sendable {
    package let path: String
    /// Whether keys can be added and removed.
    package let isDirectory: Bool
    /// By name, not empty.
    package let keys: [PairKey]
    /// Of the key to send with.
    package let sending: UInt32

    /// The file of a directory that names the key to send with.
    private static let pointer = "active"
    private static let longestName = 64

    package static func load(path: String) throws(KeyFileError) -> KeyRing {
        guard try KeyFile.isDirectory(path) else {
            let key = try KeyFile.key(path)
            return KeyRing(path: path, isDirectory: false, keys: [key], sending: key.id)
        }
        let keys = try KeyFile.keys(in: path)
        return KeyRing(path: path, isDirectory: true, keys: keys, sending: try sending(in: path, keys))
    }

    private static func sending(in path: String, _ keys: [PairKey]) throws(KeyFileError) -> UInt32 {
        let file = "\(path)/\(pointer)"
        let bytes: [UInt8]
        do throws(KeyFileError) {
            bytes = try KeyFile.contents(of: file, hiddenFrom: 0o022)
        } catch  where error.isMissing {
            return keys[keys.count - 1].id
        }
        let name = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        if let key = keys.first(where: { $0.name == name }) { return key.id }
        let names = keys.map(\.name).joined(separator: ", ")
        throw KeyFileError(file, "it names no key of this directory; there are: \(names); run: echo NAME >\(file)")
    }

    /// The key of that id, in hexadecimal, or of that name.
    package func key(_ text: String) -> PairKey? {
        keys.first { $0.hexID == text } ?? keys.first { $0.name == text }
    }

    package func key(_ id: UInt32) -> PairKey? { keys.first { $0.id == id } }

    /// What a key may be called: letters, digits, `.`, `_`, `-`, and none of the last three first; up to 64.
    package static func isName(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isPlain && text.first?.isPunctuation == false && text.utf8.count <= longestName
    }
}

extension KeyRing {
    /// Stores one more key, which is not sent with: where no file says what is, one is written first.
    package func adding(name: String, secret: [UInt8]) throws(KeyFileError) -> KeyRing {
        guard keys.count < KeyFile.limit else {
            throw KeyFileError(path, "it has \(keys.count) keys, and at most \(KeyFile.limit) are accepted; retire one")
        }
        _ = try Self.load(path: path)
        try point(to: sending)
        try KeyFile.write(KeyFile.line(secret), to: file(name), replacing: false)
        return try Self.load(path: path)
    }

    /// Makes a key of this ring the one to send with.
    package func activating(_ id: UInt32) throws(KeyFileError) -> KeyRing {
        _ = try Self.load(path: path)
        try point(to: id)
        return try Self.load(path: path)
    }

    /// Removes a key of this ring that is not sent with.
    package func removing(_ id: UInt32) throws(KeyFileError) -> KeyRing {
        precondition(id != sending, "the key that is sent with is not removed")
        guard let key = key(id) else { return self }
        _ = try Self.load(path: path)
        try point(to: sending)
        try KeyFile.remove(file(key.name))
        return try Self.load(path: path)
    }

    private func point(to id: UInt32) throws(KeyFileError) {
        guard let name = key(id)?.name else { preconditionFailure("the key to send with is one of the ring") }
        try KeyFile.write(name + "\n", to: "\(path)/\(Self.pointer)", replacing: true)
    }

    private func file(_ name: String) -> String { "\(path)/\(name).key" }
}

extension PairKey {
    /// The id as eight hexadecimal digits.
    package var hexID: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
