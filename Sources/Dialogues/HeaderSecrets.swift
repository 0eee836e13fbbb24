package import Agreement
package import Settings

/// The values of an HTTP check's headers that stand in files, as they were when the probe began.
package struct HeaderSecrets: Sendable {
    /// How long one may be, in bytes: tokens are longer than passwords.
    package static let longest = 4096

    private var values: [SecretFile: Secret] = [:]

    package init() {}

    /// - Parameter read: gives what a file holds.
    /// - Throws: what `read` throws; `.headerSecret` where that can be no value of a header.
    package init(
        of check: HTTPCheck, read: (SecretFile) throws(CheckFailure) -> Secret
    ) throws(CheckFailure) {
        for header in check.headers {
            guard case .secret(let file) = header.value, values[file] == nil else { continue }
            let secret = try read(file)
            guard Self.isValue(secret.bytes) else { throw .headerSecret }
            values[file] = secret
        }
    }

    /// All of them.
    package var all: [Secret] { Array(values.values) }

    subscript(_ file: SecretFile) -> Secret? { values[file] }

    /// Letters, signs and bytes above ASCII, with blanks and tabs between them (RFC 9110 5.5): what ends a line would
    /// begin another header, or another request.
    private static func isValue(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return bytes.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F } && ![first, last].contains { $0 <= 0x20 }
    }
}

extension HTTPCheck {
    /// Its own headers, ready to be said.
    func ownFields(_ secrets: HeaderSecrets) -> [HeaderField] {
        headers.compactMap { header in
            let name = Array(Self.word(header.name).utf8)
            return switch header.value {
            case .text(let text): HeaderField(name: name, value: Array(Self.line(text).utf8))
            case .secret(let file):
                secrets[file].map { HeaderField(name: name, value: $0.bytes, isSecret: true) }
            }
        }
    }
}
