# shellcheck shell=bash
# What says whether a machine is there, who may log in, and where a call goes, for real.sh: how each server is configured and
# started, and its cases.

# --- router: ping -------------------------------------------------------------------------------------------

# The kernel of a machine that answers pings, and speaks for others: 198.51.100.0/24 and 2001:db8:1::/64 lie behind it. The
# director's packets live for one hop.
prepare_router() {
    local kind
    # No type is limited: those that are would leave nothing of the limit that routes have (net/ipv4/route.c, ip_error).
    set_switches router ipv4/ip_forward=1 ipv4/icmp_ratemask=0 ipv6/conf/all/forwarding=1 ipv6/icmp/ratelimit=0
    set_switches lb ipv4/ip_default_ttl=1 ipv6/conf/eth0/hop_limit=1
    ip -n "$prefix-lb" address add 2001:db8::2/64 dev eth0
    ip -n "$prefix-router" address add 2001:db8::1/64 dev eth0
    ip -n "$prefix-lb" route add 198.51.100.0/24 via "${address_of[router]}"
    ip -n "$prefix-lb" route add 2001:db8:1::/64 via 2001:db8::1
    for kind in unreachable:1 prohibit:2 blackhole:3; do
        ip -n "$prefix-router" route add "${kind%:*}" "198.51.100.${kind#*:}"
        ip -n "$prefix-router" route add "${kind%:*}" "2001:db8:1::${kind#*:}"
    done
    # Somewhere else, too far away for whoever has one hop.
    ip -n "$prefix-router" route add 198.51.100.4 via 192.0.2.2
    ip -n "$prefix-router" route add 2001:db8:1::4 via 2001:db8::2
}

start_router() { :; }

cases_router() {
    # Such a route answers each machine once a second at the most; a neighbour is given up after 3 s.
    local patient='timeout: 5s, interval: 5s'
    expect ping router:80 ping up
    expect ping-v6 router:80 '{ping, address: "2001:db8::1"}' up
    expect ping-unreachable router:80 "{ping, address: 198.51.100.1, $patient}" down 'host unreachable (ICMP type 3 code 1)'
    expect ping-prohibited router:80 "{ping, address: 198.51.100.2, $patient}" down 'communication administratively prohibited (ICMP type 3 code 13)'
    expect ping-blackhole router:80 '{ping, address: 198.51.100.3}' down 'no answer in time'
    expect ping-too-far router:80 '{ping, address: 198.51.100.4}' down 'time to live exceeded in transit (ICMP type 11 code 0)'
    expect ping-v6-unreachable router:80 '{ping, address: "2001:db8:1::1"}' down 'no route to destination (ICMPv6 type 1 code 0)'
    expect ping-v6-prohibited router:80 '{ping, address: "2001:db8:1::2"}' down 'communication with destination administratively prohibited (ICMPv6 type 1 code 1)'
    expect ping-v6-blackhole router:80 '{ping, address: "2001:db8:1::3"}' down 'no answer in time'
    expect ping-v6-too-far router:80 '{ping, address: "2001:db8:1::4"}' down 'hop limit exceeded in transit (ICMPv6 type 3 code 0)'
    # Nobody is there, says the director's own kernel.
    expect ping-gone router:80 "{ping, address: 192.0.2.250, $patient}" down 'host unreachable (ICMP type 3 code 1)'
    expect ping-v6-gone router:80 "{ping, address: \"2001:db8::250\", $patient}" down 'address unreachable (ICMPv6 type 1 code 3)'
    expect ping-no-route router:80 '{ping, address: 203.0.113.1}' down 'no route to it'
}

# --- freeradius: radius ---------------------------------------------------------------------------------------

# radius_listener PORT TYPE CLIENTS
radius_listener() {
    cat <<CONF
    listen {
        type = $2
        ipaddr = ${address_of[freeradius]}
        port = $1
        clients = $3
    }
CONF
}

# Nothing of the package's configuration: 1812 logs in, 1813 is for accounting, 1814 knows the director by another secret.
prepare_freeradius() {
    local own=$directory/freeradius word
    for word in shared right wrong; do (umask 077 && echo "$word" >"$own/$word.secret"); done
    cat >"$own/radiusd.conf" <<CONF
name = radiusd
logdir = $own
run_dir = $own
libdir = /usr/lib/freeradius
pidfile = $own/pid
cleanup_delay = 0
log {
    destination = stdout
    auth = yes
}
security {
    user = nobody
    group = nogroup
    max_attributes = 200
    reject_delay = 0
    status_server = yes
}
modules {
    pap {
    }
    files {
        filename = $own/users
    }
    always handled {
        rcode = handled
    }
}
clients ours {
    client director {
        ipaddr = 192.0.2.2
        secret = shared
    }
}
clients strangers {
    client director {
        ipaddr = 192.0.2.2
        secret = other
    }
}
server default {
$(radius_listener 1812 auth ours)
$(radius_listener 1813 acct ours)
$(radius_listener 1814 auth strangers)
    authorize {
        if (&User-Name == "token") {
            update control {
                &Response-Packet-Type := Access-Challenge
            }
            handled
        }
        files
        pap
    }
    authenticate {
        Auth-Type PAP {
            pap
        }
    }
}
CONF
    echo 'check Cleartext-Password := "right"' >"$own/users"
}

start_freeradius() { run_in freeradius freeradius -f -l stdout -d "$directory/freeradius"; }

cases_freeradius() {
    local own=$directory/freeradius
    local shared="radius, secret: {file: $own/shared.secret}"
    local right="user: check, auth: {file: $own/right.secret}" wrong="user: check, auth: {file: $own/wrong.secret}"
    local rejected="it does not let the check's user in (Access-Reject)"
    expect radius freeradius:1812 "{$shared}" up
    expect radius-accounting freeradius:1813 "{$shared}" up
    expect radius-login freeradius:1812 "{$shared, $right}" up
    expect radius-wrong-password freeradius:1812 "{$shared, $wrong}" down "$rejected"
    expect radius-wrong-password-answers freeradius:1812 "{$shared, $wrong, reply: any}" up
    expect radius-unknown-user freeradius:1812 "{$shared, user: nobody, auth: {file: $own/right.secret}}" down "$rejected"
    expect radius-challenge freeradius:1812 "{$shared, user: token, auth: {file: $own/right.secret}}" down \
        "it wants more of the check's user than a password (Access-Challenge)"
    # Who does not share the secret gets no answer at all (RFC 2865 3).
    expect radius-wrong-secret freeradius:1812 "{radius, secret: {file: $own/wrong.secret}}" down 'no answer in time'
    expect radius-other-secret freeradius:1814 "{$shared, $right}" down 'no answer in time'
    expect radius-nobody freeradius:1815 "{$shared}" down 'connection refused'
    expect radius-other knot:53 "{$shared}" down 'no answer in time'
}

# --- kamailio: sip --------------------------------------------------------------------------------------------

# 5060 answers, 5061 is out of service, 5062 says nothing, 5063 says first that it is trying, 5064 answers somebody else.
prepare_kamailio() {
    local listens='' port
    for port in 5060 5061 5062 5063 5064; do
        listens+="listen=udp:${address_of[kamailio]}:$port"$'\n'"listen=tcp:${address_of[kamailio]}:$port"$'\n'
    done
    cat >"$directory/kamailio/kamailio.cfg" <<CONF
#!KAMAILIO
log_stderror=yes
children=1
tcp_children=1
disable_tcp=no
auto_aliases=no
dns=no
rev_dns=no
$listens
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "textopsx.so"
request_route {
    if (!is_method("OPTIONS") || dst_port == 5062) exit;
    if (dst_port == 5061) {
        sl_send_reply("503", "Service Unavailable");
        exit;
    }
    if (dst_port == 5063) sl_send_reply("100", "Trying");
    if (dst_port == 5064) {
        replace_hdrs("Call-ID: ", "Call-ID: not-");
        msg_apply_changes();
    }
    sl_send_reply("200", "OK");
}
CONF
}

start_kamailio() {
    local own=$directory/kamailio
    run_in kamailio kamailio -DD -E -f "$own/kamailio.cfg" -w "$own" -Y "$own" -P "$own/pid" -m 16 -M 4
}

cases_kamailio() {
    local over
    for over in udp tcp; do
        expect "sip-$over" kamailio:5060 "{sip, transport: $over}" up
        expect "sip-$over-domain" kamailio:5060 "{sip, transport: $over, host: voice.example}" up
        expect "sip-$over-out-of-service" kamailio:5061 "{sip, transport: $over}" down 'SIP status 503'
        expect "sip-$over-status-wanted" kamailio:5061 "{sip, transport: $over, status: [200, 500-599]}" up
        expect "sip-$over-silent" kamailio:5062 "{sip, transport: $over}" down 'no answer in time'
        expect "sip-$over-trying" kamailio:5063 "{sip, transport: $over}" up
        expect "sip-$over-to-somebody-else" kamailio:5064 "{sip, transport: $over}" down "what it says is no answer to the check's question"
        expect "sip-$over-nobody" kamailio:5065 "{sip, transport: $over}" down 'connection refused'
    done
    # Knot says nothing to what it cannot read.
    expect sip-udp-other knot:53 sip down 'no answer in time'
    expect sip-tcp-other nginx:80 '{sip, transport: tcp}' down 'the answer is not SIP'
}
