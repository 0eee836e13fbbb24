extension ProblemTests {
    static let groupRows = Row.parse(
        #"""
        group| {}
          5:8: error: group web needs addresses

        group| {addresses: []}
          5:20: error: group web has no address; it needs 1 to 4,096

        group| {addresses: [192.0.2.300]}
          5:21: error: "192.0.2.300" is no IPv4 or IPv6 address

        group| {addresses: [192.0.2.10/33]}
          5:21: error: "192.0.2.10/33" is no address with a mask of 1 to 32 (IPv4) or 128 (IPv6)

        group| {addresses: [192.0.2.10/0]}
          5:21: error: "192.0.2.10/0" is no address with a mask of 1 to 32 (IPv4) or 128 (IPv6)

        group| {addresses: [192.0.2.10, 192.0.2.10/24]}
          5:33: error: virtual address 192.0.2.10 stands in this group twice

        group| {addresses: [192.0.2.2]}
          5:21: error: 192.0.2.2 is director lb1's own address; a virtual address is nobody's own

        group| {addresses: [127.0.0.1, 224.0.0.1, 250.0.0.1, 0.1.2.3]}
          5:21: error: 127.0.0.1 is a loopback address; it cannot be a virtual address
          5:32: error: 224.0.0.1 is a multicast address; it cannot be a virtual address
          5:43: error: 250.0.0.1 is in 240.0.0.0/4, which is reserved; it cannot be a virtual address
          5:54: error: 0.1.2.3 is in 0.0.0.0/8, which is reserved; it cannot be a virtual address

        group| {addresses: ["::ffff:192.0.2.10"]}
          5:21: warning: ::ffff:c000:20a is an IPv4 address in IPv6's clothes; it is read as 192.0.2.10

        group| {addresses: [{adress: 192.0.2.10}]}
          5:21: error: an address needs address
          5:22: error: "adress" is no key of an address (did you mean "address"?)

        group| {addresses: [{address: 192.0.2.10, interface: eth/0}]}
          5:54: error: "eth/0" is no name of an interface

        group| {addresses: [192.0.2.10], prefer: lb3}
          5:42: error: there is no director lb3 to prefer (did you mean "lb1"?)

        group| {addresses: [192.0.2.10], prefer: lb1, preempt: after 30}
          5:56: error: preempt: after is 30 without a unit; durations have one of us, ms, s, m, h, d (did you mean \#
        "30s"?)

        group| {addresses: [192.0.2.10], prefer: lb1, preempt: after 25h}
          5:56: error: preempt: after is 25h; it is 1s to 24h

        group| {addresses: [192.0.2.10], together_with: mail}
          5:49: error: there is no group mail to be together with

        group| {addresses: [192.0.2.10], together_with: web}
          5:49: error: group web cannot be together with itself

        group| {addresses: [192.0.2.10], preempt: after 30s}
          5:43: warning: preempt does nothing without prefer, which says for whom

        group| {addresses: [192.0.2.10], prefer: lb1, preempt: nver}
          5:56: error: expected never or "after 30s", found "nver" (did you mean "never"?)

        group| {addresses: [192.0.2.10], gateways: [192.0.2.1, "fe80::1"]}

        group| {addresses: [192.0.2.10], gateways: [192.0.2.1, 192.0.2.1]}
          5:56: error: gateway 192.0.2.1 stands here twice

        group| {addresses: [192.0.2.10], gateways: [192.0.2.3]}
          5:45: error: gateway 192.0.2.3 is director lb2's own address; a gateway is a router that both directors need

        group| {addresses: [192.0.2.10], gateways: ["::ffff:192.0.2.2"]}
          5:45: error: gateway 192.0.2.2 is director lb1's own address; a gateway is a router that both directors need
          5:45: warning: ::ffff:c000:202 is an IPv4 address in IPv6's clothes; it is read as 192.0.2.2

        group| {addresses: [192.0.2.10], gateways: [192.0.2.11]}⏎  mail: {addresses: [192.0.2.11]}
          5:45: error: gateway 192.0.2.11 is a virtual address of group mail; a gateway is a router that both directors need

        group| {addresses: [192.0.2.10], gateways: [0.0.0.0, 224.0.0.1, 127.0.0.1]}
          5:45: error: 0.0.0.0 is the unspecified address; it cannot be a gateway
          5:54: error: 224.0.0.1 is a multicast address; it cannot be a gateway
          5:65: error: 127.0.0.1 is a loopback address; it cannot be a gateway

        group| {addresses: [192.0.2.10], gateways: [192.0.2.1, 192.0.2.4, 192.0.2.5, 192.0.2.6, 192.0.2.7, 192.0.2.8, \#
        192.0.2.9, 192.0.2.11, 192.0.2.12]}
          5:44: error: group web has 9 gateways; it may have 8

        group| {addresses: [198.51.100.10], gateways: [198.51.100.1]}
          5:47: warning: no heartbeat path seems to run where group web has its gateways: if nothing but the heartbeats is \#
        lost, both directors reach a gateway and both become active; give both an address there in pair.directors

        group| {addresses: [192.0.2.10], gateways: router}
          5:44: error: expected a list of addresses, found "router"

        group| {addresses: [192.0.2.10], track: /bin/check}
          5:41: error: expected a list of trackers, each beginning with "- script:" or the like, found "/bin/check"

        group| {addresses: [192.0.2.10], track: [{weight: 5}, {script: /a, file: /b}]}
          5:42: error: a tracker has one of script, process, file or servers, and this one none
          5:55: error: a tracker has one of script, process, file or servers, and this one script and file

        group| {addresses: [192.0.2.10], track: [{script: check, weight: 0}, {script: [/a, "b\nc"]}]}
          5:51: error: "check" is no command: a path that begins with /, and at most 63 arguments
          5:66: error: weight is 0; it is 1 to 100
          5:79: error: a list is no command: a path that begins with /, and at most 63 arguments

        group| {addresses: [192.0.2.10], track: [{script: /a, weight: 101, interval: 1, user: "a b", rise: 0}]}
          5:63: error: weight is 101; it is 1 to 100
          5:78: error: interval is 1 without a unit; durations have one of us, ms, s, m, h, d (did you mean "1s"?)
          5:87: error: "a b" is no name; names have 1 to 64 of A-Z a-z 0-9 . _ -
          5:100: error: rise is 0; it is 1 to 100

        group| {addresses: [192.0.2.10], track: [{script: /a, interval: 1s, timeout: 2s}]}
          5:42: error: timeout 2s is longer than the interval, 1s

        group| {addresses: [192.0.2.10], track: [{process: a b}, {process: ./a}, {file: b}]}
          5:52: error: "a b" is no name of a process
          5:68: error: "./a" is no path that begins with / and has at most 1,024 bytes
          5:81: error: "b" is no path that begins with / and has at most 1,024 bytes

        group| {addresses: [192.0.2.10], track: [{servers: shop, below: 50}, {servers: all, timeout: 1s}]}
          5:65: error: expected a percentage for below, a whole number with %, found "50" (did you mean "50%"?)
          5:94: error: timeout means nothing to a tracker of servers; it belongs to script

        group| {addresses: [192.0.2.10], track: [{servers: shop}]}
          5:42: error: there is no service shop to track

        group| {addresses: [192.0.2.10], notify: {comand: /a}}
          5:42: error: a notification needs command
          5:43: error: "comand" is no key of a notification (did you mean "command"?)

        group| {addresses: [192.0.2.10], notify: [tell, {command: /a, timeout: 0s}]}
          5:43: error: "tell" is no command: a path that begins with /, and at most 63 arguments
          5:72: error: timeout is 0s; it is 100ms to 10m

        group| {addresses: [192.0.2.10]}⏎  mail: {addresses: [192.0.2.10]}
          6:22: error: virtual address 192.0.2.10 belongs to group web already

        group| {addresses: [192.0.2.10]}⏎  web: {addresses: [192.0.2.11]}
          6:3: error: "web" stands here twice, first in line 5

        rest| gruops: {}
          4:1: error: "gruops" is no key of the top level (did you mean "groups"?)

        rest| metrics: {listen: 127.0.0.1}
          4:19: error: "127.0.0.1" has no port; metrics want one (did you mean "127.0.0.1:9640"?)

        rest| metrics: {}
          4:10: error: metrics needs listen

        rest| metrics: {listen: 127.0.0.1:0, port: 9640}
          4:19: error: "127.0.0.1:0" has port 0; ports are 1 to 65535
          4:32: error: "port" is no key of metrics

        rest| metrics: {listen: [127.0.0.1:9640]}
          4:19: error: expected an address for metrics, found a list

        rest| metrics: {listen: 239.1.1.1:9640}
          4:19: error: 239.1.1.1 is a multicast address; nobody can listen on it

        rest| metrics: {listen: 192.0.2.2:9640}
          4:19: error: 192.0.2.2 is director lb1's, and lb2 cannot listen on it; name both: listen: {lb1: 192.0.2.2:9640, lb2: ADDRESS:9640}

        rest| metrics: {listen: {lb1: 192.0.2.2:9640, lb2: "[::]:9640"}}

        rest| metrics: {listen: {lb: 127.0.0.1:9640}}
          4:19: error: metrics listen for director lb, which the pair does not have (did you mean "lb1"?)

        rest| log: {level: warn, format: xml, to: syslog}
          4:14: error: "warn" is no level; it is debug, info, notice, warning or error (did you mean "warning"?)
          4:28: error: "xml" is no format; it is text or json
          4:37: error: "syslog" is no to; it is journal or stderr

        rest| log: {level: warn, format: xml}
          4:14: error: "warn" is no level; it is debug, info, notice, warning or error (did you mean "warning"?)
          4:28: error: "xml" is no format; it is text or json

        rest| log: [info]
          4:6: error: expected a mapping for log, found a list

        rest| pools: {unused: [10.0.0.1]}
          4:9: warning: pool unused is used by no service

        rest| groups: [web]
          4:9: error: expected a mapping of groups by name, found a list

        rest| services: {web: {}}
          4:11: error: expected a list of services, each beginning with "- name:", found a mapping

        rest| defaults: {schedular: rr, forward: dr}
          4:12: error: "schedular" is no key of defaults (did you mean "scheduler"?)
          4:27: error: "forward" is no key of defaults
        """#)
}
