# keys.sh: keys that change by the hundred while heartbeats get lost, for Deploy/lab.
# shellcheck shell=bash

# lose NODE PERCENT: of the datagrams that come to the node's heartbeat port, drops so many. With netem at the sender where the
# kernel has it, else with nftables at the receiver.
lose() {
    local node=$1 percent=$2
    if tc -n "$prefix-$node" qdisc add dev eth0 root netem loss "$percent%" 2>/dev/null; then
        tc -n "$prefix-$node" qdisc add dev eth1 root netem loss "$percent%"
        say "$node: netem loses $percent % of what it sends"
        return
    fi
    [ -n "${TANDEM_VM:-}" ] || install_missing nftables
    within "$node" nft -f - <<NFT
table inet loss {
    chain input {
        type filter hook input priority 0;
        udp dport 5390 numgen random mod 100 < $percent counter drop
        udp dport 5390 counter accept
    }
}
NFT
    say "$node: nftables drops $percent % of the datagrams to its heartbeat port"
}

# change_keys ROUND: on either director by turns, one key comes, is sent with, and the one before it goes.
change_keys() {
    local node=lb$(($1 % 2 + 1)) new=$(($1 + 1)) old=$1
    ask "$node" keys add "$new" >/dev/null && ask "$node" keys activate "$new" >/dev/null \
        && ask "$node" keys retire "$old" >/dev/null
}

run_keys() {
    local round rounds=${TANDEM_ROUNDS:-100} failed=0 before after node start=$SECONDS
    begin default
    for node in lb1 lb2; do lose "$node" 20; done
    before="$(role_changes lb1) $(role_changes lb2)"
    for round in $(seq "$rounds"); do
        change_keys "$round" || { failed=$((failed + 1)) && break; }
        [ $((round % 10)) != 0 ] || say "$round changes of keys, $((SECONDS - start)) s"
    done
    after="$(role_changes lb1) $(role_changes lb2)"
    ask lb1 keys
    for node in lb1 lb2; do
        within "$node" nft list table inet loss 2>/dev/null | grep counter || true
        echo "$node: $(ls "$directory/$node.keys.d" | tr '\n' ' ')"
        grep -E "peer lb. is lost" "$directory/$node.log" || true
    done
    echo "keys: $((round - failed)) of $rounds rolling changes in $((SECONDS - start)) s; changes of role: $before before, $after after"
    [ "$failed" = 0 ] && [ "$before" = "$after" ] && is_alone lb1 lb2
}
