# SPDX-License-Identifier: MIT
# What integration tests share: a scratch folder, the sandbox, a configuration, and clean-up.
# Use: . lib.sh BUILD; everything started is ended at exit.
build=$(cd "${1:-.}" && pwd)
src=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
sandbox_pid=
koppel=$build/koppel
export KOPPEL_PLUGINS="$build/plugins" KOPPEL_DATADIR="$src/conf"

clean_up() {
    [ -n "$sandbox_pid" ] && kill "$sandbox_pid" 2>/dev/null && wait "$sandbox_pid" 2>/dev/null
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() { echo "FAIL: $*" >&2; exit 1; }
field() { python3 -c 'import json,sys
v=json.load(open(sys.argv[1]))
for k in sys.argv[2].split("."): v=v[int(k)] if isinstance(v,list) else v[k]
print(v)' "$1" "$2"; }

# start_sandbox ARGS...: the vendors, and where they are in $till_url and $books_url.
start_sandbox() {
    "$build/tests/sandbox/koppel-sandbox" "$@" >"$scratch/sandbox.json" 2>"$scratch/sandbox.log" &
    sandbox_pid=$!
    n=0
    until [ -s "$scratch/sandbox.json" ]; do
        n=$((n + 1))
        [ $n -lt 200 ] || fail "the sandbox did not start: $(cat "$scratch/sandbox.log")"
        sleep 0.05
    done
    till_url=$(field "$scratch/sandbox.json" mpluskassa.url)
    books_url=$(field "$scratch/sandbox.json" asperion.url)
}

# make_config: the example configuration in $conf, pointed at the sandbox.
make_config() {
    conf=$scratch/koppel
    "$koppel" init "$conf" >/dev/null || fail "koppel init"
    cp -r "$src/conf/example/flows.d" "$src/conf/example/tables" "$conf/"
    MPLUS_IDENT=$(field "$scratch/sandbox.json" mpluskassa.ident)
    MPLUS_SECRET=$(field "$scratch/sandbox.json" mpluskassa.secret)
    ASPERION_CLIENT_SECRET=$(field "$scratch/sandbox.json" asperion.client_secret)
    export MPLUS_IDENT MPLUS_SECRET ASPERION_CLIENT_SECRET
    cat >"$conf/connections.d/till.conf" <<END
name = "till";
connector = "mpluskassa";
settings = { url = "$till_url"; ident = "env:MPLUS_IDENT"; secret = "env:MPLUS_SECRET"; };
END
    cat >"$conf/connections.d/books.conf" <<END
name = "books";
connector = "asperion";
concurrency = ${CONCURRENCY:-8};
settings = { url = "$books_url"; identity_url = "$books_url"; tenant = "1042"; client_id = "demo-client";
             client_secret = "env:ASPERION_CLIENT_SECRET"; };
END
    export KOPPEL_CONFIG="$conf"
}

# log_in: koppel connect, with the consent page accepted by a script.
log_in() {
    "$koppel" connect books --wait 20 >"$scratch/connect.out" 2>"$scratch/connect.err" &
    connect_pid=$!
    n=0
    until grep -q '^http' "$scratch/connect.out" 2>/dev/null; do
        n=$((n + 1))
        [ $n -lt 200 ] || fail "koppel connect: $(cat "$scratch/connect.err")"
        sleep 0.05
    done
    curl -sS -L -o /dev/null "$(grep '^http' "$scratch/connect.out")&auto=1" || fail "the consent page"
    wait "$connect_pid" || fail "koppel connect: $(cat "$scratch/connect.err")"
}

reconcile() { curl -sS "$books_url/_sandbox/reconcile" >"$scratch/reconcile.json"; }
agrees() { reconcile; [ "$(field "$scratch/reconcile.json" agree)" = True ]; }
