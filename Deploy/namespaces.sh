# shellcheck shell=bash
# A pair in network namespaces of this machine. Sourced by lab and bench, which set
#     prefix      what the namespaces' names begin with
#     directory   where configurations, sockets, logs and pids lie
#     binaries    where tandem and tandemd are
#     virtual     the address that the pair is judged by

# within NODE COMMAND...: runs it in the node's namespace.
within() {
    local node=$1
    shift
    ip netns exec "$prefix-$node" "$@"
}

# set_switches NODE NAME=VALUE...: sysctls of a namespace, by their path below /proc/sys/net.
set_switches() {
    local node=$1 switch
    shift
    for switch in "$@"; do
        within "$node" sh -c "echo ${switch#*=} >/proc/sys/net/${switch%%=*}"
    done
}

# add_namespaces NODE...: with a loopback interface, and no waiting for duplicate addresses.
add_namespaces() {
    local node
    for node in "$@"; do
        ip netns add "$prefix-$node"
        ip -n "$prefix-$node" link set lo up
        set_switches "$node" ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0 ipv6/conf/all/accept_dad=0
    done
}

# add_bridges NAME...: in the namespace `switch`, which speaks no IPv6 itself.
add_bridges() {
    local bridge
    set_switches switch ipv6/conf/all/disable_ipv6=1 ipv6/conf/default/disable_ipv6=1
    for bridge in "$@"; do
        ip -n "$prefix-switch" link add "$bridge" type bridge stp_state 0 forward_delay 0 mcast_snooping 0
        ip -n "$prefix-switch" link set "$bridge" up
    done
}

# plug NODE INTERFACE BRIDGE PORT ADDRESS...: a wire from a node to a bridge of the switch.
plug() {
    local node=$1 interface=$2 bridge=$3 port=$4 address
    shift 4
    ip -n "$prefix-switch" link add "$port" type veth peer name "$interface" netns "$prefix-$node"
    ip -n "$prefix-switch" link set "$port" master "$bridge" up
    within "$node" sh -c "echo 0 >/proc/sys/net/ipv6/conf/$interface/accept_dad"
    for address in "$@"; do ip -n "$prefix-$node" address add "$address" dev "$interface"; done
    ip -n "$prefix-$node" link set "$interface" up
}

# remove_namespaces: all that begin with the prefix, and what runs in them.
remove_namespaces() {
    local name pid
    for name in $(ip netns list | awk -v prefix="$prefix-" 'index($1, prefix) == 1 { print $1 }'); do
        for pid in $(ip netns pids "$name"); do kill -KILL "$pid" 2>/dev/null || true; done
        ip netns delete "$name"
    done
}

# start_director NODE: tandemd in the background; its pid goes into DIR/NODE.pid. Each has keys of its own under the one
# path that the configuration names, as on two machines.
start_director() {
    local own=$directory/$1.keys.d
    [ ! -d "$directory/keys.d" ] || [ -d "$own" ] || cp -a "$directory/keys.d" "$own"
    # Not through a function: the pid is to be that of tandemd itself.
    # shellcheck disable=SC2016
    ip netns exec "$prefix-$1" sh -c '[ ! -d "$1" ] || mount --bind "$1" "$2"; shift 2; exec "$@"' \
        start "$own" "$directory/keys.d" "$binaries/tandemd" --config "$directory/tandem.yaml" --node "$1" \
        --state "$directory/$1.state" --api "$directory/$1.sock" >>"$directory/$1.log" 2>&1 &
    echo $! >"$directory/$1.pid"
}

# signal NAME NODE: to that node's director.
signal() { kill "-$1" "$(cat "$directory/$2.pid")"; }

# end_process NODE SIGNAL: until it is gone, whoever started it. A dead one that nobody has waited for has no program.
end_process() {
    local pid
    pid=$(cat "$directory/$1.pid")
    kill "-$2" "$pid"
    while [ -e "/proc/$pid/exe" ]; do sleep 0.005; done
}

# ask NODE ARGUMENTS...: tandem, to the director of that node.
ask() { TANDEM_API="$directory/$1.sock" "$binaries/tandem" "${@:2}"; }

# await WHAT SECONDS COMMAND...: until the command succeeds.
await() {
    local what=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what: not after all that time"
        sleep 0.1
    done
}

# role NODE: its role for the first group, in the glossary's words.
role() { ask "$1" status --json | sed -nE 's/^ *"role" : "(.*)",?$/\1/p' | head -n 1; }
has_role() { [ "$(role "$1")" = "$2" ]; }
# All of a long status is read: whoever writes it must not be cut off.
hears_peer() { ask "$1" status --json | grep '"state" : "heard"' >/dev/null; }

# has_address NODE ADDRESS: whether the kernel of that node answers for it on the wire.
has_address() { ip -n "$prefix-$1" -o address show dev eth0 to "$2" | grep -q .; }

lacks_address() { ! has_address "$@"; }

now_ms() {
    local now=${EPOCHREALTIME/[.,]/}
    echo $((now / 1000))
}

# is_alone NODE OTHER: whether `virtual` is at NODE and nowhere else.
is_alone() { has_address "$1" "$virtual" && lacks_address "$2" "$virtual"; }

# await_alone NODE OTHER MS: says after how many ms the address is at NODE and nowhere else; fails after MS.
await_alone() {
    local start
    start=$(now_ms)
    until is_alone "$1" "$2"; do
        [ $(($(now_ms) - start)) -le "$3" ] || return 1
        sleep 0.01
    done
    echo $(($(now_ms) - start))
}

# stays_alone NODE OTHER MS: whether the address is nowhere else all the time.
stays_alone() {
    local end=$(($(now_ms) + $3))
    while [ "$(now_ms)" -lt "$end" ]; do
        is_alone "$1" "$2" || return 1
        sleep 0.02
    done
}

# settle NODE NODE: until the first is active, the second its backup, and each hears the other.
settle() {
    await "$1 active" 30 has_role "$1" active
    await "$2 backup" 30 has_role "$2" backup
    await "$1 hears $2" 30 hears_peer "$1"
    await "$2 hears $1" 30 hears_peer "$2"
}

probes=()

# start_probe ADDRESS REPORT SECONDS: from the client, every millisecond; end_probe ends all and shows what they saw.
start_probe() {
    ip netns exec "$prefix-client" "$binaries/tandem" drill probe "$1" --seconds "$3" --json "$2" >"$2.text" &
    probes+=("$!:$2.text")
    await "the probe" 5 grep -q ready "$2.text"
}

end_probe() {
    local probe
    for probe in "${probes[@]}"; do
        # One that ended by itself has no report of this time, and whoever judges it finds none.
        kill -TERM "${probe%%:*}" 2>/dev/null || true
        wait "${probe%%:*}" || true
        grep -v ready "${probe#*:}"
    done
    probes=()
}

# lost_probes REPORT
lost_probes() { sed -nE 's/^ *"lost" : ([0-9]+),?$/\1/p' "$1" | tail -n 1; }

fail() {
    local log
    say "FAIL  $*"
    for log in "$directory"/*.log; do
        say "-- ${log##*/}"
        tail -n 20 "$log" >&2
    done
    exit 1
}
