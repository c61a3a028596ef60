# Sourced by servers.sh: the servers that give tokens.
# shellcheck shell=bash
# shellcheck disable=SC2154 # lab and here are servers.sh's

set_up_oidc() {
    local tree
    tree=$(oidc_tree)
    [[ -d $tree ]] || die "no oidc-provider in $tree: run tests/lab/install"
    cp -r "$here"/oidc/*.mjs "$tree/node_modules" "$lab/$1/"
}

run_oidc() {
    export_facts
    exec node "$lab/$1/server.mjs" "$lab" "$(address_of "$1")"
}

set_up_authlib() {
    [[ -e $(authlib_tree)/complete ]] || die "no Authlib in $(authlib_tree): run tests/lab/install"
    cp "$here"/authlib/*.py "$lab/$1/"
}

run_authlib() {
    export_facts
    PYTHONDONTWRITEBYTECODE=1 exec "$(authlib_tree)/bin/python3" "$lab/$1/server.py" "$lab" "$(address_of "$1")"
}
