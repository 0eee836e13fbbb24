import Addresses

/// Bytes as pairs of digits, four bytes a group: as netlink aligns them.
func hex(_ bytes: some Sequence<UInt8>) -> [String] {
    let pairs = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return stride(from: 0, to: pairs.count, by: 4).map { pairs[$0..<min($0 + 4, pairs.count)].joined() }
}

/// The bytes of lines of hexadecimal digits and blanks.
func bytes(_ lines: [String]) -> [UInt8] {
    let digits = lines.joined().filter { $0 != " " }
    return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
        let start = digits.index(digits.startIndex, offsetBy: offset)
        return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
    }
}

/// Shorthand of these tests: text that is wrong ends the test run.
func endpoint(_ text: String) -> Endpoint {
    guard let endpoint = Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
    return endpoint
}

func prefix(_ text: String) -> Prefix {
    guard let prefix = Prefix(text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}
