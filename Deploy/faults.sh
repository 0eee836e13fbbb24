# shellcheck shell=bash
# Scenarios of the lab in which a process dies, freezes or is restarted, or the kernel is busy. Sourced by lab.

# A pair at `fast`: 50 ms x 4. Its leases last 2 s, and the kernel looks for lapsed ones a quarter of a second late at most.
takeover_ms=200
alone_ms=${TANDEM_ALONE:-$((2000 + takeover_ms + 250))}

# reaches NODE: whether the client's neighbour for the address is that node.
reaches() {
    local mac
    mac=$(within "$1" cat /sys/class/net/eth0/address)
    ip -n "$prefix-client" neighbour show "$v4" | grep -q "$mac"
}

# role_changes NODE: how many its director has noted since it started.
role_changes() { ask "$1" events --json --limit 500 | grep -cE '"kind" ?: ?"role"' || true; }

run_kill() { run_deaths KILL; }
run_freeze() { run_deaths STOP; }

# run_deaths SIGNAL: of the active, again and again; each time the other must come to hold the address alone.
run_deaths() {
    local round from=lb1 to=lb2 alone failed=0
    begin fast
    for round in $(seq "$rounds"); do
        start_probe "$v4" "$directory/death$round.json" 30
        sleep "0.$((RANDOM % 900 + 100))"
        strike "$1" "$from"
        alone=$(await_alone "$to" "$from" "$alone_ms") || alone=
        if [ -n "$alone" ] && reaches "$to" && outlives "$1" "$from" "$to"; then
            echo "pass  $to alone after $alone ms"
        else
            echo "FAIL  $to ${alone:+alone after $alone ms, then not}${alone:-not alone within $alone_ms ms}"
            ip -n "$prefix-$from" address show dev eth0
            [ "$1" != STOP ] || signal CONT "$from"
            failed=$((failed + 1))
        fi
        end_probe
        settle "$to" "$from"
        read -r from to <<<"$to $from"
    done
    echo "SIG$1: $((rounds - failed)) of $rounds times one active within lease + takeover, and afterwards"
    [ "$failed" = 0 ]
}

# strike SIGNAL NODE
strike() {
    if [ "$1" = STOP ]; then signal STOP "$2"; else end_director "$2"; fi
}

# outlives SIGNAL DEAD OTHER: the dead one is started again, or the frozen one thawed; OTHER stays the only active.
outlives() {
    if [ "$1" = STOP ]; then
        signal CONT "$2"
    else
        start_director "$2"
    fi
    stays_alone "$3" "$2" 2500 && has_role "$3" active
}

# While others make and delete interfaces by the hundred, each change of an address waits for the kernel's RTNL lock.
run_rtnl() {
    local before after end=$((SECONDS + ${TANDEM_SECONDS:-30})) batches=0
    begin fast
    sleep 2
    before="$(role_changes lb1) $(role_changes lb2)"
    start_probe "$v4" "$directory/rtnl.json" 300
    ip netns add "$prefix-churn"
    for ((pair = 0; pair < 300; pair++)); do
        echo "link add a$pair group 7 type veth peer name b$pair group 7"
    done >"$directory/churn.batch"
    while [ "$SECONDS" -lt "$end" ]; do
        ip -n "$prefix-churn" -batch "$directory/churn.batch"
        ip -n "$prefix-churn" link delete group 7
        batches=$((batches + 1))
    done
    end_probe
    after="$(role_changes lb1) $(role_changes lb2)"
    echo "rtnl: $((batches * 600)) interfaces came and went; changes of role: $before before, $after after"
    ask lb1 status | grep -i late || true
    [ "$before" = "$after" ] && is_alone lb1 lb2
}

# restart_director NODE: as a package upgrade does: SIGUSR2, the process ends, the next one starts.
restart_director() {
    local pid
    pid=$(cat "$directory/$1.pid")
    kill -USR2 "$pid"
    wait "$pid" || say "$1 ended with status $?"
    start_director "$1"
    await "$1 active again" 15 has_role "$1" active
}

# The active's daemon is restarted again and again: the other's role never changes, and no probe is lost.
run_restart() {
    local round before failed=0
    begin fast
    before=$(role_changes lb2)
    for round in $(seq "$rounds"); do
        start_probe "$v4" "$directory/restart$round.json" 30
        start_probe "$v6" "$directory/restart$round.v6.json" 30
        sleep 0.5
        restart_director lb1
        sleep 2.5
        end_probe
        [ "$(lost_probes "$directory/restart$round.json")" -le "${TANDEM_LOST:-0}" ] \
            && [ "$(lost_probes "$directory/restart$round.v6.json")" -le "${TANDEM_LOST:-0}" ] \
            && is_alone lb1 lb2 || failed=$((failed + 1))
        settle lb1 lb2
    done
    echo "restart: $((rounds - failed)) of $rounds with the role kept and at most ${TANDEM_LOST:-0} probes of each family lost;" \
        "lb2 changed its role $(($(role_changes lb2) - before)) times"
    [ "$failed" = 0 ] && [ "$(role_changes lb2)" = "$before" ]
}

# The same once, under the load that judges: nothing broken, nothing failed. A daemon that starts takes the emulated
# machine's time, and segments that are only late are sent again there.
run_upgrade() {
    local before
    begin vm
    await_tables
    before=$(role_changes lb2)
    under_load "$directory/upgrade.json" restart_director lb1
    show_pair
    [ "$(role_changes lb2)" = "$before" ] || fail "lb2 changed its role"
    # shellcheck disable=SC2086
    "$binaries/tandem" drill report --handover "$directory/upgrade.json" ${TANDEM_ALLOWED:---repeats 1000 --slowest 5000}
}
