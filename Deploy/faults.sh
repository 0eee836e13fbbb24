# shellcheck shell=bash
# Failures of the lab: begin_NAME DIRECTOR causes one, end_NAME DIRECTOR mends it, prepare_NAME DIRECTOR goes before, where there is one. Sourced by lab; `tandem drill run` calls
# them as `lab fault DIR NAME DIRECTOR`. What passes the bridges is dropped by the switch, so no link loses its carrier.

# fault DIR NAME DIRECTOR: makes ready, says "ready", begins when it is told to, and ends when it is told to or its input ends, so that no
# failure outlives the drill.
fault() {
    directory=$(readlink -f "$1")
    # shellcheck disable=SC1091
    source "$directory/lab.env"
    declare -F "begin_$2" >/dev/null || die "the lab has no failure '$2'"
    trap '' INT TERM
    ! declare -F "prepare_$2" >/dev/null || "prepare_$2" "$3" >&2
    echo ready
    read -r _ || return 0
    "begin_$2" "$3" >&2
    echo begun
    read -r _ || true
    "end_$2" "$3" >&2
    echo ended
}

other() { if [ "$1" = lb1 ]; then echo lb2; else echo lb1; fi; }

# ports NODE: of both bridges, as a set of nft's.
ports() { echo "{ \"$1\", \"$1-inside\" }"; }

# drop RULE...: frames that the switch passes on, from now on. mend: no more.
drop() {
    within switch nft -f - <<NFT
table bridge fault {
    chain forward {
        type filter hook forward priority 0
$(printf '        %s\n' "$@")
    }
}
NFT
}
mend() { within switch nft delete table bridge fault; }

begin_cut() { drop "iifname $(ports "$1") drop" "oifname $(ports "$1") drop"; }
end_cut() { mend; }

begin_one-way-cut() { drop "iifname $(ports "$1") oifname $(ports "$(other "$1")") drop"; }
end_one-way-cut() { mend; }

begin_partition() { between "$1" drop; }
end_partition() { mend; }

begin_loss() { between "$1" "numgen random mod 100 < 20 drop"; }
end_loss() { mend; }

# between NODE VERDICT: of all frames between the two directors.
between() {
    local one two
    one=$(ports "$1") two=$(ports "$(other "$1")")
    drop "iifname $one oifname $two $2" "iifname $two oifname $one $2"
}

begin_link-down() { ip -n "$prefix-switch" link set "$1" down; }
end_link-down() { ip -n "$prefix-switch" link set "$1" up; }

begin_silent-link() { drop "iifname \"$1\" drop" "oifname \"$1\" drop"; }
end_silent-link() { mend; }

# A group that has moved for its gateways stays 10 s, and for fitness longer each time: fresh directors, and 10 s.
prepare_gateway-loss-one() { renew lb1 && renew lb2 && sleep 11; }
prepare_silent-link() { prepare_gateway-loss-one; }
renew() {
    end_process "$1" USR2
    start_director "$1"
    await "$1 is there again" 30 hears_peer "$1"
}

begin_gateway-loss-one() { drop "iifname \"$1\" oifname router drop" "iifname router oifname \"$1\" drop"; }
end_gateway-loss-one() { mend; }

begin_gateway-loss-both() { ip -n "$prefix-switch" link set router down; }
end_gateway-loss-both() { ip -n "$prefix-switch" link set router up; }

begin_witness-loss() { end_process witness KILL; }
end_witness-loss() { start_witness; }

begin_kill() { end_process "$1" KILL; }
end_kill() { start_director "$1"; }

begin_freeze() { signal STOP "$1"; }
end_freeze() { signal CONT "$1"; }

begin_stop() { end_process "$1" TERM; }
end_stop() { start_director "$1"; }

# As a package upgrade does.
begin_restart() {
    end_process "$1" USR2
    start_director "$1"
}
end_restart() { :; }

begin_starvation() {
    local count
    for ((count = 0; count < 8; count++)); do
        (while :; do :; done) &
    done
}
end_starvation() { end_jobs; }

begin_rtnl() {
    local pair
    ip netns add "$prefix-churn"
    for ((pair = 0; pair < 100; pair++)); do
        echo "link add a$pair group 7 type veth peer name b$pair group 7"
    done >"$directory/churn.batch"
    while ip -n "$prefix-churn" -batch "$directory/churn.batch" && ip -n "$prefix-churn" link delete group 7; do :; done &
}
end_rtnl() {
    end_jobs
    ip netns delete "$prefix-churn"
}

end_jobs() {
    # shellcheck disable=SC2046
    kill -KILL $(jobs -p)
    wait 2>/dev/null || true
}

# The kernel announces the addresses of an interface whose link-layer address changes. A machine that claims again is news only
# after a while, so each time it is another one.
begin_foreign-claim() {
    ip -n "$prefix-foreign" -batch - <<<"address add $v4/24 dev eth0
link set eth0 address 02:00:$(od -An -N4 -tx1 /dev/urandom | xargs | tr ' ' :)"
}

# The client may believe it for a minute, which is not what the drill is about.
end_foreign-claim() {
    ip -n "$prefix-foreign" address delete "$v4/24" dev eth0
    ip -n "$prefix-client" neighbour flush to "$v4"
}
