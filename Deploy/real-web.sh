# shellcheck shell=bash
# Web servers, mail servers and file servers for real.sh: how each is configured and started, and its cases.

tls() { echo "verify: {ca: $directory/tls/ca.crt}"; }

# --- nginx: tcp, tls, http, https ---------------------------------------------------------------------------

prepare_nginx() {
    local own=$directory/nginx user
    printf 'probe:%s\n' "$(openssl passwd -apr1 right)" >"$own/users"
    for user in probe:right probe:wrong; do
        (umask 077 && echo "Basic $(printf %s "$user" | base64)" >"$directory/${user#*:}.basic")
    done
    cat >"$own/nginx.conf" <<CONF
daemon off;
pid $own/nginx.pid;
error_log stderr;
worker_processes 1;
events {}
http {
    access_log off;
    client_body_temp_path $own/body;
    proxy_temp_path $own/proxy;
    fastcgi_temp_path $own/fastcgi;
    uwsgi_temp_path $own/uwsgi;
    scgi_temp_path $own/scgi;
    default_type text/plain;
    ssl_client_certificate $directory/tls/ca.crt;
$(nginx_server 80)
$(nginx_server 443 good)
$(nginx_server 444 expired)
$(nginx_server 445 early)
$(nginx_server 446 self)
$(nginx_server 447 unknown)
$(nginx_server 448 soon)
$(nginx_server 449 good 'ssl_verify_client on;')
$(nginx_server 82 '' '' http2)
$(nginx_server 450 good '' http2)
}
CONF
}

# nginx_server PORT [CERTIFICATE [MORE [http2]]]
nginx_server() {
    cat <<CONF
    server {
        listen ${address_of[nginx]}:$1 ${2:+ssl} ${4:-};
        ${2:+ssl_certificate $directory/tls/$2.crt; ssl_certificate_key $directory/tls/$2.key;}
        ${3:-}
        location = /healthz { return 200 'ready\n'; }
        location = /json { return 200 '{"state": "up", "replicas": [{"lag": 3}]}'; }
        location = /broken { return 503 'broken\n'; }
        location = /moved { return 301 /healthz; }
        location = /private { auth_basic own; auth_basic_user_file $directory/nginx/users; try_files /absent =204; }
    }
CONF
}

# basic WORD: the header of probe with that password.
basic() { echo "headers: {Authorization: {file: $directory/$1.basic}}"; }

start_nginx() {
    run_in nginx nginx -p "$directory/nginx" -c "$directory/nginx/nginx.conf"
    # nginx takes any certificate within TLS, and complains in HTTP.
    strict_tls_at 451
    strict_tls_at 452 -num_tickets 0
}

# strict_tls_at PORT OPTION...: OpenSSL's own server, which wants a certificate of ours.
strict_tls_at() {
    run_in nginx openssl s_server -accept "${address_of[nginx]}:$1" -cert "$directory/tls/good.crt" \
        -key "$directory/tls/good.key" -CAfile "$directory/tls/ca.crt" -Verify 1 -verify_return_error -www "${@:2}"
}

# client NAME: the certificate that a check shows.
client() { echo "certificate: $directory/tls/$1.crt, key: $directory/tls/$1.key"; }

cases_nginx() {
    local tls sha
    tls="sni: good.example, $(tls)"
    sha=$(printf 'ready\n' | sha256sum)
    expect tcp nginx:80 tcp up
    expect tcp-nobody nginx:81 tcp down 'connection refused'
    expect tcp-expect nginx:80 '{tcp, send: "GET /healthz HTTP/1.0\r\n\r\n", expect: ready}' up
    expect tcp-silent nginx:80 '{tcp, expect: ready}' down 'no answer in time'
    expect tcp-wrong nginx:80 '{tcp, send: "nonsense\r\n\r\n", expect: ready}' down 'the answer is not what is expected'
    expect http nginx:80 '{http: /healthz, body: ready}' up
    expect http-digest nginx:80 "{http: /healthz, sha256: ${sha%% *}}" up
    expect http-json nginx:80 '{http: /json, json: "replicas[0].lag == 3"}' up
    expect http-json-wrong nginx:80 '{http: /json, json: "state == down"}' down 'the body has another value where the JSON condition looks'
    expect http-moved nginx:80 '{http: /moved, status: 301}' up
    expect http-status nginx:80 '{http: /broken}' down 'HTTP status 503'
    expect http-absent nginx:80 '{http: /nothing}' down 'HTTP status 404'
    expect http-body nginx:80 '{http: /healthz, body: steady}' down 'the body lacks the text that is expected'
    expect http-secret nginx:80 "{http: /private, $(basic right)}" up
    expect http-wrong-secret nginx:80 "{http: /private, $(basic wrong)}" down 'HTTP status 401'
    expect http-no-secret nginx:80 '{http: /private}' down 'HTTP status 401'
    expect http2-secret nginx:82 "{http: /private, version: 2, $(basic right)}" up
    expect http2-wrong-secret nginx:82 "{http: /private, version: 2, $(basic wrong)}" down 'HTTP status 401'
    expect https-secret nginx:443 "{https: /private, $tls, $(basic right)}" up
    expect http-nobody nginx:81 '{http: /healthz}' down 'connection refused'
    expect http-other nginx:443 '{http: /healthz}' down 'HTTP status 400'
    expect http2 nginx:82 '{http: /healthz, version: 2, body: ready}' up
    expect http2-digest nginx:82 "{http: /healthz, version: 2, sha256: ${sha%% *}}" up
    expect http2-status nginx:82 '{http: /broken, version: 2}' down 'HTTP status 503'
    expect http2-moved nginx:82 '{http: /moved, version: 2, status: 301, method: HEAD}' up
    expect http2-body nginx:82 '{http: /healthz, version: 2, body: steady}' down 'the body lacks the text that is expected'
    expect http2-none nginx:80 '{http: /healthz, version: 2}' down 'the server does not speak HTTP/2'
    expect http2-grpc nginx:82 grpc down 'HTTP status 404'
    expect https2 nginx:450 "{https: /json, version: 2, json: \"state == up\", $tls}" up
    expect https2-one nginx:450 "{https: /healthz, body: ready, $tls}" up
    expect https2-none nginx:443 "{https: /healthz, version: 2, $tls}" down '*HTTP/2*'
    expect https2-wrong-name nginx:450 "{https: /healthz, version: 2, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect tls nginx:443 "{tls, $tls}" up
    expect tls-none nginx:80 "{tls, $tls}" down 'the server speaks no TLS*'
    expect tls-client nginx:449 "{tls, $tls, send: \"GET /healthz HTTP/1.0\\r\\n\\r\\n\", expect: ready, certificate: $directory/tls/client.crt, key: $directory/tls/client.key}" up
    expect tls-client-taken nginx:451 "{tls, $tls, $(client client)}" up
    expect tls-client-unknown nginx:451 "{tls, $tls, $(client unknown)}" down "the server refused TLS: it does not know who signed the check's certificate"
    expect tls-client-none nginx:451 "{tls, $tls}" down 'the server refused TLS: it wants a certificate and the check has none'
    expect tls-client-silent nginx:452 "{tls, $tls, $(client client)}" up
    expect tls-client-wrong-name nginx:451 "{tls, sni: bad.example, $(tls), $(client client)}" down 'its certificate is for another name'
    expect https nginx:443 "{https: /healthz, body: ready, $tls}" up
    expect https-status nginx:443 "{https: /broken, $tls}" down 'HTTP status 503'
    expect https-body nginx:443 "{https: /healthz, body: steady, $tls}" down 'the body lacks the text that is expected'
    expect https-wrong-name nginx:443 "{https: /healthz, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect https-no-name nginx:443 "{https: /healthz, $(tls)}" down 'its certificate is for another name'
    expect https-expired nginx:444 "{https: /healthz, $tls}" down 'its certificate has expired'
    expect https-early nginx:445 "{https: /healthz, $tls}" down 'its certificate is not valid yet'
    expect https-self nginx:446 "{https: /healthz, $tls}" down 'its certificate is signed by itself alone'
    expect https-unknown nginx:447 "{https: /healthz, $tls}" down 'its certificate is of an unknown authority'
    expect https-unverified nginx:447 "{https: /healthz, verify: false}" up
    expect https-soon nginx:448 "{https: /healthz, $tls}" up 'its certificate expires in 4 days'
    expect https-client nginx:449 "{https: /healthz, $tls, certificate: $directory/tls/client.crt, key: $directory/tls/client.key}" up
    expect https-no-client nginx:449 "{https: /healthz, $tls}" down 'HTTP status 400'
}

# --- redis --------------------------------------------------------------------------------------------------

prepare_redis() {
    (umask 077 && echo right >"$directory/right.secret" && echo wrong >"$directory/wrong.secret")
    printf '%s\n' 'user default off' 'user poor on >right -@all' >"$directory/redis/acl"
}

# redis_at PORT OPTION...
redis_at() {
    mkdir -p "$directory/redis/$1"
    run_in redis redis-server --bind "${address_of[redis]}" --port "$1" --dir "$directory/redis/$1" --save '' "${@:2}"
}

start_redis() {
    redis_at 6379 --protected-mode no
    redis_at 6380 --protected-mode no --requirepass right
    redis_at 6381 --protected-mode no --replicaof "${address_of[redis]}" 6379
    redis_at 6382 --protected-mode no --aclfile "$directory/redis/acl"
    redis_at 6383 --protected-mode no --maxclients 1
    redis_at 6384 --protected-mode yes
    await "redis" 20 ip netns exec "$prefix-redis" redis-cli -h "${address_of[redis]}" -p 6383 ping
    hold redis 6383
}

cases_redis() {
    local right="auth: {file: $directory/right.secret}" wrong="auth: {file: $directory/wrong.secret}"
    expect redis redis:6379 redis up
    expect redis-master redis:6379 '{redis, role: master}' up
    expect redis-replica redis:6381 '{redis, role: replica}' up
    expect redis-role redis:6379 '{redis, role: replica}' down 'it has another role than the check wants'
    expect redis-password redis:6380 "{redis, $right}" up
    expect redis-no-password redis:6380 redis down 'it wants a password and the check has none (NOAUTH)'
    expect redis-wrong-password redis:6380 "{redis, $wrong}" down "it does not take the check's password"
    expect redis-needless redis:6379 "{redis, $right}" down 'the check has a password and the server wants none'
    expect redis-may-not redis:6382 "{redis, user: poor, $right}" down "the check's user may not do that (NOPERM)"
    expect redis-full redis:6383 redis down 'it has too many clients'
    expect redis-protected redis:6384 redis down 'it takes connections of its own machine alone*'
    expect redis-nobody redis:6389 redis down 'connection refused'
    expect redis-other nginx:80 redis down 'the answer is not of the Redis protocol'
}

# --- postfix: smtp ------------------------------------------------------------------------------------------

prepare_postfix() {
    local own=$directory/postfix
    mkdir -p "$own/etc" "$own/queue" "$own/data"
    chown postfix "$own/data"
    cat >"$own/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $own/queue
data_directory = $own/data
daemon_directory = /usr/lib/postfix/sbin
myhostname = good.example
inet_interfaces = ${address_of[postfix]}
inet_protocols = ipv4
mydestination =
alias_maps =
local_recipient_maps =
maillog_file = $directory/postfix.maillog.log
maillog_file_prefixes = $directory
smtpd_tls_security_level = may
smtpd_tls_chain_files = $directory/tls/good.key, $directory/tls/good.crt
smtputf8_enable = no
CONF
    cat >"$own/etc/master.cf" <<CONF
25 inet n - n - - smtpd
26 inet n - n - - smtpd -o smtpd_tls_security_level=none
27 inet n - n - - smtpd -o smtpd_delay_reject=no -o smtpd_client_restrictions=reject
28 inet n - n - - smtpd -o smtpd_tls_chain_files=$directory/tls/expired.key,$directory/tls/expired.crt
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
proxymap unix - - n - - proxymap
qmgr unix n - n 300 1 qmgr
pickup unix n - n 60 1 pickup
bounce unix - - n - 0 bounce
CONF
}

start_postfix() { run_in postfix postfix -c "$directory/postfix/etc" start-fg; }

cases_postfix() {
    local tls
    tls="starttls: true, sni: good.example, $(tls)"
    expect smtp postfix:25 smtp up
    expect smtp-starttls postfix:25 "{smtp, $tls}" up
    expect smtp-without-tls postfix:26 "{smtp, $tls}" down 'it does not offer TLS'
    expect smtp-turned-away postfix:27 smtp down 'the greeting is 554'
    expect smtp-wrong-name postfix:25 "{smtp, starttls: true, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect smtp-expired postfix:28 "{smtp, $tls}" down 'its certificate has expired'
    expect smtp-nobody postfix:29 smtp down 'connection refused'
    expect smtp-other dovecot:110 smtp down 'the greeting is not of the protocol'
}

# --- dovecot: imap, pop3 ------------------------------------------------------------------------------------

# dovecot_on IMAP POP3 TLS-LINES: an instance.
dovecot_on() {
    local own=$directory/dovecot/$1
    mkdir -p "$own"
    cat >"$own/dovecot.conf" <<CONF
base_dir = $own/run
state_dir = $own/state
log_path = /dev/stderr
protocols = imap pop3
listen = ${address_of[dovecot]}
service imap-login {
  inet_listener imap {
    port = $1
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = $2
  }
  inet_listener pop3s {
    port = 0
  }
}
passdb {
  driver = static
  args = password=none
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$own
}
$3
CONF
}

# dovecot_tls CERTIFICATE
dovecot_tls() {
    printf 'ssl = yes\nssl_cert = <%s\nssl_key = <%s\n' "$directory/tls/$1.crt" "$directory/tls/$1.key"
}

prepare_dovecot() {
    dovecot_on 143 110 "$(dovecot_tls good)"
    dovecot_on 144 111 "ssl = no"
    dovecot_on 145 112 "$(dovecot_tls expired)"
}

start_dovecot() {
    local port
    for port in 143 144 145; do run_in dovecot dovecot -F -c "$directory/dovecot/$port/dovecot.conf"; done
}

cases_dovecot() {
    cases_of_dovecot imap 143 144 145 110
    cases_of_dovecot pop3 110 111 112 143
}

# cases_of_dovecot KIND PORT WITHOUT-TLS EXPIRED OTHER
cases_of_dovecot() {
    local tls
    tls="starttls: true, sni: good.example, $(tls)"
    expect "$1" "dovecot:$2" "$1" up
    expect "$1-starttls" "dovecot:$2" "{$1, $tls}" up
    expect "$1-without-tls" "dovecot:$3" "{$1, $tls}" down 'it does not offer TLS'
    expect "$1-wrong-name" "dovecot:$2" "{$1, starttls: true, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect "$1-expired" "dovecot:$4" "{$1, $tls}" down 'its certificate has expired'
    expect "$1-nobody" dovecot:99 "$1" down 'connection refused'
    expect "$1-other" "dovecot:$5" "$1" down 'the greeting is not of the protocol'
}

# --- vsftpd: ftp ---------------------------------------------------------------------------------------------

# vsftpd_on PORT LINE...
vsftpd_on() {
    local own=$directory/vsftpd/$1
    mkdir -p "$own/empty"
    printf '%s\n' listen=YES background=NO "listen_address=${address_of[vsftpd]}" "listen_port=$1" anonymous_enable=NO \
        local_enable=YES "secure_chroot_dir=$own/empty" "vsftpd_log_file=$own/log" "${@:2}" >"$own/conf"
}

prepare_vsftpd() {
    vsftpd_on 21 ssl_enable=YES ssl_ciphers=HIGH "rsa_cert_file=$directory/tls/good.crt" \
        "rsa_private_key_file=$directory/tls/good.key"
    vsftpd_on 22
    vsftpd_on 23 max_clients=1
    vsftpd_on 24 ssl_enable=YES ssl_ciphers=HIGH "rsa_cert_file=$directory/tls/expired.crt" \
        "rsa_private_key_file=$directory/tls/expired.key"
}

start_vsftpd() {
    local port
    for port in 21 22 23 24; do run_in vsftpd vsftpd "$directory/vsftpd/$port/conf"; done
    sleep 1
    hold vsftpd 23
}

cases_vsftpd() {
    local tls
    tls="starttls: true, sni: good.example, $(tls)"
    expect ftp vsftpd:21 ftp up
    expect ftp-auth-tls vsftpd:21 "{ftp, $tls}" up
    expect ftp-without-tls vsftpd:22 "{ftp, $tls}" down 'it does not offer TLS'
    expect ftp-full vsftpd:23 ftp down 'the greeting is 421'
    expect ftp-wrong-name vsftpd:21 "{ftp, starttls: true, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect ftp-expired vsftpd:24 "{ftp, $tls}" down 'its certificate has expired'
    expect ftp-nobody vsftpd:25 ftp down 'connection refused'
    expect ftp-other dovecot:143 ftp down 'the greeting is not of the protocol'
    expect ftp-for-smtp vsftpd:22 smtp down 'the answer to the hello is 530'
}
