#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demonstration: seeded shops, every flow once through the real program, and a reconciliation of both
systems for each. Exit 0 only where all of them agree to the cent."""
import json
import os
import re
import subprocess
import sys
from decimal import Decimal

from koppeltest import KOPPEL, Shop, http, until

ORDERS = ("--orders", "250", "--relations", "120", "--articles", "80")
failed = []


def get(base, what):
    return json.loads(http(base + "/_sandbox/" + what))


def money(text):
    return f"{Decimal(str(text)):,.2f}"


def check(flow, rows):
    """Prints what both sides say; rows: (name, till, books)."""
    wrong = [row for row in rows if Decimal(str(row[1])) != Decimal(str(row[2]))]
    for name, one, other in wrong:
        print(f"    {name}: {one} against {other}")
    told = "; ".join(f"{name} {money(one) if '.' in str(one) else one}" for name, one, _ in rows)
    print(f"    both sides: {told}: {'they agree' if not wrong else 'they DIFFER'}\n", flush=True)
    if wrong:
        failed.append(flow)


def run(shop, flow, bar=False):
    """One run of a flow, and what happened."""
    if bar:  # the program's own progress bar, where there is a terminal
        subprocess.run([KOPPEL, "sync", flow, "--wait", "30"], env=shop.env, stdout=subprocess.DEVNULL)
    counts = shop.sync(flow, wait=30)
    conf = open(os.path.join(shop.conf, "flows.d", flow + ".conf")).read()
    what = [line for line in conf.splitlines() if line.startswith(("from", "to "))]
    route = " -> ".join(line.split('"')[1] + "/" + line.split('"')[3] for line in what)
    print(f"{flow}: {route}: read {counts['read']}, done {counts['done']}, skipped {counts['skipped']}, "
          f"parked {counts['parked']}")
    for reason in counts["reasons"]:
        if reason["state"] in ("skipped", "parked", "waiting"):
            print(f"    {reason['count']} {reason['state']}: {reason['reason']}"
                  + (f" ({reason['remedy']})" if reason["remedy"] else ""))
    if counts["pending"]:
        failed.append(flow)
    return counts


def parked_keys(shop, flow):
    return {job["key"] for job in shop.jobs("parked", flow)}


def invoices_of_orders(shop):
    run(shop, "orders", bar=sys.stdout.isatty())
    r = shop.reconcile()
    rows = [(name, r[name]["till"], r[name]["books"]) for name in ("documents", "excl", "incl")]
    rows += [(f"VAT at {v['rate']} %", v["till"], v["books"]) for v in r["vat"]]
    check("orders", rows)
    if not r["agree"]:
        failed.append("orders")


def day_totals(shop):
    before = get(shop.books, "totals")["journal_entries"]
    counts = run(shop, "day-totals")
    days = get(shop.till, "totals")["days"]["closed"]
    after = get(shop.books, "totals")["journal_entries"]
    cash = sum(Decimal(day["payments"].get("CASH", "0")) + Decimal(day["differences"].get("CASH", "0")) for day in days)
    was = Decimal(before["by_ledger_account"].get("1000", "0"))
    check("day-totals", [("days", len(days), counts["done"]),
                         ("debit and credit", after["debit"], after["credit"]),
                         ("in the cash drawer", cash, Decimal(after["by_ledger_account"].get("1000", "0")) - was)])


def customers(shop):
    run(shop, "customers")
    emails = {d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress")}
    relations = [r for r in get(shop.till, "relations")["relations"] if r.get("email", "").strip()]
    there = sum(r["email"].strip().lower() in emails for r in relations)
    check("customers", [("customers with an e-mail address", len(relations), there)])


def products(shop):
    counts = run(shop, "products")
    parked = len(parked_keys(shop, "products"))
    rows = get(shop.books, "articles")["articles"]
    till = {str(a["articleNumber"]): a for p in get(shop.till, "products")["products"] for a in p["articles"]}
    same = sum(str(r["articleNumber"]) in till and till[str(r["articleNumber"])]["active"] == r["active"] for r in rows)
    excl = [(Decimal(str(r["salesPrice"])), till[r["articleNumber"]]) for r in rows if r["articleNumber"] in till]
    check("products", [("articles", len(rows) - parked, same), ("settled", len(rows), counts["done"] + parked),
                       ("price list excl. VAT", sum(p for p, _ in excl),
                        sum(Decimal(a["priceExcl"]) for _, a in excl))])


def stock(shop):
    run(shop, "stock")
    waiting = parked_keys(shop, "stock") | {job["key"] for job in shop.jobs("waiting", "stock")}
    levels = {str(row["article"]): Decimal(row["free"]) for row in get(shop.till, "stock")["stock"]
              if row["branch"] == 1}
    rows = [r for r in get(shop.books, "articles")["articles"] if str(r["id"]) not in waiting and r["stockArticle"]]
    wanted = {r["articleNumber"]: max(Decimal(str(r["currentStock"])) - Decimal(str(r["reserved"])), Decimal(0))
              for r in rows}
    check("stock", [("levels", len(wanted), sum(levels.get(n) == q for n, q in wanted.items())),
                    ("pieces", sum(wanted.values()), sum(levels.get(n, Decimal(0)) for n in wanted))])


def invoices(shop):
    run(shop, "invoices")
    till = get(shop.till, "totals")["invoices"]["expected"]
    books = get(shop.books, "totals")["sales_invoices"]
    vat = sum(Decimal(v["vat"]) for v in till["vat"])
    check("invoices", [("documents", till["count"], books["count"]), ("excl", till["excl"], books["excl"]),
                       ("VAT", vat, books["vat"]), ("incl", till["incl"], books["incl"])])


def mutations(shop):
    counts = run(shop, "mutations")
    entries = get(shop.books, "journal-entries")["journal_entries"]
    done = {job["key"] for job in shop.jobs("done", "mutations")}
    orders = [o for o in shop.orders() if o["id"] in done]
    totals = get(shop.books, "totals")["journal_entries"]
    vat = sum(Decimal(str(o["incl"])) - Decimal(str(o["excl"])) for o in orders)
    check("mutations", [("documents", counts["done"], len(entries)),
                        ("debit and credit", totals["debit"], totals["credit"]),
                        ("owed by debtors", sum(Decimal(str(o["incl"])) for o in orders),
                         sum(Decimal(str(e["lines"]["_data"][0]["amount"])) for e in entries
                             if e["lines"]["_data"][0]["debtorId"])),
                        ("VAT", vat, -sum(Decimal(v) for a, v in totals["by_ledger_account"].items()
                                          if a in ("1500", "1510", "1520")))])


def sales_orders(shop):
    counts = run(shop, "sales-orders")
    books = get(shop.books, "totals")["sales_orders"]
    done = {job["key"] for job in shop.jobs("done", "sales-orders")}
    orders = [o for o in shop.orders() if o["id"] in done]
    check("sales-orders", [("documents", counts["done"], books["count"]),
                           ("incl", sum(Decimal(str(o["incl"])) for o in orders), books["incl"])])


def orders_to_till(shop):
    run(shop, "orders-to-till")
    jobs = shop.jobs("done", "orders-to-till")
    books = {str(o["id"]): o for o in get(shop.books, "sales-orders")["sales_orders"]}
    till = {o["id"]: o for o in shop.orders()}
    check("orders-to-till", [("documents", len(jobs), sum(j["remote_id"] in till for j in jobs)),
                             ("incl", sum(Decimal(str(books[j["key"]]["amountInclVat"])) for j in jobs),
                              sum(Decimal(str(till[j["remote_id"]]["incl"])) for j in jobs if j["remote_id"] in till))])


def section(title):
    print("== " + title + "\n", flush=True)


def offer(stays):
    """The pages of one more shop, which has something to mend. They stay up where that is wanted."""
    section("the same in a browser")
    shop = Shop(*ORDERS)
    path = os.path.join(shop.conf, "koppel.conf")
    with open(path, "a") as conf:
        conf.write('dashboard = { listen = "127.0.0.1:0"; };\n')
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "15s"')
    log = os.path.join(shop.dir, "serve.log")
    with open(log, "w") as said:
        engine = subprocess.Popen([KOPPEL, "serve"], env=shop.env, stdout=said, stderr=said)
    try:
        until(lambda: "#claim=" in open(log).read() or engine.poll() is not None, 60)
        link = re.search(r"http[^\s\"]+#claim=[^\s\"]+", open(log).read())
        if not link:
            failed.append("the pages")
            print(open(log).read())
            return
        print(f"who opens this becomes its first user:\n\n    {link.group(0)}\n")
        if stays:
            print("it stays up until you press Ctrl-C", flush=True)
            engine.wait()
        else:
            print("it is gone with this command; ./autogen.sh demo --serve lets it stay up\n")
    except KeyboardInterrupt:
        print()
    finally:
        engine.terminate()
        engine.wait(30)
        shop.close()


def only(shop, *flows):
    """These flows and no others."""
    folder = os.path.join(shop.conf, "flows.d")
    for name in os.listdir(folder):
        if name[:-5] not in flows:
            os.unlink(os.path.join(folder, name))
    shop.enable(*[f for f in flows if f != "orders"])
    print(shop.run("check").stdout)


def main():
    section("a shop whose orders become invoices; products and stock come from the books")
    shop = Shop(*ORDERS, "--receipts", "400", "--catalogue", "60")
    only(shop, "orders", "day-totals", "customers", "products", "stock")
    invoices_of_orders(shop)
    day_totals(shop)
    customers(shop)
    products(shop)
    stock(shop)
    shop.close()
    section("a shop that sends its invoices, and its orders as financial mutations, awkward ones included")
    shop = Shop(*ORDERS, "--awkward", "--invoices", "80")
    only(shop, "invoices", "mutations")
    invoices(shop)
    mutations(shop)
    shop.close()
    section("a shop that trades: sales orders into the books")
    shop = Shop(*ORDERS)
    only(shop, "sales-orders")
    sales_orders(shop)
    shop.close()
    section("and sales orders of the books into the till")
    shop = Shop("--orders", "0", "--relations", "40", "--articles", "80", "--sales-orders", "40", "--debtors", "30")
    only(shop, "orders-to-till")
    orders_to_till(shop)
    shop.close()
    offer("--serve" in sys.argv[1:])
    print("every flow agrees to the cent" if not failed else "these flows differ: " + ", ".join(sorted(set(failed))))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        code = main()
    finally:
        for each in list(Shop.running):
            each.close()
    sys.exit(code)
