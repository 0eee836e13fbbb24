# keys.sh: keys that change by the hundred while heartbeats get lost, for Deploy/lab.
# shellcheck shell=bash

# change_keys ROUND: on either director by turns, one key comes, is sent with, and the one before it goes.
change_keys() {
    local node=lb$(($1 % 2 + 1)) new=$(($1 + 1)) old=$1
    ask "$node" keys add "$new" >/dev/null && ask "$node" keys activate "$new" >/dev/null \
        && ask "$node" keys retire "$old" >/dev/null
}

run_keys() {
    local round rounds=${TANDEM_ROUNDS:-100} failed=0 before after node start=$SECONDS
    begin default
    begin_loss lb1
    before="$(role_changes lb1) $(role_changes lb2)"
    for round in $(seq "$rounds"); do
        change_keys "$round" || { failed=$((failed + 1)) && break; }
        [ $((round % 10)) != 0 ] || say "$round changes of keys, $((SECONDS - start)) s"
    done
    after="$(role_changes lb1) $(role_changes lb2)"
    ask lb1 keys
    for node in lb1 lb2; do
        echo "$node: $(ls "$directory/$node.keys.d" | tr '\n' ' ')"
        grep -E "peer lb. is lost" "$directory/$node.log" || true
    done
    echo "keys: $((round - failed)) of $rounds rolling changes in $((SECONDS - start)) s; changes of role: $before before, $after after"
    [ "$failed" = 0 ] && [ "$before" = "$after" ] && is_alone lb1 lb2
}

# role_changes NODE: how many its director has noted since it started.
role_changes() { ask "$1" events --json --limit 500 | grep -cE '"kind" ?: ?"role"' || true; }
