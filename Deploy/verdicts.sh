# verdicts.sh: servers that one director reaches and the other does not, for Deploy/lab.
# shellcheck shell=bash
#
#          s1 has 192.0.2.121 to .130, ten servers of one service, checked twice a second: three failures make one dead

check_interval_ms=500
check_fall=3

# shop LAST CHECK [LINE...]: the service with the servers 192.0.2.121 to LAST, and what it says besides.
shop() {
    cat <<YAML
services:
  - name: shop
    group: web
    listen: tcp://$v4:80
    forward: dr
    check: $2
    servers: [$(seq -s ', ' -f '192.0.2.%g' 121 "$1")]
YAML
    [ "$#" -le 2 ] || printf '    %s\n' "${@:3}"
}
services_of_verdicts() { shop 130 "{tcp, interval: ${check_interval_ms}ms, timeout: 200ms, rise: 2, fall: $check_fall}"; }

# miss NODE NUMBER, find_again NODE NUMBER: its packets to a server get lost, or arrive again.
miss() { ip -n "$prefix-$1" neighbour replace "192.0.2.$2" lladdr 02:00:00:00:00:99 dev eth0 nud permanent; }
find_again() { ip -n "$prefix-$1" neighbour del "192.0.2.$2" dev eth0; }

# has_server NODE NUMBER: in the kernel's table, with a weight.
has_server() { within "$1" ipvsadm -Sn | grep -E -- "-r 192.0.2.$2:80 .*-w [1-9]" >/dev/null; }
both_have() { has_server lb1 "$1" && has_server lb2 "$1"; }
neither_has() { ! has_server lb1 "$1" && ! has_server lb2 "$1"; }
sees() { ask "$1" servers | grep -E "^192.0.2.$2:80 .* $3 " >/dev/null; }
both_see() { sees lb1 "$@" && sees lb2 "$@"; }
has_all() {
    local number
    for number in $(seq 121 130); do both_have "$number" || return 1; done
}

# leaves WHAT NUMBER COMMAND...: how long after the command a server is in neither table. The last message to IPVS has the time of
# that: asking two tables takes an emulated machine a quarter of a second.
leaves() {
    local what=$1 number=$2 took bound=$((check_interval_ms * check_fall + 500))
    shift 2
    clear_watch
    mark_and "$@"
    await "server .$number in neither table" 20 neither_has "$number"
    took=$(elapsed_ms)
    say "$what: .$number out of both tables after $took ms, $bound wanted"
    [ "$took" -le $((bound + ${TANDEM_MARGIN:-$default_margin})) ] || fail "$what: .$number stayed $took ms"
}

# steady SECONDS NODE NUMBER...: these servers are in its table whenever one looks.
steady() {
    local until=$((SECONDS + $1)) node=$2 number looks=0
    shift 2
    while [ "$SECONDS" -lt "$until" ]; do
        for number in "$@"; do has_server "$node" "$number" || fail "$node: .$number is not in the table"; done
        looks=$((looks + 1))
    done
    say "$node: $# servers in the table at $looks looks"
}

run_verdicts() {
    local number
    make_namespaces
    for number in $(seq 121 130); do ip -n "$prefix-s1" address add "192.0.2.$number/24" dev eth0; done
    write_configuration "${TANDEM_TIMING:-$default_timing}"
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    services_of_verdicts >>"$directory/tandem.yaml"
    serve s1 80
    start_director lb1
    await "lb1 active" 30 has_role lb1 active
    start_director lb2
    settle lb1 lb2
    await "ten servers in both tables" 20 has_all
    begin_watch

    miss lb2 121
    await "a dispute" 30 both_see 121 "up, disputed"
    steady 4 lb2 121
    leaves "only the holder cannot" 122 miss lb1 122
    await "both call .122 disputed" 20 both_see 122 "down, disputed"
    leaves "nobody can" 123 ip -n "$prefix-s1" address del 192.0.2.123/24 dev eth0
    ask lb2 servers >&2
    end_watch

    begin_cut lb1
    await "lb2 active" 20 has_role lb2 active
    steady 3 lb2 124 125 126 127 128 129 130
    ! has_server lb2 121 || fail "the new holder cannot reach .121 and keeps it"
    has_server lb2 122 || fail "the new holder reaches .122 and does not have it"
    ! has_server lb2 123 || fail ".123 came back with the takeover"
    end_cut lb1
    settle lb2 lb1

    find_again lb1 122
    find_again lb2 121
    ip -n "$prefix-s1" address add 192.0.2.123/24 dev eth0
    await "ten servers in both tables" 20 has_all
    say "five of ten are out of the holder's reach"
    for number in $(seq 121 125); do miss lb2 "$number"; done
    await "lb1 active" 60 has_role lb1 active
    await "ten servers in both tables" 20 has_all
    ask lb2 status | grep "the peer reaches 5 of 10 servers more than this director" >&2 || fail "lb2 does not say why"
    ask lb1 events --limit 500 | grep -E "lb1|lb2|→" >&2 || true
}
