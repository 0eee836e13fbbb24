# shellcheck shell=bash
# The rows of `bench health`: checks of thousands of servers, Tandem beside keepalived. Sourced by bench, after table.sh.
#
#     lb1 .0.2 =========== farm .0.9        198.18.0.0/16; all of 10.0.0.0/8 is at the farm, behind one neighbour
#
# One director alone: its peer is never heard, and checks do not mind. A service has fifty servers. keepalived wants an ip_vs before it
# checks anything; where this kernel has none, it runs with the calls to it answered (`pretend_ip_vs`), and Tandem goes without.

make_health() {
    mkdir -p "$directory/keys.d"
    "$binaries/tandem" keygen "$directory/keys.d/1.key" >/dev/null
    add_namespaces farm lb1
    ip -n "$prefix-farm" link add eth0 type veth peer name eth0 netns "$prefix-lb1"
    ip -n "$prefix-farm" address add "$farm/16" dev eth0
    ip -n "$prefix-lb1" address add 198.18.0.2/16 dev eth0
    ip -n "$prefix-farm" link set eth0 up
    ip -n "$prefix-lb1" link set eth0 up
    ip -n "$prefix-farm" route add local 10.0.0.0/8 dev lo
    ip -n "$prefix-lb1" route add 10.0.0.0/8 via "$farm"
    # The servers are to wait for nobody.
    farm_haste=(nice -n -15)
    preload=()
    have_ip_vs || pretend_ip_vs
}

# pretend_ip_vs: a library for keepalived alone. Without the netlink family it turns to the older socket options (linux/ip_vs.h,
# IP_VS_BASE_CTL and on), which are answered as if all went well: nothing that concerns checks.
pretend_ip_vs() {
    local compiler
    compiler=$(command -v cc || command -v gcc || command -v clang) \
        || die "this kernel has no ip_vs, and there is no C compiler to make keepalived believe in one: apt-get install gcc"
    cat >"$directory/pretend.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static int is_ip_vs(int level, int name) { return level == IPPROTO_IP && name >= 1088 && name < 1216; }

int setsockopt(int socket, int level, int name, const void *value, socklen_t size) {
    int (*real)(int, int, int, const void *, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
    return is_ip_vs(level, name) ? 0 : real(socket, level, name, value, size);
}

int getsockopt(int socket, int level, int name, void *value, socklen_t *size) {
    int (*real)(int, int, int, void *, socklen_t *) = dlsym(RTLD_NEXT, "getsockopt");
    if (!is_ip_vs(level, name)) return real(socket, level, name, value, size);
    memset(value, 0, *size);
    return 0;
}
C
    "$compiler" -O2 -shared -fPIC -o "$directory/pretend.so" "$directory/pretend.c"
    preload=(env "LD_PRELOAD=$directory/pretend.so")
}

# --- what runs ---------------------------------------------------------------------------------------------

# begin_checks SYSTEM SERVERS CHECK INTERVAL [TIMING]: from its start on; `began` is when that was, in seconds.
begin_checks() {
    local per_service=50 services=$(($2 / 50)) files
    rm -f "$directory/lb1.log"
    case $1 in
        tandem) write_tandem "$services" "$(check_tandem "$3" "$4")" "${5:-default}" >"$directory/tandem.yaml" ;;
        keepalived) write_keepalived "$services" "$(check_keepalived "$3" "$4")" "$4" >"$directory/keepalived.conf" ;;
    esac
    asked_before=$(connects)
    began=$EPOCHREALTIME
    if [ "$1" = tandem ]; then
        # As systemd starts it.
        files=$(ulimit -Sn)
        ulimit -Sn 1024
        start_director lb1
        ulimit -Sn "$files"
    else
        ip netns exec "$prefix-lb1" "${preload[@]}" keepalived --dont-fork --log-console --no-syslog --check \
            --use-file "$directory/keepalived.conf" --pid "$directory/lb1.parent" --checkers_pid "$directory/lb1.child" \
            >>"$directory/lb1.log" 2>&1 &
        echo $! >"$directory/lb1.pid"
    fi
}

end_checks() {
    end "$1" lb1
    rm -rf "$directory/lb1.state"
}

# watch_probes FILE: from now on, what asks the servers for a connection, as their own interface sees it.
watch_probes() {
    ip netns exec "$prefix-farm" tcpdump -Z root -i eth0 -n -s 80 -B 65536 -w "$1" \
        'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn' 2>"$1.log" &
    tcpdump=$!
    await "tcpdump" 5 grep -q listening "$1.log"
}

# probes_of FILE: the time in seconds and the server of each.
probes_of() { tcpdump -tt -n -r "$1" 2>/dev/null | awk '{ print $1, $5 }'; }

# connects: how many the director has begun; its kernel counts them (RFC 2012, tcpActiveOpens).
connects() { within lb1 awk '$1 == "Tcp:" && $2 + 0 { print $6 }' /proc/net/snmp; }

has_asked() { [ "$(connects)" -ge $((asked_before + $1)) ]; }

# rhythm FILE INTERVAL: ms by which the time between two probes of a server was longer than the interval, for
# 99 of 100 and at worst; and ms between the earliest and the latest that a server's probes came within the grid of its interval.
rhythm() {
    probes_of "$1" | awk -v interval="$2" '
        !($2 in first) { first[$2] = last[$2] = $1; least[$2] = most[$2] = 0; next }
        {
            printf "gap %.3f\n", ($1 - last[$2] - interval) * 1000
            last[$2] = $1
            turns = ($1 - first[$2]) / interval
            phase = ($1 - first[$2]) - int(turns + 0.5) * interval
            if (phase < least[$2]) least[$2] = phase
            if (phase > most[$2]) most[$2] = phase
        }
        END {
            for (server in first) printf "grid %.3f\n", (most[server] - least[server]) * 1000
        }' | sort -k 1,1 -k 2,2g | awk '
        $1 == "gap" { gap[++gaps] = $2 }
        $1 == "grid" { grid = $2 }
        END { printf "%.1f %.1f %.1f\n", gap[int(gaps * 0.99) + 1], gap[gaps], grid }'
}

# look_at_status: once, for looking costs; own SPAN OBJECT: ms out of it, such as tenSecondsMS of lateness or queueDelay.
look_at_status() { ask lb1 status --json >"$directory/status.json"; }
own() {
    awk -F '[:,]' -v span="\"$1\"" -v object="\"$2\"" '
        index($1, object) { own = 1 } own && index($1, span) { printf "%.1f\n", $2; exit }' "$directory/status.json"
}

# --- tcp, http ---------------------------------------------------------------------------------------------

# stand SYSTEM: the time, how many checks there were, and their processor time in ns.
stand() { echo "$EPOCHREALTIME $(connects) $(nanoseconds "$1" lb1)"; }

# checks_line SYSTEM CHECK SERVERS/INTERVAL: one line; keepalived's processor time for a check goes into `rival`.
checks_line() {
    local servers=${3%/*} interval=${3#*/} seconds start end delay=- late=- verdict=-
    local share each memory rate usual worst grid ratio=-
    seconds=$((interval * 4 > ${TANDEM_SPAN:-10} ? interval * 4 : ${TANDEM_SPAN:-10}))
    start_farm
    begin_checks "$1" "$servers" "$2" "$interval"
    await "two probes of each server" 120 has_asked $((servers * 2))
    start=$(stand "$1")
    sleep "$seconds"
    end=$(stand "$1")
    memory=$(resident "$1" lb1)
    watch_probes "$directory/probes.pcap"
    sleep "$seconds"
    end_capture
    [ "$1" = keepalived ] || look_at_status
    [ "$1" = keepalived ] || delay=$(own tenSecondsMS queueDelay) late=$(own tenSecondsMS lateness)
    end_checks "$1"
    kill_farm
    read -r usual worst grid < <(rhythm "$directory/probes.pcap" "$interval")
    read -r rate share each < <(awk -v start="$start" -v end="$end" 'BEGIN {
        split(start, from)
        split(end, to)
        for (i = 1; i <= 3; i++) spent[i] = to[i] - from[i]
        printf "%.0f %.3f %.1f\n", spent[2] / spent[1], spent[3] / spent[1] / 1e9, spent[3] / spent[2] / 1e3 }')
    if [ "$1" = keepalived ]; then
        rival=$each
    else
        ratio=$(awk "BEGIN { printf \"%.2f\", $each / $rival }")
        verdict=$(judge_checks "$2" "$servers" "$interval")
    fi
    line "$1" "$3 s" "$rate" "$share" "$each" "$ratio" "$memory" "$usual" "$worst" "$grid" "$delay" "$late" "$verdict"
}

# judge_checks CHECK SERVERS INTERVAL: all probes run, and of DESIGN's figures, where they belong: 5,000 TCP checks a second for 0.9
# of keepalived's processor, 48 MiB with so many.
judge_checks() {
    local missed=
    [ "$(judge "$rate >= 0.97 * $2 / $3")" = pass ] || missed+=" rate"
    [ "$1" != tcp ] || [ $(($2 / $3)) -lt 5000 ] || [ "$(judge "$ratio <= 0.9")" = pass ] || missed+=" processor"
    [ "$2" -gt 5000 ] || [ "$(judge "$memory <= 48")" = pass ] || missed+=" memory"
    if [ -z "$missed" ]; then echo pass; else echo "FAIL$missed"; fi
}

checks_rows() {
    local check=$1 size system rival
    headline system servers "a second" processors "us each" "of keepalived" "resident MiB" "gap 99 % ms" "gap worst ms" \
        "grid ms" "queue delay ms" "heart late ms" verdict
    for size in "${@:2}"; do
        for system in keepalived tandem; do checks_line "$system" "$check" "$size"; done
    done
}

row_tcp() {
    # shellcheck disable=SC2086
    checks_rows tcp ${TANDEM_SIZES:-1000/1 5000/1 10000/2 50000/5}
    show "TCP checks: gap: longer than the interval between two probes of a server; Tandem moves each by up to a twentieth of it"
}

row_http() {
    # shellcheck disable=SC2086
    checks_rows http ${TANDEM_HTTP_SIZES:-1000/1 5000/1}
    show "HTTP checks"
}

# --- start -------------------------------------------------------------------------------------------------

crowd=10000
crowd_interval=2

# asked_all: ms from `began` until the last server was asked for the first time, as the servers see it.
asked_all() {
    probes_of "$directory/probes.pcap" | awk -v began="$began" -v wanted="$crowd" '
        !($2 in seen) { seen[$2]; last = $1; count++ }
        END { if (count == wanted) printf "%.0f\n", (last - began) * 1000; else print "none" }'
}

# deaths: how many servers the log calls dead, by name or as a count, which it tells within a tenth of a second. last_death FROM: ms
# from that moment to the newest such line.
deaths() {
    awk '/ is down: / { count++ } / servers more are down: / { sub(/ servers more are down: .*/, ""); count += $NF } END { print count + 0 }' \
        "$directory/lb1.log"
}
all_are_down() { [ "$(deaths)" -ge "$crowd" ]; }
last_death() {
    local stamp
    stamp=$(grep -E ' (is|are) down: ' "$directory/lb1.log" | cut -d ' ' -f 1 | sort | tail -n 1)
    [ -n "$stamp" ] || { echo none && return; }
    awk "BEGIN { printf \"%.0f\\n\", ($(date -d "$stamp" +%s.%N) - $1) * 1000 }"
}

# start_line SYSTEM WHAT: servers that live are asked, servers that do not are called dead in the log, which tells when.
start_line() {
    local asked known=- verdict=-
    [ "$2" = dead ] || start_farm
    watch_probes "$directory/probes.pcap"
    begin_checks "$1" "$crowd" tcp "$crowd_interval"
    await "a probe of each server" 60 has_asked "$crowd"
    # Until the verdicts of the last ones are said, and tcpdump has written down what it caught.
    sleep 2
    end_capture
    asked=$(asked_all)
    if [ "$1" = tandem ] && [ "$2" = dead ]; then
        all_are_down && known=$(last_death "$began") || known=none
        verdict=$([ "$known" != none ] && judge "$known <= 3000" || echo FAIL)
    fi
    end_checks "$1"
    [ "$2" = dead ] || kill_farm
    line "$1" "$2" "$asked" "$known" "$verdict"
}

row_start() {
    headline system servers "all asked ms" "all verdicts ms" verdict
    start_line keepalived alive
    start_line tandem alive
    start_line tandem dead
    show "A start with $crowd servers at $crowd_interval s: ms from exec; wanted: all verdicts within 3,000"
}

# --- failure -----------------------------------------------------------------------------------------------

# refuse, fall_silent: what happens to all servers at once; mend_farm makes them fit to live again.
refuse() { kill_farm; }
fall_silent() {
    ip -n "$prefix-farm" route replace blackhole 10.0.0.0/8
    ip -n "$prefix-farm" route delete local 10.0.0.0/8 dev lo
}
mend_farm() {
    [ "$1" = fall_silent ] || return 0
    ip -n "$prefix-farm" route delete blackhole 10.0.0.0/8
    ip -n "$prefix-farm" route add local 10.0.0.0/8 dev lo
    kill_farm
}

# failure_line TIMING FLOOR-MS WAY: how late the heart woke while all servers died; below the floor the pair waits no longer for it.
failure_line() {
    local before down late delay failed verdict
    start_farm
    begin_checks tandem "$crowd" tcp "$crowd_interval" "$1"
    # The worst of 10 to 20 s is told: the start is not to be in it.
    sleep 21
    look_at_status
    before=$(own tenSecondsMS lateness)
    failed=$EPOCHREALTIME
    "$3"
    await "all servers down" 20 all_are_down
    sleep 0.5
    look_at_status
    down=$(last_death "$failed") late=$(own tenSecondsMS lateness) delay=$(own tenSecondsMS queueDelay)
    end_checks tandem
    mend_farm "$3"
    # A machine that was as late before was not made so by the failure.
    verdict=$(judge "$late <= ($2 > $before ? $2 : $before)")
    line "$1" "$3" "$before" "$late" "$2" "$down" "$delay" "$verdict"
}

row_failure() {
    headline timing way "heart late before ms" "heart late ms" "floor ms" "all down ms" "queue delay ms" verdict
    # Two intervals and the lateness must not be more than the takeover time.
    failure_line default 600 refuse
    failure_line default 600 fall_silent
    failure_line '{interval: 10ms, misses: 3}' 10 refuse
    failure_line '{interval: 10ms, misses: 3}' 10 fall_silent
    failure_line extreme 3 refuse
    show "All of $crowd servers fail at once, checked each $crowd_interval s, fall 2, timeout 1 s"
}
