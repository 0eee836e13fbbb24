import Heartbeat

/// A director of the version after this one, as far as its heartbeats show it: what this version says, with more after
/// the fixed part and after each group, with flags that nobody knows yet and with roles of new numbers.
struct LaterVersion {
    /// What a role of this version is called in that one.
    var numbers: [Role: UInt8]

    static let fixedMore = 24
    static let groupMore = 8

    /// Rewrites the body that stands in plain behind the frame; the datagram's seal is not part of it.
    func rewrite(_ plain: [UInt8]) -> [UInt8] {
        let body = Array(plain[20...])
        let fixed = Int(body[2]) << 8 | Int(body[3])
        let stride = Int(body[5])
        var later = Array(body[..<fixed]) + [UInt8](repeating: 0xA5, count: Self.fixedMore)
        later[0] = 2
        later[2] = UInt8((fixed + Self.fixedMore) >> 8)
        later[3] = UInt8(truncatingIfNeeded: fixed + Self.fixedMore)
        later[5] = UInt8(stride + Self.groupMore)
        later[6] |= 0xFF
        for index in 0..<Int(body[4]) {
            var group = Array(body[(fixed + index * stride)...].prefix(stride))
            group[16] = Role(rawValue: group[16]).flatMap { numbers[$0] } ?? group[16]
            group[18] |= 0xFF
            later += group + [UInt8](repeating: 0x5A, count: Self.groupMore)
        }
        return Array(plain[..<20]) + later
    }
}
