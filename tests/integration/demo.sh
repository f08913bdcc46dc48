#!/bin/sh
# SPDX-License-Identifier: MIT
# The demonstration: a seeded shop, one run of the order flow, and a reconciliation of both systems.
# Exit 0 only where both agree to the cent.
set -u
. "$(dirname "$0")/lib.sh"
echo "starting the sandbox: a till with 250 orders, 120 relations and 80 articles, and empty books"
start_sandbox --orders 250 --relations 120 --articles 80
make_config
"$koppel" check || fail "the configuration"
log_in
"$koppel" sync orders --wait 30
code=$?
[ "$code" -le 1 ] || fail "koppel sync ended with $code"
echo
"$koppel" jobs --state parked --limit 20
echo
reconcile
python3 - "$scratch/reconcile.json" <<'END'
import json, sys
r = json.load(open(sys.argv[1]))
print("%-22s %14s %14s" % ("reconciliation", "till", "books"))
for name in ("documents", "excl", "incl"):
    print("%-22s %14s %14s" % (name, r[name]["till"], r[name]["books"]))
for v in r["vat"]:
    print("%-22s %14s %14s" % ("VAT at " + str(v["rate"]) + " %", v["till"], v["books"]))
for name in ("missing", "double", "different"):
    if r[name]:
        print(name + ": " + ", ".join(map(str, r[name][:10])))
print("both systems agree to the cent" if r["agree"] else "the systems DIFFER")
sys.exit(0 if r["agree"] else 1)
END
