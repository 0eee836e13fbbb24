extension ProblemTests {
    static let sourceRows = Row.parse(
        #"""
        check| {tcp, source: 10.0.0.2}
          6:104: error: expected a mapping of addresses by director, {lb1: 10.9.0.2, lb2: 10.9.0.3}, found \#
        "10.0.0.2"

        check| {tcp, source: {lb1: lb, lb2: [10.0.0.3, 10.0.0.4]}}
          6:110: error: "lb" is no IPv4 or IPv6 address; names are not looked up
          6:130: error: director lb2 has another IPv4 source already; a check goes out from one of each family

        check| {tcp, source: {lb1: []}}
          6:110: error: director lb1 has no source; name its address, or leave it out

        check| {tcp, source: {lb3: 10.0.0.2}}
          6:90: error: service web has a source for director lb3, which the pair does not have \#
        (did you mean "lb1"?)

        check| {tcp, source: {lb1: 224.0.0.1, lb2: 127.0.0.1}}
          6:90: error: service web: the source 224.0.0.1 of director lb1 is a multicast address
          6:90: warning: service web: the source 127.0.0.1 of director lb2 is a loopback address; no other machine \#
        answers it

        check| {tcp, source: {lb1: 192.0.2.3, lb2: 192.0.2.10}}
          6:90: error: service web: the source 192.0.2.3 of director lb1 is director lb2's; each goes out from its own
          6:90: warning: service web: the source 192.0.2.10 of director lb2 is a virtual address, of group web: while \#
        the other director holds it, this one cannot check

        check| {tcp, source: {lb1: "2001:db8::2"}}
          6:90: error: service web: server 10.0.0.1 is IPv4, and director lb1 has the source 2001:db8::2 alone; name \#
        one of each family, lb1: [2001:db8::2, IPv4]

        check| {tcp, address: "2001:db8::7", source: {lb1: 10.0.0.2, lb2: ["2001:db8::3"]}}
          6:90: error: service web: the check's address 2001:db8::7 is IPv6, and director lb1 has the source 10.0.0.2 \#
        alone; name one of each family, lb1: [10.0.0.2, IPv6]

        check| {none, agent: {port: 9, address: "2001:db8::7"}, source: {lb1: 10.0.0.2}}
          6:90: error: service web: the agent at 2001:db8::7 is IPv6, and director lb1 has the source 10.0.0.2 alone; \#
        name one of each family, lb1: [10.0.0.2, IPv6]

        check| {file: /run/up, source: {lb1: 10.0.0.2}}
          6:114: error: source goes with checks that ask a server over the network, and this one is file

        check| {script: /up, source: {lb1: 10.0.0.2}}
          6:112: error: source goes with checks that ask a server over the network, and this one is script, which \#
        chooses for itself

        check| {none, source: {lb1: 10.0.0.2}}
          6:105: error: source goes with checks that ask a server over the network, and this one is none
        """#)
}
