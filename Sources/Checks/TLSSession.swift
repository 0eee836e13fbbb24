package import Addresses
package import Agreement
import COpenSSL
import Glibc

/// What a server's certificate has to be for. A host name is asked for too; addresses are not (RFC 6066 3).
package enum CertificateName {
    case host(String)
    case address(IPAddress)

    /// - Parameter text: a host name or an address, with or without port; absent: the server's own address.
    package init(_ text: String?, of server: Endpoint) {
        guard let text else {
            self = .address(server.address)
            return
        }
        if let address = IPAddress(text) ?? Endpoint(text)?.address {
            self = .address(address)
        } else {
            self = .host(String(text.prefix { $0 != ":" }))
        }
    }
}

/// One connection of TLS without a socket: what came off the wire goes in, what goes onto it comes out.
///
/// It keeps at most the part of a record that is not complete, some 16 KiB, and a server's certificates, of which
/// OpenSSL takes 100 KiB.
@safe
package final class TLSSession {
    private let session: OpaquePointer
    /// Both belong to the session.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// What both sides have to agree to speak within TLS (RFC 7301).
    package enum Language: String, Sendable {
        case http2 = "h2"
    }

    private let language: Language?

    /// - Parameter language: offered, and demanded; absent: no word is said of it.
    package init(
        _ context: TLSContext, _ name: CertificateName, speaking language: Language? = nil
    ) throws(CheckFailure) {
        self.language = language
        let session = try unsafe context.begin()
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(session)
            throw .local(ENOMEM)
        }
        unsafe self.session = session
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe SSL_set_connect_state(session)
        if let language {
            let words = Array(language.rawValue.utf8)
            _ = unsafe SSL_set_alpn_protos(session, [UInt8(words.count)] + words, UInt32(words.count + 1))
        }
        switch name {
        case .address(let address):
            _ = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), "\(address)")
        case .host(let host):
            _ = unsafe copenssl_set_server_name(session, host)
            _ = unsafe SSL_set1_host(session, host)
        }
    }

    deinit { unsafe SSL_free(session) }

    /// Takes what came off the wire.
    func receive(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
        }
    }

    /// Takes what is to go onto the wire since the last time.
    func takeOutput() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(outgoing)
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = count == 0 ? 0 : max(0, Int(unsafe BIO_read(outgoing, buffer.baseAddress, Int32(count))))
        }
    }

    /// Goes on with the handshake; true once it is over.
    func shakeHands() throws(CheckFailure) -> Bool {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(session)
        if result == 1 {
            guard language == nil || agreed == language else { throw .tls(.withoutHTTP2) }
            return true
        }
        guard unsafe SSL_get_error(session, result) == SSL_ERROR_WANT_READ else { throw failure() }
        return false
    }

    /// Whether the server asked for a certificate and says only after the handshake what it thinks of it; to be asked
    /// once hands are shaken. Before TLS 1.3 it has said so by then.
    var isJudgedLater: Bool {
        // What signatures the other side takes: of a server, that stands in its request alone (RFC 8446 4.3.2).
        unsafe SSL_version(session) >= TLS1_3_VERSION && SSL_get_sigalgs(session, -1, nil, nil, nil, nil, nil) > 0
    }

    /// Whether the server has sent what a later session could begin with.
    var hasTicket: Bool { unsafe SSL_SESSION_has_ticket(SSL_get_session(session)) == 1 }

    private var agreed: Language? {
        var (words, count) = unsafe (UnsafePointer<UInt8>?.none, UInt32(0))
        unsafe SSL_get0_alpn_selected(session, &words, &count)
        let text = unsafe String(decoding: UnsafeBufferPointer(start: words, count: Int(count)), as: UTF8.self)
        return Language(rawValue: text)
    }

    /// To be called once hands are shaken.
    func send(_ bytes: [UInt8]) throws(CheckFailure) {
        ERR_clear_error()
        guard unsafe SSL_write(session, bytes, Int32(bytes.count)) > 0 else { throw failure() }
    }

    /// All that can be read of what came; absent: the server says no more.
    func read() throws(CheckFailure) -> [UInt8]? {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            ERR_clear_error()
            let count = unsafe SSL_read(session, &chunk, Int32(chunk.count))
            if count > 0 {
                all += chunk[..<Int(count)]
                continue
            }
            switch unsafe SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ: return all
            // What came before the end is told first: the next call has nothing but the end.
            case SSL_ERROR_ZERO_RETURN: return all.isEmpty ? nil : all
            default: throw failure()
            }
        }
    }

    /// Until the end of the server's certificate, in seconds; absent: it showed none.
    var secondsLeft: Int? {
        guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return nil }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard unsafe ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate)) == 1 else { return nil }
        return Int(days) * 86_400 + Int(seconds)
    }

    private func failure() -> CheckFailure {
        let verified = unsafe Int32(truncatingIfNeeded: SSL_get_verify_result(session))
        if verified != X509_V_OK, unsafe SSL_get_verify_mode(session) != SSL_VERIFY_NONE {
            return .tls(TLSFailure(verification: verified))
        }
        return .tls(TLSFailure(reason: ERR_GET_REASON(ERR_peek_error())))
    }
}

extension TLSFailure {
    /// Of OpenSSL's X509_V_ERR numbers (x509_vfy.h).
    fileprivate init(verification number: Int32) {
        self =
            switch number {
            case X509_V_ERR_CERT_HAS_EXPIRED: .expired
            case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
            case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongName
            case X509_V_ERR_CERT_REVOKED: .revoked
            case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .selfSigned
            case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
                X509_V_ERR_CERT_UNTRUSTED:
                .unknownAuthority
            default: .certificate(number)
            }
    }

    /// Of OpenSSL's reasons (sslerr.h); an alert's is its number and an offset.
    fileprivate init(reason: Int32) {
        self =
            switch reason {
            case SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_HTTP_REQUEST, SSL_R_UNKNOWN_PROTOCOL,
                SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_NO_PROTOCOLS_AVAILABLE:
                .protocolUnknown
            case SSL_AD_REASON_OFFSET..<(SSL_AD_REASON_OFFSET + 256): .alert(UInt8(reason - SSL_AD_REASON_OFFSET))
            default: .malformed
            }
    }
}
