# shellcheck shell=bash
# Tandem and keepalived behind the same words. Sourced by bench.
#     begin SYSTEM SETTING COUNT LENGTH   a pair with COUNT virtual addresses of that prefix length, lb1 active
#     finish SYSTEM                       ends both directors, and takes away what they left

# install_keepalived: from Debian's package, whose service stays masked.
install_keepalived() {
    command -v keepalived >/dev/null && return
    mkdir -p /etc/systemd/system
    [ -e /etc/systemd/system/keepalived.service ] || ln -s /dev/null /etc/systemd/system/keepalived.service
    install_missing keepalived
}

# addresses COUNT: virtual addresses, one a line. sample COUNT: the first, three in between and the last.
addresses() { awk -v count="$1" 'BEGIN { for (i = 0; i < count; i++) print "198.18." 1 + int(i / 250) "." 1 + i % 250 }'; }
sample() {
    addresses "$1" | awk -v count="$1" 'NR == 1 || NR == count || NR % int(count / 4 + 1) == 0' | paste -s -d ' '
}

begin() {
    "configure_$1" "$2" "$3" "$4"
    rm -f "$directory"/lb?.log
    start "$1" lb1
    case $1 in
        tandem) await "lb1 active" 30 has_role lb1 active ;;
        keepalived) await "lb1 active" 30 has_address lb1 "$virtual" ;;
    esac
    start "$1" lb2
    case $1 in
        tandem) settle lb1 lb2 ;;
        keepalived) await "lb2 backup" 30 grep -q "Entering BACKUP STATE" "$directory/lb2.log" ;;
    esac
    sleep 1.5
}

finish() {
    local node
    for node in lb1 lb2; do
        end "$1" "$node"
        ip -n "$prefix-$node" address flush dev lo scope host to 198.18.0.0/16
        ip -n "$prefix-$node" address flush dev eth0
        ip -n "$prefix-$node" address add "$(ip_of "$node")/16" dev eth0
    done
    ip -n "$prefix-client" neighbour flush all
}

configure_tandem() {
    mkdir -p "$directory/keys.d"
    [ -e "$directory/keys.d/1.key" ] || "$binaries/tandem" keygen "$directory/keys.d/1.key" >/dev/null
    cat >"$directory/tandem.yaml" <<YAML
pair:
  name: bench
  keys: $directory/keys.d
  timing: $1
  directors:
    lb1: {addresses: [198.18.0.2${second_path:+, 198.19.0.2}]}
    lb2: {addresses: [198.18.0.3${second_path:+, 198.19.0.3}]}
groups:
  web:
    interface: eth0
    ${second_path:+gateways: [198.18.0.100]}
    prefer: lb1
    addresses:
$(addresses "$2" | sed "s|.*|      - \"&/$3\"|")
YAML
}

configure_keepalived() {
    local node priority=150 state=MASTER timing="advert_int ${1% rt}" version=3 urgent=
    if [ "$1" = default ]; then timing='' && version=2; fi
    if [ "$1" != "${1% rt}" ]; then urgent="vrrp_rt_priority 10"; fi
    for node in lb1 lb2; do
        cat >"$directory/$node.conf" <<CONF
global_defs {
    vrrp_version $version
    $urgent
}
vrrp_instance web {
    state $state
    interface eth0
    virtual_router_id 51
    priority $priority
    $timing
    virtual_ipaddress {
        $virtual/$3 dev eth0
    }
    virtual_ipaddress_excluded {
$(addresses "$2" | sed "1d; s|.*|        &/$3 dev eth0|")
    }
}
CONF
        priority=100 state=BACKUP
    done
}

start() { "start_$1" "$2"; }
start_tandem() { start_director "$1"; }
start_keepalived() {
    ip netns exec "$prefix-$1" keepalived --dont-fork --log-console --no-syslog --vrrp --use-file "$directory/$1.conf" \
        --pid "$directory/$1.parent" --vrrp_pid "$directory/$1.child" >>"$directory/$1.log" 2>&1 &
    echo $! >"$directory/$1.pid"
}

# processes SYSTEM NODE: their pids.
processes() {
    local pid
    pid=$(cat "$directory/$2.pid")
    echo "$pid"
    [ "$1" = tandem ] || pgrep -P "$pid" || true
}

# end SYSTEM NODE: at once; stopped first, for the death of keepalived's parent would let its child say goodbye.
end() {
    local pid pids
    pids=$(processes "$1" "$2")
    {
        for pid in $pids; do kill -STOP "$pid" || true; done
        for pid in $pids; do kill -KILL "$pid" || true; done
        wait "$(cat "$directory/$2.pid")" || true
        rm -f "$directory/$2".{parent,child}
    } 2>/dev/null
}

# stop SYSTEM NODE: as an init system stops it. handover SYSTEM NODE: by the command, which keepalived has not.
stop() {
    kill -TERM "$(cat "$directory/$2.pid")"
    wait "$(cat "$directory/$2.pid")" || true
}
handover() { ask "$2" handover web >/dev/null; }

# strike SYSTEM SIGNAL NODE: all its processes at once. revive SYSTEM SIGNAL NODE: thaws what was frozen.
strike() {
    local pids
    if [ "$2" = KILL ]; then
        end "$1" "$3"
    else
        pids=$(processes "$1" "$3")
        # shellcheck disable=SC2086
        kill -STOP $pids
    fi
}
revive() {
    local pids
    if [ "$2" = STOP ]; then
        pids=$(processes "$1" "$3")
        # shellcheck disable=SC2086
        kill -CONT $pids
    else
        start "$1" "$3"
    fi
}

# changes SYSTEM: how often a role has changed, on both directors.
changes() {
    case $1 in
        tandem) cat "$directory"/lb?.log | grep -c 'group web: .* → ' || true ;;
        keepalived) cat "$directory"/lb?.log | grep -cE 'Entering (MASTER|BACKUP) STATE' || true ;;
    esac
}

# lateness NODE SPAN: how late its director's heart woke at worst within a span of its status, in ms.
lateness() {
    ask "$1" status --json | awk -F '[:,]' -v span="\"$2\"" '
        /"lateness"/ { own = 1 } /"peerLateness"/ { own = 0 } own && index($1, span) { printf "%.1f\n", $2; exit }'
}

# nanoseconds SYSTEM NODE: of processor time, all threads. resident SYSTEM NODE: MiB.
nanoseconds() {
    local pid
    for pid in $(processes "$1" "$2"); do cat /proc/"$pid"/task/*/schedstat; done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}
resident() {
    local pid
    for pid in $(processes "$1" "$2"); do cat "/proc/$pid/status"; done \
        | awk '/^VmRSS/ { sum += $2 } END { printf "%.1f\n", sum / 1024 }'
}
