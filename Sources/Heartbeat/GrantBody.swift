/// What the witness answers to a petition.
///
/// ```
///  0 1 version   1 1 kind (3)   2 2 length of the fixed part   4 1 groups   5 1 length of a group   6 2 zero
///  8 8 number
///  group:  0 8 id   8 8 term   16 1 verdict   17 3 zero   20 4 left   24 8 holder
/// ```
package struct GrantBody: Hashable, Sendable {
    package enum Verdict: UInt8, Hashable, Sendable, CaseIterable {
        /// Nobody has it, and the director that asked does not get it.
        case none = 0
        /// The director that asked has it.
        case granted = 1
        /// Another director has it, or an earlier life of this one.
        case held = 2
        /// The witness has just started, and somebody may have it that it does not know of.
        case waiting = 3

        init(wire number: UInt8) { self = Verdict(rawValue: number) ?? .none }
    }

    /// What became of one group.
    package struct Entry: Hashable, Sendable {
        package var id: UInt64
        /// Of the grant; 0 where there is none.
        package var term: UInt64
        package var verdict: Verdict
        /// How long, in microseconds, `verdict` lasts: the grant from the moment on when the petition left, the others
        /// from now on.
        package var left: UInt32
        /// The fingerprint of the holder's name; 0 for nobody.
        package var holder: UInt64

        package init(id: UInt64, term: UInt64 = 0, verdict: Verdict, left: UInt32 = 0, holder: UInt64 = 0) {
            self.id = id
            self.term = term
            self.verdict = verdict
            self.left = left
            self.holder = holder
        }
    }

    /// Of the petition that is answered.
    package var number: UInt64
    /// In the order of the petition, at most 32.
    package var groups: [Entry]

    package init(number: UInt64, groups: [Entry] = []) {
        self.number = number
        self.groups = groups
    }
}

extension GrantBody {
    // Specification constants

    static let fixedLength = 16
    static let groupLength = 32

    /// Writes the body at `offset` and says how long it is.
    package func encode(into buffer: inout [UInt8], at start: Int) -> Int {
        var offset = start
        let shape = ListedBody(kind: .grant, fixedLength: Self.fixedLength, groupLength: Self.groupLength)
        shape.encode(count: groups.count, into: &buffer, at: &offset)
        buffer.put(number, at: &offset)
        for entry in groups {
            buffer.put(entry.id, at: &offset)
            buffer.put(entry.term, at: &offset)
            buffer.put(UInt32(entry.verdict.rawValue) << 24, at: &offset)
            buffer.put(entry.left, at: &offset)
            buffer.put(entry.holder, at: &offset)
        }
        return offset - start
    }

    /// Reads a body of any version whose beginning is this one's.
    package init(_ buffer: [UInt8], _ body: Range<Int>) throws(Refusal) {
        let shape = ListedBody(kind: .grant, fixedLength: Self.fixedLength, groupLength: Self.groupLength)
        let places = try shape.decode(buffer, body)
        var offset = body.lowerBound + ListedBody.length
        number = buffer.take(UInt64.self, at: &offset)
        groups = []
        groups.reserveCapacity(places.count)
        for place in places {
            var offset = place
            let id = buffer.take(UInt64.self, at: &offset)
            let term = buffer.take(UInt64.self, at: &offset)
            let verdict = Verdict(wire: buffer.take(UInt8.self, at: &offset))
            offset += 3
            let left = buffer.take(UInt32.self, at: &offset)
            guard term <= GroupBeat.highestTerm else { throw .malformed }
            groups.append(
                Entry(
                    id: id, term: term, verdict: verdict, left: left, holder: buffer.take(UInt64.self, at: &offset)))
        }
    }
}
