# passive.sh: a server that passes its check and sends clients nothing back, for Deploy/lab.
# shellcheck shell=bash
#
#          n1 10.9.0.21 and n2 10.9.0.22 are the servers of LVS-NAT. A firewall at n1 lets packets for the client go to waste,
#          and those for the directors pass.

services_of_passive() {
    cat <<YAML
services:
  - name: shop
    group: web
    listen: tcp://$v4:80
    forward: nat
    scheduler: rr
    check: {tcp, interval: 2s, timeout: 1s, rise: 1, fall: 3}
    passive: {period: 5s, connections: 3}
    servers: [10.9.0.21, 10.9.0.22]
YAML
}

has_both() { [ "$(within "$1" ipvsadm -Sn | grep -cE -- "-r 10.9.0.2[12]:80 .*-w [1-9]")" = 2 ]; }

# What there is of a server: in `tandem servers`, the metrics, the warnings and the events of the holder.
is_silent() { ask lb1 servers | grep -E "^10.9.0.$1:80 .* up, silent "; }
metric() { ask lb1 metrics | grep -xE "tandem_server_silent\{.*server=\"10.9.0.$1:80\".*\} $2"; }
warns_of() { ask lb1 status | grep -E "server .*10.9.0.$1:80.* gets? new connections and nothing comes back"; }
told() { ask lb1 events --limit 200 | grep -E "server 10.9.0.$1:80 $2"; }
is_sound() { ! is_silent "$1" && metric "$1" 0 && ! warns_of "$1"; }

# Clients come, two in a second, whether they are answered or not, as long as there is a lab.
clients() {
    while within client sleep 0.5; do
        within client timeout 2 bash -c "exec 3<>/dev/tcp/$v4/80" 2>/dev/null &
    done
}

run_passive() {
    local node begun coming
    more_addresses=', {address: 10.9.0.1, interface: inside}, {address: "2001:db8:9::1", interface: inside}'
    make_namespaces
    add_inside_servers
    write_configuration "${TANDEM_TIMING:-$default_timing}"
    sed -i '/^pools:/,$d' "$directory/tandem.yaml"
    services_of_passive >>"$directory/tandem.yaml"
    for node in n1 n2; do serve "$node" 80; done
    within n1 nft 'table ip fault { chain output { type filter hook output priority 0; ip daddr 192.0.2.100 drop; }; }'
    start_director lb1
    await "lb1 active" 30 has_role lb1 active
    start_director lb2
    settle lb1 lb2
    for node in lb1 lb2; do await "both servers in the table of $node" 20 has_both "$node"; done
    begun=$SECONDS
    clients 2>/dev/null &
    coming=$!
    await "n1 silent" 60 is_silent 21
    say "a server that sends clients nothing back is noticed after $((SECONDS - begun)) s"
    { is_silent 21 && metric 21 1 && told 21 "sends nothing back" && warns_of 21; } >&2 || fail "not all of it is said"
    is_sound 22 >&2 || fail "the other one is called silent"
    has_both lb1 && has_both lb2 || fail "the table has changed"
    begun=$SECONDS
    within n1 nft delete table ip fault
    await "n1 sound" 30 is_sound 21
    say "the same once it answers, after $((SECONDS - begun)) s:"
    told 21 "sends packets back again" >&2 || fail "no event says so"
    ! told 22 "sends" >&2 || fail "there are events of the other one"
    ! ask lb2 events --limit 200 | grep "nothing back" || fail "the backup, where no packet passes, has something to say"
    kill "$coming"
    wait "$coming" || true
    keep_status
}
