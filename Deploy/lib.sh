# shellcheck shell=bash
# What the scripts of this folder share. Sourced, never run.

# say WORDS...: one line for the person at the terminal.
say() { printf '%s\n' "$*" >&2; }

# die WORDS...: the same, and the end.
die() {
    say "${0##*/}: $*"
    exit 1
}

# install_missing PACKAGE...: installs the Debian packages of this list that are not there yet.
# The package lists are fetched only if an install fails without them.
install_missing() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || die "these packages are missing, install them as root: apt-get install ${missing[*]}"
    say "installing: ${missing[*]}"
    apt_quietly install -y --no-install-recommends "${missing[@]}" && return 0
    apt_quietly update || die "apt-get update failed: see above"
    apt_quietly install -y --no-install-recommends "${missing[@]}" || die "could not install ${missing[*]}: see above"
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

# What a build needs, and what running a pair in namespaces needs.
build_packages=(
    libnl-3-dev libssl-dev libyaml-dev pkg-config
)
lab_packages=(iproute2 kmod procps ipvsadm nftables)
bench_packages=(tcpdump bsdextrautils)
vm_packages=(qemu-system-x86 busybox-static cpio kmod)
