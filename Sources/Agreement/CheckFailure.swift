/// Why a check failed. A value of fixed size, so that it can be kept for thousands of servers and travel to the peer.
package enum CheckFailure: Error, Hashable, Sendable {
    /// Nobody listens.
    case refused
    /// No route, or a router said so.
    case unreachable
    /// No connection in time.
    case connectTimeout
    /// A connection, but no answer in time.
    case answerTimeout
    case reset
    /// The server closed before its answer was complete.
    case closed
    /// Not HTTP, or HTTP that no client could read.
    case malformed
    /// The header of the answer is longer than this many bytes.
    case oversized(Int)
    /// An answer, and not the one that is expected.
    case unexpected
    /// The same, within as many bytes as are searched.
    case unexpectedWithin(Int)
    /// A line or a frame of it is longer than this many bytes.
    case overlong(Int)
    /// An HTTP status outside the expected ranges.
    case status(Int)
    case body(BodyFailure)
    case http2(HTTP2Failure)
    case grpc(GRPCFailure)
    case tls(TLSFailure)
    case dns(DNSFailure)
    case redis(RedisFailure)
    case reply(ReplyFailure)
    case ldap(LDAPFailure)
    case postgresql(PostgreSQLFailure)
    case mysql(MySQLFailure)
    case ntp(NTPFailure)
    case ping(PingFailure)
    case radius(RADIUSFailure)
    case sip(SIPFailure)
    case script(ScriptFailure)
    case file(FileFailure)
    case dataPath(DataPathFailure)
    /// A file of the check's cannot be read, or is not what it should be: the director's own fault.
    case credentials(Credential)
    /// What the file for a header holds can be no header's value: the director's own fault.
    case headerSecret
    /// The director does not have the address that the check goes out from.
    case withoutSource
    /// The director could not even ask; the errno says why.
    case local(Int32)
}

extension CheckFailure {
    /// Files that a check names.
    package enum Credential: String, Hashable, Sendable {
        case authorities = "ca file"
        case certificate, key
        case secret = "secret file"
    }

    /// Whether it says nothing about the server.
    package var isOwn: Bool {
        switch self {
        case .local, .withoutSource, .credentials, .headerSecret, .script(.notRun), .radius(.withoutMD5),
            .postgresql(.withoutMD5), .mysql(.withoutSHA1):
            true
        case .file(let failure): failure.isOwn
        case .dataPath(let failure): failure.isOwn
        default: false
        }
    }
}

extension CheckFailure: CustomStringConvertible {
    /// Words that can follow a colon in a log line.
    package var description: String {
        switch self {
        case .refused: "connection refused"
        case .unreachable: "no route to it"
        case .connectTimeout: "no connection in time"
        case .answerTimeout: "no answer in time"
        case .reset: "connection reset"
        case .closed: "connection closed before the answer was complete"
        case .malformed: "the answer is not HTTP"
        case .oversized(let limit): "the answer's header is longer than \(limit) bytes"
        case .unexpected: "the answer is not what is expected"
        case .unexpectedWithin(let limit): "what is expected is not in the first \(limit) bytes of the answer"
        case .overlong(let limit): "a part of the answer is longer than \(limit) bytes"
        case .status(let status): "HTTP status \(status)"
        case .body(let failure): failure.description
        case .http2(let failure): failure.description
        case .grpc(let failure): failure.description
        case .tls(let failure): failure.description
        case .dns(let failure): failure.description
        case .redis(let failure): failure.description
        case .reply(let failure): failure.description
        case .ldap(let failure): failure.description
        case .postgresql(let failure): failure.description
        case .mysql(let failure): failure.description
        case .ntp(let failure): failure.description
        case .ping(let failure): failure.description
        case .radius(let failure): failure.description
        case .sip(let failure): failure.description
        case .script(let failure): failure.description
        case .file(let failure): failure.description
        case .dataPath(let failure): "data path: \(failure)"
        case .credentials(let file): "the director cannot use the \(file.rawValue) of the check"
        case .headerSecret: "the secret file for a header of the check holds more than one line of plain text"
        case .withoutSource: "the director does not have the source address of the check"
        case .local(let code): "the director could not connect (errno \(code))"
        }
    }
}
