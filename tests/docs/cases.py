#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shipped mappings do to the records in conf/cases what stands beside them, with the shipped example and its tables.
The name of a case begins with the behaviour that it shows. What the outputs say of money is held against the source,
so that a wrong output that was accepted does not pass."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
SRC = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ROWS = [f"o{n}" for n in range(20, 35)] + [f"p{n}" for n in range(1, 15)] + [f"c{n}" for n in range(1, 9)]
# What one record alone cannot show, as it is between flows, or between the record and what stands at the destination,
# or what neither system says (a currency), or what is a setting that the example leaves alone: tests of that name do.
ELSEWHERE = "o33 p1 p7 p11 p13 p14 c4 c5 c6".split()
# Rules of shipped mappings that no case covers, by the field that they fill: kinds of customers go by what stands at the
# destination; the other ones need a setting that the example leaves alone, a row that it lacks, or a code that neither
# system tells.
UNCOVERED = {
    "asperion/article.send.conf": ["salesTypeId"],
    "asperion/debtor.send.conf": ["attentionTo", "kind", "kind"],
    "asperion/journal-entry.send.conf": ["ledgerAccountId", "ledgerAccountId"],
    "asperion/sales-invoice.send.conf": ["invoiceNumber", "invoiceNumber"],
    "mpluskassa/article.send.conf": ["extArticleId", "pluNumber", "vatCode", "vatCode"],
    "mpluskassa/relation.send.conf": ["companyName"],
}
bad = []


def prepare(top):
    """The shipped example with the cases beside its flows; the environment to run it in."""
    shutil.copytree(f"{SRC}/conf/example", top)
    for folder in glob.glob(f"{SRC}/conf/cases/*.cases"):
        shutil.copytree(folder, f"{top}/flows.d/{os.path.basename(folder)}")
    with open(f"{top}/secret.key", "w", encoding="utf-8") as key:
        key.write("00" * 32 + "\n")
    os.chmod(f"{top}/secret.key", 0o600)
    return dict(os.environ, KOPPEL_PLUGINS=f"{BUILD}/plugins", KOPPEL_DATADIR=f"{SRC}/conf", KOPPEL_CONFIG=top,
                MPLUS_IDENT="i", MPLUS_SECRET="s", ASPERION_CLIENT_SECRET="s")


def total(rows, name):
    return sum((Decimal(row.get(name, "0")) for row in rows), Decimal(0))


def check_invoice(name, source, made):
    """An invoice comes to the till's total, and to its VAT per rate, to the cent."""
    lines = made["lines"]
    want = Decimal(source.get("totalInclAmount") or source["total_incl"])
    if not want == Decimal(made["amountInclVat"]) == total(lines, "amount") + total(lines, "vatAmount"):
        bad.append(f"{name}: the source comes to {want}, the document to {made['amountInclVat']}")
    groups = source.get("vatGroupList")
    if groups and total(groups, "vatAmount") != total(lines, "vatAmount"):
        bad.append(f"{name}: VAT of the source is {total(groups, 'vatAmount')}, of the document {total(lines, 'vatAmount')}")


def check_entry(name, _, made):
    """An entry balances."""
    if total(made["lines"], "amount") != 0:
        bad.append(f"{name}: debit and credit differ by {total(made['lines'], 'amount')}")


CHECKS = {"orders": check_invoice, "invoices": check_invoice, "deliveries": check_invoice, "mutations": check_entry,
          "day-totals": check_entry}


def check_money(top, flow, one):
    check, made = CHECKS.get(flow), one["got"].get("destination")
    if check and made:
        with open(f"{top}/flows.d/{flow}.cases/{one['case']}.in.json", encoding="utf-8") as source:
            given = json.load(source)
        check(f"{flow} {one['case']}", given.get("source") or given["core"], made)


def check_rows(names):
    tests = "".join(open(path, encoding="utf-8").read() for path in glob.glob(f"{SRC}/tests/integration/*.py"))
    for row in ROWS:
        here = any(re.match(f"{row}-", name) for name in names)
        if row in ELSEWHERE and not re.search(f"def {row}_", tests):
            bad.append(f"no test is called {row}_...")
        if here == (row in ELSEWHERE):
            bad.append(f"{row} {'has a case after all' if here else 'has no case'}")


def check_rules(flows):
    """Every shipped rule gave something in a case of a flow that has it."""
    missed, users = {}, {}
    for flow in flows:
        for rule in flow["uncovered"]:
            missed.setdefault((rule["file"], rule["line"], rule["to"]), set()).add(flow["flow"])
            users.setdefault(rule["file"], set()).add(flow["flow"])
    left = {}
    for (path, _, to), where in sorted(missed.items()):
        if where == users[path]:
            left.setdefault(path.split("/mappings/")[-1], []).append(to)
    left = {path: sorted(fields) for path, fields in left.items()}
    if left != UNCOVERED:
        bad.append(f"rules that no case covers: {left}")


def main():
    with tempfile.TemporaryDirectory() as outer:
        place = os.path.join(outer, "conf")
        env = prepare(place)
        done = subprocess.run([f"{BUILD}/koppel", "test", "--json"], env=env, capture_output=True, text=True, timeout=120)
        flows = list(map(json.loads, done.stdout.splitlines()))
        found = [(row["flow"], one) for row in flows for one in row["cases"]]
        check_rules(flows)
        for flow_name, case in found:
            if not case["passes"]:
                bad.append(f"{flow_name} {case['case']}: {json.dumps(case['differences'] or 'nothing is expected of it')}")
            check_money(place, flow_name, case)
        check_rows([case["case"] for _, case in found])
        without = set(os.listdir(f"{SRC}/conf/example/flows.d")) - {f"{row['flow']}.conf" for row in flows}
        if without:
            bad.append(f"flows without a case: {sorted(without)}")
        files = len(glob.glob(f"{SRC}/conf/cases/*.cases/*.in.json"))
        if len(found) != files or done.returncode not in (0, 1):
            bad.append(f"{len(found)} of {files} cases ran, exit {done.returncode}: {done.stderr}")
        if subprocess.run([f"{BUILD}/koppel", "check"], env=env, capture_output=True, timeout=60).returncode != 0:
            bad.append("koppel check finds mistakes")
    print("\n".join(bad) if bad else f"{len(found)} cases pass")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
