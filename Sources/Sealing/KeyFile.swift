import COpenSSL
import Glibc

/// A secret that both directors of a pair hold.
package struct PairKey: Sendable {
    /// The first four bytes, big endian, of SHA-256("tandem key id" + secret): tells keys apart on the wire.
    package let id: UInt32
    /// The file's name without `.key`.
    package let name: String
    /// 32 bytes.
    package let secret: [UInt8]

    package init(name: String, secret: [UInt8]) {
        precondition(secret.count == KeyFile.secretLength, "a pair's key has 32 bytes, not \(secret.count)")
        self.name = name
        self.secret = secret
        id = KeyFile.digest(Array("tandem key id".utf8) + secret).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Why a key is not used: what is wrong with which file, and the remedy.
package struct KeyFileError: Error, Hashable, CustomStringConvertible {
    package var path: String
    /// Whether there is nothing at the path, or no key in it.
    package var isMissing: Bool
    package var reason: String

    init(_ path: String, isMissing: Bool = false, _ reason: String) {
        self.path = path
        self.isMissing = isMissing
        self.reason = reason
    }

    package var description: String { "\(path): \(reason)" }
}

/// Key files: one line, `tandem-key-1:` and 64 hexadecimal digits, readable for their owner alone.
package enum KeyFile {
    package static let prefix = "tandem-key-1:"
    static let secretLength = 32
    /// The most keys of a directory.
    package static let limit = 16
    private static let sizeLimit = 1024

    /// Whether the path is a directory of keys, and one that nobody else may write in.
    static func isDirectory(_ path: String) throws(KeyFileError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { throw missing(path, "it does not exist") }
            throw KeyFileError(path, "it cannot be looked at: \(lastError())")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return false }
        try checkDirectory(path, status)
        return true
    }

    /// The keys of the `*.key` files of a directory, by name. A symbolic link is judged by what it points to.
    static func keys(in path: String) throws(KeyFileError) -> [PairKey] {
        let names = try keyNames(in: path)
        guard !names.isEmpty else { throw missing(path, "no *.key file is in it") }
        guard names.count <= limit else {
            throw KeyFileError(path, "it has \(names.count) keys; at most \(limit) are accepted, remove old ones")
        }
        var keys: [PairKey] = []
        for name in names {
            let key = try key("\(path)/\(name)")
            if let twin = keys.first(where: { $0.id == key.id }) {
                throw KeyFileError("\(path)/\(name)", "it is the same key as \(twin.name).key; remove one")
            }
            keys.append(key)
        }
        return keys
    }

    /// A new key's line, with a newline.
    package static func generate() -> String { line(drawSecret()) }

    /// 32 bytes out of OpenSSL's random generator.
    package static func drawSecret() -> [UInt8] {
        var secret = [UInt8](repeating: 0, count: secretLength)
        let drawn = unsafe RAND_bytes(&secret, Int32(secret.count))
        precondition(drawn == 1, "OpenSSL has no random bytes")
        return secret
    }

    /// How a secret stands in a file and in a message to the peer.
    package static func line(_ secret: [UInt8]) -> String {
        prefix + secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
    }

    /// Writes a new key into a new file with mode 0600. Nothing is overwritten, and nothing half written stays behind.
    package static func create(path: String) throws(KeyFileError) {
        try write(generate(), to: path, replacing: false)
    }

    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(done == 1, "OpenSSL has no SHA-256")
        return digest
    }
}

extension KeyFile {
    static func key(_ path: String) throws(KeyFileError) -> PairKey {
        guard let secret = secret(try contents(of: path, hiddenFrom: 0o077)[...]) else {
            throw KeyFileError(
                path, "it is no key: one line of \(prefix) and 64 hexadecimal digits; run: tandem keygen")
        }
        return PairKey(name: name(of: path), secret: secret)
    }

    /// Reads one file through one descriptor, so that what was judged is what is read. `mask` is what others must not
    /// be allowed.
    static func contents(of path: String, hiddenFrom mask: mode_t) throws(KeyFileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw KeyFileError(path, isMissing: errno == ENOENT, "it cannot be opened: \(lastError())")
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw KeyFileError(path, "it is no regular file")
        }
        try checkOwner(path, status)
        guard status.st_mode & mask == 0 else {
            throw KeyFileError(path, "others may use it (mode \(octal(status.st_mode))); run: chmod 600 \(path)")
        }
        var buffer = [UInt8](repeating: 0, count: sizeLimit)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw KeyFileError(path, "it cannot be read: \(lastError())") }
        return Array(buffer[..<count])
    }

    /// The secret of a key's line; nil for what is none.
    package static func secret(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var line = bytes
        while let last = line.last, [0x0A, 0x0D, 0x20].contains(last) { line.removeLast() }
        guard line.starts(with: prefix.utf8), line.count == prefix.utf8.count + 2 * secretLength else { return nil }
        let digits = line.dropFirst(prefix.utf8.count).compactMap { digit($0) }
        guard digits.count == 2 * secretLength else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Whoever may write the directory could put a key of his own there.
    private static func checkDirectory(_ path: String, _ status: stat) throws(KeyFileError) {
        try checkOwner(path, status)
        guard status.st_mode & 0o022 == 0 else {
            throw KeyFileError(path, "others may write in it (mode \(octal(status.st_mode))); run: chmod 700 \(path)")
        }
    }

    private static func checkOwner(_ path: String, _ status: stat) throws(KeyFileError) {
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw KeyFileError(
                path, "it belongs to user \(status.st_uid); run: chown root \(path) && chmod go= \(path)")
        }
    }

    /// The names that end in `.key`, by their bytes.
    private static func keyNames(in path: String) throws(KeyFileError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw KeyFileError(path, "it cannot be read: \(lastError())")
        }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while names.count < 4096, let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".key"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    private static func missing(_ path: String, _ what: String) -> KeyFileError {
        let file = path.hasSuffix(".key") ? path : "\(path)/1.key"
        return KeyFileError(path, isMissing: true, "\(what); run: tandem keygen \(file)")
    }

    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".key") ? String(last.dropLast(4)) : last
    }

    private static func octal(_ mode: mode_t) -> String { "0" + String(mode & 0o777, radix: 8) }

    static func lastError() -> String { sentence(errno) }

    static func sentence(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
