# shellcheck shell=bash
# datapath.sh: checks through the data path, for Deploy/lab.
#
#          s1 and s2 are prepared by `tandem realserver apply`. `dr` and `plain` have the lab's virtual addresses, which stand
#          on lo then, and the tunnels others, which no director holds: nobody but checks needs them here. The check of
#          `plain` does not go through the data path. Each way is there over TCP and, with -udp behind its name, over UDP.

services_of_plain() { server_check='{tcp, port: 80}' pair_of plain "${port_of[plain]}" v4 v6 "forward: dr"; }
services_of_far-ipip() { v4=192.0.2.11 v6=2001:db8::11 services_of_ipip; }
services_of_far-gue() { v4=192.0.2.11 v6=2001:db8::11 services_of_gue; }
services_of_far-gre() { v4=192.0.2.11 v6=2001:db8::11 services_of_gre; }

# over_udp WAY WORDS
over_udp() {
    transport=udp server_check='{udp, send: ping, expect: pong, data_path: true}' pair_of "$1-udp" "${port_of[$1]}" v4 v6 "$2"
}
services_of_dr-udp() { over_udp dr "forward: dr"; }
services_of_far-ipip-udp() { v4=192.0.2.11 v6=2001:db8::11 over_udp ipip "forward: tun"; }
services_of_far-gue-udp() { v4=192.0.2.11 v6=2001:db8::11 over_udp gue "forward: tun, tunnel: {type: gue, port: 6080}"; }
services_of_far-gre-udp() { v4=192.0.2.11 v6=2001:db8::11 over_udp gre "forward: tun, tunnel: gre"; }

# answer NODE ADDRESS...: says pong to every datagram, from the address that it came to.
answer() {
    local node=$1
    within "$node" perl - "${@:2}" >"$directory/$node.udp.log" 2>&1 <<'PERL' &
use strict; use IO::Select; use IO::Socket::IP;
my $all = IO::Select->new;
for my $port (80 .. 83) {
    for my $address (@ARGV) {
        $all->add(IO::Socket::IP->new(Proto => "udp", LocalHost => $address, LocalPort => $port) || die "$address: $@");
    }
}
$| = 1;
print "answering\n";
while (1) {
    for my $one ($all->can_read) {
        my $client = $one->recv(my $question, 2048);
        $one->send("pong", 0, $client) if defined $client;
    }
}
PERL
    await "answers of $node" 20 grep -q answering "$directory/$node.udp.log"
}

# in_table NODE FAMILY WAY NUMBER: the server is in the kernel's table of a director, with a weight.
in_table() {
    local way=${3%-udp} last=10 over=-t
    local port=${port_of[$way]} listen server
    [ "$way" = "$3" ] || over=-u
    [[ $way != @(ipip|gue|gre) ]] || last=11
    listen="192.0.2.$last:$port" server="192.0.2.$4:$port"
    [ "$2" = v4 ] || { listen="[2001:db8::$last]:$port" server="[2001:db8::$4]:$port"; }
    within "$1" ipvsadm -Sn | grep -F -- "$over $listen -r $server " | grep -E -- "-w [1-9]" >/dev/null
}
both_hold() { in_table lb1 "$@" && in_table lb2 "$@"; }
neither_holds() { ! in_table lb1 "$@" && ! in_table lb2 "$@"; }
# Nine ways, two families, two servers.
all_hold() {
    local node
    for node in lb1 lb2; do
        [ "$(within "$node" ipvsadm -Sn | grep -cE -- "^-a .*-w [1-9]")" = 36 ] || return 1
    done
}

# reasons SERVER SERVICE WORDS: why both directors have the server down.
reasons() {
    local node
    for node in lb1 lb2; do ask "$node" servers | grep -F "$1" | grep -E " $2 .* down .*$3" >/dev/null || return 1; done
}

# loses WHAT FAMILY NUMBER WAY...: in neither table, for these ways.
loses() {
    local what=$1 family=$2 number=$3 way
    shift 3
    for way in "$@"; do await "$what: $way of .$number in neither table" 60 neither_holds "$family" "$way" "$number"; done
    say "$what: .$number is in neither table for $* of $family"
}

# keeps FAMILY NUMBER WAY...
keeps() {
    local way
    for way in "${@:3}"; do both_hold "$1" "$way" "$2" || fail "$way of $1 has lost .$2 too"; done
}

run_datapath() {
    local node number
    server_check='{tcp, data_path: true}'
    server_timing='interval: 2s, timeout: 1900ms, rise: 2, fall: 2'
    prepared='s1 s2' begin_servers dr+far-ipip+far-gue+far-gre+plain+dr-udp+far-ipip-udp+far-gue-udp+far-gre-udp
    for number in 1 2; do
        answer "s$number" "192.0.2.2$number" 192.0.2.10 192.0.2.11 "2001:db8::2$number" 2001:db8::10 2001:db8::11
    done
    settle lb1 lb2
    await "all servers in both tables" 60 all_hold
    say "lb1 is active, lb2 the backup, and both reach all servers by every way"

    ip -n "$prefix-s1" address del "$v4/32" dev lo
    loses "no $v4 on its loopback" v4 21 dr dr-udp
    keeps v4 21 plain ipip gue gre ipip-udp gue-udp gre-udp
    keeps v6 21 dr dr-udp
    await "the reason" 20 reasons 192.0.2.21:80 dr "data path: no answer from the virtual address"
    for node in lb1 lb2; do ask "$node" servers | grep -E "^192.0.2.21:8[06] " >&2; done

    # It sends the packet to the active director then, which must not give it to another server.
    set_switches s1 ipv4/ip_forward=1
    sleep 12
    neither_holds v4 dr 21 && neither_holds v4 dr-udp 21 || fail "a server that passes packets on counts as one with the address"
    for node in lb1 lb2; do
        say "$node, of a server that passes packets on: $(ask "$node" servers | grep -E "^192.0.2.21:80 " || true)"
    done
    set_switches s1 ipv4/ip_forward=0
    ip -n "$prefix-s1" address add "$v4/32" dev lo
    await "all servers in both tables" 60 all_hold

    ip -n "$prefix-s1" address del 2001:db8::11/128 dev lo
    loses "no 2001:db8::11 on its loopback" v6 21 ipip gue gre ipip-udp gue-udp gre-udp
    ip -n "$prefix-s2" link set tandem-ipip down
    loses "its ipip device is down" v4 22 ipip ipip-udp
    within s2 ip fou del port 6080 gue
    loses "nobody takes gue there" v4 22 gue gue-udp
    keeps v4 22 dr gre plain dr-udp gre-udp
    keeps v6 22 dr ipip gue gre dr-udp ipip-udp gue-udp gre-udp
    for node in lb1 lb2; do ask "$node" servers | grep " down " >&2; done
    ask lb2 check 192.0.2.22 --service ipip >&2 || true
    ask lb2 events --limit 200 | grep "data path" >&2 || fail "no event says it"
    keep_status
}
