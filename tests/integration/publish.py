#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One configuration for all hosts that share a store: published, taken, gone back on, and all that comes in the way:
a host that is off or cut off, one that lacks a secret, two that publish at once, a configuration that is broken.
Skipped where PostgreSQL is not installed."""
import json
import os
import re
import shutil
import subprocess
import time

from hosts import Cable
from koppeltest import KOPPEL, http, main, until
from postgres import LEASE, Host, Server, judge, place, settled, shop_on


class Bare(Host):
    """A host that was given the connection string and the key, and nothing else."""

    def __init__(self, shop, server, name, cable=None):
        self.shop, self.name = shop, name
        self.conf = os.path.join(shop.dir, "host-" + name)
        os.mkdir(self.conf)
        text = place(server)
        if cable:
            text = text.replace(server.connection, f"host=127.0.0.1 port={cable.ports[0]} user=koppel dbname=postgres "
                                                   "connect_timeout=2")
        with open(os.path.join(self.conf, "koppel.conf"), "w") as f:
            f.write(text)
        shutil.copy(os.path.join(shop.conf, "secret.key"), self.conf)
        self.env = dict(shop.env, KOPPEL_CONFIG=self.conf)
        self.log = open(os.path.join(shop.dir, name + ".log"), "w")
        self.serve = None

    def told(self):
        return open(self.log.name).read()


def koppel(host, *args, ok=(0,)):
    done = subprocess.run([KOPPEL, *args], env=host.env, capture_output=True, text=True, timeout=120)
    assert done.returncode in ok, f"koppel {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def alive(host):
    lines = koppel(host, "hosts", "--json").stdout.splitlines()
    return [h for h in map(json.loads, lines) if h["alive"]]


def revisions(host):
    return [h["revision"] for h in alive(host)]


def published(server):
    return int(server.ask("SELECT coalesce((SELECT value FROM koppel.meta WHERE name = 'published'), '0')"))


def fast_shop(*args):
    server = Server()
    shop = shop_on(server, *args)
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    return server, shop


def every_of(host):
    rows = [json.loads(line) for line in koppel(host, "status", "--json", ok=(0, 1, 2, 78)).stdout.splitlines()]
    return {row["flow"]: row for row in rows if "flow" in row}


def test_a_host_needs_the_connection_string_and_the_key():
    server, shop = fast_shop("--orders", "30")
    new = Bare(shop, server, "new")
    new.start()
    until(lambda: len(alive(new)) == 1, 60)
    assert not every_of(new), "it has no flows of its own"
    told = shop.run("publish").stdout
    first = published(server)
    assert first > 0 and f"revision {first} is published" in told, told
    until(lambda: revisions(new) == [first], 60)
    assert every_of(new)["orders"]["enabled"]
    until(lambda: int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head")) >= 30, 60)
    until(lambda: settled(server), 60)
    # a second one takes it at its start, and what is saved at one is published to both
    second = Bare(shop, server, "second")
    second.start()
    until(lambda: revisions(new) == [first, first], 60)
    saved = koppel(second, "set", "flows/orders/batch", "50").stdout
    third = published(server)
    assert third > first and f"revision {third}" in saved, saved
    until(lambda: revisions(new) == [third, third], 60)
    for host in (new, second):
        assert "batch = 50" in koppel(host, "config", "show", str(third), "flows.d/orders.conf").stdout
        assert not os.path.exists(os.path.join(host.conf, "flows.d")), "it is held in memory"
    # the directory that was published first lacks that change
    refused = shop.run("publish", ok=(78,)).stderr
    assert f"--over {third}" in refused and published(server) == third, refused
    shop.run("publish", "--over", str(first), ok=(2,))
    assert published(server) == third
    # back to where it was, and nothing new in it
    back = shop.run("publish", "--revision", str(first)).stdout
    assert f"it was {third}" in back, back
    until(lambda: revisions(new) == [first, first], 60)
    http(f"{shop.till}/_sandbox/add-orders?n=7", "", "POST")
    until(lambda: len(shop.orders()) == 37 and settled(server) and
          int(server.ask("SELECT sum(head) FROM koppel.head")) >= 37, 60)
    new.stop()
    second.stop()
    shop.sync("orders")
    judge(shop, 37)


def test_a_store_of_one_host_needs_none():
    from koppeltest import Shop
    shop = Shop("--orders", "3")
    told = shop.run("publish", ok=(78,)).stderr
    assert "nobody to publish to" in told, told


def test_old_rules_do_not_come_back():
    server, shop = fast_shop("--orders", "10")
    old = Host(shop, "old")
    shop.run("publish")
    first = published(server)
    old.start()
    until(lambda: revisions(old) == [first], 60)
    old.stop()
    # while it was off, another configuration is published
    shop.replace("flows.d/orders.conf", 'every = "1s"', 'every = "2s"')
    shop.run("publish")
    second = published(server)
    assert second > first
    old.start()
    until(lambda: revisions(old) == [second], 60)
    assert 'every = "1s"' in open(os.path.join(old.conf, "flows.d/orders.conf")).read(), "its files are as they were"
    shown = koppel(old, "config", "status", "--json").stdout
    assert json.loads(shown)["revision"]["revision"] == second, shown
    assert not json.loads(shown)["files"], "what it runs is what is published"
    old.stop()


def test_what_is_broken_is_never_published():
    server, shop = fast_shop("--orders", "5")
    shop.run("publish")
    first = published(server)
    host = Bare(shop, server, "one")
    host.start()
    until(lambda: revisions(host) == [first], 60)
    shop.replace("flows.d/orders.conf", 'every = "1s"', 'every = "soon"')
    told = shop.run("publish", ok=(78,))
    assert "nothing was published" in told.stderr and "soon" in told.stderr, told
    koppel(host, "set", "flows/orders/batch", "many", ok=(1, 2, 64, 78))
    assert published(server) == first
    until(lambda: revisions(host) == [first], 60)
    shop.run("publish", "--revision", "999999", ok=(64, 78))
    assert published(server) == first
    host.stop()


def test_two_publish_at_once():
    """One of them wins; the other is told what stands there now, and nothing of it is lost."""
    server, shop = fast_shop("--orders", "3")
    shop.run("publish")
    first = published(server)
    hosts = [Host(shop, str(i)) for i in range(4)]
    for i, host in enumerate(hosts):
        path = os.path.join(host.conf, "flows.d/orders.conf")
        text = open(path).read()
        with open(path, "w") as f:
            f.write(text.replace('every = "1s"', f'every = "{i + 3}s"'))
    tries = [subprocess.Popen([KOPPEL, "publish", "--over", str(first)], env=host.env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) for host in hosts]
    done = [(one.communicate(timeout=120), one.returncode) for one in tries]
    won = [out for (out, _), code in done if code == 0]
    lost = [err for (_, err), code in done if code != 0]
    assert len(won) == 1 and len(lost) == 3, done
    now = published(server)
    assert f"revision {now} is published" in won[0], won
    assert all(f"revision {now} was published meanwhile" in err for err in lost), lost


def test_a_host_that_lacks_a_secret():
    """It leaves that connection's flows to the others, and says so; once it has the secret it takes them."""
    server, shop = fast_shop("--orders", "20")
    lame, sound = Bare(shop, server, "lame"), Bare(shop, server, "sound")
    secret = lame.env.pop("MPLUS_SECRET")
    shop.write("alerts.conf", 'rules = ( { rule = "config.rejected"; after = "1s"; } );\n')
    lame.start()
    until(lambda: len(alive(lame)) == 1, 60)
    shop.run("publish")
    first = published(server)
    until(lambda: revisions(lame) == [first], 60)
    until(lambda: [all(one in (h["lacks"] or "") for one in ("till", "MPLUS_SECRET")) for h in alive(lame)] == [True], 60)
    row = every_of(lame)["orders"]
    assert row["state"] == "not here" and "MPLUS_SECRET" in row["lacks"], row
    assert "MPLUS_SECRET" in koppel(lame, "status", ok=(78,)).stdout
    assert "MPLUS_SECRET" in koppel(lame, "hosts").stdout
    told = lambda: [json.loads(row) for row in koppel(lame, "alert", "list", "--json", ok=(0, 1)).stdout.splitlines()]
    until(lambda: {("config.rejected", h["host"]) for h in alive(lame)} &
          {(a["rule"], a["subject"]) for a in told() if a["state"] == "open"}, 90)
    assert int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head")) == 0, "it read all the same"
    sound.start()
    until(lambda: revisions(lame) == [first, first], 60)
    until(lambda: int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head")) >= 20 and settled(server), 60)
    until(lambda: [h["lacks"] is None for h in alive(lame)] == [False, True], 60)
    lame.stop()
    lame.env["MPLUS_SECRET"] = secret
    lame.start()
    until(lambda: [h["lacks"] for h in alive(lame)] == [None, None], 60)
    lame.stop()
    sound.stop()
    shop.sync("orders")
    judge(shop, 20)


def test_cut_off_and_killed():
    """Published while one host is cut off: it delivers nothing by the old rules once it is back, though nobody else is
    there who would. Killed as it takes it: it takes it at its next start."""
    server, shop = fast_shop("--orders", "60", "--latency-ms", "20")
    books = lambda: {invoice["description"]: invoice["paymentConditionId"] for invoice in shop.invoices()}
    read = lambda: int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head"))
    cable = Cable([server.dir + "/.s.PGSQL.5432"])
    shop.run("publish")
    first = published(server)
    far, near = Bare(shop, server, "far", cable), Bare(shop, server, "near")
    far.start()
    near.start()
    until(lambda: revisions(near) == [first, first], 60)
    until(lambda: read() >= 60 and settled(server), 60)
    known = books()
    assert 1 in known.values(), known
    cable.put("cut")
    near.kill()
    # by the new rules nothing is paid at once
    table = open(os.path.join(shop.conf, "tables/payment.csv")).read()
    shop.write("tables/payment.csv", re.sub(r"(?m)^(\w+),1$", r"\1,2", table))
    shop.run("publish")
    second = published(server)
    assert second > first
    http(f"{shop.till}/_sandbox/add-orders?n=40", "", "POST")
    time.sleep(LEASE)
    assert books() == known, "it is cut off"
    cable.put("whole")
    until(lambda: revisions(far) == [second], 60)
    until(lambda: read() >= 100 and settled(server), 60)
    new = {name: condition for name, condition in books().items() if name not in known}
    assert len(new) > 20 and set(new.values()) == {2}, new
    near.start()
    until(lambda: revisions(far) == [second, second], 60)
    for i in range(4):
        shop.replace("flows.d/orders.conf", f'every = "{1 + i % 2}s"', f'every = "{2 - i % 2}s"')
        shop.run("publish")
        time.sleep(0.3 * i)
        far.kill()
        far.start()
    now = published(server)
    until(lambda: set(revisions(near)) == {now} and len(alive(near)) == 2, 60)
    until(lambda: settled(server), 120)
    far.stop()
    near.stop()
    shop.sync("orders")
    judge(shop, 100)


if __name__ == "__main__":
    main([test_a_host_needs_the_connection_string_and_the_key, test_a_store_of_one_host_needs_none,
          test_old_rules_do_not_come_back, test_what_is_broken_is_never_published, test_two_publish_at_once,
          test_a_host_that_lacks_a_secret, test_cut_off_and_killed])
