extension ProblemTests {
    /// What makes weights of verdicts.
    static let policyRows = Row.parse(
        #"""
        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 2, too_few: all}
          6:89: error: service a has 1 servers and a quorum of 2, which is never there

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: half}
          6:89: error: expected a number for quorum, found "half"

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 101%}
          6:89: error: "101%" is no quorum; it is a number of servers, or 1% to 100% of them

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 100%}
          6:89: error: service a has a quorum and no fallback that could stand in; give it one, or say too_few: \#
        all, keep or withdraw

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], too_few: all}
          6:90: error: service a has no quorum that this could be about; give it one or leave it out

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 1, \#
        hysteresis: 1, fallback: local}
          6:104: error: service a: hysteresis 1 is not less than its quorum of 1

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1, 10.0.0.2], quorum: 2, \#
        hysteresis: 1, too_few: keep}
          6:114: error: service a: once lost, a quorum of 2 with hysteresis 1 comes back with 3 servers, and there \#
        are 2

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 1, \#
        too_few: withdraw}

        service| {name: a, group: web, listen: "fwmark://7", forward: nat, servers: ["10.0.0.1:80"], \#
        quorum: 1, too_few: withdraw}
          6:109: error: service a has too_few: withdraw, and listens on no address of a group that could be \#
        withdrawn; say all, keep or fallback

        service| {name: a, listen: ["tcp://192.0.2.10:80", "fwmark://7"], forward: nat, servers: [10.0.0.1], \#
        quorum: 1, too_few: withdraw}
          6:117: warning: service a withdraws the addresses of groups alone; fwmark://7 stays as it is

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 1, \#
        too_few: withdraw}⏎  - {name: b, listen: "tcp://192.0.2.10:81", forward: nat, servers: [10.0.0.1]}
          6:101: warning: when service a has too few servers, 192.0.2.10 goes for service b too, which does not \#
        say withdraw

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], quorum: 1, \#
        too_few: ignore}
          6:101: error: "ignore" is no too_few; it is all, keep, fallback or withdraw

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], slow_start: 30s}
          6:93: warning: service a has a slow_start, and no server a weight above 1, which has no parts; give them \#
        10 or more each

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], slow_start: 2s, \#
        scheduler: lc}
          6:93: warning: service a has a slow_start, and its scheduler lc looks at no weights

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], slow_start: 30}
          6:93: error: slow_start is 30 without a unit; durations have one of us, ms, s, m, h, d (did you mean \#
        "30s"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], slow_start: 2h}
          6:93: error: slow_start is 2h; it is 0s to 1h

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], flap_damping: 3}
          6:95: error: expected a mapping for flap_damping, found "3"

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], flap_damping: \#
        {falls: 1, windwo: 1m, hold: 2d}}
          6:103: error: falls is 1; it is 2 to 100
          6:106: error: "windwo" is no key of flap_damping (did you mean "window"?)
          6:124: error: hold is 2d; it is 1s to 24h

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], passive: maybe}
          6:90: error: "maybe" is no passive; it is true or false

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1], passive: \#
        {period: 1s, connections: 0, perod: 9s}}
          6:99: error: period is 1s; it is 5s to 1h
          6:116: error: connections is 0; it is 1 to 1,000,000
          6:119: error: "perod" is no key of passive (did you mean "period"?)

        service| {name: a, listen: "tcp://192.0.2.10:80", forward: dr, servers: [10.0.0.1], passive: true}
          6:89: warning: service a: passive sees nothing of its servers, whose answers do not come by the director; \#
        it is for forward: nat
        """#)
}
