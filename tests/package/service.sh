#!/bin/sh
# SPDX-License-Identifier: MIT
# In a root that systemd has booted: the packaged service books the orders of a sandbox, confined as its unit says;
# is loaded again, refuses a slip, comes back after a kill, and stops within its time.
set -eu
field() { python3 -c 'import json,sys; print(json.load(open("/run/sandbox.json"))[sys.argv[1]][sys.argv[2]])' "$1" "$2"; }
wait_for() {
    for _ in $(seq 1 200); do
        if sh -c "$1" >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    echo "it did not come: $1"
    journalctl -u koppel --no-pager -o cat | tail -n 15
    return 1
}
count() { koppel status --json orders 2>/dev/null | python3 -c 'import json,sys
for line in sys.stdin:
    row = json.loads(line)
    if row.get("flow") == "orders": print(row[sys.argv[1]])' "$1"; }

systemctl is-active koppel && exit 1 # what is not set up is not started, and has not failed
systemctl is-failed koppel && exit 1
systemd-run -q --unit=sandbox -p StandardOutput=file:/run/sandbox.json koppel-sandbox --orders 40 --relations 20 \
    --articles 20
wait_for '[ -s /run/sandbox.json ]'

koppel init --example
grep -q '/var/lib/koppel/koppel.db' /etc/koppel/koppel.conf
[ "$(stat -c %U:%G:%a /etc/koppel/flows.d)" = root:koppel:2750 ] || { stat /etc/koppel/flows.d; exit 1; }
sed -i 's/every = "5m"/every = "1s"/' /etc/koppel/flows.d/orders.conf
cat >/etc/koppel/connections.d/till.conf <<C
name = "till"; connector = "mpluskassa";
settings = { url = "$(field mpluskassa url)"; ident = "file:ident"; secret = "file:secret"; };
C
books=$(field asperion url)
cat >/etc/koppel/connections.d/books.conf <<C
name = "books"; connector = "asperion";
settings = { url = "$books"; identity_url = "$books"; tenant = "1042"; client_id = "demo-client"; client_secret = "file:client"; };
C
(umask 077
field mpluskassa ident >/etc/koppel/ident
field mpluskassa secret >/etc/koppel/secret
field asperion client_secret >/etc/koppel/client)
chown koppel: /etc/koppel/ident /etc/koppel/secret /etc/koppel/client
koppel check
systemctl start koppel
systemctl is-active koppel

koppel connect books --wait 20 >/run/login &
login=$!
wait_for 'grep -q ^http /run/login'
curl -sS -L -o /dev/null "$(grep -m1 ^http /run/login)&auto=1"
wait $login
wait_for '[ "$(koppel status --json orders | grep -c "\"read\":40")" = 1 ]'
wait_for '[ "$(curl -s '"$books"'/_sandbox/invoices | python3 -c "import json,sys; print(len(json.load(sys.stdin)[\"invoices\"]))")" -ge 30 ]'
echo "booked: $(count done) of $(count read), $(count parked) parked"
[ "$(stat -c %U /var/lib/koppel/koppel.db)" = koppel ]
pid=$(systemctl show -p MainPID --value koppel)
grep -E '^(CapBnd|NoNewPrivs|Seccomp):' "/proc/$pid/status" | tr '\n' ' '
grep -q '^CapBnd:[[:space:]]*0000000000000000' "/proc/$pid/status"
systemd-analyze security koppel.service --no-pager --threshold=12 | tail -n 1

# loaded again, with a slip and without
sed -i 's/every = "1s"/every = "2 s"/' /etc/koppel/flows.d/orders.conf
systemctl reload koppel && { echo "a slip was taken"; exit 1; }
systemctl is-active koppel
sed -i 's/every = "2 s"/every = "2s"/' /etc/koppel/flows.d/orders.conf
systemctl reload koppel || { journalctl -u koppel --no-pager -o cat | tail -n 15; exit 1; }

# it comes back after a kill, with nothing lost and nothing twice
curl -s -X POST "$(field mpluskassa url)/_sandbox/add-orders?n=5" >/dev/null
kill -KILL "$(systemctl show -p MainPID --value koppel)"
sleep 1
wait_for 'systemctl is-active koppel'
wait_for '[ "$(koppel status --json orders | grep -c "\"read\":45")" = 1 ]'
wait_for '[ "$(koppel status --json orders | grep -c "\"pending\":0")" = 1 ]'
[ "$(curl -s "$books/_sandbox/reconcile" | python3 -c 'import json,sys; r = json.load(sys.stdin); print(len(r["double"]) + len(r["different"]))')" = 0 ]

began=$(date +%s)
systemctl stop koppel
[ $(($(date +%s) - began)) -le 10 ] || { echo "the stop took too long"; exit 1; }
[ "$(systemctl show -p Result --value koppel)" = success ]
systemctl stop sandbox
echo "the service works"
