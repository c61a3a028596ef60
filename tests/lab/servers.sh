# Sourced by tests/lab/lab: how each server is set up, started, asked and stopped. A server lives in $lab/NAME and all
# its processes in one session, whose leader is in $lab/NAME/pid.
# shellcheck shell=bash
# shellcheck source=tests/lab/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=tests/lab/http.sh
source "$here/http.sh"
# shellcheck source=tests/lab/oauth.sh
source "$here/oauth.sh"
# shellcheck source=tests/lab/postgresql.sh
source "$here/postgresql.sh"

export DISABLED_REASON="Account is disabled, ask your administrator."

# fill NAME TEMPLATE TARGET: writes TEMPLATE with every @KEY@ of lab.env, @LAB@, @HOME@ and @ADDRESS@ filled in
fill() {
    local key value script
    script="s|@LAB@|$lab|g;s|@HOME@|$lab/$1|g;s|@ADDRESS@|$(address_of "$1")|g;"
    while IFS='=' read -r key value; do
        [[ $key == [A-Z]* ]] && script+="s|@$key@|$value|g;"
    done <"$here/lab.env"
    sed "$script" "$2" >"$3"
}

passwd_file() {
    echo "$ALICE:{PLAIN.b64}$ALICE_PASSWORD_BASE64::::::"
    echo "$QUIRKY:{PLAIN.b64}$QUIRKY_PASSWORD_BASE64::::::"
    # Fields are split at spaces, so the reason comes by way of the environment.
    echo "$DISABLED:{PLAIN.b64}$DISABLED_PASSWORD_BASE64::::::nologin=y reason=%{env:DISABLED_REASON}"
}

bulk_passwd_file() {
    local i
    for ((i = 1; i <= BULK_ACCOUNTS; i++)); do
        printf 'u%04d@%s:{PLAIN.b64}%s::::::\n' "$i" "$DOMAIN" "$BULK_PASSWORD_BASE64"
    done
}

set_up_dovecot() {
    local home=$lab/$1
    fill "$1" "$here/dovecot/common.conf" "$home/common.conf"
    fill "$1" "$here/dovecot/$1.conf" "$home/dovecot.conf"
    # How tokens are judged: as the lab's own are, or as the character's own file says.
    local judge=$here/dovecot/$1.conf.ext
    [[ -e $judge ]] || judge=$here/dovecot/oauth2.conf.ext
    fill "$1" "$judge" "$home/oauth2.conf.ext"
    cp "$here/dovecot/backend" "$home/backend"
    if [[ $1 == bulk ]]; then bulk_passwd_file; else passwd_file; fi >"$home/users"
    install -d -o mail -g mail "$home/mail"
}

# sasldb OWNER FILE
sasldb() {
    local name
    for name in ALICE QUIRKY DISABLED; do
        local account=${!name} password=${name}_PASSWORD_BASE64
        base64 -d <<<"${!password}" | saslpasswd2 -p -c -f "$2" -u "${account#*@}" "${account%@*}"
    done
    chown "$1" "$2"
}

set_up_cyrus() {
    local home=$lab/$1 tree
    tree=$(cyrus_tree)
    [[ -d $tree ]] || die "no Cyrus servers in $tree: run tests/lab/install"
    fill "$1" "$here/cyrus/imapd.conf" "$home/imapd.conf"
    fill "$1" "$here/cyrus/cyrus.conf" "$home/cyrus.conf"
    # The cache may be below a home that the user cyrus cannot search.
    install -D -t "$home/bin" "$tree/usr/lib/cyrus/bin/imapd" "$tree/usr/lib/cyrus/bin/pop3d"
    # The package's makedirs knows /var/lib/cyrus only.
    install -d -o cyrus -g mail "$home/spool" "$home/conf"/{,backup,db,log,msg,proc,ptclient,quota,socket,sync,user}
    sasldb cyrus "$home/sasldb2"
    # sasldb cannot switch an account off; Cyrus' own list of the denied can.
    /usr/lib/cyrus/bin/cyr_deny -C "$home/imapd.conf" -m "$DISABLED_REASON" "$DISABLED"
}

set_up_postfix() {
    local home=$lab/$1
    mkdir "$home/conf" "$home/queue"
    install -d -o postfix "$home/data"
    cat "$here/postfix/main.cf" "$here/postfix/$1.cf" >"$home/main.cf"
    fill "$1" "$home/main.cf" "$home/conf/main.cf"
    fill "$1" "$here/postfix/master.cf" "$home/conf/master.cf"
    if [[ $1 == postfix-cyrus ]]; then
        # Debian's Postfix looks for it there.
        mkdir "$home/conf/sasl"
        fill "$1" "$here/postfix/smtpd.conf" "$home/conf/sasl/smtpd.conf"
        sasldb postfix "$home/sasldb2"
    fi
}

set_up_exim() {
    local home=$lab/$1 name
    [[ -d $(exim_tree) ]] || die "no Exim in $(exim_tree): run tests/lab/install"
    fill "$1" "$here/exim/exim.conf" "$home/exim.conf"
    # The cache may be below a home that Exim's user cannot search.
    install -D -t "$home/bin" "$(exim_tree)/usr/sbin/exim4"
    install -d -o Debian-exim -g Debian-exim "$home/spool"
    for name in main panic; do ln -s log "$home/${name}log"; done
    for name in ALICE QUIRKY DISABLED; do
        local password=${name}_PASSWORD_BASE64
        printf '%s: %s\n' "${!name}" "$(base64 -d <<<"${!password}")"
    done >"$home/users"
}

set_up_nodemailer() {
    local tree
    tree=$(nodemailer_tree)
    [[ -d $tree ]] || die "no smtp-server in $tree: run tests/lab/install"
    cp -r "$here/nodemailer/server.js" "$tree/node_modules" "$lab/$1/"
}

set_up_dns() {
    fill "$1" "$here/dnsmasq.conf" "$lab/$1/dnsmasq.conf"
    fill "$1" "$here/dns.hosts" "$lab/$1/hosts"
}

run_dovecot() { exec dovecot -F -c "$lab/$1/dovecot.conf"; }

# Not `start-fg`: that leaves its shell as the leader of our session and master in another.
run_postfix() {
    local conf=$lab/$1/conf
    postfix -c "$conf" check # makes the queue's folders
    exec "$(postconf -c "$conf" -h daemon_directory)/master" -s -c "$conf"
}

run_exim() { exec "$lab/$1/bin/exim4" -bdf -C "$lab/$1/exim.conf"; }

# What a server made here is to know of the lab.
export_facts() {
    local key
    while IFS='=' read -r key; do
        [[ $key == [A-Z]* ]] && export "${key%%=*}"
    done <"$here/lab.env"
}

run_nodemailer() {
    export_facts
    exec node "$lab/$1/server.js" "$lab" "$(address_of "$1")"
}

run_dns() { exec dnsmasq --keep-in-foreground --conf-file="$lab/$1/dnsmasq.conf"; }

run_cyrus() {
    local home=$lab/$1 socket=$lab/$1/syslog.socket run
    run=(/usr/lib/cyrus/bin/master -C "$home/imapd.conf" -M "$home/cyrus.conf" -p "$home/master.pid")
    "$here/cyrus/syslog" "$socket" "$home/log" &
    poll 5 test -S "$socket" || die "cyrus: no $socket"
    # libc's syslog() knows /dev/log and nothing else. On a machine that has a syslog, Cyrus gets a view of /dev of its own.
    if [[ -e /dev/log && $(readlink -f /dev/log) != "$socket" ]]; then
        # shellcheck disable=SC2016 # expanded by the inner shell
        exec unshare --mount bash -c 'mount --bind "$1" /dev/log && shift && exec "$@"' - "$socket" "${run[@]}"
    fi
    ln -sfn "$socket" /dev/log
    exec "${run[@]}"
}

kind_of() {
    case $1 in
        cyrus | exim | nodemailer | sogo | apache | exchange | postgresql | oidc | authlib | dns) echo "$1" ;;
        postfix*) echo postfix ;;
        *) echo dovecot ;;
    esac
}

# poll SECONDS COMMAND...: until the command succeeds
poll() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.02
    done
}

# greets PROTOCOL ANSWER: is that how its servers begin?
greets() {
    case $1 in
        imap) [[ $2 == '* OK'* ]] ;;
        pop3) [[ $2 == '+OK'* ]] ;;
        smtp) [[ $2 == '220 '* ]] ;;
        # not 5xx: a front end without the server behind it
        http) [[ $2 == HTTP/1.[01]' '[234]* ]] ;;
    esac
}

# answers NAME PORT PROTOCOL TRANSPORT: does that port say what its protocol says first?
answers() {
    local address answer fd
    address=$(address_of "$1")
    case $4 in
        udp+tcp)
            # a query for imap.lab.test, A; its answer ends with the address of modern, 127.0.10.11
            answer=$({
                exec 3<>"/dev/udp/$address/$2" &&
                    printf '\x12\x34\1\0\0\1\0\0\0\0\0\0\4imap\3lab\4test\0\0\1\0\1' >&3 &&
                    timeout 1 dd bs=512 count=1 <&3 | od -An -v -tx1 | tr -d ' \n'
            } 2>/dev/null)
            [[ $answer == 1234*7f000a0b ]]
            ;;
        asked-for-tls) "$(postgresql_programs)/pg_isready" -q -h "$address" -p "$2" ;;
        implicit-tls)
            local client=(timeout 2 openssl s_client -quiet -connect "$address:$2"
                -CAfile "$lab/certs/ca.pem" -verify_return_error)
            if [[ $3 == smtp ]]; then
                # Exim and smtp-server turn away whoever speaks before they have greeted.
                exec {fd}< <(exec "${client[@]}" </dev/null 2>/dev/null)
                read -r -u "$fd" answer || true
                kill $! 2>/dev/null || true
                exec {fd}<&-
            elif [[ $3 == http ]]; then
                answer=$(printf 'OPTIONS /Microsoft-Server-ActiveSync HTTP/1.0\r\nHost: lab\r\n\r\n' |
                    "${client[@]}" 2>/dev/null)
            else
                # Dovecot, spoken to before it has greeted, says first "* OK Waiting for authentication process"
                answer=$(printf 'x LOGOUT\r\nQUIT\r\n' | "${client[@]}" 2>/dev/null | grep -av '^. OK Waiting')
            fi
            greets "$3" "$answer"
            ;;
        *)
            answer=$({ exec 3<>"/dev/tcp/$address/$2" && read -r -t 2 -u 3 line && echo "$line"; } 2>/dev/null)
            greets "$3" "$answer"
            ;;
    esac
}

all_answer() {
    local port
    while read -r -a port; do
        answers "$1" "${port[@]}" </dev/null || return 1
    done < <(ports_of "$1")
}

# The processes of the session that NAME was started as; names are compared lest a number be used again by a stranger.
processes_of() {
    local leader stat fields name
    read -r leader 2>/dev/null <"$lab/$1/pid" || return 0
    for stat in /proc/[0-9]*/stat; do
        read -r fields 2>/dev/null <"$stat" || continue
        name=${fields#*(} name=${name%)*}
        # after the name: state, parent, group, session
        read -r -a fields <<<"${fields##*) }"
        [[ ${fields[3]} == "$leader" && ${fields[0]} != Z ]] || continue
        case $name in
            dovecot | anvil | log | config | stats | auth | imap-login | pop3-login | imap | pop3) ;;
            postlogd | qmgr | smtpd | tlsmgr | proxymap | trivial-rewrite) ;;
            cleanup | bounce | discard | error) ;;
            master | ctl_cyrusdb | imapd | pop3d | syslog | dnsmasq | bash) ;;
            exim4 | node | python3) ;;
            # PostgreSQL: what is behind it has sessions of its own and ends with the postmaster
            postgres | memcached | sogod | apache2 | krb5kdc) ;;
            *) continue ;;
        esac
        stat=${stat#/proc/}
        echo "${stat%/stat}"
    done
}

leader_runs() {
    local leader
    read -r leader 2>/dev/null <"$lab/$1/pid" && [[ -d /proc/$leader ]] &&
        [[ " $(processes_of "$1" | tr '\n' ' ')" == *" $leader "* ]]
}

gone() { [[ -z $(processes_of "$1") ]]; }
leader_gone() { ! leader_runs "$1"; }
dying() { gone "$1" || leader_gone "$1"; }

# Asks the leader first, who tells its children; then whoever is left; then nobody is asked.
stop() {
    local leader
    if leader_runs "$1"; then
        read -r leader <"$lab/$1/pid"
        kill "$leader" 2>/dev/null || true
        poll 3 leader_gone "$1" || true
    fi
    # shellcheck disable=SC2046 # a list of numbers
    if ! gone "$1"; then
        kill $(processes_of "$1") 2>/dev/null || true
        poll 2 gone "$1" || kill -KILL $(processes_of "$1") 2>/dev/null || true
        poll 2 gone "$1" || die "$1 cannot be stopped"
    fi
    rm -f "$lab/$1/pid"
    if [[ $1 == cyrus && $(readlink /dev/log) == "$lab/cyrus/syslog.socket" ]]; then rm -f /dev/log; fi
}

start() {
    local home=$lab/$1 kind
    kind=$(kind_of "$1")
    # Left by a server that was killed: sockets that keep the next one from starting, mailboxes, old logs.
    rm -rf "$home"
    mkdir "$home"
    # Made here, so that it is readable: Dovecot would make it for root only. dnsmasq opens it as nobody.
    : >"$home/log"
    if [[ $kind != dovecot ]]; then chmod 666 "$home/log"; fi
    "set_up_$kind" "$1"
    # shellcheck disable=SC2016 # expanded by the inner shell
    setsid bash -euo pipefail -c 'source "$1/servers.sh"; echo $$ >"$lab/$3/pid"; "run_$2" "$3"' \
        - "$here" "$kind" "$1" </dev/null >"$home/console" 2>&1 9>&- &
    poll 5 test -s "$home/pid" && poll 15 up_or_dead "$1" && leader_runs "$1" && return
    echo "lab: $1 does not come up. Its console and log:" >&2
    cat "$home/console" "$home/log" >&2
    stop "$1"
    return 1
}

up_or_dead() { leader_gone "$1" || all_answer "$1"; }
