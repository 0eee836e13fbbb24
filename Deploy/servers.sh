# shellcheck shell=bash
# A scenario of the lab in which `tandem realserver` prepares the servers, for direct routing and every kind of tunnel.
# Sourced by lab.

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

write_server_services() {
    local check='check: tcp, scheduler: rr'
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    cat >>"$directory/tandem.yaml" <<YAML
pools:
  v4: [192.0.2.21, 192.0.2.22]
  v6: ["2001:db8::21", "2001:db8::22"]
defaults: {check: {interval: 5s, timeout: 5s, rise: 1, fall: 3}}
services:
  - {name: dr, group: web, listen: "tcp://$v4:80", forward: dr, servers: v4, $check}
  - {name: dr6, group: web, listen: "tcp://[$v6]:80", forward: dr, servers: v6, $check}
  - {name: ipip, group: web, listen: "tcp://$v4:81", forward: tun, servers: v4, $check}
  - {name: ipip6, group: web, listen: "tcp://[$v6]:81", forward: tun, servers: v6, $check}
YAML
    targets=("$v4:80" "[$v6]:80" "$v4:81" "[$v6]:81")
}

# Servers that only `tandem realserver apply` has touched, with strict reverse paths; then one director is cut off.
run_servers() {
    local node failed=0
    preparation=none
    make_namespaces
    write_configuration vm
    write_server_services
    for node in s1 s2; do
        set_switches "$node" ipv4/conf/all/rp_filter=1 ipv4/conf/default/rp_filter=1
        prepare "$node"
    done
    start_servers 80 81
    start_director lb1
    await "lb1 active" 30 has_role lb1 active
    start_director lb2
    settle lb1 lb2
    await_tables "${#targets[@]}"
    under_load "$directory/servers.json" begin_cut lb1 || failed=1
    await "lb2 active" 30 has_role lb2 active
    keep_status
    for node in s1 s2; do undo "$node"; done
    [ "$failed" = 0 ]
}
