# Sourced by servers.sh: the servers that speak HTTP, and what runs behind them.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2317 # lab and here are servers.sh's; what `together` calls it calls by name

# The oldest of a machine's PostgreSQLs will do.
postgresql_programs() {
    local programs
    for programs in /usr/lib/postgresql/*/bin; do
        [[ -x $programs/initdb ]] && echo "$programs" && return
    done
    die "no PostgreSQL: run tests/lab/install"
}

# together COMMAND...: runs them as children; the first to end, or TERM, ends all. The caller, who is the leader of the
# session, stays.
together() {
    local command children=()
    for command in "$@"; do
        "$command" &
        children+=($!)
    done
    # shellcheck disable=SC2064 # these children
    trap "kill ${children[*]} 2>/dev/null || true" TERM
    wait -n || true
    kill "${children[@]}" 2>/dev/null || true
    wait || true
}

# SOGo has no file of users: they are in a table, which is where its own tables are too.
set_up_sogo() {
    local home=$lab/$1 programs name
    programs=$(postgresql_programs)
    fill "$1" "$here/sogo/sogo.conf" "$home/sogo.conf"
    fill "$1" "$here/sogo/apache.conf" "$home/apache.conf"
    install -d -o sogo -g sogo "$home/run" "$home/spool"
    install -d -o postgres -g postgres -m 700 "$home/postgresql"
    # Nothing in it outlives the server, so nothing is waited for to reach the disk.
    (cd / && as_user postgres "$programs/initdb" --no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C \
        -D "$home/postgresql" >/dev/null)
    {
        echo "CREATE ROLE sogo LOGIN;"
        echo "CREATE DATABASE sogo OWNER sogo;"
    } >"$home/database.sql"
    {
        echo "SET ROLE sogo;"
        echo "CREATE TABLE users (c_uid TEXT PRIMARY KEY, c_name TEXT, c_password TEXT, c_cn TEXT, mail TEXT);"
        for name in ALICE QUIRKY; do
            local account=${!name} password=${name}_PASSWORD_BASE64
            printf "INSERT INTO users VALUES ('%s', '%s', convert_from(decode('%s', 'base64'), 'UTF8'), '%s', '%s');\n" \
                "${account%@*}" "${account%@*}" "${!password}" "${account%@*}" "$account"
        done
    } >"$home/users.sql"
    # Without a server, so that there is only one way of starting it.
    local single=("$programs/postgres" --single -D "$home/postgresql" -c fsync=off)
    (cd / && as_user postgres "${single[@]}" postgres <"$home/database.sql" &&
        as_user postgres "${single[@]}" sogo <"$home/users.sql") >"$home/database.log" 2>&1
}

# as_user USER COMMAND...: not runuser, which leaves a process of its own in between
as_user() {
    local user=$1
    shift
    setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"
}

run_sogo() {
    local home=$lab/$1
    sogo_database() {
        cd / && exec setpriv --reuid postgres --regid postgres --clear-groups "$(postgresql_programs)/postgres" \
            -D "$home/postgresql" -h "$SOGO_ADDRESS" -p "$POSTGRESQL_PORT" -k '' -c fsync=off
    }
    sogo_cache() { exec memcached -u sogo -s "$home/run/memcached.socket"; }
    # It reads /etc/sogo/sogo.conf whatever one says: it gets a view of /etc in which that is ours.
    sogo_itself() {
        poll 10 "$(postgresql_programs)/pg_isready" -q -h "$SOGO_ADDRESS" -p "$POSTGRESQL_PORT"
        # shellcheck disable=SC2016 # expanded by the inner shell
        exec unshare --mount bash -c 'mount --bind "$1" /etc/sogo/sogo.conf && shift && cd / && exec "$@"' - "$home/sogo.conf" \
            setpriv --reuid sogo --regid sogo --clear-groups env HOME="$home/run" /usr/sbin/sogod -WONoDetach YES \
            -WOLogFile - -WOPidFile "$home/run/sogo.pid"
    }
    sogo_front() { exec apache2 -DFOREGROUND -f "$home/apache.conf"; }
    together sogo_database sogo_cache sogo_itself sogo_front
}

# Of the Kerberos realm that Apache asks about passwords and tickets.
kerberos() {
    export KRB5_CONFIG=$lab/$1/krb5.conf KRB5_KDC_PROFILE=$lab/$1/kdc.conf
}

set_up_apache() {
    local home=$lab/$1 file name password
    for file in apache.conf krb5.conf kdc.conf; do fill "$1" "$here/apache/$file" "$home/$file"; done
    install -D "$here/apache/inbox" "$home/cgi/inbox"
    mkdir "$home/docs"
    echo "a page of the lab's" | tee "$home/docs/basic" "$home/docs/krb" >/dev/null
    kerberos "$1"
    kdb5_util create -s -P "the lab's master key" >/dev/null 2>&1
    : >"$home/passwords"
    : >"$home/ntlm-users"
    for name in ALICE QUIRKY; do
        file=${name}_PASSWORD_BASE64
        password=$(base64 -d <<<"${!file}")
        # kadmin.local's own quoting knows no quote inside of quotes: what it asks for, it takes as it is.
        printf '%s\n%s\n' "$password" "$password" |
            kadmin.local addprinc "${!name%@*}@$REALM" >/dev/null 2>&1
        printf '%s:%s\n' "${!name}" "$(openssl passwd -apr1 -stdin <<<"$password")" >>"$home/passwords"
        # gss-ntlmssp reads a password up to its first colon.
        printf '%s:%s:%s\n' "$WINDOWS_DOMAIN" "${!name%@*}" "${password//:/}" >>"$home/ntlm-users"
    done
    kadmin.local addprinc -randkey "HTTP/apache.$DOMAIN" >/dev/null 2>&1
    kadmin.local ktadd -k "$home/http.keytab" "HTTP/apache.$DOMAIN" >/dev/null 2>&1
    chown www-data "$home/http.keytab" "$home/ntlm-users"
}

run_apache() {
    local home=$lab/$1
    kerberos "$1"
    apache_kdc() { exec krb5kdc -n; }
    apache_itself() {
        KRB5_KTNAME=$home/http.keytab NTLM_USER_FILE=$home/ntlm-users exec apache2 -DFOREGROUND -f "$home/apache.conf"
    }
    together apache_kdc apache_itself
}

set_up_exchange() { cp "$here/exchange/"*.js "$lab/$1/"; }

run_exchange() {
    export_facts
    exec node "$lab/$1/server.js" "$lab" "$(address_of "$1")"
}
