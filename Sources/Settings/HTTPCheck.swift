/// One request over HTTP/1.1 or HTTP/2 and what has to come back. No redirect is followed.
package struct HTTPCheck: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable, CaseIterable {
        // As they stand in a request (RFC 9110 9.1).
        case get = "GET"
        case head = "HEAD"
        case options = "OPTIONS"
        case post = "POST"
    }

    package enum Version: String, Hashable, Sendable, CaseIterable {
        case one = "1.1"
        /// Within TLS if both agree to it, else with prior knowledge (RFC 9113 3.2 and 3.3).
        case two = "2"
    }

    package struct Header: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            case text(String)
            /// What the file holds, without the end of a line at its end.
            case secret(SecretFile)
        }

        package var name: String
        package var value: Value

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = .text(value)
        }

        package init(_ name: String, _ secret: SecretFile) {
            self.name = name
            value = .secret(secret)
        }
    }

    /// Begins with a slash; no blanks or control characters.
    package var path: String
    package var method: Method
    package var version: Version
    /// The Host header; absent: the server's address.
    package var host: String?
    /// Further headers, none of those that the check needs for itself.
    package var headers: [Header]
    /// Ranges within 100 to 599.
    package var status: [ClosedRange<Int>]
    package var body: BodyCheck
    /// Absent: in the clear.
    package var tls: TLSCheck?

    package init(
        path: String = "/", method: Method = .get, version: Version = .one, host: String? = nil, headers: [Header] = [],
        status: [ClosedRange<Int>] = [200...299], body: BodyCheck = BodyCheck(), tls: TLSCheck? = nil
    ) {
        self.path = path
        self.method = method
        self.version = version
        self.host = host
        self.headers = headers
        self.status = status
        self.body = body
        self.tls = tls
    }
}

extension HTTPCheck {
    /// Whether a header's value stands in a file.
    package var hasSecrets: Bool {
        headers.contains { if case .secret = $0.value { true } else { false } }
    }
}

/// What the body of an answer has to be like, all of it; by default nothing.
package struct BodyCheck: Hashable, Sendable {
    package var text: Pattern?
    package var regex: Pattern?
    package var json: JSONCondition?
    /// 32 bytes (FIPS 180-4).
    package var sha256: [UInt8]?

    package init(
        text: Pattern? = nil, regex: Pattern? = nil, json: JSONCondition? = nil, sha256: [UInt8]? = nil
    ) {
        self.text = text
        self.regex = regex
        self.json = json
        self.sha256 = sha256
    }
}
