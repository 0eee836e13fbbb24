/// Why TLS with a server failed.
package enum TLSFailure: Hashable, Sendable {
    /// Not TLS, or no version that both speak.
    case protocolUnknown
    /// Nobody whom the director trusts vouches for the certificate.
    case unknownAuthority
    case selfSigned
    /// The certificate is somebody else's.
    case wrongName
    case expired
    case notYetValid
    case revoked
    /// Something else is wrong with the certificate: OpenSSL's X509_V_ERR number.
    case certificate(Int32)
    /// The server refused: the alert's number (RFC 8446 6.2).
    case alert(UInt8)
    /// The server closed instead of an answer to the check's certificate, or to none.
    case turnedAway
    /// It did not agree to speak HTTP/2 (RFC 7301).
    case withoutHTTP2
    /// The server broke the rules of TLS.
    case malformed
}

extension TLSFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .protocolUnknown: "the server speaks no TLS, or none from 1.2 on"
        case .unknownAuthority: "its certificate is of an unknown authority"
        case .selfSigned: "its certificate is signed by itself alone"
        case .wrongName: "its certificate is for another name"
        case .expired: "its certificate has expired"
        case .notYetValid: "its certificate is not valid yet"
        case .revoked: "its certificate has been revoked"
        case .certificate(let number): "its certificate was refused (X509 error \(number))"
        case .alert(let number): "the server refused TLS: \(Self.words[number] ?? "alert \(number)")"
        case .turnedAway: "the server asked for a certificate and closed without a word"
        case .withoutHTTP2: "the server does not offer HTTP/2 over TLS"
        case .malformed: "the server breaks the rules of TLS"
        }
    }

    /// What the commoner alerts mean for somebody who runs a check.
    private static let words: [UInt8: String] = [
        40: "no cipher that both have", 42: "it does not take the check's certificate",
        44: "the check's certificate is revoked", 45: "the check's certificate has expired",
        46: "it does not take the check's certificate", 48: "it does not know who signed the check's certificate",
        70: "no version that both speak", 80: "it has a fault of its own", 112: "it does not know the name asked for",
        116: "it wants a certificate and the check has none", 120: "it does not offer HTTP/2",
    ]
}
