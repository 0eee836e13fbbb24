import COpenSSL
import Glibc

/// Makes certificates for tests, with Ed25519 keys.
///
/// SAFETY: each is made in one place and only read from then on.
final class TestCertificate: @unchecked Sendable {
    let certificate: OpaquePointer
    let key: OpaquePointer

    /// - Parameters:
    ///   - names: as OpenSSL writes them, `DNS:a.example,IP:127.0.0.1`; absent: an authority.
    ///   - days: from and to when it is valid, counted from now, and half a day more.
    ///   - signer: absent: itself.
    init(_ names: String?, days: ClosedRange<Int> = -1...365, serial: Int = 1, by signer: TestCertificate? = nil) {
        let maker = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        defer { EVP_PKEY_CTX_free(maker) }
        var made: OpaquePointer?
        EVP_PKEY_keygen_init(maker)
        EVP_PKEY_keygen(maker, &made)
        guard let key = made, let certificate = X509_new() else { preconditionFailure("OpenSSL makes no certificate") }
        self.key = key
        self.certificate = certificate
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial)
        X509_time_adj_ex(X509_getm_notBefore(certificate), Int32(days.lowerBound), 0, nil)
        X509_time_adj_ex(X509_getm_notAfter(certificate), Int32(days.upperBound), 43_200, nil)
        X509_set_pubkey(certificate, key)
        let subject = X509_get_subject_name(certificate)
        let title = names ?? "authority \(serial) of tests"
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, title, Int32(title.utf8.count), -1, 0)
        X509_set_issuer_name(certificate, X509_get_subject_name(signer?.certificate ?? certificate))
        if let names {
            extend(NID_subject_alt_name, names)
        } else {
            extend(NID_basic_constraints, "critical,CA:TRUE")
        }
        precondition(X509_sign(certificate, signer?.key ?? key, nil) > 0, "OpenSSL signs no certificate")
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    private func extend(_ number: Int32, _ value: String) {
        guard let more = X509V3_EXT_conf_nid(nil, nil, number, value) else { return }
        X509_add_ext(certificate, more, -1)
        X509_EXTENSION_free(more)
    }
}

/// A folder of PEM files that goes when it is no longer needed.
final class PEMFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/tandem-tls-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
    }

    deinit {
        for name in ["ca.pem", "certificate.pem", "key.pem", "both.pem"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// The path of a file with these parts.
    func write(_ name: String, certificate: TestCertificate? = nil, key: TestCertificate? = nil) -> String {
        let path = "\(path)/\(name)"
        guard let file = fopen(path, "w") else { return path }
        defer { fclose(file) }
        if let certificate { PEM_write_X509(file, certificate.certificate) }
        if let key { PEM_write_PrivateKey(file, key.key, nil, nil, 0, nil, nil) }
        return path
    }
}
