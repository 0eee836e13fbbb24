/// What a director asks the witness, every interval, in one datagram for all of its groups.
///
/// ```
///  0 1 version   1 1 kind (2)   2 2 length of the fixed part   4 1 groups   5 1 length of a group   6 2 zero
///  8 8 number   16 4 takeover time   20 4 grace
///  group:  0 8 id   8 8 term   16 1 role   17 3 zero   20 4 left
/// ```
package struct PetitionBody: Hashable, Sendable {
    /// What a director is for a group, as far as it concerns the witness.
    package enum Role: UInt8, Hashable, Sendable, CaseIterable {
        /// Holds nothing and asks for nothing: a grant that it had is given up.
        case none = 0
        /// Asks, and holds nothing yet.
        case claiming = 1
        case holding = 2

        /// One that a later version knows and this one does not gives up nothing.
        init(wire number: UInt8) { self = Role(rawValue: number) ?? .holding }
    }

    /// What a director says about one group.
    package struct Entry: Hashable, Sendable {
        /// The fingerprint of the group's name, as in a heartbeat.
        package var id: UInt64
        /// Of the claim that the grant is for.
        package var term: UInt64
        package var role: Role
        /// What is left of the grant that the sender has, in microseconds; 0 for none.
        package var left: UInt32

        package init(id: UInt64, term: UInt64, role: Role, left: UInt32 = 0) {
            self.id = id
            self.term = term
            self.role = role
            self.left = left
        }
    }

    /// Counts the requests of one life of the director from 1.
    package var number: UInt64
    /// How long a grant is to last, in microseconds.
    package var takeoverTime: UInt32
    /// How long after its end nobody else is to get it, for its holder needs so long to let go, in microseconds.
    package var grace: UInt32
    /// At most 32.
    package var groups: [Entry]

    package init(number: UInt64, takeoverTime: UInt32, grace: UInt32, groups: [Entry] = []) {
        self.number = number
        self.takeoverTime = takeoverTime
        self.grace = grace
        self.groups = groups
    }
}

extension PetitionBody {
    // Specification constants

    static let fixedLength = 24
    static let groupLength = 24

    /// Writes the body at `offset` and says how long it is.
    package func encode(into buffer: inout [UInt8], at start: Int) -> Int {
        var offset = start
        let shape = ListedBody(kind: .petition, fixedLength: Self.fixedLength, groupLength: Self.groupLength)
        shape.encode(count: groups.count, into: &buffer, at: &offset)
        buffer.put(number, at: &offset)
        buffer.put(takeoverTime, at: &offset)
        buffer.put(grace, at: &offset)
        for entry in groups {
            buffer.put(entry.id, at: &offset)
            buffer.put(entry.term, at: &offset)
            buffer.put(UInt32(entry.role.rawValue) << 24, at: &offset)
            buffer.put(entry.left, at: &offset)
        }
        return offset - start
    }

    /// Reads a body of any version whose beginning is this one's.
    package init(_ buffer: [UInt8], _ body: Range<Int>) throws(Refusal) {
        let shape = ListedBody(kind: .petition, fixedLength: Self.fixedLength, groupLength: Self.groupLength)
        let places = try shape.decode(buffer, body)
        var offset = body.lowerBound + ListedBody.length
        number = buffer.take(UInt64.self, at: &offset)
        takeoverTime = buffer.take(UInt32.self, at: &offset)
        grace = buffer.take(UInt32.self, at: &offset)
        groups = []
        groups.reserveCapacity(places.count)
        for place in places {
            var offset = place
            let id = buffer.take(UInt64.self, at: &offset)
            let term = buffer.take(UInt64.self, at: &offset)
            let role = Role(wire: buffer.take(UInt8.self, at: &offset))
            offset += 3
            guard term <= GroupBeat.highestTerm else { throw .malformed }
            groups.append(Entry(id: id, term: term, role: role, left: buffer.take(UInt32.self, at: &offset)))
        }
    }
}

/// The shape of a body that has a fixed part and a list of groups, each of a length that the sender states.
struct ListedBody {
    // Specification constants

    static let version: UInt8 = 1
    /// What every such body begins with.
    static let length = 8

    let kind: BodyKind
    let fixedLength: Int
    let groupLength: Int

    func encode(count: Int, into buffer: inout [UInt8], at offset: inout Int) {
        precondition(count <= Heartbeat.maximumGroups, "a datagram carries 32 groups at most, not \(count)")
        buffer.put(Self.version, at: &offset)
        buffer.put(kind.rawValue, at: &offset)
        buffer.put(UInt16(fixedLength), at: &offset)
        buffer.put(UInt8(count), at: &offset)
        buffer.put(UInt8(groupLength), at: &offset)
        buffer.put(UInt16(0), at: &offset)
    }

    /// Where each group stands.
    func decode(_ buffer: [UInt8], _ body: Range<Int>) throws(Refusal) -> [Int] {
        guard body.count >= fixedLength, body.upperBound <= buffer.count else { throw .malformed }
        var offset = body.lowerBound
        let version = buffer.take(UInt8.self, at: &offset)
        let kind = buffer.take(UInt8.self, at: &offset)
        let fixed = Int(buffer.take(UInt16.self, at: &offset))
        let count = Int(buffer.take(UInt8.self, at: &offset))
        let stride = Int(buffer.take(UInt8.self, at: &offset))
        guard version >= Self.version, kind == self.kind.rawValue, fixed >= fixedLength,
            count <= Heartbeat.maximumGroups, count == 0 || stride >= groupLength, fixed + count * stride <= body.count
        else { throw .malformed }
        return (0..<count).map { body.lowerBound + fixed + $0 * stride }
    }
}
