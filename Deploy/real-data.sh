# shellcheck shell=bash
# Databases, directories, names and time for real.sh: how each server is configured and started, and its cases.

# --- MariaDB: mysql -----------------------------------------------------------------------------------------

prepare_mariadb() {
    local own=$directory/mariadb
    mkdir "$own/open"
    chown -R nobody:nogroup "$own"
    # The databases run as nobody.
    install -o nobody -m 600 "$directory/tls/good.key" "$directory/tls/server.key"
    install -m 644 "$directory/tls/good.crt" "$directory/tls/server.crt"
    mariadb-install-db --no-defaults --user=nobody --datadir="$own/open" --auth-root-authentication-method=normal \
        --skip-test-db --innodb-log-file-size=4M >"$directory/mariadb.log" 2>&1
    cp -a "$own/open" "$own/closed"
    # Statements of one line each.
    cat >"$own/users.sql" <<'SQL'
CREATE USER IF NOT EXISTS 'check'@'%';
CREATE USER IF NOT EXISTS 'secret'@'%' IDENTIFIED BY 'right';
CREATE USER IF NOT EXISTS 'locked'@'%' ACCOUNT LOCK;
CREATE USER IF NOT EXISTS 'private'@'%' IDENTIFIED BY 'right' REQUIRE SSL;
SQL
}

# mariadb_at PORT DIRECTORY OPTION...
mariadb_at() {
    local own=$directory/mariadb
    run_in mariadb mariadbd --no-defaults --user=nobody --datadir="$own/$2" --socket="$own/$2.sock" --port="$1" \
        --pid-file="$own/$2.pid" --bind-address="${address_of[mariadb]}" --skip-name-resolve --max-connect-errors=1 \
        --innodb-log-file-size=4M --innodb-buffer-pool-size=8M "${@:3}"
}

start_mariadb() {
    mariadb_at 3306 open --init-file="$directory/mariadb/users.sql" --ssl-cert="$directory/tls/server.crt" \
        --ssl-key="$directory/tls/server.key"
    mariadb_at 3307 closed
}

cases_mariadb() {
    local right="auth: {file: $directory/right.secret}" wrong="auth: {file: $directory/wrong.secret}"
    local refused="it does not let the check's user in (error 1045)"
    local tls
    tls="starttls: true, sni: good.example, $(tls)"
    expect mysql-right mariadb:3306 "{mysql, user: secret, $right}" up
    expect mysql-wrong-password mariadb:3306 "{mysql, user: secret, $wrong}" down "$refused"
    expect mysql-nobody-password mariadb:3306 "{mysql, user: nobody, $right}" down "$refused"
    expect mysql-tls mariadb:3306 "{mysql, $tls}" up
    expect mysql-tls-right mariadb:3306 "{mysql, user: private, $right, $tls}" up
    expect mysql-tls-wrong-password mariadb:3306 "{mysql, user: private, $wrong, $tls}" down "$refused"
    expect mysql-tls-lacking mariadb:3306 "{mysql, user: private, $right}" down "$refused"
    expect mysql-tls-name mariadb:3306 "{mysql, starttls: true, sni: bad.example, $(tls)}" down 'its certificate is for another name'
    expect mysql mariadb:3306 mysql up
    expect mysql-user mariadb:3306 '{mysql, user: check}' up
    expect mysql-unknown-user mariadb:3306 '{mysql, user: nobody}' down "it does not let the check's user in (error 1045)"
    expect mysql-password mariadb:3306 '{mysql, user: secret}' down "it does not let the check's user in (error 1045)"
    expect mysql-locked mariadb:3306 '{mysql, user: locked}' down "the check's user is locked (error 4151)"
    expect mysql-not-from-here mariadb:3307 mysql down "it lets nobody in from this director's address (error 1130)"
    expect mysql-nobody mariadb:3308 mysql down 'connection refused'
    expect mysql-other dovecot:143 mysql down 'the answer is not of the MySQL protocol'
}

# --- PostgreSQL ----------------------------------------------------------------------------------------------

postgresql_binaries() { find /usr/lib/postgresql/*/bin -name postgres -printf '%h\n' | sort -V | tail -n 1; }

prepare_postgresql() {
    local own=$directory/postgresql bin
    bin=$(postgresql_binaries)
    chown nobody:nogroup "$own"
    (cd "$own" && as_nobody "$bin/initdb" --pgdata="$own/data" --username=postgres --auth=trust --no-sync) \
        >"$directory/postgresql.log" 2>&1
    cat >>"$own/data/postgresql.conf" <<CONF
listen_addresses = '${address_of[postgresql]}'
unix_socket_directories = '$own'
ssl = on
ssl_cert_file = '$directory/tls/server.crt'
ssl_key_file = '$directory/tls/server.key'
max_connections = 20
CONF
    cat >"$own/data/pg_hba.conf" <<'CONF'
host all trusted,full,nologin all trust
host all refused all reject
hostssl all plain all password
host all plain all password
host all hashed all md5
hostssl all private all scram-sha-256
host all private all reject
host all all all scram-sha-256
CONF
    printf '%s;\n' 'CREATE ROLE trusted LOGIN' 'CREATE ROLE refused LOGIN' 'CREATE ROLE nologin' \
        'CREATE ROLE full LOGIN CONNECTION LIMIT 0' "CREATE ROLE known LOGIN PASSWORD 'right'" \
        "CREATE ROLE plain LOGIN PASSWORD 'right'" "CREATE ROLE private LOGIN PASSWORD 'right'" \
        "SET password_encryption = md5" "CREATE ROLE hashed LOGIN PASSWORD 'right'" |
        (cd "$own" && as_nobody "$bin/postgres" --single -D "$own/data" postgres) >>"$directory/postgresql.log" 2>&1
}

start_postgresql() {
    run_in postgresql setpriv --reuid=nobody --regid=nogroup --clear-groups "$(postgresql_binaries)/postgres" \
        -D "$directory/postgresql/data"
}

cases_postgresql() {
    local right="auth: {file: $directory/right.secret}" wrong="auth: {file: $directory/wrong.secret}"
    local tls database='database: postgres'
    tls="starttls: true, sni: good.example, $(tls)"
    local refused="it does not take the password of the check's user (28P01)"
    expect postgresql postgresql:5432 postgresql up
    expect postgresql-user postgresql:5432 '{postgresql, user: trusted, database: postgres}' up
    expect postgresql-password postgresql:5432 '{postgresql, user: guarded, database: postgres}' up
    expect postgresql-refused postgresql:5432 '{postgresql, user: refused, database: postgres}' down "it does not let the check's user in (28000)"
    expect postgresql-no-login postgresql:5432 '{postgresql, user: nologin, database: postgres}' down "it does not let the check's user in (28000)"
    expect postgresql-no-database postgresql:5432 '{postgresql, user: trusted, database: nowhere}' down 'it has no such database (3D000)'
    expect postgresql-full postgresql:5432 '{postgresql, user: full, database: postgres}' down 'it has too many connections (53300)'
    expect postgresql-scram postgresql:5432 "{postgresql, user: known, $database, $right}" up
    expect postgresql-scram-wrong postgresql:5432 "{postgresql, user: known, $database, $wrong}" down "$refused"
    expect postgresql-scram-unknown postgresql:5432 "{postgresql, user: unknown, $database, $right}" down "$refused"
    expect postgresql-md5 postgresql:5432 "{postgresql, user: hashed, $database, $right}" up
    expect postgresql-md5-wrong postgresql:5432 "{postgresql, user: hashed, $database, $wrong}" down "$refused"
    expect postgresql-plain postgresql:5432 "{postgresql, user: plain, $database, $right}" down \
        'it asks for the password itself, which is told over TLS alone (starttls: true)'
    expect postgresql-tls postgresql:5432 "{postgresql, $tls}" up
    expect postgresql-tls-plain postgresql:5432 "{postgresql, user: plain, $database, $right, $tls}" up
    expect postgresql-tls-plain-wrong postgresql:5432 "{postgresql, user: plain, $database, $wrong, $tls}" down "$refused"
    expect postgresql-tls-scram postgresql:5432 "{postgresql, user: private, $database, $right, $tls}" up
    expect postgresql-tls-lacking postgresql:5432 "{postgresql, user: private, $database, $right}" down \
        "it does not let the check's user in (28000)"
    expect postgresql-tls-name postgresql:5432 "{postgresql, ${tls/good/bad}}" down 'its certificate is for another name'
    expect postgresql-nobody postgresql:5433 postgresql down 'connection refused'
    expect postgresql-other nginx:80 postgresql down 'the answer is not of the PostgreSQL protocol'
}

# --- slapd: ldap ----------------------------------------------------------------------------------------------

# slapd_on PORT LINE...
slapd_on() {
    local own=$directory/slapd/$1
    mkdir -p "$own/db"
    printf '%s\n' 'include /etc/ldap/schema/core.schema' 'modulepath /usr/lib/ldap' 'moduleload back_mdb' \
        "pidfile $own/pid" "${@:2}" 'database mdb' 'suffix dc=example' 'rootdn cn=admin,dc=example' 'rootpw right' \
        "directory $own/db" 'access to dn.base="dc=example" by * read' 'access to * by * none' >"$own/conf"
    slapadd -f "$own/conf" >>"$directory/slapd.log" 2>&1 <<'LDIF'
dn: dc=example
objectClass: top
objectClass: dcObject
objectClass: organization
o: example
dc: example

dn: ou=hidden,dc=example
objectClass: organizationalUnit
ou: hidden
LDIF
}

prepare_slapd() {
    slapd_on 389
    slapd_on 390 'disallow bind_anon'
}

start_slapd() {
    local port
    for port in 389 390; do
        # Anything but silence keeps it in the foreground.
        run_in slapd slapd -d none -f "$directory/slapd/$port/conf" -h "ldap://${address_of[slapd]}:$port"
    done
}

cases_slapd() {
    local admin='user: "cn=admin,dc=example"'
    local right="$admin, auth: {file: $directory/right.secret}" wrong="$admin, auth: {file: $directory/wrong.secret}"
    expect ldap slapd:389 ldap up
    expect ldap-base slapd:389 '{ldap, base: "dc=example"}' up
    expect ldap-hidden slapd:389 '{ldap, base: "ou=hidden,dc=example"}' down 'the search ends with noSuchObject (32)'
    expect ldap-absent slapd:389 '{ldap, base: "dc=nowhere"}' down 'the search ends with noSuchObject (32)'
    expect ldap-user slapd:389 "{ldap, $right, base: \"ou=hidden,dc=example\"}" up
    expect ldap-wrong-password slapd:389 "{ldap, $wrong}" down 'the bind ends with invalidCredentials (49)'
    expect ldap-not-anonymous slapd:390 ldap down 'the bind ends with inappropriateAuthentication (48)'
    expect ldap-nobody slapd:391 ldap down 'connection refused'
    expect ldap-other nginx:80 ldap down 'the answer is not LDAP'
}

# --- knot: dns, udp ------------------------------------------------------------------------------------------

prepare_knot() {
    local own=$directory/knot
    cat >"$own/knot.conf" <<CONF
server:
    rundir: $own
    listen: ${address_of[knot]}@53
database:
    storage: $own
log:
  - target: stderr
    any: info
zone:
  - domain: example.test
    file: $own/example.test.zone
  - domain: lost.test
    file: $own/lost.test.zone
CONF
    cat >"$own/example.test.zone" <<'ZONE'
$ORIGIN example.test.
$TTL 60
@ SOA ns admin 1 60 60 60 60
@ NS ns
@ MX 10 mail
ns A 192.0.2.53
www A 192.0.2.80
www AAAA 2001:db8::80
mail A 192.0.2.25
alias CNAME www
note TXT "all is well"
_sip._udp SRV 1 1 5060 www
ZONE
}

start_knot() { run_in knot knotd -c "$directory/knot/knot.conf"; }

cases_knot() {
    # A question about www.example.test: its number is 1, and the address 192.0.2.80 is in the answer.
    local question='hex:00010000000100000000000003777777076578616d706c6504746573740000010001'
    expect dns knot:53 '{dns: www.example.test}' up
    expect dns-answer knot:53 '{dns: www.example.test, answer: 192.0.2.80}' up
    expect dns-aaaa knot:53 '{dns: www.example.test, type: AAAA, answer: "2001:db8::80"}' up
    expect dns-mx knot:53 '{dns: example.test, type: MX, answer: mail.example.test}' up
    expect dns-txt knot:53 '{dns: note.example.test, type: TXT, answer: "all is well"}' up
    expect dns-srv knot:53 '{dns: _sip._udp.example.test, type: SRV, answer: www.example.test}' up
    expect dns-soa knot:53 '{dns: example.test, type: SOA, answer: ns.example.test}' up
    expect dns-alias knot:53 '{dns: alias.example.test, answer: 192.0.2.80}' up
    expect dns-wrong knot:53 '{dns: www.example.test, answer: 192.0.2.81}' down 'no record of the answer holds what is expected'
    expect dns-no-record knot:53 '{dns: mail.example.test, type: MX, answer: mail.example.test}' down 'the answer has no record of the type asked for'
    expect dns-no-name knot:53 '{dns: nobody.example.test}' down 'DNS response code NXDOMAIN'
    expect dns-no-name-wanted knot:53 '{dns: nobody.example.test, rcode: NXDOMAIN}' up
    expect dns-refused knot:53 '{dns: www.elsewhere.test}' down 'DNS response code REFUSED'
    expect dns-lost-zone knot:53 '{dns: www.lost.test}' down 'DNS response code SERVFAIL'
    expect dns-nobody knot:54 '{dns: www.example.test}' down 'connection refused'
    expect dns-other chrony:123 '{dns: www.example.test}' down 'no answer in time'
    expect udp knot:53 "{udp, send: \"$question\", expect: \"hex:c0000250\"}" up
    expect udp-wrong knot:53 "{udp, send: \"$question\", expect: \"hex:c0000251\"}" down 'the answer is not what is expected'
    expect udp-unexpecting knot:53 "{udp, send: \"$question\"}" up
    expect udp-nobody knot:54 "{udp, send: \"$question\"}" down 'connection refused'
}

# --- chrony: ntp ----------------------------------------------------------------------------------------------

# chronyd_on PORT LINE...
chronyd_on() {
    local own=$directory/chrony/$1
    mkdir -p "$own"
    chmod 750 "$own"
    printf '%s\n' "port $1" "bindaddress ${address_of[chrony]}" 'cmdport 0' 'bindcmdaddress /' 'allow all' "pidfile $own/pid" \
        "${@:2}" >"$own/conf"
}

prepare_chrony() {
    chronyd_on 123 'local stratum 8'
    chronyd_on 124
}

# A copy, because whoever confines programs by their path does not let chronyd read our configuration.
start_chrony() {
    local port
    cp -f "$chronyd" "$directory/chrony/chronyd" 2>/dev/null || true
    # -x: it never touches this machine's clock.
    for port in 123 124; do run_in chrony ./chronyd -d -x -u root -f "$directory/chrony/$port/conf"; done
}

cases_chrony() {
    expect ntp chrony:123 ntp up
    expect ntp-unsynchronised chrony:124 ntp down 'its clock is not synchronised'
    expect ntp-nobody chrony:125 ntp down 'connection refused'
    expect ntp-other knot:53 ntp down 'no answer in time'
}
