# Sourced by the scripts of the lab: where things are, what there is. No effects of its own.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/lab.env
source "$here/lab.env"

lab=$(realpath -m "${MAILPROBE_LAB:-/tmp/mailprobe-lab}")
cache=${MAILPROBE_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mailprobe-lab}

servers=(modern cutover legacy liar outage cyrus bulk postfix exim postfix-cyrus nodemailer postfix-bulk sogo apache exchange
    postgresql oidc authlib keyed asking postfix-keyed dns)
by_default=(modern cutover legacy liar outage cyrus postfix exim postfix-cyrus nodemailer sogo apache exchange
    postgresql oidc authlib keyed asking postfix-keyed dns)

# needs_of NAME: the server that NAME asks who may log in
needs_of() { case $1 in postfix | sogo) echo modern ;; postfix-bulk) echo bulk ;; asking) echo authlib ;; postfix-keyed) echo keyed ;; esac; }

die() { echo "lab: $*" >&2; exit 1; }

cyrus_version() { dpkg-query -W -f '${Version}' cyrus-common 2>/dev/null || echo none; }
cyrus_tree() { echo "$cache/cyrus-$(cyrus_version)"; }
exim_tree() { echo "$cache/exim"; }
# What is installed there is what the lock file names.
nodemailer_tree() { echo "$cache/nodemailer-$(cksum <"$here/nodemailer/package-lock.json" | tr ' ' -)"; }
oidc_tree() { echo "$cache/oidc-$(cksum <"$here/oidc/package-lock.json" | tr ' ' -)"; }
authlib_tree() { echo "$cache/authlib-$(cksum <"$here/authlib/requirements.txt" | tr ' ' -)"; }
# imapflow and nodemailer, clients of the rehearsal, likewise.
rehearse_node=$here/../rehearse/node
rehearse_node_tree() { echo "$cache/rehearse-node-$(cksum <"$rehearse_node/package-lock.json" | tr ' ' -)"; }
# A Python of its own, with a client for EWS from PyPI; the version is in the folder's name.
exchangelib_version=5.6.0
exchangelib_tree() { echo "$cache/exchangelib-$exchangelib_version"; }
# Another for ActiveSync.
pyactivesync_version=0.17.0
pyactivesync_tree() { echo "$cache/pyactivesync-$pyactivesync_version"; }
# Another, with what checks examples/; the copy of the list says that it is whole and of today.
checkers_tree() { echo "$cache/checkers"; }
checkers_there() { cmp -s "$here/checkers/requirements.txt" "$(checkers_tree)/requirements.txt"; }

address_of() { local key="${1^^}_ADDRESS"; key=${key//-/_}; echo "${!key}"; }

# The ports of a server, a line each: PORT PROTOCOL TRANSPORT
ports_of() {
    if [[ $1 == dns ]]; then
        echo "$DNS_PORT dns udp+tcp"
    elif [[ $1 == postfix* || $1 == exim || $1 == nodemailer ]]; then
        printf '%s\n' "$SMTP_PORT smtp starttls" "$SMTPS_PORT smtp implicit-tls"
    elif [[ $1 == postgresql ]]; then
        echo "$POSTGRESQL_PORT postgresql asked-for-tls"
    elif [[ $1 == exchange ]]; then
        printf '%s\n' "$HTTPS_PORT http implicit-tls" "$HTTPS_CUTOVER_PORT http implicit-tls"
    elif [[ $1 == sogo || $1 == apache || $1 == oidc || $1 == authlib ]]; then
        echo "$HTTPS_PORT http implicit-tls"
    elif [[ $1 == legacy ]]; then
        printf '%s\n' "$IMAP_PORT imap plaintext" "$POP3_PORT pop3 plaintext"
    else
        printf '%s\n' "$IMAP_PORT imap starttls" "$IMAPS_PORT imap implicit-tls" \
            "$POP3_PORT pop3 starttls" "$POP3S_PORT pop3 implicit-tls"
    fi
}

# A server's character in words is the first line of its settings.
words_of() {
    local file=$here/dovecot/$1.conf line
    case $1 in
        cyrus) file=$here/cyrus/imapd.conf ;;
        postfix*) file=$here/postfix/$1.cf ;;
        exim) file=$here/exim/exim.conf ;;
        nodemailer) file=$here/nodemailer/server.js ;;
        sogo) file=$here/sogo/sogo.conf ;;
        apache) file=$here/apache/apache.conf ;;
        exchange) file=$here/exchange/server.js ;;
        postgresql) file=$here/postgresql/postgresql.conf ;;
        oidc) file=$here/oidc/server.mjs ;;
        authlib) file=$here/authlib/server.py ;;
        dns) file=$here/dnsmasq.conf ;;
    esac
    read -r line <"$file"
    line=${line#\# } line=${line#// } line=${line#/\* }
    echo "${line% \*/}"
}
