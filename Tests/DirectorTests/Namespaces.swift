import Glibc

/// Two real daemons in network namespaces of their own: two directors and a client on one switch, and a second wire
/// between the directors. Everything is gone when it goes.
final class Namespaces {
    let tag: String
    let folder: String
    private var processes: [String: pid_t] = [:]

    static var isAvailable: Bool { geteuid() == 0 && access("/usr/sbin/ip", X_OK) == 0 && !binaries.isEmpty }

    /// Whether this kernel has ip_vs, or loads it when it is asked to.
    static let hasIPVS: Bool = {
        guard isAvailable, access("/sys/module/ip_vs", F_OK) != 0 else { return isAvailable }
        return system("modprobe -q ip_vs 2>/dev/null") == 0
    }()

    /// Where the binaries lie that were built together with this test.
    static let binaries: String = {
        var path = [CChar](repeating: 0, count: 4096)
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { return "" }
        var folder = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        for candidate in [CommandLine.arguments.first ?? "", CommandLine.arguments.last ?? "", folder] {
            folder = candidate.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            if access(folder + "/tandemd", X_OK) == 0 { return folder }
        }
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/.build/debug"
        return access(root + "/tandemd", X_OK) == 0 ? root : ""
    }()

    init() throws {
        tag = "td\(getpid())x\(UInt32.random(in: 0..<10_000))"
        folder = "/tmp/\(tag)"
        mkdir(folder, 0o700)
        try shell(
            """
            set -e
            for n in sw lb1 lb2 cl; do ip netns add \(tag)-$n; ip -n \(tag)-$n link set lo up; done
            for b in br0 br1; do ip -n \(tag)-sw link add $b type bridge; ip -n \(tag)-sw link set $b up; done
            port() {
              ip -n \(tag)-sw link add $1-$2 type veth peer name $2 netns \(tag)-$1
              ip -n \(tag)-sw link set $1-$2 master $3 up; ip -n \(tag)-$1 link set $2 up
              ip -n \(tag)-$1 addr add $4 dev $2
            }
            port lb1 eth0 br0 192.0.2.2/24; port lb2 eth0 br0 192.0.2.3/24; port cl eth0 br0 192.0.2.100/24
            port lb1 eth1 br1 10.9.0.2/24; port lb2 eth1 br1 10.9.0.3/24
            \(Self.binaries)/tandem keygen \(folder)/key >/dev/null
            """)
        try write(Self.configuration(folder), to: "tandem.yaml")
    }

    deinit {
        for pid in processes.values { _ = end(pid, SIGKILL) }
        _ = try? shell("for n in sw lb1 lb2 cl; do ip netns del \(tag)-$n; done; rm -rf \(folder)")
    }

    static func configuration(_ folder: String, pair: String = "edge") -> String {
        """
        pair:
          name: \(pair)
          keys: \(folder)/key
          timing: {interval: 50ms, misses: 4}
          directors:
            lb1: {addresses: [192.0.2.2, 10.9.0.2]}
            lb2: {addresses: [192.0.2.3, 10.9.0.3]}
        groups:
          web: {addresses: [192.0.2.10, "2001:db8::10"], interface: eth0, prefer: lb1}

        """
    }

    func write(_ text: String, to name: String) throws {
        guard let file = fopen("\(folder)/\(name)", "w") else { throw Failure("cannot write \(name)") }
        fputs(text, file)
        fclose(file)
    }

    /// `api` names the socket and `name` the director, if not after the node; `by` is a command that runs the daemon.
    func start(
        _ node: String, config: String = "tandem.yaml", api: String? = nil, name: String? = nil, by command: String = ""
    ) throws {
        let command = """
            exec ip netns exec \(tag)-\(node) \(command) \(Self.binaries)/tandemd --config \(folder)/\(config) \
            --node \(name ?? node) \
            --state \(folder)/state\(name.map { "-as-" + $0 } ?? "") --api \(folder)/\(api ?? node).sock \
            > \(folder)/\(node).log 2>&1
            """
        processes[node] = try spawn(command)
    }

    /// A witness at 192.0.2.100, where the client is; `by` is a command that runs it.
    func startWitness(_ config: String = "witness.yaml", by command: String = "") throws {
        processes["witness"] = try spawn(
            """
            exec ip netns exec \(tag)-cl \(command) \(Self.binaries)/tandemd --witness \(folder)/\(config) \
            >> \(folder)/witness.log 2>&1
            """)
    }

    /// Ends a daemon and says with what status it exited.
    @discardableResult
    func stop(_ node: String, _ signal: Int32 = SIGTERM) -> Int32 {
        guard let pid = processes.removeValue(forKey: node) else { return -1 }
        return end(pid, signal)
    }

    func signal(_ node: String, _ signal: Int32) {
        if let pid = processes[node] { kill(pid, signal) }
    }

    /// Waits for a daemon that should end by itself.
    func exit(of node: String) -> Int32 {
        guard let pid = processes.removeValue(forKey: node) else { return -1 }
        return end(pid, 0)
    }

    @discardableResult
    func tandem(_ arguments: String, on node: String) throws -> String {
        try shell("\(Self.binaries)/tandem \(arguments) --api \(folder)/\(node).sock")
    }

    func log(_ node: String) -> String { (try? shell("cat \(folder)/\(node).log")) ?? "" }

    /// Whether the virtual address is on a director's wire.
    func holds(_ node: String) -> Bool {
        (try? shell("ip -n \(tag)-\(node) -br addr show dev eth0"))?.contains("192.0.2.10/32") ?? false
    }

    /// Looks every 20 ms until `condition` holds; false after `seconds`.
    func eventually(_ seconds: Double = 15, _ condition: () -> Bool) -> Bool {
        for _ in 0..<Int(seconds * 50) {
            if condition() { return true }
            usleep(20_000)
        }
        return condition()
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Runs a script of bash's and gives its output; throws with it when it fails.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let output = "\(folder)/out-\(UInt64.random(in: 0..<UInt64.max))"
        let status = end(try spawn("( \(script)\n) > \(output) 2>&1"), 0)
        defer { unlink(output) }
        guard let file = fopen(output, "r") else { return "" }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 262_144)
        let text = String(decoding: buffer[..<fread(&buffer, 1, buffer.count, file)], as: UTF8.self)
        guard status == 0 else { throw Failure("exit \(status): \(text)") }
        return text
    }

    private func spawn(_ script: String) throws -> pid_t {
        var pid: pid_t = 0
        let words: [String] = ["bash", "-c", script]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        guard posix_spawn(&pid, "/bin/bash", nil, nil, &arguments, environ) == 0 else { throw Failure("no bash") }
        return pid
    }

    private func end(_ pid: pid_t, _ signal: Int32) -> Int32 {
        if signal != 0 { kill(pid, signal) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}
