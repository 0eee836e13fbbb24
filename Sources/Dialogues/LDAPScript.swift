package import Agreement
package import Settings

/// A simple bind and, where an entry is named, a search for it alone (RFC 4511 4.2 and 4.5).
package struct LDAPScript: FrameScript {
    private enum State: Sendable {
        case bind
        case search(hasEntry: Bool)
    }

    private static let sequence: UInt8 = 0x30
    private static let integer: UInt8 = 0x02
    private static let octets: UInt8 = 0x04
    private static let enumerated: UInt8 = 0x0A
    private static let bindResponse: UInt8 = 0x61
    private static let searchEntry: UInt8 = 0x64
    private static let searchDone: UInt8 = 0x65
    private static let searchReference: UInt8 = 0x73
    private static let notice: UInt8 = 0x78

    private let check: LDAPCheck
    private let password: Secret?
    private var state = State.bind

    package init(_ check: LDAPCheck, password: Secret?) {
        self.check = check
        self.password = password
    }

    package var mayClose: Bool { false }

    /// Version 3, a name and its password.
    package mutating func begin() -> Turn {
        let name = Self.element(Self.octets, Array((check.user ?? "").utf8))
        let proof = Self.element(0x80, password?.bytes ?? [])
        return say(1, Self.element(0x60, [Self.integer, 1, 3] + name + proof))
    }

    package func length(of head: [UInt8]) throws(CheckFailure) -> Int? {
        guard head.first == Self.sequence else { throw .ldap(.malformed) }
        do {
            return try BERReader.head(of: head[...]).map { $0.count + $0.length }
        } catch {
            throw .ldap(.malformed)
        }
    }

    package mutating func take(_ frame: [UInt8]) -> Turn {
        do {
            var reader = BERReader(frame)
            var message = BERReader(try reader.element(Self.sequence))
            let number = try message.number(Self.integer)
            let operation = try message.element()
            return try take(operation.tag, operation.content, number)
        } catch {
            return .end(.fail(.ldap(.malformed)))
        }
    }

    private mutating func take(
        _ tag: UInt8, _ content: ArraySlice<UInt8>, _ number: Int
    ) throws(BERReader.Malformed) -> Turn {
        switch (state, number, tag) {
        case (_, 0, Self.notice): return .end(.fail(.ldap(.disconnected(try Self.code(content)))))
        case (.bind, 1, Self.bindResponse):
            let code = try Self.code(content)
            guard code == 0 else { return .end(.fail(.ldap(.bind(code)))) }
            guard let base = check.base else { return .end(.pass) }
            state = .search(hasEntry: false)
            return search(base)
        case (.search, 2, Self.searchEntry): state = .search(hasEntry: true)
        case (.search, 2, Self.searchReference): break
        case (.search(let hasEntry), 2, Self.searchDone):
            let code = try Self.code(content)
            guard code == 0 else { return .end(.fail(.ldap(.search(code)))) }
            return .end(hasEntry ? .pass : .fail(.ldap(.withoutEntry)))
        default: throw BERReader.Malformed()
        }
        return .listen
    }

    /// The entry itself, none of its attributes: base object, aliases as they are, one entry, no time limit, any class
    /// and "1.1" (RFC 4511 4.5.1.8).
    private func search(_ base: String) -> Turn {
        let scope: [UInt8] = [Self.enumerated, 1, 0, Self.enumerated, 1, 0, Self.integer, 1, 1, Self.integer, 1, 0]
        let filter = Self.element(0x87, Array("objectClass".utf8))
        let attributes = Self.element(Self.sequence, Self.element(Self.octets, Array("1.1".utf8)))
        let name = Self.element(Self.octets, Array(base.utf8))
        return say(2, Self.element(0x63, name + scope + [0x01, 1, 0] + filter + attributes))
    }

    /// The result code, which is followed by two texts.
    private static func code(_ content: ArraySlice<UInt8>) throws(BERReader.Malformed) -> Int {
        var result = BERReader(content)
        let code = try result.number(enumerated)
        _ = try result.element(octets)
        _ = try result.element(octets)
        return code
    }

    private func say(_ number: UInt8, _ operation: [UInt8]) -> Turn {
        .say(Self.element(Self.sequence, [Self.integer, 1, number] + operation))
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count
        if length < 0x80 { return [tag, UInt8(length)] + content }
        return [tag, 0x82, UInt8(length >> 8), UInt8(length & 0xFF)] + content
    }
}
