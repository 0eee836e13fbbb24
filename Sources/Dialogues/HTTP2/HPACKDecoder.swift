/// Reads the header blocks of one direction of a connection (RFC 7541 3 and 6). What it keeps is bounded: 4 KiB of
/// table, and 16 KiB of a list, whatever a block makes of it.
package struct HPACKDecoder: Sendable {
    package enum Failure: Error, Hashable, Sendable {
        case malformed
        /// The fields are more than are read.
        case tooLong
    }

    /// Of the fields of one block, each with 32 bytes more (RFC 9113 6.5.2).
    package static let listLimit = 16_384

    private var table = HeaderTable()

    package init() {}

    /// What the table holds, the newest first.
    package var kept: [HeaderField] { table.fields.reversed() }
    package var keptSize: Int { table.size }

    /// Behind a failure the table is not the server's any more.
    package mutating func decode(_ block: [UInt8]) throws(Failure) -> [HeaderField] {
        var reader = Reader(rest: block[...])
        var fields: [HeaderField] = []
        var size = 0
        while let first = reader.rest.first {
            guard let field = try next(first, &reader, isFirst: fields.isEmpty) else { continue }
            size += field.size
            guard size <= Self.listLimit else { throw .tooLong }
            fields.append(field)
        }
        return fields
    }

    /// Absent: the table's size was changed.
    private mutating func next(
        _ first: UInt8, _ reader: inout Reader, isFirst: Bool
    ) throws(Failure) -> HeaderField? {
        if first & 0x80 != 0 {
            guard let field = table[try reader.number(bits: 7)] else { throw .malformed }
            return field
        }
        if first & 0xC0 == 0x40 {
            let field = try literal(bits: 6, &reader)
            table.add(field)
            return field
        }
        if first & 0xE0 == 0x20 {
            let size = try reader.number(bits: 5)
            guard isFirst, size <= HeaderTable.limit else { throw .malformed }
            table.resize(size)
            return nil
        }
        return try literal(bits: 4, &reader)
    }

    private func literal(bits: Int, _ reader: inout Reader) throws(Failure) -> HeaderField {
        let number = try reader.number(bits: bits)
        guard number > 0 else { return HeaderField(name: try reader.text(), value: try reader.text()) }
        guard let known = table[number] else { throw .malformed }
        return HeaderField(name: known.name, value: try reader.text())
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        /// Of so many bits of the first byte, and further bytes if they do not suffice (RFC 7541 5.1). Nothing here is
        /// above 2²⁰.
        mutating func number(bits: Int) throws(Failure) -> Int {
            let full = 1 << bits - 1
            guard let first = rest.popFirst() else { throw .malformed }
            var number = Int(first) & full
            guard number == full else { return number }
            for shift in stride(from: 0, to: 21, by: 7) {
                guard let byte = rest.popFirst() else { throw .malformed }
                number += Int(byte & 0x7F) << shift
                if byte < 0x80 { return number }
            }
            throw .malformed
        }

        mutating func text() throws(Failure) -> [UInt8] {
            guard let first = rest.first else { throw .malformed }
            let length = try number(bits: 7)
            guard length <= rest.count else { throw .malformed }
            let bytes = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard first & 0x80 != 0 else { return Array(bytes) }
            do {
                return try HuffmanCode.standard.decode(bytes)
            } catch {
                throw .malformed
            }
        }
    }
}

extension [HeaderField] {
    /// As a block that refers to no table: literals that the server is not to remember, and secret ones nobody behind
    /// it either (RFC 7541 6.2.2 and 6.2.3).
    package var block: [UInt8] {
        flatMap { field in [field.isSecret ? 0x10 : 0] + Self.text(field.name) + Self.text(field.value) }
    }

    private static func text(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 0x7F else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [0x7F]
        var rest = bytes.count - 0x7F
        while rest >= 0x80 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }

    /// The first value of that name, as text.
    func value(_ name: String) -> String? {
        first { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
