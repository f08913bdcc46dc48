#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel backup and koppel restore: a store that is put back knows less than the world, and books nothing twice."""
import json
import os
import shutil
import signal
import stat

from koppeltest import Shop, http, main, until
from rowstest import Engine
from serve import counts, stop


def more(shop, n):
    http(f"{shop.till}/_sandbox/add-orders?n={n}", "", "POST")


def numbers(shop):
    return sorted(i["description"] for i in shop.invoices())


def restored(shop, *args):
    return json.loads(shop.run("restore", "--json", *args).stdout)


def f5_an_older_store_books_nothing_twice():
    shop = Shop("--orders", "20")
    shop.replace("flows.d/orders.conf", 'every = "', 'every = "1s"; # "')
    copy = os.path.join(shop.dir, "copy")
    run = shop.start("serve")
    until(lambda: counts(shop, "orders")["done"] > 10 and counts(shop, "orders")["pending"] == 0)
    told = json.loads(shop.run("backup", "--json", copy).stdout)
    assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600 and os.stat(copy).st_size == told["bytes"]
    assert told["files"] > 10 and "file:secret.key" in told["secrets"], told
    assert {"env:MPLUS_SECRET", "env:ASPERION_CLIENT_SECRET"} <= set(told["secrets"]), told
    again = shop.run("backup", copy, ok=None)
    assert again.returncode == 78 and "not overwritten" in again.stderr, again
    before = counts(shop, "orders")
    more(shop, 15)
    until(lambda: counts(shop, "orders")["read"] == 35 and counts(shop, "orders")["pending"] == 0)
    refused = shop.run("restore", copy, ok=None)
    assert refused.returncode == 78 and "an engine runs" in refused.stderr, refused
    stop(run)
    books = shop.invoices()
    done = counts(shop, "orders")["done"]
    text = shop.run("restore", copy).stdout
    assert "is looked up there before it is written again" in text and "remove it when all is well" in text, text
    assert counts(shop, "orders")["read"] == before["read"] == 20
    shop.sync()
    assert shop.invoices() == books, "what was there is not made twice, and nothing of it changed"
    assert counts(shop, "orders")["read"] == 35 and not [j for j in shop.jobs("parked") if j["reason"] == "unsure"]
    assert counts(shop, "orders")["done"] + len(shop.jobs("skipped")) >= done
    assert shop.reconcile()["agree"], shop.reconcile()
    # and it goes on: the next ones are booked once
    more(shop, 5)
    shop.sync()
    assert len(shop.invoices()) > len(books) and shop.reconcile()["agree"]
    kept = [name for name in os.listdir(shop.conf) if ".replaced-" in name]
    assert any(name.startswith("koppel.db.replaced-") for name in kept), kept


def f5_nothing_happened_since():
    shop = Shop("--orders", "12")
    shop.sync()
    copy = os.path.join(shop.dir, "copy")
    shop.run("backup", copy)
    told = restored(shop, copy)
    assert told["older"] is False and told["links"] >= 8, told
    assert "goes on where it was" in shop.run("restore", copy).stdout
    report = shop.sync()
    assert report["read"] == 12 and shop.reconcile()["agree"]
    rows = [json.loads(one) for one in shop.run("audit", "--json").stdout.splitlines()]
    put = [(row["order"], row["about"], row["via"]) for row in rows if row["order"].startswith("backups.")]
    # the first one's is in the store that the second one replaced, and so is that of the backup itself
    assert put == [("backups.restore", copy, "cli")], rows


def f5_a_second_place_on_the_same_till():
    shop = Shop("--orders", "15")
    shop.sync()
    copy, new = os.path.join(shop.dir, "copy"), os.path.join(shop.dir, "new")
    shop.run("backup", copy)
    more(shop, 5)
    shop.sync()
    books = shop.invoices()
    os.mkdir(new)
    open(os.path.join(new, "letter"), "w").close()
    assert "is not empty" in shop.run("restore", copy, "--to", new, ok=(78,)).stderr
    os.remove(os.path.join(new, "letter"))
    shutil.copy(os.path.join(shop.conf, "secret.key"), new)
    told = restored(shop, copy, "--to", new)
    assert told["files"] > 10 and "named" not in told, told
    for folder, _, files in os.walk(new):
        for name in files:
            if name != "koppel.db" and not name.startswith("koppel.db."):
                path = os.path.join(folder, name)
                with open(path, "rb") as a, open(os.path.join(shop.conf, os.path.relpath(path, new)), "rb") as b:
                    assert a.read() == b.read(), path
    assert sorted(os.listdir(os.path.join(new, "flows.d"))) == sorted(os.listdir(os.path.join(shop.conf, "flows.d")))
    shop.env["KOPPEL_CONFIG"] = new
    shop.sync()
    assert shop.invoices() == books
    # without the key nothing is read of it, and nothing made
    other = os.path.join(shop.dir, "other")
    shop.env["KOPPEL_CONFIG"] = os.path.join(shop.dir, "nowhere")
    lost = shop.run("restore", copy, "--to", other, ok=(78,))
    assert "with the key of its store" in lost.stderr and os.listdir(other) == [], lost


def f5_what_is_no_backup_changes_nothing():
    shop = Shop("--orders", "10")
    shop.sync()
    copy = os.path.join(shop.dir, "copy")
    shop.run("backup", copy)
    whole = open(copy, "rb").read()
    cases = {"cut": whole[:len(whole) // 2], "garbage": b"garbage" * 1000, "empty": b"",
             "torn": whole[:20000] + b"\xff" * 9000 + whole[29000:]}
    for name, content in cases.items():
        path = os.path.join(shop.dir, name)
        with open(path, "wb") as f:
            f.write(content)
        refused = shop.run("restore", path, ok=None)
        assert refused.returncode == 78, (name, refused)
    assert shop.run("restore", os.path.join(shop.dir, "missing"), ok=None).returncode == 78
    bare = shop.run("restore", os.path.join(shop.conf, "koppel.db"), ok=None)
    assert bare.returncode == 78 and "no backup" in bare.stderr, bare
    key = os.path.join(shop.conf, "secret.key")
    own = open(key).read()
    with open(key, "w") as f:
        f.write("0" * 64)
    refused = shop.run("restore", copy, ok=None)
    assert refused.returncode == 78 and "another key" in refused.stderr, refused
    with open(key, "w") as f:
        f.write(own)
    assert not [name for name in os.listdir(shop.conf) if ".replaced-" in name or "restoring" in name]
    assert shop.sync()["read"] == 10 and shop.reconcile()["agree"]
    assert shop.run("restore", ok=None).returncode == 64


def away(shop):
    return [name for name in os.listdir(shop.conf) if ".replaced-" in name or "restoring" in name]


class NoWitness:
    """The file beside the store can be read, not written: no engine opens a store."""

    def __init__(self, shop):
        self.path, self.other = shop.conf + "/koppel.db.witness", shop.conf + "/koppel.db.other"

    def __enter__(self):
        os.rename(self.path, self.other)
        os.chmod(self.other, 0o400)
        os.symlink(self.other, self.path)

    def __exit__(self, *_):
        os.unlink(self.path)
        os.chmod(self.other, 0o600)
        os.rename(self.other, self.path)


def f5_what_fails_after_the_exchange_is_undone():
    shop = Shop("--orders", "8")
    shop.sync()
    copy = os.path.join(shop.dir, "copy")
    shop.run("backup", copy)
    more(shop, 3)
    shop.sync()
    assert counts(shop, "orders")["read"] == 11
    with NoWitness(shop):
        refused = shop.run("restore", copy, ok=(78,))
    assert "witness" in refused.stderr and not away(shop), (refused.stderr, away(shop))
    assert counts(shop, "orders")["read"] == 11, "the store is what it was"
    # the same, where an engine put it back
    engine = Engine(shop.conf, shop.env)
    name = engine.ask("backups.keep")["backup"]
    with NoWitness(shop):
        engine.ask("backups.back", backup=name, why="a test")
        engine.run.wait(30)
    assert "the store is what it was" in engine.said() and not away(shop), engine.said()
    engine = Engine(shop.conf, shop.env)
    assert "a backup was put back" not in engine.said(), "nor is it an older one"
    assert not [row for row in engine.ask("audit.list")["entries"] if row["order"] == "backups.restore"]
    engine.stop()
    assert counts(shop, "orders")["read"] == 11
    shop.close()


def ordered(shop, why):
    """An engine that was told to put a backup back, while a request of it is under way: it takes its time to end."""
    engine = Engine(shop.conf, shop.env)
    name = engine.ask("backups.keep")["backup"]
    shop.trouble({"do": "wait", "before_ms": 20000, "times": "all"}, url=shop.till)
    engine.ask("flows.pause", flow="orders")
    engine.ask("flows.resume", flow="orders")
    until(lambda: any(row["state"] == "running" for row in engine.ask("flows.status")["flows"]))
    engine.ask("backups.back", backup=name, why=why)
    return engine, name


def last_of(engine):
    return engine.ask("backups.list")["last"]


def a_stop_ends_an_engine_that_puts_a_backup_back():
    shop = Shop("--orders", "8")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    engine, name = ordered(shop, "the disk was replaced")
    engine.run.send_signal(signal.SIGTERM)
    assert engine.run.wait(30) == 0 and "does not begin again" in engine.said(), engine.said()
    shop.trouble(url=shop.till)
    engine = Engine(shop.conf, shop.env)
    last = last_of(engine)
    assert last["backup"] == name and last["why"] == "the disk was replaced" and "error" not in last, last
    # the order is gone with the store that it was given to: the one that came tells of it
    told = [row for row in engine.ask("audit.list")["entries"] if row["order"] == "backups.restore"]
    assert [(row["about"], row["why"], row["via"]) for row in told] == [(name, "the disk was replaced", "cli")], told
    engine.stop()
    shop.close()


def a_backup_that_was_never_put_back_is_told():
    shop = Shop("--orders", "8")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    engine, name = ordered(shop, "a test")
    engine.run.kill()  # as where a call of a plugin does not come back
    engine.run.wait(30)
    if os.path.exists(engine.socket):  # it may have given that up already
        os.unlink(engine.socket)
    shop.trouble(url=shop.till)
    engine = Engine(shop.conf, shop.env)
    last = last_of(engine)
    assert last["backup"] == name and "ended before" in last["error"] and f"{name} was not put back" in engine.said(), last
    engine.stop()
    engine = Engine(shop.conf, shop.env)
    assert last_of(engine) == last and "was not put back" not in engine.said(), "it is told once"
    engine.stop()
    shop.close()


if __name__ == "__main__":
    main([f5_an_older_store_books_nothing_twice, f5_nothing_happened_since, f5_a_second_place_on_the_same_till,
          f5_what_is_no_backup_changes_nothing, f5_what_fails_after_the_exchange_is_undone,
          a_stop_ends_an_engine_that_puts_a_backup_back, a_backup_that_was_never_put_back_is_told])
