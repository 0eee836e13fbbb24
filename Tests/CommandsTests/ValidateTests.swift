import Commands
import Glibc
import Testing

@Suite struct ValidateTests {
    /// The report about a file with this text, with FILE for its name.
    private func report(_ text: String) -> (text: String, hasErrors: Bool) {
        let path = "/tmp/tandem-validate-\(getpid())-\(text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF }).yaml"
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        let bytes = Array(text.utf8)
        _ = write(file, bytes, bytes.count)
        close(file)
        defer { unlink(path) }
        let report = ValidationReport(file: path)
        #expect(report.entries.count == report.problems.count)
        return (report.text.replacing(path, with: "FILE"), report.hasErrors)
    }

    private static let pair = """
        pair:
          name: edge
          keys: /nowhere/keys
          directors: {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}

        """

    @Test func `warns of a missing key and sums up`() {
        let (text, hasErrors) = report(Self.pair + "groups: {web: {addresses: [192.0.2.10]}}\n")
        #expect(
            text == """
                /nowhere/keys: warning: it does not exist; run: tandem keygen /nowhere/keys/1.key
                FILE: 1 group, 0 services, 0 servers; 1 warning

                """)
        #expect(!hasErrors)
    }

    @Test func `judges a witness's file by its own rules`() {
        let good = "witness:\n  listen: 192.0.2.9\n  pairs: {edge: /nowhere/1.key, shop: /nowhere/2.key}\n"
        let (text, hasErrors) = report(good)
        #expect(
            text == """
                /nowhere/1.key: warning: it does not exist; run: tandem keygen /nowhere/1.key
                /nowhere/2.key: warning: it does not exist; run: tandem keygen /nowhere/2.key
                FILE: 1 address, 2 pairs; 2 warnings

                """)
        #expect(!hasErrors)
        #expect(report(good + "groups: {}\n").hasErrors)
        #expect(report(Self.pair + "witness: {listen: 192.0.2.9}\n").text.contains("witness is a key of pair"))
    }

    @Test func `looks at the witness's key as well`() {
        let (text, hasErrors) = report(
            Self.pair + "  on_partition: require-witness\n  witness: {address: 192.0.2.9, key: /nowhere/w.key}\n")
        #expect(text.contains("/nowhere/w.key: warning: it does not exist; run: tandem keygen /nowhere/w.key"))
        #expect(!hasErrors)
    }

    @Test func `warns of the files of checks that cannot be read`() {
        let (text, hasErrors) = report(
            Self.pair + "services:\n  - {name: a, group: web, listen: \"tcp://192.0.2.10:443\", forward: nat, "
                + "servers: [10.0.0.1], check: {https: /, verify: {ca: /nowhere/ca.pem}, certificate: /nowhere/c.pem}}\n"
                + "groups: {web: {addresses: [192.0.2.10]}}\n")
        #expect(
            text == """
                /nowhere/keys: warning: it does not exist; run: tandem keygen /nowhere/keys/1.key
                /nowhere/c.pem: warning: a check needs this file, and it cannot be read
                /nowhere/ca.pem: warning: a check needs this file, and it cannot be read
                FILE: 1 group, 1 service, 1 server; 3 warnings

                """)
        #expect(!hasErrors)
    }

    @Test func `warns of the scripts of checks that cannot be executed`() {
        let (text, hasErrors) = report(
            Self.pair + "services:\n  - {name: a, listen: \"tcp://192.0.2.10:80\", forward: nat, servers: [10.0.0.1], "
                + "check: {script: /nowhere/check}}\n")
        #expect(text.contains("/nowhere/check: warning: a check runs this script, and it cannot be executed\n"))
        #expect(!hasErrors)
    }

    @Test func `counts errors and warnings`() {
        let (text, hasErrors) = report(Self.pair + "grops: {}\npools: {unused: [10.0.0.1]}\nlog: {level: loud}\n")
        #expect(
            text == """
                FILE:5:1: error: "grops" is no key of the top level (did you mean "groups"?)
                FILE:6:9: warning: pool unused is used by no service
                FILE:7:14: error: "loud" is no level; it is debug, info, notice, warning or error
                FILE: 2 errors, 1 warning

                """)
        #expect(hasErrors)
    }

    @Test func `a key that others may read is an error`() {
        let key = "/tmp/tandem-validate-\(getpid()).key"
        close(open(key, O_CREAT | O_EXCL | O_WRONLY, 0o600))
        chmod(key, 0o644)
        defer { unlink(key) }
        let (text, hasErrors) = report(Self.pair.replacing("/nowhere/keys", with: key))
        #expect(
            text == """
                \(key): error: others may use it (mode 0644); run: chmod 600 \(key)
                FILE: 1 error

                """)
        #expect(hasErrors)
    }
}
