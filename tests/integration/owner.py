#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""More than thirty tasks of an owner's year, each solved with what the program itself says: a command that is printed is run as
it is printed, with its placeholders filled in. KOPPEL_TRANSCRIPT=FILE keeps what was read at each step."""
import json
import os
import re
import shlex
import signal
import subprocess
import time
from decimal import Decimal

from disk import Disk
from koppeltest import KOPPEL, Shop, Skipped, http, main, until

TRANSCRIPT = os.environ.get("KOPPEL_TRANSCRIPT")


class Owner:
    """Types commands and reads what they print."""

    def __init__(self, *args, login=True, **options):
        self.shop = Shop(*(args or ("--orders", "40", "--relations", "30", "--articles", "30")), login=login, **options)
        self.said, self.code = "", 0

    def note(self, text):
        if TRANSCRIPT:
            with open(TRANSCRIPT, "a") as file:
                file.write(text.replace(self.shop.dir, "/etc/koppel..").rstrip() + "\n")

    def task(self, words):
        self.note(f"\n== {words}")

    def type(self, *words, given=None):
        done = subprocess.run([KOPPEL, *words], env=self.shop.env, input=given, capture_output=True, text=True, timeout=120)
        self.said, self.code = done.stdout + done.stderr, done.returncode
        self.note("$ koppel " + shlex.join(words) + "\n" + self.said + f"[{self.code}]")
        return self.said

    def reads(self, *words):
        for word in words:
            assert word in self.said, (word, self.said)

    def told(self, *words):
        """The command that is printed and has these words."""
        found = [line for line in re.findall(r"(?:^|run: |: |see )\s*(koppel [^\n;]+?)(?:\.?$|;|\"$)", self.said, re.M)
                 if all(word in line for word in words)]
        assert found, (words, self.said)
        return found[0].strip()

    def obeys(self, command, **fill):
        """Runs what was printed; VALUE and the like are what a person puts in."""
        for one in command.split(" && "):
            words = [fill.get(word, word) for word in shlex.split(one)]
            assert words[0] == "koppel", command
            # what hits many asks first, on a terminal
            self.type(*words[1:], *(["--yes"] if words[1] in ("retry", "skip") and "--cause" in words else []))
        return self.said

    def parked(self, reason=None):
        return [job for job in self.shop.jobs("parked") if not reason or job["reason"] == reason]

    def books(self, path, body=None, method=None):
        return http(f"{self.shop.books}/_sandbox/{path}", json.dumps(body) if body is not None else None, method)

    def till(self, path, body):
        return http(f"{self.shop.till}/_sandbox/{path}", json.dumps(body))

    def close(self):
        self.shop.close()


def state(owner, job):
    return json.loads(owner.shop.run("activity", job, "--json").stdout)["state"]


def the_first_morning():
    """1 set up; 2 log in; 3 look before anything is written; 4 book."""
    owner = Owner(login=False)
    owner.task("1 The example is edited, with a slip in it")
    owner.shop.replace("flows.d/orders.conf", '"paid", "delivered"', '"payd", "delivered"')
    owner.type("check")
    assert owner.code == 78
    owner.reads("flows.d/orders.conf:", '"payd"', '"paid"')
    owner.shop.replace("flows.d/orders.conf", '"payd"', '"paid"')
    owner.type("check")
    assert owner.code == 0, owner.said
    owner.task("2 Nobody is logged in at the books")
    owner.type("sync", "orders")
    assert owner.code == 2
    assert owner.told("connect", "books") == "koppel connect books"
    owner.shop.login()
    owner.task("3 Look at some orders before anything is written")
    owner.type("preview", "orders", "--limit", "2")
    owner.reads("would be created", "would send", "DESTINATION")
    assert not owner.shop.invoices()
    owner.task("4 The first run")
    owner.type("sync", "orders")
    assert owner.code == 1
    owner.reads("done           35", "parked          3")
    owner.type("status")
    owner.told("causes")
    owner.close()


def what_waits_for_a_person():
    """5 a payment method without a row; 6 a customer without an address; 7 an article that is not there."""
    owner = Owner()
    owner.type("sync", "orders")
    owner.task("5 A payment method has no row in the table")
    owner.type("causes")
    owner.reads('no row for "CRYPTO"')
    command = owner.told("table", "CRYPTO")
    owner.obeys(command, VALUE="1")
    assert not owner.parked("map.unmapped"), owner.said
    owner.task("6 A customer without an e-mail address")
    owner.type("causes")
    owner.reads("give the customer an e-mail address in the source, or set references.customer.default")
    command = owner.told("retry", owner.parked("customer.key")[0]["cause"])
    owner.type("set", "flows/orders/references/customer/default", "10001")
    assert owner.code == 0, owner.said
    owner.obeys(command)
    assert not owner.parked("customer.key"), owner.type("causes")
    owner.task("7 An article that the books do not have")
    owner.type("causes")
    owner.reads("create the article in the destination")
    command = owner.told("retry")
    owner.books("articles/30", {"create": True, "articleNumber": "30", "description": "Kaas 30"})
    owner.obeys(command)
    assert not owner.parked(), owner.type("causes")
    owner.type("causes")
    assert owner.code == 0, owner.said
    assert owner.shop.reconcile()["agree"]
    owner.close()


def the_books_say_no():
    """8 a VAT code that the books do not know; 9 a book year that is closed."""
    owner = Owner("--orders", "6", "--relations", "20", "--articles", "20")
    owner.task("8 A row of the VAT table names a code that the books do not have")
    owner.shop.replace("tables/vat.csv", "NL|21.00,1", "NL|21.00,77")
    owner.type("check", "--online")
    owner.reads("77")
    assert owner.code == 78, owner.said
    owner.type("sync", "orders")
    assert owner.code != 0 and not owner.shop.invoices(), owner.said
    owner.reads("vat.csv", "77")
    owner.type("table", "orders/vat_code", "set", "NL|21.00", "1")
    assert owner.code == 0, owner.said
    owner.type("status", "orders")
    owner.type("resume", "orders")
    owner.type("sync", "orders")
    assert not [job for job in owner.parked() if "vat" in job["reason"]], owner.said
    assert owner.shop.invoices()
    owner.close()

    owner = Owner("--orders", "12", "--relations", "20", "--articles", "20")
    owner.task("9 The book year is closed")
    owner.books("period", {"closed_until": "2026-12"})
    owner.type("sync", "orders")
    owner.type("causes")
    assert owner.code == 1
    owner.reads("Bookperiod: is afgesloten")
    command = owner.told("retry")
    owner.books("period", {"closed_until": None})
    owner.obeys(command)
    owner.type("sync", "orders")
    assert owner.shop.invoices() and not [j for j in owner.parked() if "period" in j["reason"]], owner.said
    owner.close()


def people_and_systems_change():
    """10 a changed password; 11 a log-in that was ended; 12 the books are down; 13 a merged customer."""
    owner = Owner("--orders", "8", "--relations", "20", "--articles", "20")
    owner.type("sync", "orders")
    owner.task("10 The till's password was changed")
    good = owner.shop.env["MPLUS_SECRET"]
    owner.shop.env["MPLUS_SECRET"] = "an old one"
    owner.type("sync", "orders")
    assert owner.code == 2
    owner.reads("till")
    command = owner.told("resume", "orders") if "koppel resume" in owner.said else "koppel resume orders"
    owner.type("connection", "test", "till")
    assert owner.code in (2, 78)
    owner.reads("secret")
    owner.shop.env["MPLUS_SECRET"] = good
    owner.type("connection", "test", "till")
    assert owner.code == 0, owner.said
    owner.obeys(command)
    owner.type("sync", "orders")
    assert owner.code in (0, 1), owner.said
    owner.task("11 Somebody ended the log-in at the books")
    owner.books("revoke-tokens?all=1", {})
    http(f"{owner.shop.till}/_sandbox/add-orders?n=2", "", "POST")
    owner.type("sync", "orders")
    assert owner.code == 2
    assert owner.told("connect", "books") == "koppel connect books"
    owner.shop.login()
    owner.type("sync", "orders")
    assert owner.code in (0, 1), owner.said
    owner.task("12 The books do not answer")
    owner.shop.trouble({"do": "status", "status": 503, "times": "all"})
    http(f"{owner.shop.till}/_sandbox/add-orders?n=2", "", "POST")
    owner.type("sync", "orders", "--wait", "0")
    assert owner.code in (1, 2)
    owner.type("causes")
    owner.reads("503")
    owner.type("connection", "list")
    owner.reads("books")
    owner.shop.trouble()
    owner.type("sync", "orders", "--wait", "30")
    assert owner.shop.reconcile()["agree"], owner.said
    owner.task("13 Two customers were merged in the books")
    debtors = {row["customerNumber"] for row in owner.shop.debtors()}
    number = owner.shop.invoices()[0]["debtorCustomerNumber"]
    other = sorted(debtors - {number})[0]
    owner.books(f"debtors/{number}", {"mergedInto": other})
    http(f"{owner.shop.till}/_sandbox/add-orders?n=4", "", "POST")
    owner.type("sync", "orders", "--wait", "30")
    owner.type("causes")
    assert not [job for job in owner.parked() if job["reason"] == "reference.gone"], owner.said
    owner.close()


def documents_by_hand():
    """14 an order that was booked by hand; 15 one to leave out; 16 back after all; 17 one to correct."""
    owner = Owner("--orders", "12", "--relations", "20", "--articles", "20")
    owner.type("sync", "orders")
    owner.task("14 An order that was typed into the books by hand")
    owner.shop.replace("tables/payment.csv", "CASH,1\n", "")
    http(f"{owner.shop.till}/_sandbox/add-orders?n=12", "", "POST")
    owner.type("sync", "orders")
    waiting = [job for job in owner.parked("map.unmapped") if job["facts"]["value"] == "CASH"]
    assert len(waiting) > 1, owner.said
    there = owner.shop.invoices()[0]
    owner.type("done", waiting[0]["job"], "--id", "999999", "--why", "typed in by the accountant")
    assert owner.code != 0, "nobody has that"
    owner.type("done", waiting[0]["job"], "--id", str(there["id"]), "--why", "typed in by the accountant")
    assert owner.code == 0 and state(owner, waiting[0]["job"]) == "done", owner.said
    owner.task("15 An order that is not to be booked")
    job = waiting[1]["job"]
    owner.type("skip", job, "--why", "a test of the till")
    assert owner.code == 0 and state(owner, job) == "skipped", owner.said
    owner.task("16 It is to be booked after all")
    owner.type("table", "orders/payment_condition", "add", "CASH", "1")
    owner.type("retry", job)
    owner.type("sync", "orders")
    assert state(owner, job) == "done", owner.type("activity", job)
    owner.task("17 A name was mistyped at the till")
    owner.type("edit", owner.parked("customer.key")[0]["job"], "relation.email=office@example.nl", "--why", "asked by phone")
    assert owner.code == 0, owner.said
    owner.type("sync", "orders")
    assert not owner.parked("customer.key"), owner.type("causes")
    assert "office@example.nl" in [row["emailAddress"] for row in owner.shop.debtors()]
    owner.close()


def what_an_owner_asks():
    """18 where is this order; 19 who ordered what; 20 what is kept, and for how long."""
    owner = Owner()
    owner.type("sync", "orders")
    owner.task("18 A customer asks for her invoice")
    job = owner.shop.jobs("done")[0]
    owner.type("jobs", job["brief"]["number"])
    assert owner.code == 0
    owner.reads(job["job"])
    owner.type("activity", job["job"])
    owner.reads("core -> destination", "POST")
    owner.task("19 Who changed what")
    owner.type("table", "orders/payment_condition", "add", "GIFT", "1")
    owner.type("pause", "orders", "--why", "the accountant is here")
    owner.type("resume", "orders")
    owner.type("audit")
    owner.reads("flow paused", "flow resumed")
    owner.type("config", "log")
    owner.reads("1", "2")
    owner.task("20 What is kept")
    owner.type("keep", "--plan")
    assert owner.code == 0, owner.said
    owner.reads("payloads")
    owner.close()


def files_are_edited():
    """21 a setting by command; 22 back to yesterday; 23 a slip while the program runs; 24 a start with one."""
    owner = Owner("--orders", "6", "--relations", "20", "--articles", "20")
    owner.type("sync", "orders")
    owner.task("21 Look every quarter of an hour")
    owner.type("set", "flows/orders/every", "15m")
    assert owner.code == 0 and 'every = "15m"' in open(owner.shop.conf + "/flows.d/orders.conf").read(), owner.said
    owner.task("22 Back to how it was")
    owner.type("config", "log")
    first = min(int(n) for n in re.findall(r"^revision (\d+)", owner.said, re.M))
    owner.type("config", "diff", str(first), str(first + 1))
    owner.reads('-every = "5m"', '+every = "15m"')
    owner.type("config", "rollback", str(first), "--why", "too slow")
    assert owner.code == 0 and 'every = "5m"' in open(owner.shop.conf + "/flows.d/orders.conf").read(), owner.said
    owner.task("23 A slip while the program runs")
    serve = subprocess.Popen([KOPPEL, "serve"], env=owner.shop.env, stderr=subprocess.DEVNULL)
    until(lambda: os.path.exists(owner.shop.conf + "/koppel.db.sock"))
    owner.shop.replace("flows.d/orders.conf", 'every = "5m";', 'every = "5 minutes";')
    owner.type("reload")
    assert owner.code == 78
    owner.reads("flows.d/orders.conf:", "5 minutes")
    owner.shop.replace("flows.d/orders.conf", "5 minutes", "6m")
    owner.type("reload")
    assert owner.code == 0, owner.said
    owner.type("stop")
    assert serve.wait(20) == 0
    owner.task("24 The program is started with a slip")
    owner.shop.replace("flows.d/orders.conf", '"6m"', '"6 m"')
    serve = subprocess.Popen([KOPPEL, "serve"], env=owner.shop.env, stderr=subprocess.DEVNULL)
    until(lambda: os.path.exists(owner.shop.conf + "/koppel.db.sock"))
    owner.type("status")
    assert owner.code == 78
    owner.reads("flows.d/orders.conf:")
    owner.shop.replace("flows.d/orders.conf", '"6 m"', '"6m"')
    owner.type("reload")
    assert owner.code == 0, owner.said
    until(lambda: "running" in owner.type("status", "orders") or owner.code in (0, 1))
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(20) == 0
    owner.close()


def the_month_is_closed():
    """25 a document was deleted; 26 one stands there twice; 27 a filter left some out; 28 a mapping was changed."""
    owner = Owner("--orders", "40", "--relations", "20", "--articles", "40")
    owner.type("sync", "orders")
    owner.task("25 Somebody deleted an invoice")
    gone = owner.shop.invoices()[0]
    owner.books(f"invoices/{gone['id']}", method="DELETE")
    owner.type("reconcile", "orders", "--from", "2026-01-01", "--to", "2026-12-31")
    assert owner.code == 1, owner.said
    owner.reads(gone["description"])
    command = owner.told("reconcile", "--queue")
    owner.obeys(command)
    owner.type("sync", "orders")
    assert gone["description"] in [i["description"] for i in owner.shop.invoices()], owner.said
    owner.task("26 An invoice stands there twice")
    twice = owner.shop.invoices()[3]
    owner.books(f"invoices/{twice['id']}", {"twice": True})
    owner.type("reconcile", "orders", "--from", "2026-01-01", "--to", "2026-12-31")
    assert owner.code == 1
    owner.reads(twice["description"], "several with one reference: 1")
    owner.close()

    owner = Owner("--orders", "20", "--relations", "20", "--articles", "40")
    owner.task("27 A filter left orders out, and is mended")
    owner.shop.replace("flows.d/orders.conf", '"paid", "delivered"', '"delivered"')
    owner.type("sync", "orders")
    before = len(owner.shop.invoices())
    owner.shop.replace("flows.d/orders.conf", '"delivered"', '"paid", "delivered"')
    owner.type("sync", "orders", "--since", "2026-01-01")
    assert len(owner.shop.invoices()) > before, owner.said
    assert not owner.shop.reconcile()["double"]
    owner.task("28 The books are to show another text on each line, on what stands there too")
    owner.type("sync", "orders")
    owner.shop.replace("flows.d/orders.conf", "filter =", 'map = ( { to = "paymentConditionId"; value = "2"; } );\nfilter =')
    owner.type("check")
    assert owner.code == 0, owner.said
    owner.type("sync", "orders", "--resend")
    owner.reads("paymentConditionId")
    assert {str(i["paymentConditionId"]) for i in owner.shop.invoices()} > {"2"}, "it only says so"
    owner.reads("on_change")
    owner.type("set", "flows/orders/settings/on_change", "update")
    assert owner.code == 0, owner.said
    owner.type("sync", "orders", "--resend", "--yes")
    assert {str(i["paymentConditionId"]) for i in owner.shop.invoices()} == {"2"}, owner.said
    owner.type("sync", "orders", "--resend")
    assert "paymentConditionId" not in owner.said, owner.said
    owner.close()


def the_rest_of_the_year():
    """29 somebody wants to be forgotten; 30 the machine is replaced."""
    owner = Owner()
    owner.type("sync", "orders")
    owner.task("29 A customer wants to be forgotten")
    owner.type("person", "find", "--email", "klant20@voorbeeld.nl")
    assert owner.code in (0, 1), owner.said
    owner.type("person", "erase", "--email", "klant20@voorbeeld.nl", "--why", "asked by letter")
    assert owner.code in (0, 1), owner.said
    owner.type("person", "find", "--email", "klant20@voorbeeld.nl")
    owner.task("30 The machine is replaced")
    copy = owner.shop.dir + "/copy.db"
    owner.type("backup", copy)
    assert owner.code == 0, owner.said
    http(f"{owner.shop.till}/_sandbox/add-orders?n=3", "", "POST")
    owner.type("sync", "orders")
    owner.type("restore", copy)
    assert owner.code in (0, 1), owner.said
    owner.type("sync", "orders", "--wait", "30")
    sums = owner.shop.reconcile()
    assert not sums["double"] and not sums["different"], sums
    owner.close()


def a_second_shop():
    """31 a second till for the same books, with the same numbers of orders."""
    owner, other = Owner("--orders", "6", "--relations", "20", "--articles", "20"), Shop("--orders", "6", "--seed", "9", login=False)
    owner.type("sync", "orders")
    owner.task("31 A second shop, whose till counts its orders from 1 too")
    owner.shop.env.update(SECOND_IDENT=other.info["mpluskassa"]["ident"], SECOND_SECRET=other.info["mpluskassa"]["secret"])
    owner.shop.write("connections.d/till2.conf", f'''name = "till2";
connector = "mpluskassa"; timeout = "3s";
settings = {{ url = "{other.till}"; ident = "env:SECOND_IDENT"; secret = "env:SECOND_SECRET"; }};
''')
    with open(owner.shop.conf + "/flows.d/orders.conf") as file:
        flow = file.read()
    owner.shop.write("flows.d/orders2.conf", flow.replace('name = "orders"', 'name = "orders2"').replace('"till"', '"till2"'))
    owner.type("check")
    owner.type("sync", "orders2")
    owner.type("causes", "orders2")
    owner.reads("where two sources number for themselves, give one of them a prefix in its mapping")
    owner.shop.replace("flows.d/orders2.conf", "filter =", """get_map = ( { to = "reference"; join = "-"; parts = (
  { value = "B"; }, { from = "orderNumber.year"; }, { from = "orderNumber.number"; } ); } );
filter =""")  # as the cookbook has it
    owner.type("check")
    assert owner.code == 0, owner.said
    owner.type("retry", "--reason", "reference.taken", "--yes")
    owner.type("sync", "orders2")
    assert not owner.parked("reference.taken"), owner.said
    assert [i for i in owner.shop.invoices() if i["description"].startswith("B-2026-")]
    other.close()
    owner.close()


def the_disk_is_full():
    """32 nothing is left on the disk of the store."""
    disk = Disk(48)
    if not disk.mounted:
        disk.end()
        raise Skipped("no small file system can be mounted here")
    owner = Owner("--orders", "6", "--relations", "20", "--articles", "20", login=False)
    try:
        owner.shop.write("koppel.conf", f'store = {{ path = "{disk.path}/koppel.db"; }};\nkeep = {{ free_mb = 8; }};\n')
        owner.shop.login()
        owner.type("sync", "orders")
        owner.task("32 The disk is almost full, and then full")
        disk.fill(leave=4 << 20)
        http(f"{owner.shop.till}/_sandbox/add-orders?n=3", "", "POST")
        owner.type("sync", "orders")
        assert owner.code == 2
        owner.reads("MiB left", "keep.free_mb")
        disk.fill()
        owner.type("sync", "orders")
        assert owner.code == 2
        owner.reads("make room there")
        disk.empty()
        owner.type("sync", "orders", "--wait", "30")
        assert owner.code in (0, 1), owner.said
        assert owner.shop.reconcile()["agree"]
    finally:
        owner.close()
        disk.end()


if __name__ == "__main__":
    main([the_first_morning, what_waits_for_a_person, the_books_say_no, people_and_systems_change, documents_by_hand,
          what_an_owner_asks, files_are_edited, the_month_is_closed, the_rest_of_the_year, a_second_shop, the_disk_is_full])
