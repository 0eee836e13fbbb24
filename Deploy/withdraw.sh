# withdraw.sh: an address of a service that has too few servers, for Deploy/lab.
# shellcheck shell=bash
#
#          s1 has 192.0.2.121 to .124, the four servers of `shop`, which wants two of them. On the group's other address, of IPv6,
#          nothing listens.

services_of_withdraw() { shop 124 '{tcp, interval: 500ms, timeout: 400ms, rise: 1, fall: 2}' 'quorum: 2' 'too_few: withdraw'; }

has_four() { [ "$(within "$1" ipvsadm -Sn | grep -cE -- "-r 192.0.2.12[1-4]:80 .*-w [1-9]")" = 4 ]; }
both_have_four() { has_four lb1 && has_four lb2; }

# is_nowhere: on no interface of either director, lo neither.
is_nowhere() {
    local node
    for node in lb1 lb2; do [ -z "$(ip -n "$prefix-$node" -o address show to "$v4")" ] || return 1; done
}

# answers ADDRESS: whether somebody there refuses a client, at a port of nobody's. serves ADDRESS: whether a server takes one.
answers() { { within client timeout 5 bash -c "exec 3<>/dev/tcp/$1/9" 2>&1 || true; } | grep refused >/dev/null; }
serves() { within client timeout 5 bash -c "exec 3<>/dev/tcp/$1/80" 2>/dev/null; }

says_withdrawn() { ask "$1" services | grep -F "$v4 withdrawn: shop has 0 of 2 servers that it needs"; }

# All servers fail: nobody has the address until they are back.
nobody_serves() {
    local node begun=$SECONDS until
    within s1 nft 'table ip fault { chain input { type filter hook input priority 0; tcp dport 80 drop; }; }'
    await "$v4 on neither director" 30 is_nowhere
    say "all servers fail: $v4 is on neither director after $((SECONDS - begun)) s"
    for node in lb1 lb2; do await "$node says why" 20 says_withdrawn "$node"; done
    say "$(says_withdrawn lb2)"
    ! answers "$v4" || fail "somebody answers a client for $v4"
    answers "$v6" || fail "nobody answers a client for $v6, which is not withdrawn"
    has_role lb1 active && has_role lb2 backup || fail "the group moved"
    until=$((SECONDS + 5))
    while [ "$SECONDS" -lt "$until" ]; do is_nowhere || fail "$v4 came back without servers"; done
    begun=$SECONDS
    within s1 nft delete table ip fault
    await "$v4 at lb1 again" 20 has_address lb1 "$v4"
    await "a client served" 20 serves "$v4"
    say "servers are back: so is $v4, and a client is served, after $((SECONDS - begun)) s"
    lacks_address lb2 "$v4" || fail "$v4 is on lb2 too"
    grep -hE "group web: $v4/32 is (withdrawn: too few servers of shop|not withdrawn any more)" "$directory/lb1.log" >&2
}

# Only the holder cannot reach them: the group is handed over, and the address is never away.
holder_misses() {
    local number begun told looks=0
    told=$(grep -c "is withdrawn:" "$directory/lb1.log")
    begun=$SECONDS
    for number in $(seq 121 124); do miss lb1 "$number"; done
    until has_role lb2 active; do
        ! is_nowhere || fail "$v4 is on neither director before the handover"
        answers "$v4" || fail "nobody answers a client for $v4 before the handover"
        looks=$((looks + 1))
        [ $((SECONDS - begun)) -lt 60 ] || fail "the group was not handed over"
    done
    say "only the holder misses them: lb2 has the group after $((SECONDS - begun)) s; $v4 was there and answered at $looks looks"
    await "lb1 without $v4" 20 lacks_address lb1 "$v4"
    await "a client served" 20 serves "$v4"
    [ "$(grep -c "is withdrawn:" "$directory/lb1.log")" = "$told" ] || fail "lb1 withdrew $v4 before the handover"
    ! grep "is withdrawn:" "$directory/lb2.log" >&2 || fail "lb2 withdrew $v4"
    ask lb2 events --limit 50 | grep "claiming → active" >&2
}

run_withdraw() {
    local number active
    make_namespaces
    for number in $(seq 121 124); do ip -n "$prefix-s1" address add "192.0.2.$number/24" dev eth0; done
    write_configuration "${TANDEM_TIMING:-$default_timing}"
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    services_of_withdraw >>"$directory/tandem.yaml"
    serve s1 80
    start_director lb1
    await "lb1 active" 30 has_role lb1 active
    active=$SECONDS
    start_director lb2
    settle lb1 lb2
    await "four servers in both tables" 20 both_have_four
    answers "$v4" && answers "$v6" || fail "nobody answers a client"
    nobody_serves
    await "four servers in both tables" 20 both_have_four
    # A holder stays so long at least.
    while [ $((SECONDS - active)) -le 30 ]; do sleep 0.5; done
    holder_misses
    keep_status
}
