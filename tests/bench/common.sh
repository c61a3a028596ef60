# Sourced by tests/bench/{imap,pop3,smtp}, each of which says what is its protocol's own and then calls `bench "$@"`:
#   server, address, log    the lab's server that is measured, where it listens, and its log
#   scheme, port            of the bulk part
#   ways=("SCHEME PORT"...) of the trips part
#   last                    what a session does after the login, in words
#   hydra_module            hydra's name of the protocol
#   parts                   what this protocol can measure
#   login_line SOURCE       a regular expression for the log's line about a login of that client over TLS
#   curl_request ACCOUNT    lines of a curl configuration: what is done after the login
#   tester SCHEME           the third client of the trips part: a program of Cyrus's that only logs in
# Besides its parts each of them has `bare`, which runs only when it is named; tests/bench/bare names it to all three.
# shellcheck shell=bash
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$bench/../.." && pwd)
# shellcheck source=tests/lab/common.sh
source "$root/tests/lab/common.sh"

rounds=${ROUNDS:-3}
accounts=${ACCOUNTS:-1000}
at_once=${AT_ONCE:-64}
# hydra waits most of a second before each session of a task, and is counted per session anyway.
hydra_one_by_one=20
hydra_at_once=$((accounts < 300 ? accounts : 300))
delay=25

ca=$lab/certs/ca.pem
BULK_PASSWORD=$(base64 -d <<<"$BULK_PASSWORD_BASE64")
export BULK_PASSWORD
# Each client has an address of its own in the server's log. hydra cannot choose.
mailprobe_source=127.0.20.1
curl_source=127.0.20.2
hydra_source=127.0.0.1
bare_source=127.0.20.3

die() { echo "bench: $*" >&2; exit 1; }

work=${KEEP:-}
if [[ -n $work ]]; then mkdir -p "$work"; else work=$(mktemp -d); fi
children=()
clean_up() {
    local child
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    if [[ -z ${KEEP:-} ]]; then rm -rf "$work"; fi
}
trap clean_up EXIT

prepare() {
    local binary=${MAILPROBE:-$root/target/dist/mailprobe} bare=${BARE:-$root/target/dist/examples/bare_client}
    [[ -x $binary ]] || die "no $binary: cargo build --profile dist"
    if [[ " $* " == *" bare "* && ! -x $bare ]]; then
        die "no $bare: cargo build --profile dist -p mailprobe-probes --example bare_client"
    fi
    ((accounts >= hydra_one_by_one && accounts <= BULK_ACCOUNTS)) || die "ACCOUNTS is from $hydra_one_by_one to $BULK_ACCOUNTS"
    for tool in /usr/bin/time python3 curl hydra /usr/lib/cyrus/bin/imtest; do
        command -v "$tool" >/dev/null || die "$tool is missing: tests/lab/install --bench"
    done
    ulimit -n "$(ulimit -Hn)"
    # A build may replace the binaries meanwhile.
    cp "$binary" "$work/mailprobe"
    if [[ -x $bare ]]; then cp "$bare" "$work/bare_client"; fi
    "$root/tests/lab/lab" up "$server"
    numbers "$accounts" | sed "1i mailbox,endpoint
        s|.*|&@$DOMAIN,$scheme://$address:$port|" >"$work/targets.csv"
    numbers "$accounts" | sed "s|.*|&@$DOMAIN|" >"$work/accounts"
    numbers "$accounts" | curl_config >"$work/curl.conf"
    sed 's/^url/no-sessionid\n&/' "$work/curl.conf" >"$work/curl-full.conf"
    numbers "$hydra_one_by_one" | sed "s|.*|&@$DOMAIN:$BULK_PASSWORD|" >"$work/hydra.1"
    numbers "$hydra_at_once" | sed "s|.*|&@$DOMAIN:$BULK_PASSWORD|" >"$work/hydra.$at_once"
}

numbers() { seq -f 'u%04g' 1 "$1"; }

# One session of curl's: curl_transfer ACCOUNT SCHEME PORT
curl_transfer() {
    cat <<END
silent
show-error
url = "$2://$address:$3/${CURL_PATH:-}"
$(curl_request "$1@$DOMAIN")
user = "$1@$DOMAIN:$BULK_PASSWORD"
login-options = "AUTH=PLAIN"
sasl-ir
ssl-reqd
cacert = "$ca"
interface = "$curl_source"
output = "/dev/null"
END
}

# The options of one transfer hold for one URL only, so each account brings all of them.
curl_config() {
    local account
    while read -r account; do
        echo next
        curl_transfer "$account" "$scheme" "$port"
    done | sed 1d
}

# What a client is told to do, NUMBER sessions at a time.
run_mailprobe() {
    command=("$work/mailprobe" check --targets "$work/targets.csv" --methods PLAIN --ca-file "$ca"
        --password-env BULK_PASSWORD --quiet -o jsonl --source-address "$mailprobe_source"
        --concurrency "$1" --per-host "$1")
    source=$mailprobe_source wanted=$accounts
}
# curl resumes TLS sessions where the server lets it, which saves both sides the certificate; curl-full does not.
run_curl() {
    command=(curl -K "$work/${2:-curl}.conf")
    if (($1 > 1)); then command+=(--parallel --parallel-max "$1"); fi
    source=$curl_source wanted=$accounts
}
run_curl-full() { run_curl "$1" curl-full; }
run_hydra() {
    command=(hydra -I -C "$work/hydra.$1" -t "$1" -S -s "$port" "$address" "$hydra_module" PLAIN)
    source=$hydra_source wanted=$(wc -l <"$work/hydra.$1")
}
# The least that a client can do (probes/examples/bare_client.rs), and the same commands as mailprobe's.
run_bare() {
    command=("$work/bare_client" "$scheme://$address:$port" "$ca" "$bare_source" "$1" "${2:-least}")
    source=$bare_source wanted=$accounts
}
run_bare-same() { run_bare "$1" same; }

logins_since() { tail -c "+$(($1 + 1))" "$log" | grep -c "$(login_line "$source")" || true; }

# measure ROUND CLIENT NUMBER: a line in $work/results, the number of sessions as the server has it
measure() {
    local command source wanted mark sessions tries status=0
    "run_$2" "$3"
    mark=$(stat -c %s "$log")
    (cd "$work" && /usr/bin/time -q -o time -f '%e %U %S %M' "${command[@]}" <accounts >out 2>err) || status=$?
    # The last lines of a log may be late.
    for ((tries = 0; tries < 20; tries++)); do
        sessions=$(logins_since "$mark")
        ((sessions >= wanted)) && break
        sleep 0.1
    done
    if ((sessions != wanted)); then
        tail -n 5 "$work/err" >&2
        die "$2 ($3 at a time, status $status): the server saw $sessions sessions, wanted $wanted"
    fi
    if [[ $2 == mailprobe ]] && (($(grep -c '"usable":true' "$work/out") != wanted)); then
        die "mailprobe did not find every mailbox usable"
    fi
    echo "$1 $2 $3 $sessions $(<"$work/time")" | tee -a "$work/results" |
        awk '{ printf "  round %d  %-9s %4d at a time  %5d sessions  %6.2f s  CPU %5.2f + %5.2f s  %6.1f MiB\n",
            $1, $2, $3, $4, $5, $6, $7, $8 / 1024 }' >&2
}

bulk() { compare curl curl-full hydra; }

# Over IMAP the least is what mailprobe does.
bare() { if [[ $scheme == imaps ]]; then compare bare; else compare bare bare-same; fi; }

# compare CLIENT...: mailprobe beside these
compare() {
    local cases=() round i client number
    for number in 1 "$at_once"; do
        for client in mailprobe "$@"; do cases+=("$client $number"); done
    done
    : >"$work/results"
    echo "Bulk: warming up" >&2
    local command source wanted
    run_mailprobe "$at_once"
    "${command[@]}" >/dev/null || die "mailprobe does not find $server as it should be"
    for ((round = 1; round <= rounds; round++)); do
        # There and back again, so that a machine that gets slower or faster does it to all.
        for ((i = 0; i < ${#cases[@]}; i++)); do
            # shellcheck disable=SC2086 # client and number
            measure "$round" ${cases[round % 2 ? i : ${#cases[@]} - 1 - i]}
        done
    done
    echo "Bulk: $scheme, one session an account, medians of $rounds rounds"
    awk -v at_once="$at_once" -v clients="$*" '
        function median(values, n,    list, i, j, t) {
            split(values, list, " ")
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && list[j] + 0 < list[j - 1] + 0; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
            return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
        }
        {
            key = $2 SUBSEP $3
            if (!(key in n)) order[++keys] = key
            n[key]++
            sessions[key] = $4
            wall[key] = wall[key] " " $5
            rate[key] = rate[key] " " $4 / $5
            user[key] = user[key] " " $6 * 1000 / $4
            sys[key] = sys[key] " " $7 * 1000 / $4
            cpu[key] = cpu[key] " " ($6 + $7) * 1000 / $4
            cpu_of[key, n[key]] = ($6 + $7) / $4
            rate_of[key, n[key]] = $4 / $5
            rss[key] = rss[key] " " $8 / 1024
        }
        END {
            printf "%-10s %9s %9s %8s %11s %15s %6s %6s %9s\n", "client", "at a time", "sessions", "wall s", "sessions/s", "CPU ms/session", "user", "sys", "peak MiB"
            for (i = 1; i <= keys; i++) {
                key = order[i]; split(key, part, SUBSEP); rounds = n[key]
                printf "%-10s %9d %9d %8.2f %11.1f %15.2f %6.2f %6.2f %9.1f\n", part[1], part[2], sessions[key],
                    median(wall[key], rounds), median(rate[key], rounds), median(cpu[key], rounds),
                    median(user[key], rounds), median(sys[key], rounds), median(rss[key], rounds)
            }
            printf "\n%-22s %9s %15s %11s\n", "ratio", "at a time", "CPU/session", "sessions/s"
            count = split("1 " at_once, numbers, " ")
            for (i = 1; i <= count; i++) {
                others = split(clients, other, " ")
                for (j = 1; j <= others; j++) {
                    ours = "mailprobe" SUBSEP numbers[i]; theirs = other[j] SUBSEP numbers[i]
                    cpu_ratio = rate_ratio = ""
                    for (k = 1; k <= rounds; k++) {
                        cpu_ratio = cpu_ratio " " cpu_of[ours, k] / cpu_of[theirs, k]
                        rate_ratio = rate_ratio " " rate_of[ours, k] / rate_of[theirs, k]
                    }
                    printf "%-22s %9d %15.2f %11.2f\n", "mailprobe/" other[j], numbers[i],
                        median(cpu_ratio, rounds), median(rate_ratio, rounds)
                }
            }
        }' "$work/results"
}

through_mailprobe() {
    "$work/mailprobe" check "u0001@$DOMAIN" --endpoint "$1://$address:$2" --methods PLAIN --ca-file "$ca" \
        --password-env BULK_PASSWORD --quiet -o jsonl
}
through_curl() { curl_transfer u0001 "$1" "$2" | curl -K -; }
through_tester() {
    local implicit=()
    if [[ $1 == *s ]]; then implicit=(-s); else implicit=(-t ""); fi
    "/usr/lib/cyrus/bin/$(tester)" "${implicit[@]}" -p "$2" -m PLAIN -u "u0001@$DOMAIN" -a "u0001@$DOMAIN" \
        -w "$BULK_PASSWORD" "$address" </dev/null
}

# elapsed CLIENT SCHEME PORT: the median of five sessions in microseconds
elapsed() {
    local i begun ended
    for ((i = 0; i < 5; i++)); do
        begun=${EPOCHREALTIME/./}
        "through_$1" "$2" "$3" >"$work/out" 2>&1 || die "$1 failed through the proxy: $(tail -n 3 "$work/out")"
        ended=${EPOCHREALTIME/./}
        echo $((ended - begun))
    done | sort -n | sed -n 3p
}

# proxy PORT MILLISECONDS: starts one and tells its port in $proxied
proxy() {
    local fd
    exec {fd}< <(exec "$bench/delay-proxy" "$address" "$address:$1" "$2")
    children+=("$!")
    read -r proxied <&"$fd"
}

trips() {
    local way client name what near_port far_port near far proxied
    echo "Round trips after TCP's own: one session with $((2 * delay)) ms a round trip and one with $((4 * delay))"
    printf '%-10s %-6s %10s %10s %10s   %s\n' client over "near, ms" "far, ms" trips "to do"
    for way in "${ways[@]}"; do
        proxy "${way#* }" "$delay"
        near_port=$proxied
        proxy "${way#* }" $((2 * delay))
        far_port=$proxied
        for client in mailprobe curl tester; do
            name=$client what="login and $last"
            if [[ $client == tester ]]; then name=$(tester) what="login only; waits for the answer to its farewell"; fi
            near=$(elapsed "$client" "${way% *}" "$near_port")
            far=$(elapsed "$client" "${way% *}" "$far_port")
            echo "$name ${way% *} $near $far $((2 * delay)) $what" | awk '{
                text = $0; sub(/^([^ ]+ ){5}/, "", text)
                printf "%-10s %-6s %10.1f %10.1f %10.2f   %s\n", $1, $2, $3 / 1000, $4 / 1000, ($4 - $3) / 1000 / $5, text
            }'
        done
    done
}

# bench PART...: those parts, or all
bench() {
    local part separator=
    (($#)) || set -- "${parts[@]}"
    for part in "$@"; do
        if [[ " ${parts[*]} bare " != *" $part "* ]]; then
            echo "usage: $0 [PART...], of ${parts[*]} bare" >&2
            exit 2
        fi
    done
    prepare "$@"
    awk '$1 > 0.5 { print "bench: the machine is busy (load " $1 "): the numbers will be off" }' /proc/loadavg >&2
    echo "$(nproc) processors, $("$work/mailprobe" --version), $(curl --version | awk 'NR == 1 { print $1, $2 }')," \
        "$(hydra -h 2>/dev/null | awk 'NR == 1 { print $1, $2 }'), $(uname -sr)"
    for part in "$@"; do
        printf %s "$separator"
        separator=$'\n'
        "$part"
    done
}
