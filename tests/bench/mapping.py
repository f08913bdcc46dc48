#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints what both mappings of an order of ten lines cost, in processor time and allocations, and what the same
mapping costs in jq and in Node.js where these are installed. All must give the same.

mapping.py [ORDERS]"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.path.join(HERE, "..", "..")
BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
ORDER = os.path.join(HERE, "order.json")


def configure(conf):
    """A configuration of the shipped example with its flow of orders alone; nobody is asked anything."""
    def write(name, text):
        os.makedirs(os.path.dirname(os.path.join(conf, name)), exist_ok=True)
        with open(os.path.join(conf, name), "w") as out:
            out.write(text)
    write("koppel.conf", 'store = { path = "koppel.db"; };\n')
    write("secret.key", "00" * 32 + "\n")
    os.chmod(os.path.join(conf, "secret.key"), 0o600)
    write("connections.d/till.conf", 'name = "till";\nconnector = "mpluskassa";\n'
          'settings = { url = "https://till.example"; ident = "env:S"; secret = "env:S"; };\n')
    write("connections.d/books.conf", 'name = "books";\nconnector = "asperion";\n'
          'settings = { tenant = "1"; client_id = "c"; client_secret = "env:S"; };\n')
    shutil.copytree(os.path.join(SRC, "conf/example/tables"), os.path.join(conf, "tables"))
    with open(os.path.join(SRC, "conf/example/flows.d/orders.conf")) as flow:
        write("flows.d/orders.conf", flow.read())


def table(name):
    """{key: value} of a table of the example."""
    with open(os.path.join(SRC, "conf/example/tables", name)) as text:
        return dict(line.strip().split(",", 1) for line in text if line.strip() and not line.startswith("#"))


def order_with_tables(path):
    """What the others map: the same order, with the tables that the flow has."""
    with open(ORDER) as text:
        order = json.load(text)
    order["core"]["settings"] = {"invoice_number": "books"}
    order["tables"] = {"vat_code": table("vat.csv"), "revenue_account": table("revenue.csv"),
                       "payment_condition": table("payment.csv"), "country": {"België": "BE"}}
    with open(path, "w") as out:
        json.dump(order, out)


def koppel(conf, *args):
    env = dict(os.environ, KOPPEL_CONFIG=conf, KOPPEL_PLUGINS=f"{BUILD}/plugins", KOPPEL_DATADIR=f"{SRC}/conf", S="s")
    return subprocess.run([f"{BUILD}/tests/bench/mapping", ORDER, *args], env=env, check=True, capture_output=True,
                          text=True).stdout


def cpu(command):
    """(what it prints, seconds of processor time)"""
    before = os.times()
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = os.times()
    return out, after.children_user + after.children_system - before.children_user - before.children_system


def other(name, command, orders, want):
    """Of a program that maps so many orders and prints the last of them; its start is taken off. command: ORDERS is
    their number."""
    if not shutil.which(command[0]):
        print(f"mapping.{name} not measured: {command[0]} is not installed")
        return True
    _, start = cpu([word.replace("ORDERS", "1") for word in command])
    out, took = cpu([word.replace("ORDERS", str(orders)) for word in command])
    print(f"mapping.{name} {(took - start) / orders * 1e6:.1f} us")
    same = json.loads(out) == want
    if not same:
        print(f"mapping.{name} gives something else: {out}")
    return same


def main():
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    with tempfile.TemporaryDirectory(prefix="koppel-mapping-") as top:
        conf, order = os.path.join(top, "conf"), os.path.join(top, "order.json")
        configure(conf)
        order_with_tables(order)
        *lines, result = koppel(conf, str(orders)).splitlines()
        print("\n".join(lines))
        want = json.loads(result)
        same = other("jq", ["jq", "-c", "--argjson", "orders", "ORDERS", "-f", f"{HERE}/mapping.jq", order], orders // 20,
                     want)
        same = other("node", ["node", f"{HERE}/mapping.js", order, "ORDERS"], orders, want) and same
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
