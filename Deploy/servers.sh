# shellcheck shell=bash
# A scenario of the lab in which `tandem realserver` prepares the servers, for every way to forward. Sourced by lab.
#
#          n1 10.9.0.21, n2 10.9.0.22 and the same of 2001:db8:9::/64 stand at the bridge `inside`: the servers of LVS-NAT, whose
#          default route is 10.9.0.1 and 2001:db8:9::1, which move with the group. All other ways end at s1 and s2.

# kernel_state NODE: its addresses, the devices that tandem made, UDP ports, and the switches that it may have set.
kernel_state() {
    within "$1" sh -c 'ip -o address | sed "s/ *valid_lft.*//"; ip -o link | grep tandem-; ss -Hlun
        cd /proc/sys/net/ipv4/conf
        for name in all default lo eth0; do grep . $name/arp_ignore $name/arp_announce $name/rp_filter; done'
}

realserver() {
    local node=$1
    shift
    within "$node" "$binaries/tandem" realserver "$@" --state "$directory/$node.kept"
}

# prepare NODE: what it needs is named, done, right then, and not done twice.
prepare() {
    local status=0
    kernel_state "$1" >"$directory/$1.before"
    realserver "$1" verify "$directory/tandem.yaml" >"$directory/$1.verify" || status=$?
    [ "$status" = 2 ] || fail "$1: verify exits with $status before apply"
    realserver "$1" apply "$directory/tandem.yaml" | tee "$directory/$1.apply" >&2
    realserver "$1" verify "$directory/tandem.yaml" >&2 || fail "$1: something is wrong after apply"
    realserver "$1" apply "$directory/tandem.yaml" | grep -q "Nothing to do" || fail "$1: apply has something to do twice"
}

# undo NODE: nothing is left of it.
undo() {
    realserver "$1" undo >"$directory/$1.undo" || fail "$1: undo failed"
    kernel_state "$1" | diff "$directory/$1.before" - || fail "$1: undo left something, or took too much"
}

# The port that each way is listened on.
declare -A port_of=([dr]=80 [ipip]=81 [gue]=82 [gre]=83 [nat]=84 [masquerade]=85 [plain]=86)
server_check=tcp
server_timing='interval: 5s, timeout: 5s, rise: 1, fall: 3'

write_server_services() {
    local way
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    cat >>"$directory/tandem.yaml" <<YAML
pools:
  v4: [192.0.2.21, 192.0.2.22]
  v6: ["2001:db8::21", "2001:db8::22"]
defaults: {check: {$server_timing}}
services:
YAML
    for way in "$@"; do "services_of_$way" >>"$directory/tandem.yaml"; done
}

# pair_of NAME PORT SERVERS4 SERVERS6 WORDS: the services of a way, one of each family, over tcp or `transport`.
pair_of() {
    local common="group: web, check: $server_check, scheduler: rr, $5" over=${transport:-tcp}
    cat <<YAML
  - {name: $1, listen: "$over://$v4:$2", servers: $3, $common}
  - {name: ${1}6, listen: "$over://[$v6]:$2", servers: $4, $common}
YAML
}

services_of_dr() { pair_of dr "${port_of[dr]}" v4 v6 "forward: dr"; }
services_of_ipip() { pair_of ipip "${port_of[ipip]}" v4 v6 "forward: tun"; }
services_of_gue() { pair_of gue "${port_of[gue]}" v4 v6 "forward: tun, tunnel: {type: gue, port: 6080}"; }
services_of_gre() { pair_of gre "${port_of[gre]}" v4 v6 "forward: tun, tunnel: gre"; }
services_of_nat() {
    pair_of nat "${port_of[nat]}" '[10.9.0.21:80, 10.9.0.22:80]' '["[2001:db8:9::21]:80", "[2001:db8:9::22]:80"]' "forward: nat"
}
# Clients and servers of one network, which is where LVS-NAT needs it.
services_of_masquerade() {
    pair_of masquerade "${port_of[masquerade]}" '[192.0.2.21:80, 192.0.2.22:80]' \
        '["[2001:db8::21]:80", "[2001:db8::22]:80"]' "forward: nat, masquerade: true"
}

# The servers of LVS-NAT, which see clients through the directors alone.
add_inside_servers() {
    local number
    add_namespaces n1 n2
    ip -n "$prefix-lb1" address add 2001:db8:9::2/64 dev eth1
    ip -n "$prefix-lb2" address add 2001:db8:9::3/64 dev eth1
    for number in 1 2; do
        plug "n$number" eth0 inside "n$number" "10.9.0.2$number/24" "2001:db8:9::2$number/64"
        ip -n "$prefix-n$number" route add default via 10.9.0.1
        ip -n "$prefix-n$number" route add default via 2001:db8:9::1
    done
}

# take_over WAYS NODE: the active NODE is cut off under the load of these ways, joined by +, and comes back as a backup.
take_over() {
    local way report=$directory/servers.$1.json node=$2 status=0
    targets=()
    for way in ${1//+/ }; do targets+=("$v4:${port_of[$way]}" "[$v6]:${port_of[$way]}"); done
    under_load "$report" begin_cut "$node" || status=1
    await "$(other "$node") active" 30 has_role "$(other "$node")" active
    summaries+="$(summary "$1" "$report")"$'\n'
    end_cut "$node"
    return "$status"
}

# A masqueraded service is reached, its table of nf_tables is kept, found again by the next life, and taken away with the
# last such service. Its connections are not promised to survive: how many did is said.
keep_masquerade() {
    local active=$1 report=$directory/servers.masquerade.json handle
    targets=("$v4:${port_of[masquerade]}" "[$v6]:${port_of[masquerade]}")
    load_options=(--connections 20 --idle 10 --before 2 --after 2)
    under_load "$report" true || return 1
    summaries+="$(summary "untroubled" "$report")"$'\n'
    ask "$active" status | grep "^Masqueraded by this director: services 2, servers 4[.]" >&2 || fail "status does not say it"
    within "$active" nft add table inet foreign
    handle=$(table_handle "$active")
    [ "$handle" ] || fail "there is no table inet tandem"
    end_process "$active" USR2
    start_director "$active"
    settle "$active" "$(other "$active")"
    [ "$(table_handle "$active")" = "$handle" ] || fail "the next life wrote the table of nf_tables anew"
    within "$active" nft flush chain inet tandem postrouting
    await "the rules back" 20 masquerades "$active"
    within "$active" nft delete table inet tandem
    await "the table back" 20 masquerades "$active"
    ask "$active" events --limit 100 | grep -c "of nf_tables" >&2
    load_options=()
    [ -z "${TANDEM_WAYS:-}" ] || { take_over masquerade "$active" || say "not promised: see above"; }
    sed -i 's/, masquerade: true//' "$directory/tandem.yaml"
    { ask "$active" plan "$directory/tandem.yaml" || true; } | grep -q "masquerade → no masquerade" || fail "no plan"
    for node in lb1 lb2; do
        signal HUP "$node"
        await "no table at $node" 20 lacks_table "$node"
    done
    within "$active" nft list table inet foreign >/dev/null || fail "somebody else's table is gone"
}

table_handle() { within "$1" nft -a list table inet tandem | sed -nE '1s/.*# handle //p'; }
masquerades() { within "$1" nft list chain inet tandem postrouting | grep -q masquerade; }
lacks_table() { ! within "$1" nft list table inet tandem; }

# figure NAME REPORT
figure() { sed -nE "s/^ *\"$1\" : ([0-9.]+),?\$/\1/p" "$2" | head -n 1; }

# summary WAYS REPORT: one line.
summary() {
    printf '%-12s broken %s of %s, idle answered %s of %s, new %s, failed %s, longest silence %.0f ms' "$1" \
        "$(figure broken "$2")" "$(figure connections "$2")" "$(figure idleAnswered "$2")" "$(figure idle "$2")" \
        "$(figure newConnections "$2")" "$(figure failedNew "$2")" "$(figure longestSilenceMS "$2")"
}

# Servers that only `tandem realserver apply` has touched, with strict reverse paths; then the active director is cut
# off, in turns, once for each word of TANDEM_WAYS.
run_servers() {
    local node way ways=${TANDEM_WAYS:-dr+ipip masquerade} prepared='' services active=lb1 failed=0 summaries=''
    [ "$ways" != all ] || ways='nat dr ipip gue gre masquerade'
    begin_servers "$ways"
    for way in $ways; do
        has_role "$active" active || active=$(other "$active")
        await_ready "$active"
        say "== $way, $active is active"
        if [ "$way" = masquerade ]; then
            keep_masquerade "$active" || failed=1
        else
            take_over "$way" "$active" || failed=1
        fi
    done
    await "all of them heard again" 60 hears_peer "$active"
    keep_status
    for node in $prepared; do undo "$node"; done
    printf '%s' "$summaries" | tee "$directory/servers.summary"
    [ "$failed" = 0 ]
}

# begin_servers WAYS: a settled pair, lb1 active, and prepared servers.
begin_servers() {
    local node names
    read -ra names <<<"${1//+/ }"
    preparation=none
    more_addresses=', {address: 10.9.0.1, interface: inside}, {address: "2001:db8:9::1", interface: inside}'
    make_namespaces
    add_inside_servers
    write_configuration vm
    write_server_services "${names[@]}"
    services=$((2 * ${#names[@]}))
    # Servers of nat, masqueraded or not, need nothing.
    [[ ! " ${names[*]} " =~ \ (dr|ipip|gue|gre)\  ]] || prepared='s1 s2'
    for node in s1 s2; do
        set_switches "$node" ipv4/conf/all/rp_filter=1 ipv4/conf/default/rp_filter=1
        [ -z "$prepared" ] || prepare "$node"
        serve "$node" 80 81 82 83
    done
    for node in n1 n2; do
        [[ " ${names[*]} " != *" nat "* ]] || realserver "$node" verify "$directory/tandem.yaml" >&2 || fail "$node: verify"
        serve "$node" 80
    done
    start_director lb1
    await "lb1 active" 30 has_role lb1 active
    start_director lb2
}

# await_ready NODE: it is active, and the other one could take over without a loss.
await_ready() {
    settle "$1" "$(other "$1")"
    await_tables "$services"
    await "$(other "$1") warm" 60 peer_is_ready "$1"
}
peer_is_ready() { ask "$1" status --json | tr -d ' \n' | grep -q '"isWarm":true,"known":[0-9]*}}'; }
