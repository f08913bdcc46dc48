#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands that remedies print, run as they are printed by a person at a terminal: each is understood, and
those that change the configuration mend what their records waited for."""
import os
import pty
import re
import subprocess

from changes import change, goods
from commands import Place
from customers import TO_BOOKS, last, shop_with as customers, to_company
from goodstest import Goods
from koppeltest import KOPPEL, SRC, Shop, main
from tradetest import job as job_of, line, posted, sell, shop_with

REMEDIES = os.path.join(SRC, "core", "flow", "remedy.c")


def typed(env, command, answer="y\n"):
    """A shell at a terminal that gets the line, and the answer to what it asks. Its exit code and its words."""
    ours, theirs = pty.openpty()
    env = dict(env, PATH=os.path.dirname(KOPPEL) + ":" + env["PATH"], TERM="dumb")
    run = subprocess.Popen(["sh", "-c", command], env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, answer.encode())
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    code = run.wait(60)
    os.close(ours)
    return code, text.decode().replace("\r\n", "\n")


def mend(shop, job, **words):
    """Types the command of the job's remedy; words: what stands in it in capitals, for the person to know."""
    command = job["do"]["command"]
    assert command, job
    for name, value in words.items():
        assert re.search(rf"\b{name}\b", command), (name, command)
        command = re.sub(rf"\b{name}\b", value, command)
    code, text = typed(shop.env, command)
    assert code == 0, (command, code, text)
    return command


def commands():
    """{reason: command} of the table, its names in braces still in it."""
    text = open(REMEDIES).read()
    short = dict(re.findall(r'^#define ([A-Z]+) "(koppel [^"]*)"', text, re.M))
    found = {}
    for reason, row in re.findall(r'^    \{"([a-z_.0-9]+)", REMEDY_.*?\},\n(.*?)\},$', text, re.M | re.S):
        last_part = row.rsplit(",\n", 1)[-1].strip()
        if last_part == "NULL":
            continue
        for name, command in short.items():
            last_part = re.sub(rf'(?<![\w"]){name}$', f'"{command}"', last_part)
        found[reason] = "".join(re.findall(r'"([^"]*)"', last_part))
    return found


def every_command_is_understood():
    found = commands()
    assert len(found) > 80, sorted(found)
    place = Place("a")
    place.write("a.in", '{"id":"1"}\n')
    place.run(0, "sync", "a")
    fills = {"flow": "a", "job": "a/0/0", "cause": "0123456789ab", "connection": "a-in"}
    for command in sorted({part for command in found.values() for part in command.split(" && ")}):
        assert command.startswith("koppel "), command
        filled = re.sub(r"\{(\w+)\}", lambda m: fills.get(m.group(1), "x"), command)
        filled = re.sub(r"\b(VALUE|ID|WHY|N)\b", "1", filled)
        code, text = typed(dict(place.env, EDITOR="true"), filled)
        assert "usage:" not in text and "takes no --" not in text and "no option" not in text and \
            "no command" not in text, (filled, code, text)
    place.close()


def map_unmapped():
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "30")
    shop.sync()
    waits = [j for j in shop.jobs("parked") if j["reason"] == "map.unmapped"]
    assert waits
    for job in waits:
        mend(shop, job, VALUE="2")
    shop.sync()
    assert not [j for j in shop.jobs("parked") if j["reason"] == "map.unmapped"], shop.jobs("parked")
    assert {shop.activity(j["job"])["state"] for j in waits} == {"done"}
    shop.close()


def customer_missing():
    shop = shop_with("sales-invoice")
    shop.replace("flows.d/orders.conf", 'missing = "create"', 'missing = "park"')
    order = sell(shop, line(1, 1, "12.10"))
    shop.sync()
    job = job_of(shop, order, "parked")
    assert job["reason"] == "customer.missing", job
    mend(shop, job)
    shop.sync()
    assert job_of(shop, order, "done") and len(posted(shop)) == 1
    shop.close()


def customer_type_of_a_flow_of_customers():
    shop = customers(TO_BOOKS)
    shop.sync(TO_BOOKS)
    to_company(shop, 10)
    shop.sync(TO_BOOKS)
    job = last(shop, TO_BOOKS, 10, "parked")
    assert job["reason"] == "customer.type", job
    mend(shop, job)
    shop.sync(TO_BOOKS)
    assert last(shop, TO_BOOKS, 10, "done")["at"] >= job["at"]
    shop.close()


def customer_type_of_a_reference():
    shop = shop_with("sales-invoice")
    shop.sync()
    order = sell(shop, line(1, 1, "12.10"))
    shop.sync()
    to_company(shop, order["relation"] if "relation" in order else 10)
    again = sell(shop, line(1, 1, "24.20"))
    shop.sync()
    job = job_of(shop, again, "parked")
    assert job["reason"] == "customer.type", job
    mend(shop, job)
    shop.sync()
    assert job_of(shop, again, "done")
    shop.close()


def category_missing():
    shop = Goods()
    shop.to_till()
    shop.replace("flows.d/products.conf", 'missing = "create"', 'missing = "park"')
    shop.goods()
    waits = shop.of("category.missing")
    assert waits
    for cause in {job["cause"]: job for job in waits}.values():
        mend(shop, cause)
    shop.goods()
    assert not shop.of("category.missing"), shop.of("category.missing")
    assert shop.till_articles()["700504"]["groups"]
    shop.close()


def order_type():
    shop = shop_with("sales-invoice", uninvoiced="park")
    order = sell(shop, line(1, 1, "12.10"))
    shop.sync()
    job = job_of(shop, order, "parked")
    assert job["reason"] == "order.type", job
    mend(shop, job)
    shop.sync()
    assert job_of(shop, order, "done") and len(posted(shop)) == 1
    shop.close()


def cancelled_after():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    change(shop, order, cancelled=True)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "cancelled.after", job
    mend(shop, job)
    shop.sync()
    assert job_of(shop, order, "done")["reason"] == "credited" and len(posted(shop)) == 2
    shop.close()


def limits_of_a_connection():
    found = commands()
    shop = shop_with("sales-invoice")
    for reason in ("http.429", "http.limit"):
        command = found[reason].partition(" && ")[0].replace("{connection}", "books")
        name = re.search(r"books/(\w+) N$", command).group(1)
        code, text = typed(shop.env, re.sub(r"\bN\b", "90", command))
        assert code == 0 and f"{name} = 90;" in open(f"{shop.conf}/connections.d/books.conf").read(), (command, text)
    shop.run("check")
    order = sell(shop, line(1, 1, "12.10"))
    shop.sync()
    assert job_of(shop, order, "done")
    shop.close()


def what_stands_there_settles_it():
    shop = shop_with("sales-invoice")
    order, other = sell(shop, line(1, 2, "12.10")), sell(shop, line(1, 1, "24.20"))
    shop.sync()
    change(shop, order, lines=[goods(3, "11.11")])
    job = job_of(shop, order, "parked")
    assert job["reason"] == "changed" and job["do"]["command"].startswith("koppel skip --cause"), job
    mend(shop, job, WHY="'corrected by hand'")
    assert job_of(shop, order, "skipped")["detail"].endswith("corrected by hand")
    assert job_of(shop, other, "done")
    shop.close()


if __name__ == "__main__":
    main([every_command_is_understood, map_unmapped, customer_missing, customer_type_of_a_flow_of_customers,
          customer_type_of_a_reference, category_missing, order_type, cancelled_after, limits_of_a_connection,
          what_stands_there_settles_it])
