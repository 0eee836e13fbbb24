import Addresses
import Settings
import Testing

@Suite struct ListenTextTests {
    private func listens(_ texts: [String]) -> [Listen] {
        texts.map { .endpoint(.tcp, Sample.endpoint($0)) }
    }

    @Test(arguments: [
        (["192.0.2.1:80", "192.0.2.1:81"], ["tcp://192.0.2.1:80-81"]),
        (["192.0.2.1:81", "192.0.2.1:80"], ["tcp://192.0.2.1:81", "tcp://192.0.2.1:80"]),
        (["192.0.2.1:80", "192.0.2.2:80", "192.0.2.4:80"], ["tcp://192.0.2.1-192.0.2.2:80", "tcp://192.0.2.4:80"]),
        (
            ["192.0.2.1:80", "192.0.2.1:81", "192.0.2.2:80", "192.0.2.2:81"],
            ["tcp://192.0.2.1-192.0.2.2:80-81"]
        ),
        (["192.0.2.1:80", "192.0.2.1:81", "192.0.2.2:80"], ["tcp://192.0.2.1:80-81", "tcp://192.0.2.2:80"]),
        (["192.0.2.1:0", "192.0.2.1:1"], ["tcp://192.0.2.1:0", "tcp://192.0.2.1:1"]),
        (["192.0.2.1:65535", "192.0.2.2:0"], ["tcp://192.0.2.1:65535", "tcp://192.0.2.2:0"]),
        (["[2001:db8::f]:80", "[2001:db8::10]:80"], ["tcp://[2001:db8::f-2001:db8::10]:80"]),
    ])
    func `neighbours are told as ranges`(texts: [String], ranges: [String]) {
        #expect(listens(texts).ranges == ranges)
    }

    @Test func `marks and protocols stay apart`() {
        let web = Sample.endpoint("192.0.2.1:80")
        let next = Sample.endpoint("192.0.2.1:81")
        let all: [Listen] = [.mark(7, .v4), .mark(8, .v6), .endpoint(.tcp, web), .endpoint(.udp, next)]
        #expect(all.ranges == ["fwmark://7", "fwmark://8/ipv6", "tcp://192.0.2.1:80", "udp://192.0.2.1:81"])
    }
}
