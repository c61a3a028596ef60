# Sourced by tests/bench/{canary,dashboard}: a fleet of mailboxes on one `mailprobe rehearse` of this machine, and the canary that
# watches them. `targets`, `interval` (seconds) and `base` (the first port) are set before.
# shellcheck shell=bash disable=SC2154 # those three are set before
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

die() { echo "bench: $*" >&2; exit 1; }
for number in "$targets" "$interval" "$base"; do
    [[ $number =~ ^[1-9][0-9]{0,4}$ ]] || die "'$number' is no number from 1 to 99999"
done

binary=${MAILPROBE:-$root/target/dist/mailprobe}
[[ -x $binary ]] || die "no $binary: cargo build --profile dist"
command -v python3 >/dev/null || die "python3 is missing: tests/lab/install"
ulimit -n "$(ulimit -Hn)"

work=${KEEP:-}
if [[ -n $work ]]; then mkdir -p "$work" && rm -f "$work"/canary.db*; else work=$(mktemp -d); fi
children=()
clean_up() {
    local child
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    wait
    if [[ -z ${KEEP:-} ]]; then rm -rf "$work"; fi
}
trap clean_up EXIT
# A build may replace the binary meanwhile.
cp "$binary" "$work/mailprobe"

# Every mailbox is a person's of its own: one is visited by one at a time.
names() { seq -f 'u%05g' 1 "$targets"; }
{
    echo 'extends = "before-cutover"'
    names | sed "s|.*|[[mailbox]]\naddress = \"&@rehearsal.test\"\npassword = \"correct horse\"|"
} >"$work/tenant.toml"
(umask 077 && printf 'correct horse' >"$work/password")

# write_config [LINE...]: what there is to watch, with these lines between the interval and the rest.
write_config() {
    local endpoints="\"imaps://localhost:$((base + 993))\", \"pop3s://localhost:$((base + 995))\""
    endpoints+=", \"smtps://localhost:$((base + 465))\", \"ews://localhost:$((base + 443))\""
    {
        printf '%s\n' "interval = \"${interval}s\"" "$@" '[limits]' 'per_domain = 64' 'per_host = 128' \
            '[network]' 'ca_file = "ca.pem"' 'family = "ipv4"'
        names | sed "s|.*|[[target]]\nname = \"&\"\nmailbox = \"&@rehearsal.test\"\npassword_file = \"password\"\nendpoints = [$endpoints]|"
    } >"$work/canary.toml"
}

# begin NAME ARGUMENT...: in the background; what it says is in NAME.log, and its number in `begun`.
begin() {
    (cd "$work" && exec ./mailprobe "${@:2}") >"$work/$1.log" 2>&1 &
    begun=$!
    children+=("$begun")
}
# alive PID NAME
alive() { kill -0 "$1" 2>/dev/null || { tail -n 5 "$work/$2.log" >&2; die "$2 has ended"; }; }

# One question to the history. WAL lets a reader read while the canary writes.
ask() {
    python3 -c 'import sqlite3, sys
database = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True, timeout=30)
print(*database.execute(sys.argv[2]).fetchone())' "$work/canary.db" "$1"
}

# begin_all: the tenant, then the canary, until everybody was visited once.
begin_all() {
    begin rehearse rehearse ./tenant.toml --port-base "$base" --ca-out ca.pem --quiet
    tenant=$begun
    until [[ -s $work/ca.pem ]] && { : <"/dev/tcp/127.0.0.1/$((base + 993))"; } 2>/dev/null; do
        alive "$tenant" rehearse
        sleep 0.2
    done
    begin canary canary --config canary.toml
    canary=$begun
    echo "bench: everybody is visited once" >&2
    until [[ -s $work/canary.db ]] && (($(ask 'SELECT COUNT(DISTINCT target) FROM visits' 2>/dev/null || echo 0) >= targets)); do
        alive "$canary" canary
        sleep 1
    done
}

# The canary's own CPU so far, in ticks, and its resident size in KiB.
cpu() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
rss() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"; }

warn_if_busy() {
    awk -v cores="$(nproc)" '$1 > cores / 2 { print "bench: the machine is busy (load " $1 "): the numbers will be off" }' /proc/loadavg >&2
}
