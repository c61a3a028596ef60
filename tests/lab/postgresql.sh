# Sourced by servers.sh: the database server of the canary's history. SOGo's is another, without fsync, in http.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # lab and here are servers.sh's

# Debian's own cluster on port 5432 is left alone: this one is in the lab's folder, with a role that may make databases.
set_up_postgresql() {
    local home=$lab/$1 programs password quote="'"
    programs=$(postgresql_programs)
    password=$(base64 -d <<<"$DATABASE_PASSWORD_BASE64")
    install -d -o postgres -g postgres -m 700 "$home/data"
    (cd / && as_user postgres "$programs/initdb" --auth=reject --username=postgres --encoding=UTF8 --locale=C \
        -D "$home/data" >/dev/null)
    # Its first user has no password, so that nobody comes in as that. Without a server, so that there is only one way of starting it.
    echo "CREATE ROLE $DATABASE_USER LOGIN CREATEDB PASSWORD '${password//$quote/$quote$quote}';" |
        (cd / && as_user postgres "$programs/postgres" --single -D "$home/data" -c password_encryption=scram-sha-256 \
            postgres) >"$home/database.log" 2>&1
    fill "$1" "$here/postgresql/postgresql.conf" "$home/postgresql.conf"
    cp "$here/postgresql/pg_hba.conf" "$home/pg_hba.conf"
    cp "$lab/certs/server.pem" "$home/server.pem"
    # It takes no key that others can read.
    install -o postgres -g postgres -m 600 "$lab/certs/server.key" "$home/server.key"
}

run_postgresql() {
    cd / && exec setpriv --reuid postgres --regid postgres --clear-groups "$(postgresql_programs)/postgres" \
        -D "$lab/$1/data" -c config_file="$lab/$1/postgresql.conf"
}
