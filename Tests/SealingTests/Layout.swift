import Pages

/// The tables of Docs/Packet.md that say what stands where.
struct Layout {
    struct Field {
        /// From the beginning of the table's part.
        var at: Int
        var length: Int
        var name: String
    }

    var frame: [Field]
    var hello: [Field]
    var heartbeat: [Field]
    var group: [Field]

    init(_ page: Page) {
        frame = Self.fields(of: page.section("## Frame"))[0]
        hello = Self.fields(of: page.section("## Hello"))[0]
        let body = Self.fields(of: page.section("## Heartbeat"))
        (heartbeat, group) = (body[0], body[1])
    }

    /// Each table that begins with "at" and "length"; rows without numbers stand for what the other tables say.
    private static func fields(of text: String) -> [[Field]] {
        var tables: [[Field]] = []
        for cells in Page.rows(of: text) where cells.count == 3 {
            if cells[0] == "at" { tables.append([]) }
            guard let at = Int(cells[0]), let length = Int(cells[1]), !tables.isEmpty else { continue }
            let name = cells[2].prefix { $0 != ":" && $0 != "," && $0 != ";" }
            tables[tables.count - 1].append(Field(at: at, length: length, name: String(name)))
        }
        return tables
    }

    /// All fields of a datagram in plain, from its first byte to its seal.
    func fields(of datagram: Datagram) -> [Field] {
        guard datagram[4..<12].contains(where: { $0 != 0 }) else { return frame + hello }
        let end = datagram.count - 16
        let fixed = Int(datagram[22]) << 8 | Int(datagram[23])
        var fields = frame + heartbeat.map { Field(at: 20 + $0.at, length: $0.length, name: $0.name) }
        for index in 0..<Int(datagram[24]) {
            let start = 20 + fixed + index * Int(datagram[25])
            fields += group.map { Field(at: start + $0.at, length: $0.length, name: "group: " + $0.name) }
        }
        return fields + [Field(at: end, length: 16, name: "seal")]
    }
}
