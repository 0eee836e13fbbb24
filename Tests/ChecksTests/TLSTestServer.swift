import Addresses
import COpenSSL
import NIOCore
import NIOPosix

/// A TLS server on 127.0.0.1: says something once it is asked, or at once, and closes.
struct TLSTestServer {
    struct Character: Sendable {
        var certificate: TestCertificate
        /// Whom a client's certificate has to be of; absent: it needs none.
        var clients: TestCertificate?
        /// How many tickets it sends, in TLS 1.3.
        var tickets = 2
        /// Whether it says why it does not shake hands.
        var isPolite = true
        /// The highest version that it speaks.
        var version = TLS1_3_VERSION
        var says = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        var speaksFirst = false
        /// Whether it agrees to what a client offers to speak (ALPN); else no word is said of it.
        var agrees = false
        /// Said in the clear, the first of them at once and each other one when something comes; then it speaks TLS.
        var preface: [String] = []
    }

    private let channel: any Channel
    let endpoint: Endpoint

    init(_ character: Character) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TLSSpeaker(character))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(channel.localAddress?.port ?? 0)
        endpoint = Endpoint(address: .v4(IPv4Address(number: 0x7F00_0001)), port: port)
    }

    func stop() async throws { try await channel.close() }
}

private final class TLSSpeaker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let character: TLSTestServer.Character
    private var preface: ArraySlice<String>
    private let context: OpaquePointer?
    private let session: OpaquePointer?
    private let incoming = BIO_new(BIO_s_mem())
    private let outgoing = BIO_new(BIO_s_mem())

    init(_ character: TLSTestServer.Character) {
        self.character = character
        preface = character.preface[...]
        context = SSL_CTX_new(TLS_server_method())
        copenssl_limit_version(context, character.version)
        SSL_CTX_set_num_tickets(context, character.tickets)
        SSL_CTX_use_certificate(context, character.certificate.certificate)
        SSL_CTX_use_PrivateKey(context, character.certificate.key)
        if let clients = character.clients {
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), clients.certificate)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        if character.agrees {
            SSL_CTX_set_alpn_select_cb(
                context,
                { _, chosen, count, offered, _, _ in
                    guard let chosen, let count, let offered else { return SSL_TLSEXT_ERR_NOACK }
                    (chosen.pointee, count.pointee) = (offered + 1, offered.pointee)
                    return SSL_TLSEXT_ERR_OK
                }, nil)
        }
        session = SSL_new(context)
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_accept_state(session)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    func channelActive(context: ChannelHandlerContext) { sayPreface(context) }

    private func sayPreface(_ context: ChannelHandlerContext) {
        guard let words = preface.popFirst() else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: words)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard preface.isEmpty else {
            sayPreface(context)
            return
        }
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        BIO_write(incoming, bytes, Int32(bytes.count))
        let isShaken = SSL_do_handshake(session)
        let isRefusal = isShaken != 1 && SSL_get_error(session, isShaken) != SSL_ERROR_WANT_READ
        if !isRefusal || character.isPolite { flush(context) }
        guard isShaken == 1 else {
            if isRefusal { close(context) }
            return
        }
        var asked = [UInt8](repeating: 0, count: 4096)
        let count = SSL_read(session, &asked, Int32(asked.count))
        guard count > 0 || character.speaksFirst else { return }
        let words = Array(character.says.utf8)
        if !words.isEmpty { SSL_write(session, words, Int32(words.count)) }
        SSL_shutdown(session)
        flush(context)
        close(context)
    }

    private func flush(_ context: ChannelHandlerContext) {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(outgoing))
        guard !bytes.isEmpty else { return }
        BIO_read(outgoing, &bytes, Int32(bytes.count))
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func close(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
    }
}
