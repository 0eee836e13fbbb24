extension ProblemTests {
    static let pairRows = Row.parse(
        #"""
        whole|
          1:1: error: pair is missing: the two directors, their addresses and their keys

        whole| - a⏎
          1:1: error: expected a mapping with pair, groups, services …, found a list

        whole| pair: edge⏎
          1:7: error: expected a mapping for pair, found "edge"

        whole| pair:⏎
          1:6: error: pair needs directors
          1:6: error: pair needs name

        pair| prot: 80
          4:3: error: "prot" is no key of pair (did you mean "port"?)

        pair| port: 0
          4:9: error: port is 0; it is 1 to 65535

        pair| port: 65536
          4:9: error: port is 65536; it is 1 to 65535

        pair| port: http
          4:9: error: expected a number for port, found "http"

        pair| port: [1]
          4:9: error: expected a number for port, found a list

        pair| keys: keys.d
          4:9: error: "keys.d" is no path that begins with / and has at most 1,024 bytes

        pair| timing: fsat
          4:11: error: "fsat" is no timing; it is default, fast, extreme or vm, or {interval: 100ms, misses: 3} \#
        (did you mean "fast"?)

        pair| timing: 200ms
          4:11: error: "200ms" is no timing; it is default, fast, extreme or vm, or {interval: 100ms, misses: 3}

        pair| timing: {interval: 200, misses: 3}
          4:22: error: interval is 200 without a unit; durations have one of us, ms, s, m, h, d (did you mean \#
        "200ms"?)

        pair| timing: {interval: 500us, misses: 3}
          4:22: error: interval is 500us; it is 1ms to 10s

        pair| timing: {interval: 11s, misses: 1}
          4:22: error: interval is 11s; it is 1ms to 10s
          4:35: error: misses is 1; it is 2 to 100

        pair| timing: {interval: 1.5s, misses: 3}
          4:22: error: expected a duration for interval, a whole number with us, ms, s, m, h or d, found "1.5s"

        pair| timing: {interval: 100ms}
          4:11: error: timing needs misses

        pair| on_partition: keep_active
          4:17: error: "keep_active" is no on_partition; it is keep-active, require-gateway or require-witness (did \#
        you mean "keep-active"?)

        pair| on_partition: require-gateway

        pair| on_partition: require-witness
          4:17: error: on_partition require-witness needs a witness; add to pair: witness: {address: ADDRESS, key: FILE}, \#
        and run there: tandemd --witness FILE

        pair| on_partition: require-gateway⏎groups: {web: {addresses: [192.0.2.10]}}
          5:10: error: group web has no gateways, and on_partition is require-gateway; name the routers that it needs, or \#
        choose keep-active

        pair| on_partition: require-gateway⏎groups: {web: {addresses: [192.0.2.10], gateways: [192.0.2.1]}}

        pair| sync: {interface: averylongname-0123}
          4:21: error: "averylongname-0123" is too long for an interface; names have at most 15 bytes

        pair| sync: {}
          4:9: error: sync needs interface

        pair| sync: eth1
          4:9: error: expected a mapping for sync, found "eth1"

        pair| sysctl: no
          4:11: error: "no" is no sysctl; it is manage or check

        pair| witness: 192.0.2.9
          4:12: error: expected a mapping for witness, found "192.0.2.9"

        pair| witness: {address: 192.0.2.9}⏎  on_partition: require-witness
          4:12: error: witness needs key

        pair| witness: {adress: 192.0.2.9, key: key}⏎  on_partition: require-witness
          4:12: error: witness needs address
          4:13: error: "adress" is no key of witness (did you mean "address"?)
          4:37: error: "key" is no path that begins with / and has at most 1,024 bytes

        pair| witness: {address: 192.0.2.9, port: 0, key: /k}⏎  on_partition: require-witness
          4:39: error: port is 0; it is 1 to 65535

        pair| witness: {address: 192.0.2.3, key: /k}⏎  on_partition: require-witness
          4:12: error: the witness's address 192.0.2.3 is director lb2's; a witness is a third machine, for a director \#
        that fails must not take it along

        pair| witness: {address: 192.0.2.10, key: /k}⏎  on_partition: require-witness⏎groups: {web: {addresses: [192.0.2.10]}}
          4:12: error: the witness's address 192.0.2.10 is a virtual one, of group web; it has to stay where it is

        pair| witness: {address: 0.0.0.0, key: /k}⏎  on_partition: require-witness
          4:12: error: 0.0.0.0 is the unspecified address; a witness cannot have it

        pair| witness: {address: 192.0.2.9, key: /etc/tandem/keys.d}
          4:12: warning: the witness decides nothing; say on_partition: require-witness
          4:12: warning: the witness has the directors' own key; whoever has it can speak as a director, so give the \#
        witness one of its own: tandem keygen FILE

        rest| witness: {listen: 192.0.2.9}
          4:1: error: witness is a key of pair; a file with it at the top level is a witness's: tandemd --witness FILE

        pair| name: twice
          4:3: error: "name" stands here twice, first in line 2

        directors| {lb1: {addresses: [192.0.2.2]}}
          3:14: error: a pair has exactly two directors, and here are 1

        directors| {a: {addresses: [192.0.2.2]}, b: {addresses: [192.0.2.3]}, c: {addresses: [192.0.2.4]}}
          3:14: error: a pair has exactly two directors, and here are 3

        directors| {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3, 10.0.0.3]}}
          3:63: error: director lb1 has 1 address and lb2 has 2; each path needs one of both

        directors| {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: ["2001:db8::3"]}}
          3:64: error: path 1 goes from 192.0.2.2 to 2001:db8::3; both must be of one family

        directors| {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.2]}}
          3:64: error: address 192.0.2.2 is director lb1's already

        directors| {lb1: {addresses: [192.0.2.2, 192.0.2.2]}, lb2: {addresses: [192.0.2.3, 192.0.2.3]}}
          3:44: error: address 192.0.2.2 stands here twice
          3:86: error: address 192.0.2.3 stands here twice

        directors| {lb1: {addresses: [192.0.2.2, 192.0.2.2]}, lb2: {addresses: [192.0.2.3, 192.0.2.4]}}
          3:44: error: address 192.0.2.2 stands here twice

        directors| {lb1: {addresses: [192.0.2.2, "2001:db8::2"]}, lb2: {addresses: ["2001:db8::3", 192.0.2.3]}}
          3:79: error: path 1 goes from 192.0.2.2 to 2001:db8::3; both must be of one family
          3:94: error: path 2 goes from 2001:db8::2 to 192.0.2.3; both must be of one family

        directors| {lb1: {addresses: [192.0.2.2, "2001:db8::2"]}, lb2: {addresses: [192.0.2.3, "2001:db8::3"]}}

        directors| {lb1: {addresses: [lb1.example]}, lb2: {addresses: [192.0.2.3]}}
          3:33: error: "lb1.example" is no IPv4 or IPv6 address; names are not looked up

        directors| {lb1: {addresses: [0.0.0.0]}, lb2: {addresses: [239.0.0.1]}}
          3:33: error: 0.0.0.0 is the unspecified address; a director cannot have it
          3:62: error: 239.0.0.1 is a multicast address; a director cannot have it

        directors| {lb1: {addresses: ["fe80::1"]}, lb2: {addresses: ["::"]}}
          3:33: error: fe80::1 is link-local, which means nothing without its interface; a director cannot have it
          3:64: error: :: is the unspecified address; a director cannot have it

        directors| {lb1: {addresses: [127.0.0.1]}, lb2: {addresses: [127.0.0.2]}}
          3:33: warning: 127.0.0.1 is a loopback address; another machine cannot reach it
          3:64: warning: 127.0.0.2 is a loopback address; another machine cannot reach it

        directors| {lb1: {addresses: []}, lb2: {}}
          3:32: error: director lb1 has no address; it needs 1 to 8
          3:42: error: director lb2 needs addresses

        directors| {lb 1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}
          3:15: error: "lb 1" is no name; names have 1 to 64 of A-Z a-z 0-9 . _ -

        directors| {lb1: {addresses: [192.0.2.2], interfaces: {outside: eth0}}, lb2: {addresses: [192.0.2.3], \#
        interfaces: {outsid: eth0}}}
          3:57: error: director lb1 does not say what outsid is, and lb2 does (did you mean "outside"?)
          3:117: error: director lb2 does not say what outside is, and lb1 does (did you mean "outsid"?)

        directors| [lb1, lb2]
          3:14: error: expected a mapping of two directors by name, found a list
        """#)
}
