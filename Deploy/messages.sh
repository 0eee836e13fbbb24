# shellcheck shell=bash
# Counts and times what is said to the kernel's IPVS, by probes in the kernel itself. Sourced by bench and lab, which set
#     directory   where the kernel's tracing is mounted meanwhile
#
# Every change of the table, the sync daemons and the timeouts comes through one of two functions of net/netfilter/ipvs/ip_vs_ctl.c,
# whoever asks for it: netlink's `ip_vs_genl_set_cmd`, and `do_ip_vs_set_ctl`, which old programs use. Questions come through neither.

# begin_watch: from now on messages are counted.
begin_watch() {
    local probe
    modprobe ip_vs
    mkdir -p "$directory/tracing"
    mount -t tracefs tracefs "$directory/tracing"
    watch=$directory/tracing/instances/$prefix
    for probe in ip_vs_genl_set_cmd do_ip_vs_set_ctl; do
        echo "p:$prefix/$probe $probe" >>"$directory/tracing/kprobe_events"
    done
    mkdir "$watch"
    echo mono >"$watch/trace_clock"
    echo 8192 >"$watch/buffer_size_kb"
    echo 1 >"$watch/events/$prefix/enable"
}

end_watch() {
    [ -d "${watch:-}" ] || return 0
    echo 0 >"$watch/events/$prefix/enable"
    rmdir "$watch"
    printf -- '-:%s/ip_vs_genl_set_cmd\n-:%s/do_ip_vs_set_ctl\n' "$prefix" "$prefix" >>"$directory/tracing/kprobe_events"
    umount "$directory/tracing"
}

# clear_watch: forgets all of them. mark: writes down this moment; mark_and COMMAND...: and runs a command. launch NODE COMMAND...:
# writes it down in the node's namespace, right before the command, which it becomes.
clear_watch() { echo >"$watch/trace"; }
mark() { echo begin >"$watch/trace_marker"; }
mark_and() {
    mark
    "$@"
}
launch() {
    # shellcheck disable=SC2016
    exec ip netns exec "$prefix-$1" sh -c 'echo begin >"$0"; exec "$@"' "$watch/trace_marker" "${@:2}"
}

# messages: how many there were since the last clear_watch.
messages() { cat "$watch"/per_cpu/cpu*/stats | awk -v marks="${1:-1}" '/^entries:/ { sum += $2 } END { print sum - marks }'; }

# await_messages COUNT SECONDS: until there were so many, and no more for half a second.
await_messages() {
    local deadline=$((SECONDS + $2)) before=-1 now
    while now=$(messages) && { [ "$now" -lt "$1" ] || [ "$now" != "$before" ]; }; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        before=$now
        sleep 0.5
    done
}

# elapsed_ms: from the mark to the last message.
elapsed_ms() {
    awk '{ for (field = 1; field <= NF; field++) if ($field ~ /^[0-9]+[.][0-9]+:$/) { at = $field + 0; break } }
        /tracing_mark_write/ { first = at } /ip_vs_genl_set_cmd|do_ip_vs_set_ctl/ { last = at }
        END { printf "%.0f\n", (last - first) * 1000 }' "$watch/trace"
}
