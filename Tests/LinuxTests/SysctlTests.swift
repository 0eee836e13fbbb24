import Linux
import Testing

@Suite struct SysctlTests {
    @Test func `reads a switch without its line break`() throws {
        #expect(try Sysctl.read("kernel/ostype") == "Linux")
    }

    @Test func `several values are separated by one blank`() throws {
        #expect(try Sysctl.read("net/ipv4/ip_local_port_range").split(separator: " ").count == 2)
    }

    @Test(arguments: ["/etc/passwd", "../version", "net/../../version", "net/a\0b"])
    func `leaves /proc/sys for nobody`(name: String) {
        #expect(throws: SysctlError.self) { try Sysctl.read(name) }
    }

    @Test func `an absent switch of ip_vs names the remedy`() {
        let error = SysctlError(name: "net/ipv4/vs/sync_threshold", attempt: .write("0 0"), errno: 2)
        #expect(
            error.description
                == "cannot write \"0 0\" to /proc/sys/net/ipv4/vs/sync_threshold: "
                + "the kernel has no ip_vs yet; run `modprobe ip_vs`")
    }
}
