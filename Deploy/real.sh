# shellcheck shell=bash
# Every kind of check against real servers of that kind, each kind in a network namespace of its own. Sourced by test, which
# has read lib.sh and namespaces.sh; what the servers are like stands in real-*.sh.
#
#       lb 192.0.2.2 =====+======+======+=== bridge `outside`, in a namespace `switch`
#                         |      |      |
#                       nginx  redis   ...   192.0.2.21, .22, ...
#
# One tandemd asks all of them. First each case has to get its verdict and its reason; then all cables are drawn; then they are
# back and the servers have ended, so that all are refused; then they are started again, and all is as before.

source Deploy/real-web.sh
source Deploy/real-data.sh
source Deploy/real-net.sh
source Deploy/real-grpc.sh

# The kinds, in the order of their addresses.
kinds=(nginx redis postfix dovecot vsftpd mariadb postgresql slapd knot chrony router freeradius kamailio grpc)

# MariaDB's bare server starts nothing and needs no Perl. chrony would drive out another program that sets the clock, and so is
# unpacked, not installed.
server_packages=(
    nginx-light redis-server postfix dovecot-imapd dovecot-pop3d vsftpd mariadb-server-core mariadb-client-core postgresql slapd knot
    freeradius kamailio
)

# How long verdicts may take to be as expected, in seconds.
patience=${TANDEM_PATIENCE:-40}

# case number -> name, where, check, verdict and reason.
judged='' forbidden=''
names=() endpoints=() checks=() verdicts=() reasons=()
declare -A seen_verdict seen_reason address_of

# expect NAME KIND:PORT CHECK VERDICT [REASON]: a case. REASON is a pattern; without it there must be none.
expect() {
    names+=("$1")
    endpoints+=("${address_of[${2%%:*}]}:${2#*:}")
    checks+=("$3")
    verdicts+=("$4")
    reasons+=("${5:-}")
}

# run_in KIND COMMAND...: in its namespace and in the background, with a log; it has the user and the time of no package.
run_in() {
    local kind=$1
    shift
    (cd "$directory/$kind" && exec ip netns exec "$prefix-$kind" "$@") >>"$directory/$kind.log" 2>&1 </dev/null &
    disown
}

# as_nobody COMMAND...: for programs that refuse to be root.
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }

# hold KIND PORT: a connection that somebody keeps open.
hold() {
    # shellcheck disable=SC2016
    run_in "$1" bash -c 'exec 3<>"/dev/tcp/$1/$2" && exec sleep 600' hold "${address_of[$1]}" "$2"
}

# --- certificates -----------------------------------------------------------------------------------------

# make_authority NAME: NAME.crt and NAME.key in the folder of certificates.
make_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:TRUE -keyout "$1.key" -out "$1.crt" 2>/dev/null
}

# certify NAME AUTHORITY HOST FROM UNTIL: dates as date(1) takes them.
certify() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$3" \
        -addext "subjectAltName=DNS:$3" -keyout "$1.key" -out "$1.csr" 2>/dev/null
    openssl ca -batch -notext -config authority.cnf -cert "$2.crt" -keyfile "$2.key" -in "$1.csr" -out "$1.crt" \
        -startdate "$(date -u -d "$4" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "$5" +%Y%m%d%H%M%SZ)" 2>/dev/null
}

# Ours, one that nobody knows, and certificates with every fault.
make_certificates() (
    mkdir "$directory/tls"
    cd "$directory/tls"
    cat >authority.cnf <<'CNF'
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
CNF
    : >index
    make_authority ca
    make_authority stranger
    make_authority self
    certify good ca good.example -1day +200days
    certify expired ca good.example -9days -1day
    certify early ca good.example +2days +200days
    certify soon ca good.example -1day +5days
    certify unknown stranger good.example -1day +200days
    certify client ca client.example -1day +200days
)

# --- the network and the director ------------------------------------------------------------------------

make_network() {
    local kind number=21
    add_namespaces switch lb "${kinds[@]}"
    add_bridges outside
    plug lb eth0 outside lb 192.0.2.2/24
    for kind in "${kinds[@]}"; do
        address_of[$kind]=192.0.2.$number
        plug "$kind" eth0 outside "$kind" "192.0.2.$number/24"
        # Else the kernel tells once a second, not each time, that nobody listens to a datagram.
        set_switches "$kind" ipv4/icmp_ratelimit=0
        number=$((number + 1))
        mkdir "$directory/$kind"
    done
}

write_real_configuration() {
    local number
    "$binaries/tandem" keygen "$directory/keys.d/1.key" >/dev/null
    cat <<YAML
pair:
  name: real
  keys: $directory/keys.d
  directors:
    lb: {addresses: [192.0.2.2]}
    away: {addresses: [192.0.2.3]}
groups:
  all: {addresses: [192.0.2.10], interface: eth0}
defaults: {check: {interval: 1s, timeout: 900ms, rise: 1, fall: 1}}
services:
YAML
    for number in "${!names[@]}"; do
        cat <<YAML
  - name: "${names[number]}"
    listen: tcp://192.0.2.10:$((number + 1))
    forward: nat
    servers: ["${endpoints[number]}"]
    check: ${checks[number]}
YAML
    done
}

# read_verdicts: what the director says of every case.
read_verdicts() {
    local name verdict reason
    while IFS=$'\t' read -r name verdict reason; do
        seen_verdict[$name]=$verdict
        seen_reason[$name]=$reason
    done < <(ask lb servers --json | awk -F '" : "' '
        { sub(/",?$/, "") }
        /^ *"name" : / { name = $2 }
        /^ *"reason" : / { reason = $2 }
        /^ *"verdict" : / { printf "%s\t%s\t%s\n", name, $2, reason; reason = "" }')
}

# is_right NUMBER WHICH: whether a case is as expected with servers (up), without (down), or behind a drawn cable (cut).
is_right() {
    local name=${names[$1]} reason=${reasons[$1]} verdict=${verdicts[$1]}
    case $2 in
        # A machine that answers pings need have no servers.
        down) is_ping "$1" || verdict=down reason='connection refused' ;;
        cut)
            # Of a datagram that wants no answer nobody tells what became of it.
            [[ ${checks[$1]} != '{udp,'* || ${checks[$1]} == *expect:* ]] || return 0
            verdict=down reason='no @(connection in time|answer in time|route to it)'
            # It may hear that the kernel has given up asking for a neighbour.
            if is_ping "$1"; then reason="@($reason|@(host|address) unreachable*)"; fi
            ;;
    esac
    # The expected reason is a pattern.
    # shellcheck disable=SC2053
    [ "${seen_verdict[$name]:-}" = "$verdict" ] && [[ ${seen_reason[$name]:-} == $reason ]]
}

is_ping() { [[ ${checks[$1]} == @(ping|"{ping,"*) ]]; }

all_right() {
    local number
    read_verdicts
    for number in "${!names[@]}"; do is_right "$number" "$1" || return 1; done
}

# judge WHAT WHICH: waits for the verdicts, prints a line for each (of later ones only for what is wrong), and counts.
judge() {
    local number word end=$((SECONDS + patience)) begun=$SECONDS good=0 bad=0
    until all_right "$2" || [ "$SECONDS" -ge "$end" ]; do sleep 0.5; done
    for number in "${!names[@]}"; do
        word=pass
        is_right "$number" "$2" && good=$((good + 1)) || { word=FAIL bad=$((bad + 1)); }
        [ -z "$judged" ] || [ "$word" = FAIL ] || continue
        printf '%-4s  %-28s %-8s %s\n' "$word" "${names[number]}" "${seen_verdict[${names[number]}]:-nothing}" \
            "${seen_reason[${names[number]}]:-}"
        [ "$word" = pass ] || say "      expected: ${verdicts[number]} ${reasons[number]}"
    done
    say "== $1: $good as expected, $bad not ($((SECONDS - begun)) s)"
    passed=$((passed + good))
    failed=$((failed + bad))
    judged=1
    [ "$bad" = 0 ] || failures+=("servers: $bad of $1")
}

start_kinds() {
    local kind
    for kind in "${kinds[@]}"; do "start_$kind"; done
}

# plug_kinds STATE: their ports of the switch go up or down.
plug_kinds() {
    local kind
    for kind in "${kinds[@]}"; do ip -n "$prefix-switch" link set "$kind" "$1"; done
}

end_kinds() {
    local kind pid signal
    for signal in TERM KILL; do
        for kind in "${kinds[@]}"; do
            for pid in $(ip netns pids "$prefix-$kind"); do kill "-$signal" "$pid" 2>/dev/null || true; done
        done
        [ "$signal" = KILL ] || sleep 3
    done
}

# test_servers: what `Deploy/test --servers` does.
test_servers() {
    local kind
    [ "$(id -u)" = 0 ] || die "namespaces need root: run it as root"
    directory=$(mktemp -d "${TMPDIR:-/tmp}/tandem-real.XXXXXX")
    prefix=tr$$
    trap leave_servers EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # The servers' own users have to reach their folders.
    chmod 755 "$directory"
    mkdir "$directory/keys.d"
    install_all
    make_certificates
    make_network
    for kind in "${kinds[@]}"; do "prepare_$kind"; done
    for kind in "${kinds[@]}"; do "cases_$kind"; done
    write_real_configuration >"$directory/tandem.yaml"
    say "== starting ${kinds[*]}"
    start_kinds
    start_director lb
    disown
    await "the director" 20 ask lb status
    judge "real servers" up
    plug_kinds down
    judge "their cables drawn" cut
    plug_kinds up
    end_kinds
    judge "nobody listens" down
    start_kinds
    judge "servers started again" up
}

install_all() {
    local product
    if [ -z "${TANDEM_BIN:-}" ]; then
        install_missing "${build_packages[@]}"
        for product in tandemd tandem; do swift build --product "$product"; done
    fi
    binaries=$(readlink -f "${TANDEM_BIN:-$(swift build --show-bin-path)}")
    [ -x "$binaries/tandemd" ] && [ -x "$binaries/tandem" ] || die "no tandemd and tandem in $binaries"
    install_missing iproute2 procps openssl util-linux
    install_unstarted "${server_packages[@]}"
    install_grpc
    chronyd=$(command -v chronyd || true)
    if [ -z "$chronyd" ]; then
        unpack_into "$directory/chrony.package" chrony
        chronyd=$directory/chrony.package/usr/sbin/chronyd
    fi
}

leave_servers() {
    local status=$?
    set +e
    [ -n "$judged" ] || tail -n 8 "$directory"/*.log >&2
    exec 2>/dev/null
    [ -z "${TANDEM_OUT:-}" ] || { mkdir -p "$TANDEM_OUT" && cp -r "$directory"/*.log "$directory/tandem.yaml" "$TANDEM_OUT"; }
    allow_starting
    remove_namespaces
    rm -rf --one-file-system "$directory" "$log"
    exit "$status"
}

# --- installing --------------------------------------------------------------------------------------------

# install_unstarted PACKAGE...: what is missing, none of it started now or when the machine starts.
install_unstarted() {
    local before units
    [ -n "$(missing_packages "$@")" ] || return 0
    before=$(installed_units)
    forbid_starting
    RUNLEVEL=1 install_missing "$@"
    allow_starting
    units=$(comm -13 <(echo "$before") <(installed_units))
    [ -z "$units" ] || ! command -v systemctl >/dev/null || xargs systemctl disable --quiet <<<"$units" 2>/dev/null || true
}

# What a package's script asks before it starts its service.
policy=/usr/sbin/policy-rc.d

forbid_starting() {
    [ ! -e "$policy" ] || mv "$policy" "$policy.before-tandem"
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    forbidden=1
}

# allow_starting: the policy is as it was.
allow_starting() {
    [ -n "$forbidden" ] || return 0
    rm -f "$policy"
    [ ! -e "$policy.before-tandem" ] || mv "$policy.before-tandem" "$policy"
    forbidden=
}

# The units that start with the machine.
installed_units() { find /etc/systemd/system -name '*.service' -type l -printf '%f\n' 2>/dev/null | sort -u; }

# unpack_into DIR PACKAGE: a package that would drive out another one.
unpack_into() (
    mkdir -p "$1"
    cd "$1"
    apt_quietly download "$2" || { apt_quietly update && apt_quietly download "$2"; } || die "cannot get $2"
    dpkg -x "$2"_*.deb .
)
