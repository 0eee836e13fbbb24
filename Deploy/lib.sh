# shellcheck shell=bash
# What the scripts of this folder share. Sourced, never run.

# say WORDS...: one line for the person at the terminal.
say() { printf '%s\n' "$*" >&2; }

# die WORDS...: the same, and the end.
die() {
    say "${0##*/}: $*"
    exit 1
}

# missing_packages PACKAGE...: those that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

# install_missing PACKAGE...: installs the Debian packages of this list that are not there yet, and removes none for them.
# The package lists are fetched only if an install fails without them.
install_missing() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || die "these packages are missing, install them as root: apt-get install ${missing[*]}"
    say "installing: ${missing[*]}"
    apt_quietly install -y --no-remove --no-install-recommends "${missing[@]}" && return 0
    apt_quietly update || die "apt-get update failed: see above"
    apt_quietly install -y --no-remove --no-install-recommends "${missing[@]}" || die "could not install ${missing[*]}: see above"
}

# apt_quietly ARGUMENTS...: apt-get that speaks only when it fails and waits for another one to finish.
apt_quietly() {
    local log status=0
    log=$(mktemp)
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null || status=$?
    [ "$status" = 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# What a build needs, what running a pair in namespaces needs, and what the tests of it look through.
build_packages=(
    libnl-3-dev libssl-dev libyaml-dev pkg-config
)
lab_packages=(iproute2 kmod procps ipvsadm nftables)
test_packages=(tcpdump python3)
bench_packages=(tcpdump bsdextrautils)
vm_packages=(qemu-system-x86 busybox-static cpio kmod)

have_ip_vs() { [ -d /sys/module/ip_vs ] || modprobe -q ip_vs 2>/dev/null; }

# in_machine DIR OPTION... -- COMMAND...: goes on with the command in the emulated machine, which gets these options of Deploy/vm; DIR,
# if it is not empty, is shared, so that files come back.
in_machine() {
    local share=()
    [ -z "${TANDEM_VM:-}" ] || die "the emulated machine has no ip_vs either"
    say "this kernel has no ip_vs: using the emulated machine"
    if [ -n "$1" ]; then
        mkdir -p "$1"
        share=(--share "$(readlink -f "$1")")
    fi
    exec "$here/vm" "${share[@]}" "${@:2}"
}
