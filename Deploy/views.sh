# views.sh: what tandem shows of a kernel beside ipvsadm, and what it foretells; for lab.
# shellcheck shell=bash

# same OPTION...: the same lines of lb1's kernel, whatever their order. The kernel adds its counters up every two seconds, so
# what ipvsadm reads must not have changed while tandem read.
same() {
    local own=("${@:---list}")
    for _ in {1..10}; do
        as_ipvsadm "$@" >"$directory/lb1.before"
        ask lb1 table "${own[@]}" | sort >"$directory/lb1.tandem"
        as_ipvsadm "$@" >"$directory/lb1.ipvsadm"
        ! cmp -s "$directory/lb1.before" "$directory/lb1.ipvsadm" || break
    done
    diff "$directory/lb1.ipvsadm" "$directory/lb1.tandem" || fail "tandem table ${own[*]} differs from ipvsadm's"
    say "tandem table ${own[*]}: the same $(wc -l <"$directory/lb1.ipvsadm") lines as ipvsadm's"
}

as_ipvsadm() { within lb1 ipvsadm -Ln "$@" | tail -n +2 | sort; }

# The connections of each service as `tandem metrics` has them.
metered() {
    ask lb1 metrics \
        | sed -nE 's|^tandem_ipvs_service_connections_total\{.*listen="[a-z]+://([^"]*)"\} ([0-9]+)$|\1 \2|p' | sort
}
same_metrics() {
    for _ in {1..10}; do
        counted >"$directory/lb1.before"
        metered >"$directory/lb1.tandem"
        counted >"$directory/lb1.ipvsadm"
        ! cmp -s "$directory/lb1.before" "$directory/lb1.ipvsadm" || break
    done
    [ -s "$directory/lb1.tandem" ] && diff "$directory/lb1.ipvsadm" "$directory/lb1.tandem" \
        || fail "tandem metrics differ from ipvsadm's counters"
    say "tandem metrics: the same connections of $(wc -l <"$directory/lb1.ipvsadm") services as ipvsadm's"
}
counts_all() { counted | grep -x "$v4:7000 12"; }
counted() { within lb1 ipvsadm -Ln --stats --exact | awk '$1 == "TCP" || $1 == "UDP" { print $2, $3 }' | sort; }

# said HOST: which server `explain` gives that client.
said() { ask lb1 explain --json udp "192.0.2.$1:9" "$v4:7000" | sed -n 's/.*"server" : "\(.*\)".*/\1/p'; }

# got HOST: which one it got.
got() { ask lb1 table --connections | awk -v client="192.0.2.$1:" 'index($4, client) == 1 { print $6; exit }'; }

arrived() { [ -n "$(got "$1")" ]; }

# foretell HOST: a new client's datagram goes where it was said that it would.
foretell() {
    local said got
    said=$(said "$1")
    ip -n "$prefix-client" address add "192.0.2.$1/24" dev eth0
    ip -n "$prefix-client" route replace "$v4/32" dev eth0 src "192.0.2.$1"
    within client bash -c "echo hello >/dev/udp/$v4/7000"
    await "the connection of 192.0.2.$1" 10 arrived "$1"
    got=$(got "$1")
    [ "$said" = "$got" ] || fail "192.0.2.$1 was to go to $said and went to $got"
}

# What tandem shows is what ipvsadm shows; what it foretells comes true.
run_views() {
    local host pages
    make_namespaces
    write_configuration vm
    sed -i '/name: web6/d; s/check: {http.*}}/check: none}/' "$directory/tandem.yaml"
    services_of_every_kind >>"$directory/tandem.yaml"
    echo "  - {name: mh-udp, listen: \"udp://$v4:7000\", forward: dr, scheduler: mh, check: none," \
        "servers: [192.0.2.21, {address: 192.0.2.22, weight: 3}]}" >>"$directory/tandem.yaml"
    start_director lb1
    await "lb1 active" 60 has_role lb1 active
    await "the table of lb1" 60 table_stands lb1
    for host in {101..112}; do foretell "$host"; done
    say "12 clients went where explain said"
    await "12 connections counted" 20 counts_all
    same
    same --stats
    same --stats --exact
    same --thresholds
    same_metrics
    ask lb1 table --save | within lb2 ipvsadm -R
    within lb2 ipvsadm -Sn | sort >"$directory/lb2.ipvsadm"
    within lb1 ipvsadm -Sn | sort | diff - "$directory/lb2.ipvsadm" || fail "what was saved did not come back"
    ask lb1 servers
    ask lb1 top --once
    ask lb1 top --once --json mh-udp | grep -q '"name" : "mh-udp"' || fail "top --json lacks mh-udp"
    pages=$(TANDEM_API="$directory/lb1.sock" timeout 12 script -qec "$binaries/tandem top" /dev/null | grep -c $'\e\\[H' || true)
    [ "$pages" -ge 2 ] || fail "tandem top drew $pages pages on a terminal in 12 s"
    ask lb1 explain tcp 192.0.2.100:40000 "$v4:443"
}
