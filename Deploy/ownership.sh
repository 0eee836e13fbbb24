# shellcheck shell=bash
# Scenario of the lab about whose the services in the kernel are: one director, its own services, and somebody else who uses ipvsadm beside it. Sourced by lab.

# own_services PORT...: the configuration with a service on each of these ports, without checks.
own_services() {
    local port
    write_configuration vm
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    [ $# -gt 0 ] || return 0
    echo "services:" >>"$directory/tandem.yaml"
    for port in "$@"; do
        echo "  - {name: s$port, listen: \"tcp://$v4:$port\", forward: dr, scheduler: wlc, check: none, servers: [192.0.2.21, 192.0.2.22]}" \
            >>"$directory/tandem.yaml"
    done
}

# has_services PORT...: whether the kernel's services at the virtual address are just these.
has_services() {
    diff <(printf '%s\n' "$@" | sort) <(within lb1 ipvsadm -Sn | sed -nE "s/^-A -t $v4:([0-9]+) .*/\1/p" | sort) >/dev/null
}
has_foreign() { [[ $(within lb1 ipvsadm -Sn) == *"-A -t 198.51.100.1:99 -s rr -p 77"* ]]; }
is_true() { table_stands lb1; }
says() { [[ $(ask lb1 status) == *"$1"* ]]; }
is_silent_about() { ! says "$1"; }
tells() { [[ $(ask lb1 events --limit 1000) == *"$1"* ]]; }

# exits CODE COMMAND...: whether the command exits with it.
exits() {
    local status=0
    "${@:2}" >"$directory/output" 2>&1 || status=$?
    [ "$status" = "$1" ] || fail "$* exited with $status: $(cat "$directory/output")"
}

start_alone() {
    start_director lb1
    await "the table of lb1" 90 is_true
}
stop_alone() {
    end_process lb1 TERM
    wait "$(cat "$directory/lb1.pid")" 2>/dev/null || true
}

run_owner() {
    make_namespaces
    own_services 80 81 82 83
    start_alone
    within lb1 ipvsadm -A -t 198.51.100.1:99 -s rr -p 77
    within lb1 ipvsadm -Sn | sort >"$directory/true"
    own_plans
    own_drift
    own_storm
    own_restart
    own_taken
    own_refusal
    own_unloading
    own_guard
    say "owner: every step went as it should"
}

own_plans() {
    exits 0 ask lb1 plan
    cp "$directory/tandem.yaml" "$directory/other.yaml"
    sed -i "s/:83\"/:84\"/" "$directory/other.yaml"
    exits 2 ask lb1 plan "$directory/other.yaml"
    cat "$directory/output"
    grep -qF "+ tcp://$v4:84  wlc" "$directory/output" || fail "the plan adds no service"
    exits 2 ask lb1 plan --json "$directory/other.yaml"
    is_true && has_services 80 81 82 83 || fail "a plan changed the table"
}

# Somebody edits, adds and deletes; at once on request, and within the period without one.
own_drift() {
    within lb1 ipvsadm -e -t "$v4:80" -r 192.0.2.21:80 -g -w 9
    within lb1 ipvsadm -d -t "$v4:81" -r 192.0.2.22:81
    within lb1 ipvsadm -E -t "$v4:82" -s rr
    within lb1 ipvsadm -D -t "$v4:83"
    exits 0 ask lb1 apply
    cat "$directory/output"
    diff "$directory/true" <(within lb1 ipvsadm -Sn | sort) || fail "the table was not put right at once"
    tells "somebody else changed the kernel's table: tcp://$v4:80: server 192.0.2.21:80 was" || fail "no event says so"
    within lb1 ipvsadm -a -t "$v4:80" -r 192.0.2.23:80 -g
    await "the table put right" 20 own_is_as_before
}
own_is_as_before() { diff "$directory/true" <(within lb1 ipvsadm -Sn | sort); }

# Somebody adds, edits and deletes at random: at rest the table is what it was, beside all that is his.
own_storm() {
    local start=$SECONDS end=$((SECONDS + ${TANDEM_STORM:-20})) changes=0 port events
    while [ "$SECONDS" -lt "$end" ]; do
        port=$((80 + RANDOM % 4))
        case $((RANDOM % 6)) in
            0) within lb1 ipvsadm -D -t "$v4:$port" ;;
            1) within lb1 ipvsadm -E -t "$v4:$port" -s sh ;;
            2) within lb1 ipvsadm -e -t "$v4:$port" -r "192.0.2.21:$port" -m -w $((RANDOM % 9)) ;;
            3) within lb1 ipvsadm -d -t "$v4:$port" -r "192.0.2.22:$port" ;;
            4) within lb1 ipvsadm -a -t "$v4:$port" -r "192.0.2.$((30 + RANDOM % 9)):$port" -g ;;
            5) within lb1 ipvsadm -A -t "198.51.100.2:$((1 + RANDOM % 50))" -s rr ;;
        esac 2>/dev/null || continue
        changes=$((changes + 1))
    done
    within lb1 ipvsadm -Sn | grep -F 198.51.100.2 | sort >"$directory/foreign"
    exits 0 ask lb1 apply
    await "the table put right" 20 own_is_as_before_beside "$directory/foreign"
    events=$(ask lb1 events --limit 1000 --json | grep -c "somebody else changed")
    say "$changes changes beside it in $((SECONDS - start)) s; $events events name repairs"
    [ "$events" -ge $(((end - start) / 6)) ] || fail "that is fewer than one event for each reading of the table"
    sed 's/ -s .*//; s/^-A/-D/' "$directory/foreign" | while read -r line; do
        # shellcheck disable=SC2086
        within lb1 ipvsadm $line
    done
}
own_is_as_before_beside() { diff <(sort "$directory/true" "$1") <(within lb1 ipvsadm -Sn | sort); }

# What was taken out of the configuration while nobody ran goes, but not if it is most of what there is.
own_restart() {
    local before
    within lb1 timeout 1 bash -c "exec 3<>/dev/tcp/$v4/80" 2>/dev/null || true
    sleep 4 # The kernel adds up what its processors counted every two seconds (net/netfilter/ipvs/ip_vs_est.c).
    before=$(own_counters)
    [[ $before == "1 "* ]] || fail "the kernel counts no connection: $before"
    stop_alone
    start_alone
    [ "$(own_counters)" = "$before" ] || fail "a restart changed the counters from $before to $(own_counters)"
    begin_watch
    end_process lb1 USR2
    wait "$(cat "$directory/lb1.pid")" 2>/dev/null || true
    start_alone
    sleep 3
    [ "$(messages 0)" = 0 ] || fail "a restart sent $(messages 0) messages to IPVS"
    stop_alone
    own_services 80 81 82
    start_alone
    await "83 gone" 20 has_services 80 81 82
    [ "$(messages 0)" -gt 0 ] || fail "the probes do not count"
    end_watch
    has_foreign || fail "a service that is not Tandem's is gone"
    [[ $(ask lb1 table) == *"Not Tandem's:"*198.51.100.1:99* ]] || fail "it is not shown"
    stop_alone
    : >"$directory/lb1.state/lab/lb1/services.new"
    own_services 80
    start_alone
    await "a warning" 20 says "stay until 'tandem apply --force' removes them"
    has_services 80 81 82 || fail "most of the table was removed without a question"
    ask lb1 apply --force
    await "81 and 82 gone" 20 has_services 80
    await "no warning any more" 20 is_silent_about "stay until 'tandem apply --force'"
}

own_counters() { within lb1 ipvsadm -Ln --stats --exact | awk -v service="$v4:80" '$2 == service { print $3, $4, $6 }'; }

# A name that somebody else's service has: an error with its remedy, unless it is just as it should be.
own_taken() {
    within lb1 ipvsadm -A -t "$v4:85" -s rr
    within lb1 ipvsadm -A -t "$v4:86" -s wlc
    within lb1 ipvsadm -a -t "$v4:86" -r 192.0.2.21:86 -g -w 1
    within lb1 ipvsadm -a -t "$v4:86" -r 192.0.2.22:86 -g -w 1
    own_services 80 85 86 87
    exits 1 ask lb1 apply
    says "tcp://$v4:85 is in the kernel already, is not Tandem's" || fail "the status does not name it"
    ! says "tcp://$v4:86 is in the kernel already" || fail "what is equal is refused"
    has_services 80 85 86 87 || fail "the rest was not added"
    exits 1 ask lb1 adopt tcp://198.51.100.1:99
    exits 0 ask lb1 adopt "tcp://$v4:85"
    [[ $(within lb1 ipvsadm -Sn) == *"-A -t $v4:85 -s wlc"* ]] || fail "what was adopted is not made true"
    is_true || fail "the status stays red"
}

# A scheduler whose module cannot be loaded, until it can.
own_refusal() {
    echo "install ip_vs_ovf /bin/false" >/etc/modprobe.d/tandem-lab.conf
    own_services 80 85 86 87 88
    sed -i '/s88/s/wlc/ovf/' "$directory/tandem.yaml"
    exits 1 ask lb1 apply
    says "cannot add service tcp://$v4:88 with scheduler ovf: the kernel has no such scheduler" || fail "it is not named"
    has_services 80 85 86 87 || fail "the rest is not there"
    sleep 5
    rm /etc/modprobe.d/tandem-lab.conf
    await "another try" 60 has_services 80 85 86 87 88
    await "the status green" 30 is_true
    tells "the kernel's table is what it should be again" || fail "no event says so"
}

# Between two looks of the daemon, which brings its services back.
unload_ip_vs() {
    within lb1 ipvsadm -C
    within lb1 ipvsadm --stop-daemon master || true
    within lb1 ipvsadm --stop-daemon backup || true
    lsmod | awk '/^ip_vs_/ { print $1 }' | xargs -r rmmod && rmmod ip_vs
} 2>/dev/null

own_unloading() {
    await "ip_vs unloaded" 30 unload_ip_vs
    await "the table again" 60 has_services 80 85 86 87 88
    await "the status green" 30 is_true
    within lb1 ipvsadm -A -t 198.51.100.1:99 -s rr -p 77
}

own_guard() {
    own_services 80 85
    exits 1 ask lb1 plan
    signal HUP lb1
    await "a refusal" 30 says "it would remove 3 of 5 services"
    has_services 80 85 86 87 88 || fail "the table was changed all the same"
    own_services
    exits 1 ask lb1 apply
    cat "$directory/output"
    grep -qF "the new configuration has none" "$directory/output" || fail "an empty configuration is not refused"
    has_services 80 85 86 87 88 || fail "the table was changed all the same"
    exits 0 ask lb1 apply --force
    [ -z "$(within lb1 ipvsadm -Sn | grep -vF 198.51.100.1)" ] || fail "the table is not empty"
    has_foreign || fail "a service that is not Tandem's is gone"
}
