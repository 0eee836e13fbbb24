# shellcheck shell=bash
# Scenarios of the lab in which a director comes back with an empty kernel, or each director holds a group. Sourced by lab.

# under_load REPORT COMMAND...: the load that judges, on `targets` and with `load_options`; the command runs when it
# says "now". Fails when the load finds that something broke.
targets=("$v4:80" "[$v6]:80")
load_options=()
under_load() {
    local report=$1 line status=0
    shift
    exec {load}< <(within client "$binaries/tandem" drill load "${targets[@]}" "${load_options[@]}" --json "$report" 2>&1)
    while read -r line <&"$load"; do
        case $line in
            ready) say "the long connections stand, half of them fall silent" ;;
            now)
                say "$*"
                "$@" >&2 || status=1
                ;;
            FAIL*) printf '%s\n' "$line" && status=1 ;;
            *) printf '%s\n' "$line" ;;
        esac
    done
    exec {load}<&-
    [ -s "$report" ] || fail "the load gave no report"
    return "$status"
}

# Both directors have the whole table and see every server: COUNT services.
await_tables() {
    local node
    for node in lb1 lb2; do
        await "the table of $node" 60 table_stands "$node"
        await "the servers as $node sees them" 60 sees_all "$node" "$1"
    done
}
sees_all() { [ "$(ask "$1" services | grep -c "2 of 2")" = "$2" ]; }

warm_ms=${TANDEM_WARM:-10000}
load_seconds=${TANDEM_AFTER:-60}

# plug_director NODE: its two wires, with the addresses that write_configuration names.
plug_director() {
    local host=$((${1#lb} + 1))
    plug "$1" eth0 outside "$1" "192.0.2.$host/24" "2001:db8::$host/64"
    plug "$1" eth1 inside "$1-inside" "10.9.0.$host/24"
}

# power_off NODE: the namespace goes with everything in it, as a machine whose power is cut.
power_off() {
    local pid
    for interface in eth0 eth1; do
        within "$1" cat "/sys/class/net/$interface/address" >"$directory/$1.$interface.mac"
    done
    for pid in $(ip netns pids "$prefix-$1"); do kill -KILL "$pid" 2>/dev/null || true; done
    wait "$(cat "$directory/$1.pid")" 2>/dev/null || true
    ip netns delete "$prefix-$1"
    await "the wires of $1 gone" 20 wires_are_gone "$1"
}

wires_are_gone() { ! ip -n "$prefix-switch" link show "$1" >/dev/null 2>&1; }

# power_on NODE: the same hardware, an empty kernel, and what a reboot forgets is forgotten.
power_on() {
    rm -rf "${directory:?}/lab/$1"
    add_namespaces "$1"
    plug_director "$1"
    for interface in eth0 eth1; do
        ip -n "$prefix-$1" link set "$interface" address "$(cat "$directory/$1.$interface.mac")"
    done
    returned=$(now_ms)
    start_director "$1"
}

# peer_is_warm NODE: whether the other director knows the table and the connections of this one, as this one sees it.
peer_is_warm() {
    ask "$1" status --json | tr -d ' \n' \
        | grep -q '"warmth":{"held":[1-9][0-9]*,"holdsTable":true,"isWarm":true,"known":[1-9][0-9]*}}'
}

peer_is_cold() { ask "$1" status --json | tr -d ' \n' | grep -q '"isWarm":false,"known":[0-9]*}}'; }

# connections NODE: how many entries its kernel's table has, templates too.
connections() { within "$1" sh -c 'grep -c "^[TUI]" /proc/net/ip_vs_conn || true'; }

# lb1 holds the connections and loses its power; lb2 takes over; lb1 comes back, is told of them, and takes over when lb2
# is cut off. Half of the connections have said nothing for TANDEM_IDLE seconds by then.
reboot_and_back() {
    local began=$SECONDS
    power_off lb1
    await "lb2 active" 30 has_role lb2 active
    say "lb2 has taken over and has $(connections lb2) entries; lb1 comes back"
    power_on lb1
    await "lb1 warm" 60 peer_is_warm lb2
    warm_after=$(($(now_ms) - returned))
    say "lb1 is warm $warm_after ms after its daemon started, and has $(connections lb1) entries"
    ask lb2 status >"$directory/lb2.warm"
    begin_cut lb2
    await "lb1 active" 30 has_role lb1 active
    [ $((SECONDS - began)) -lt "$load_seconds" ] || fail "all that took longer than the load: TANDEM_AFTER=$load_seconds"
}

run_rejoin() {
    local count=${TANDEM_CONNECTIONS:-1000} warm_after=0 returned=0 failed=0
    ulimit -n 8192
    begin vm
    if [ -n "${TANDEM_PERSISTENT:-}" ]; then
        sed -i 's/forward: dr, servers/forward: dr, persistence: 5m, servers/' "$directory/tandem.yaml"
        signal HUP lb2
        signal HUP lb1
        sleep 3
    fi
    await_tables 2
    load_options=(
        --connections "$count" --idle $((count / 2)) --before "${TANDEM_IDLE:-60}" --after "$load_seconds"
        --send-every 1000 --connect-every 200 --patience 20
    )
    under_load "$directory/rejoin.json" reboot_and_back || failed=1
    keep_status
    ask lb2 events --limit 100 >"$directory/lb2.told"
    grep -h told "$directory/lb2.told" || fail "lb2 told lb1 of nothing"
    cat "$directory/lb2.warm"
    echo "rejoin: warm $warm_after ms after its daemon started, $warm_ms allowed"
    [ "$failed" = 0 ] && [ "$warm_after" -le "$warm_ms" ]
}

# crowd FIRST COUNT: so many established connections for the kernel of lb1, in messages as lb2's own master sends them.
crowd() {
    local id
    id=$(ask lb2 status --json | tr -d ' \n' | grep -oE '"id":[0-9]+,"interface"' | head -n 1 | grep -oE '[0-9]+')
    within lb2 perl - "$id" "$1" "$2" <<'PERL'
use strict; use Socket;
my ($id, $first, $count) = @ARGV;
socket(my $voice, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
setsockopt($voice, SOL_SOCKET, 25, "eth1") or die "bind to eth1: $!";
connect($voice, pack_sockaddr_in(8848, inet_aton("224.0.0.81"))) or die "connect: $!";
for (my $next = $first; $next < $first + $count; $next += 28) {
    my $number = $first + $count - $next < 28 ? $first + $count - $next : 28;
    my $body = join "", map {
        my $client = $next + $_;
        pack("CCnNnnnnNN", 0, 6, 36, 0x83, 1, 1024 + $client % 60000, 80, 80, 0, 900)
            . inet_aton("198.18." . int($client / 60000) . ".1") . inet_aton("192.0.2.10") . inet_aton("192.0.2.21");
    } 0 .. $number - 1;
    send($voice, pack("CCnCCn", 0, $id, 8 + length $body, $number, 1, 0) . $body, 0) or die "send: $!";
    select(undef, undef, undef, 0.002);
}
PERL
}

# teller_seconds NODE: what its director's teller has had of a processor.
teller_seconds() {
    local task pid
    pid=$(cat "$directory/$1.pid")
    for task in /proc/"$pid"/task/*; do
        [ "$(cat "$task/comm")" = teller ] || continue
        awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hertz }' "$task/stat"
    done
}

# 100,000 connections appear at lb1 alone: lb2 is told of them. What does counting cost then?
run_crowd() {
    local count=${TANDEM_CONNECTIONS:-100000} before
    begin vm
    await_tables 2
    crowd 0 "$count"
    await "lb2 not warm" 60 peer_is_cold lb1
    ! ask lb1 handover web 2>&1 || fail "lb1 handed over to a director that knows none of $count connections"
    say "lb1 has $(connections lb1) entries, lb2 $(connections lb2)"
    await "lb2 told" 300 lb2_is_told
    ask lb1 events --limit 100 | grep told
    say "lb1 has $(connections lb1) entries, lb2 $(connections lb2)"
    before=$(teller_seconds lb1)
    sleep "${TANDEM_SECONDS:-60}"
    echo "the teller of lb1 took $(teller_seconds lb1) s of a processor until now, and $before s until ${TANDEM_SECONDS:-60} s before"
    keep_status
    cat "$directory"/lb?.status
    [ "$(connections lb2)" -ge $((count * 99 / 100)) ]
}

lb2_is_told() { ask lb1 events --limit 100 | grep -q "told lb2 of .* connections"; }

# group_role NODE GROUP
group_role() {
    ask "$1" status --json | tr -d ' \n' | grep -oE "\"name\":\"$2\"[^{}]*\"role\":\"[a-z]*\"" | sed -E 's/.*"([a-z]*)"$/\1/'
}
has_group() { [ "$(group_role "$1" "$2")" = active ]; }

second=192.0.2.11

# Each director holds a group and has load on it; one is cut off, and all connections of both groups live on.
run_both() {
    local node failed=0
    make_namespaces
    write_configuration vm
    for node in s1 s2; do ip -n "$prefix-$node" address add "$second/32" dev lo; done
    sed -i "/^pools:/i\\  shop: {addresses: [$second], interface: outside, prefer: lb2, gateways: [192.0.2.1, \"2001:db8::1\"]}" "$directory/tandem.yaml"
    echo "  - {name: shop, group: shop, listen: tcp://$second:80, forward: dr, servers: v4, check: tcp}" \
        >>"$directory/tandem.yaml"
    # A check that fails on a starved machine would take connections' servers away, which is not what is judged here.
    sed -i 's/interval: 2s, timeout: 1s/interval: 5s, timeout: 5s/' "$directory/tandem.yaml"
    start_servers
    start_director lb1
    await "lb1 active" 30 has_group lb1 web
    start_director lb2
    settle_groups
    under_load "$directory/both.json" begin_cut lb1 || failed=1
    await "lb2 active for web" 30 has_group lb2 web
    has_group lb2 shop || fail "lb2 lost the group that it held"
    keep_status
    cat "$directory/lb2.status"
    [ "$failed" = 0 ]
}

# settle_groups: web at lb1, shop at lb2, both tables whole.
settle_groups() {
    local node
    for node in lb1 lb2; do
        await "$node hears the other" 30 hears_peer "$node"
    done
    await_tables 3
    await "shop at lb2" 60 shop_goes_to_lb2
    has_group lb1 web || fail "lb1 does not hold web"
    targets=("$v4:80" "[$v6]:80" "$second:80")
}

shop_goes_to_lb2() { has_group lb2 shop || { ask lb1 handover shop --to lb2 && has_group lb2 shop; }; }
