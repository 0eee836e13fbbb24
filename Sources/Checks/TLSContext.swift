package import Agreement
import COpenSSL
import Glibc
package import Settings

/// Whom a check trusts over TLS and who it is itself, ready for any number of connections. From TLS 1.2 on.
@safe
package final class TLSContext {
    /// What two contexts share if it is equal.
    struct Identity: Hashable {
        var authorities: TLSCheck.Authorities
        var certificate: String?
        var key: String?

        init(_ check: TLSCheck) {
            authorities = check.authorities
            certificate = check.certificate
            key = check.key ?? check.certificate
            files = check.files.sorted()
        }

        let files: [String]
    }

    fileprivate let context: OpaquePointer

    /// - Throws: `.credentials` with the file that cannot be used; reading them takes as long as the disk.
    init(_ identity: Identity) throws(CheckFailure) {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw .local(ENOMEM) }
        unsafe self.context = context
        _ = unsafe copenssl_need_tls12(context)
        unsafe copenssl_use_sessions_once(context)
        // A key with a passphrase is refused: without this, OpenSSL would ask for it on the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in 0 }
        try trust(identity.authorities)
        try present(identity)
        ERR_clear_error()
    }

    deinit { unsafe SSL_CTX_free(context) }

    private func trust(_ authorities: TLSCheck.Authorities) throws(CheckFailure) {
        switch authorities {
        case .none:
            unsafe SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
            return
        case .system: _ = unsafe SSL_CTX_set_default_verify_paths(context)
        case .file(let path):
            guard unsafe SSL_CTX_load_verify_file(context, path) == 1 else { throw .credentials(.authorities) }
            // A file may name the very certificate, or one between it and a root.
            _ = unsafe X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), UInt(X509_V_FLAG_PARTIAL_CHAIN))
        }
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    }

    private func present(_ identity: Identity) throws(CheckFailure) {
        guard let certificate = identity.certificate, let key = identity.key else { return }
        guard unsafe SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
            throw .credentials(.certificate)
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
            unsafe SSL_CTX_check_private_key(context) == 1
        else { throw .credentials(.key) }
    }

    /// The beginning of one connection.
    func begin() throws(CheckFailure) -> OpaquePointer {
        guard let connection = unsafe SSL_new(context) else { throw .local(ENOMEM) }
        return unsafe connection
    }
}

/// The contexts of all checks. Lives on the checker's event loop.
package final class TLSContexts {
    private struct Entry {
        var context: TLSContext
        var stamps: [FileStamp]
    }

    /// A configuration has a few; more than these are left over from earlier ones.
    private static let most = 256

    private var entries: [TLSContext.Identity: Entry] = [:]

    package init() {}

    /// Made anew when one of its files has changed, so that certificates can be exchanged without a reload.
    ///
    /// - Throws: `.credentials` with the file that cannot be used.
    package func context(for check: TLSCheck) throws(CheckFailure) -> TLSContext {
        let identity = TLSContext.Identity(check)
        let stamps = identity.files.map { FileStamp($0) }
        if let entry = entries[identity], entry.stamps == stamps { return entry.context }
        let context = try TLSContext(identity)
        if entries.count >= Self.most { entries = [:] }
        entries[identity] = Entry(context: context, stamps: stamps)
        return context
    }
}

/// What tells a file from the one that stood there before.
private struct FileStamp: Equatable {
    private var inode: UInt64 = 0
    private var size: Int64 = 0
    private var seconds = 0
    private var nanoseconds = 0

    init(_ path: String) {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return }
        inode = UInt64(found.st_ino)
        size = Int64(found.st_size)
        seconds = found.st_mtim.tv_sec
        nanoseconds = found.st_mtim.tv_nsec
    }
}
