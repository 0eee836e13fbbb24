# shellcheck shell=bash
# Scenario of the lab in which a daemon restarts over a table with services and open connections: nothing may be said to the
# kernel's IPVS, and no counter may begin anew. Sourced by lab.

# many_services COUNT: the configuration with one on port 80, and the others from 1001 on, without checks.
many_services() {
    write_configuration vm
    sed -i '/^services:/,$d' "$directory/tandem.yaml"
    awk -v count="$1" -v address="$v4" 'BEGIN {
        print "services:"
        for (one = 0; one < count; one++) {
            port = one ? 1000 + one : 80
            printf "  - {name: s%d, group: web, listen: \"tcp://%s:%d\", forward: dr, check: none, servers: v4}\n", port, address, port
        }
    }' >>"$directory/tandem.yaml"
    # The pool that no service uses.
    sed -i '/^  v6:/d' "$directory/tandem.yaml"
}

# service_counters: connections that the kernel has counted for the service on port 80 since it was added, and those open now.
service_counters() {
    within lb1 ipvsadm -Ln --stats --exact | awk -v service="$v4:80" '$2 == service { print $3 }'
    within lb1 ipvsadm -Ln --exact | awk -v service="$v4:80" '
        /^[A-Z]/ { ours = $2 == service } ours && $1 == "->" { open += $5 } END { print open + 0 }'
}

# holds_services COUNT: whether the kernel of lb1 has so many.
holds_services() { [ "$(within lb1 ipvsadm -Sn | grep -c '^-A')" = "$1" ]; }

restart_counted() {
    local counted open counted_after open_after said began
    read -r counted open < <(service_counters | paste -s -d ' ')
    clear_watch
    began=$SECONDS
    end_process lb1 USR2
    wait "$(cat "$directory/lb1.pid")" 2>/dev/null || true
    start_director lb1
    await "the table of lb1" 60 table_stands lb1
    await "lb1 active" 30 has_role lb1 active
    await "lb1 hears lb2" 30 hears_peer lb1
    say "lb1 is back after $((SECONDS - began)) s; the table is read back for ${TANDEM_QUIET:-20} s"
    sleep "${TANDEM_QUIET:-20}"
    said=$(messages 0)
    read -r counted_after open_after < <(service_counters | paste -s -d ' ')
    echo "restart: $said messages to IPVS on both directors together; connections counted $counted before and $counted_after after," \
        "open $open before and $open_after after"
    [ "$said" = 0 ] || fail "the restart sent $said messages"
    [ "$open" -ge "$connections" ] && [ "$open_after" -ge "$connections" ] || fail "not all $connections connections are open"
    [ "$counted" -ge "$connections" ] && [ "$counted_after" -ge "$counted" ] || fail "a counter began anew"
}

run_restart() {
    local count=${TANDEM_SERVICES:-1000} connections=${TANDEM_CONNECTIONS:-1000} failed=0
    ulimit -n 16384
    make_namespaces
    many_services "$count"
    start_servers
    begin_watch
    clear_watch
    start_director lb1
    await "the table of lb1" 120 table_stands lb1
    await "lb1 active" 30 has_role lb1 active
    start_director lb2
    settle lb1 lb2
    await "the table of lb2" 120 table_stands lb2
    holds_services "$count" || fail "lb1 does not hold $count services"
    say "both directors hold $count services, after $(messages 0) messages to IPVS"
    [ "$(messages 0)" -ge $((count * 6)) ] || fail "the probes do not count: $count services with two servers on two directors are more messages"
    targets=("$v4:80")
    load_options=(
        --connections "$connections" --idle $((connections / 2)) --before 5 --after "${TANDEM_AFTER:-60}"
        --send-every 1000 --connect-every 200 --patience 20
    )
    under_load "$directory/restart.json" restart_counted || failed=1
    end_watch
    keep_status
    [ "$failed" = 0 ]
}
