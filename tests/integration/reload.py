#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another configuration while koppel serve runs (behaviour Y1), safe mode, runs by order (Y4), and the stop."""
import json
import os
import re
import signal
import subprocess
import threading
import time

from commands import Place
from koppeltest import KOPPEL, Shop, http, log_lines, main, until

RELOADS = int(os.environ.get("KOPPEL_RELOADS", "16"))


class Served:
    """koppel serve of a place or a shop, its log in a file."""

    def __init__(self, place, wait=True):
        self.place = place
        self.conf = place.env["KOPPEL_CONFIG"]
        self.log = os.path.join(place.dir, "serve.log")
        with open(self.log, "a") as log:
            self.run = subprocess.Popen([KOPPEL, "serve"], env=place.env, stdout=subprocess.DEVNULL, stderr=log)
        if wait:
            until(lambda: self.events("start"))

    def events(self, event):
        text = open(self.log).read()
        return [row for row in log_lines(text[:text.rfind("\n") + 1]) if row.get("event") == event]

    def hangup(self):
        self.run.send_signal(signal.SIGHUP)

    def rss_kb(self):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.run.pid}/status").read()).group(1))

    def stop(self):
        self.run.send_signal(signal.SIGTERM)
        assert self.run.wait(20) == 0, open(self.log).read()


def koppel(place, *args, code=0):
    done = subprocess.run([KOPPEL, *args], env=place.env, capture_output=True, text=True, timeout=60)
    assert code is None or done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
    return done


def rows(place, code=None):
    """The rows of status by flow."""
    found = map(json.loads, koppel(place, "status", "--json", code=code).stdout.splitlines())
    return {row["flow"]: row for row in found if "flow" in row}


def edit(place, name, old, new):
    path = os.path.join(place.env["KOPPEL_CONFIG"], name)
    text = open(path).read()
    assert old in text, (name, old)
    with open(path, "w") as out:
        out.write(text.replace(old, new))


def feed(place, flow, *ids):
    with open(place.path(f"{flow}.in"), "a") as out:
        out.writelines(f'{{"id":"{one}"}}\n' for one in ids)


def idle(*flows):
    """Files to files, served; every flow has had its first run."""
    place = Place(*flows)
    served = Served(place)
    until(lambda: all(row["last_good"] for row in rows(place).values()))
    return place, served


# ---- what a reload does


def y1_what_changed_goes_over_and_the_rest_runs_on():
    place, served = idle("a", "b")
    assert koppel(place, "reload").stdout == "the configuration is active\n", "nothing changed"
    before = rows(place)
    edit(place, "connections.d/a-out.conf", "a.out", "elsewhere.out")
    assert json.loads(koppel(place, "reload", "--json").stdout)["changed"] == ["a"]
    until(lambda: rows(place)["a"]["last_run"]["trigger"] == "reload")
    assert rows(place)["b"]["last_run"] == before["b"]["last_run"], "b did not run"
    feed(place, "a", 3)
    koppel(place, "sync", "a", "b")
    assert [json.loads(line)["id"] for line in place.lines("elsewhere.out")] == ["3"], place.lines("elsewhere.out")
    assert len(place.lines("a.out")) == 2
    after = rows(place)
    assert after["a"]["last_run"]["version"] != before["a"]["last_run"]["version"]
    served.stop()
    place.close()


def y1_flows_that_are_new_begin_and_those_that_are_gone_end():
    place, served = idle("a", "b")
    os.rename(place.path("flows.d/b.conf"), place.path("b.away"))
    edit(place, "flows.d/a.conf", 'name = "a";', 'name = "a"; enabled = false;')
    place.write("flows.d/c.conf", open(place.path("b.away")).read().replace('"b"', '"c"'))
    koppel(place, "sync", "b")
    out = json.loads(koppel(place, "reload", "--json").stdout)
    assert (out["changed"], out["begun"], out["ended"]) == ([], ["c"], ["a", "b"]), out
    until(lambda: rows(place)["c"]["last_good"])
    found = rows(place)
    assert sorted(found) == ["a", "c"] and found["a"]["state"] == "off" and found["c"]["state"] == "waiting", found
    assert koppel(place, "sync", "b", code=64).stderr.startswith('koppel: no flow "b"')
    koppel(place, "sync", "a")
    os.remove(place.path("flows.d/a.conf"))
    os.remove(place.path("flows.d/c.conf"))
    koppel(place, "reload")
    assert rows(place) == {}, "it lives with nothing to do"
    served.stop()
    place.close()


def y1_a_faulty_configuration_changes_nothing_and_says_why():
    place, served = idle("a")
    good = open(place.path("flows.d/a.conf")).read()
    place.write("flows.d/a.conf", good + "evry = \"1s\";\nfilter = nonsense;\n")
    done = koppel(place, "reload", code=78)
    assert f"{place.dir}/flows.d/a.conf:" in done.stderr and "nothing has changed" in done.stderr, done.stderr
    assert len(served.events("config.rejected")) == 2, served.events("config.rejected")
    done = koppel(place, "status", code=78)
    assert "has mistakes and is not active" in done.stdout and "flows.d/a.conf:" in done.stdout, done.stdout
    feed(place, "a", 3)
    koppel(place, "sync", "a")
    assert rows(place)["a"]["done"] == 3 and rows(place)["a"]["state"] == "waiting"
    served.hangup()
    until(lambda: len(served.events("config.rejected")) == 4)
    place.write("flows.d/a.conf", good)
    served.hangup()
    until(lambda: served.events("reload"))
    koppel(place, "status")
    served.stop()
    place.close()


def y1_a_setting_that_is_saved_is_active_at_once():
    place, served = idle("a", "b")
    assert "(revision 1)" in served.events("start")[0]["msg"], served.events("start")
    done = koppel(place, "set", "flows/a/every", "7m", "--why", "test")
    assert "active in the engine that runs; changed: a\n" in done.stdout, done.stdout
    told = served.events("reload")
    assert len(told) == 1 and "(revision 2); changed: a" in told[0]["msg"], told
    koppel(place, "config", "rollback", "1", "--why", "test")
    assert "(revision 3); changed: a" in served.events("reload")[-1]["msg"], served.events("reload")
    # what an engine that runs cannot take is saved, and said to be not active
    done = koppel(place, "set", "flows/a/from/connection", "b-in", "--why", "test", code=78)
    assert "flows.d/a.conf:" in done.stderr and "saved, but not active" in done.stderr, done.stderr
    assert len(served.events("reload")) == 2 and '"b-in"' in open(place.path("flows.d/a.conf")).read()
    assert "is not active" in koppel(place, "status", code=78).stdout
    done = koppel(place, "set", "flows/a/from/connection", "a-in", "--why", "test")
    assert "active in the engine that runs" in done.stdout, done
    koppel(place, "status")
    served.stop()
    # without one the next start takes it
    done = koppel(place, "set", "flows/a/every", "9m", "--why", "test")
    assert "active in the engine" not in done.stdout and "saved (revision" in done.stdout, done.stdout
    place.close()


def y1_what_takes_a_restart_is_refused():
    place, served = idle("a")
    place.write("koppel.conf", f'store = {{ path = "{place.dir}/other.db"; }};\n')
    # the engine is found where the configuration says that its store is, so the order goes by the signal
    served.hangup()
    until(lambda: served.events("config.rejected"))
    assert "takes a restart" in served.events("config.rejected")[0]["msg"]
    place.write("koppel.conf", "")
    koppel(place, "reload")
    with open(place.path("secret.key"), "w") as key:
        key.write("00" * 32 + "\n")
    assert "another one than that of the store" in koppel(place, "reload", code=78).stderr
    served.stop()
    place.close()


def y1_a_name_that_stands_for_other_records_is_refused():
    place, served = idle("a", "b")
    for one, other in (("a", "b"), ("b", "a")):
        edit(place, f"flows.d/{one}.conf", f'name = "{one}";', f'name = "{other}";')
    done = koppel(place, "reload", code=78)
    assert done.stderr.count("give it a name of its own") == 2, done.stderr
    served.stop()
    feed(place, "a", 3)
    done = koppel(place, "sync", "b", code=78)
    assert "what was read under this name is b-in/record" in done.stderr, done.stderr
    assert len(place.lines("a.out")) == 2 and len(place.lines("b.out")) == 2
    place.close()


def blocks_hangup(pid):
    blocked = re.search(r"SigBlk:\s+(\w+)", open(f"/proc/{pid}/status").read())
    return int(blocked.group(1), 16) & 1


def y1_sighup_never_ends_the_program():
    place = Place("a")
    served = Served(place, wait=False)
    until(lambda: blocks_hangup(served.run.pid))  # it is a program by now
    for _ in range(200):  # before it is ready, too
        served.hangup()
        time.sleep(0.002)
    until(lambda: served.events("start") and rows(place)["a"]["done"] == 2)
    edit(place, "connections.d/a-out.conf", "a.out", "elsewhere.out")
    until(lambda: served.hangup() or any("changed: a" in row["msg"] for row in served.events("reload")))
    served.stop()
    os.mkfifo(place.path("slow.in"))
    edit(place, "connections.d/a-in.conf", "a.in", "slow.in")
    for _ in range(3):
        sync = subprocess.Popen([KOPPEL, "sync", "a"], env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until(lambda: blocks_hangup(sync.pid))
        for _ in range(100):
            sync.send_signal(signal.SIGHUP)
            time.sleep(0.002)
        sync.communicate(timeout=30)
        assert sync.returncode >= 0, sync.returncode
    place.close()


def y1_reloads_at_once_take_turns():
    place, served = idle("a", "b")
    codes = []
    for n in range(4):
        edit(place, "connections.d/a-out.conf", "a.out" if n == 0 else f"a{n - 1}.out", f"a{n}.out")
        askers = [subprocess.Popen([KOPPEL, "reload"], env=place.env, stdout=subprocess.DEVNULL) for _ in range(6)]
        codes += [asker.wait(30) for asker in askers]
    assert codes == [0] * 24, codes
    feed(place, "a", 3)
    koppel(place, "sync", "a")
    assert len(place.lines("a3.out")) == 1 and rows(place)["a"]["done"] == 3
    served.stop()
    place.close()


# ---- safe mode


def y1_a_faulty_configuration_at_the_start_is_safe_mode():
    place = Place("a", "b")
    good = open(place.path("flows.d/a.conf")).read()
    place.write("flows.d/a.conf", good + "evry = \"1s\";\n")
    served = Served(place)
    assert "safe mode" in served.events("config.rejected")[-1]["msg"]
    done = koppel(place, "status", code=78)
    assert "safe mode" in done.stdout and "evry" in done.stdout, done.stdout
    assert {row["state"] for row in rows(place).values()} == {"safe mode"}
    assert "safe mode" in koppel(place, "sync", "b", code=78).stderr
    koppel(place, "pause", "a")
    koppel(place, "jobs")
    koppel(place, "reload", code=78)
    assert not place.lines("b.out"), "no flow runs"
    place.write("flows.d/a.conf", good)
    koppel(place, "reload")
    until(lambda: rows(place)["b"]["done"] == 2)
    assert rows(place)["a"]["state"] == "paused"
    koppel(place, "stop")
    assert served.run.wait(20) == 0
    place.close()


# ---- runs by order


def y4_a_run_by_order_while_it_serves():
    place, served = idle("a", "b")
    feed(place, "a", 3)
    feed(place, "b", 3, 4)
    done = koppel(place, "sync", "--all", "--json")
    assert [json.loads(line)["done"] for line in done.stdout.splitlines()] == [3, 4], done.stdout
    run = json.loads(done.stdout.splitlines()[0])["run"]
    assert run["trigger"] == "hand" and run["done"] == 1 and run["who"], run
    koppel(place, "pause", "a")
    assert "koppel resume a" in koppel(place, "sync", "a", "b", code=1).stderr
    koppel(place, "resume", "a")
    os.remove(place.path("a.in"))
    assert "a.in" in koppel(place, "sync", "a", "--wait", "1", code=78).stderr
    row = rows(place)["a"]
    assert row["last_error"]["run"] == row["last_run"]["run"] > run["run"] and row["state"] == "paused", row
    koppel(place, "sync", code=64)
    koppel(place, "sync", "a", "--all", code=64)
    koppel(place, "sync", "nothing", code=64)
    served.stop()
    place.close()


def y4_a_wait_is_kept_though_the_run_under_way_waits_for_ever():
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "40")
    served = Served(shop)
    until(lambda: rows(shop)["orders"]["last_good"])
    http(shop.till + "/_sandbox/add-orders?n=5", "", "POST")
    shop.trouble({"do": "status", "status": 503, "times": "all"})
    began = time.time()
    done = koppel(shop, "sync", "orders", "--wait", "2", code=2)
    assert time.time() - began < 10 and "503" in done.stderr, done.stderr
    until(lambda: rows(shop)["orders"]["state"] == "backing off")
    began = time.time()
    done = koppel(shop, "sync", "orders", "--wait", "1", code=2)  # the run that waits for the books goes on
    assert time.time() - began < 10 and "runs already" in done.stderr, done.stderr
    shop.trouble()
    # and not at the next interval
    until(lambda: all(rows(shop)["orders"][name] == 0 for name in ("pending", "waiting")))
    served.stop()
    assert shop.reconcile()["agree"], shop.reconcile()
    shop.close()


def y4_who_orders_a_run_and_goes_leaves_it_alone():
    shop = Shop("--orders", "60", "--relations", "40", "--articles", "40", "--latency-ms", "20", concurrency=1)
    edit(shop, "flows.d/orders.conf", 'name = "orders";', 'name = "orders"; enabled = false;')
    served = Served(shop)
    asker = subprocess.Popen([KOPPEL, "sync", "orders"], env=shop.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: 0 < rows(shop)["orders"]["done"])
    asker.send_signal(signal.SIGINT)
    asker.communicate(timeout=10)
    row = rows(shop)["orders"]
    assert row["state"] == "running", row
    koppel(shop, "sync", "orders", code=None)  # it is met by the run after that
    after = rows(shop)["orders"]
    assert after["pending"] == 0 and after["last_run"]["run"] == row["last_run"]["run"] + 1, (row, after)
    served.stop()
    assert shop.reconcile()["agree"], shop.reconcile()
    shop.close()


# ---- unhappy orders


def loaded(*args, every="300ms"):
    """Orders that are booked slowly, so that there is always one at hand."""
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "40", "--latency-ms", "3", *args)
    turn(shop, every)
    return shop


def turn(shop, every):
    """A small change of the flow."""
    path = os.path.join(shop.conf, "flows.d/orders.conf")
    text = open(path).read()
    shop.write("flows.d/orders.conf", re.sub(r'every = "[^"]*";', f'every = "{every}";', text))


def everything_is_booked_once(shop, seconds=60):
    shop.trouble()
    until(lambda: koppel(shop, "sync", "orders", "--wait", "10", code=None) and
          all(rows(shop)["orders"][name] == 0 for name in ("pending", "waiting")), seconds)
    assert shop.reconcile()["agree"], shop.reconcile()


def y1_an_answer_that_is_lost_while_it_reloads():
    shop = loaded()
    shop.trouble({"do": "wait", "writes": True, "on": "salesinvoices", "after_ms": 800, "times": "all"})
    served = Served(shop)
    until(lambda: rows(shop)["orders"]["state"] == "running" and shop.stats(shop.books).get(
        "POST /v1/salesinvoiceswithlines", 1) > 0)
    shop.trouble({"do": "drop-answer", "writes": True, "on": "salesinvoices", "times": "all", "percent": 60}, seed=3)
    for n in range(4):
        turn(shop, f"{200 + n}ms")
        koppel(shop, "reload")
    everything_is_booked_once(shop)
    served.stop()
    shop.close()


def y1_a_connection_changes_under_two_flows():
    shop = loaded()
    shop.enable("customers")
    served = Served(shop)
    until(lambda: rows(shop)["customers"]["state"] == "running" or rows(shop)["customers"]["done"] > 0)
    for n in (2, 5, 3):
        edit(shop, "connections.d/books.conf", "concurrency = ", f"concurrency = {n};\n# concurrency = ")
        out = json.loads(koppel(shop, "reload", "--json").stdout)
        assert out["changed"] == ["customers", "orders"], out
        edit(shop, "connections.d/books.conf", f"concurrency = {n};\n# concurrency = ", "concurrency = ")
    koppel(shop, "sync", "customers", code=None)
    everything_is_booked_once(shop)
    served.stop()
    shop.close()


def y1_a_kill_between_two_generations():
    shop = loaded()
    for n in range(4):
        served = Served(shop)
        http(shop.till + "/_sandbox/add-orders?n=6", "", "POST")
        turn(shop, f"{200 + n}ms")
        asker = subprocess.Popen([KOPPEL, "reload"], env=shop.env, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(0.01 * n)
        served.run.kill()
        served.run.wait()
        asker.wait(30)
        os.remove(served.log)
    served = Served(shop)
    everything_is_booked_once(shop)
    served.stop()
    shop.close()


def y1_orders_and_a_stop_meet_a_reload():
    shop = loaded()
    for n in range(3):
        served = Served(shop)
        http(shop.till + "/_sandbox/add-orders?n=6", "", "POST")
        turn(shop, f"{200 + n}ms")
        askers = [subprocess.Popen([KOPPEL, *what], env=shop.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                  for what in (("sync", "orders", "--wait", "5"), ("reload",), ("sync", "orders", "--wait", "5"))]
        time.sleep(0.05 * n)
        koppel(shop, "stop")
        assert served.run.wait(20) == 0
        for asker in askers:
            asker.communicate(timeout=30)
            assert asker.returncode >= 0
        os.remove(served.log)
    koppel(shop, "stop")
    served = Served(shop)
    everything_is_booked_once(shop)
    served.stop()
    shop.close()


def y1_what_travels_the_other_way_begins_when_the_one_way_has_ended():
    shop = Shop("--orders", "0", "--relations", "20", "--articles", "60", "--catalogue", "40", "--latency-ms", "10")
    os.remove(f"{shop.conf}/flows.d/orders.conf")
    on, off = {}, {}
    for flow in ("products", "products-to-books"):
        off[flow] = open(f"{shop.conf}/flows.d/{flow}.conf").read()
        on[flow] = off[flow].replace("enabled = false;", "enabled = true;")
    shop.write("flows.d/products.conf", on["products"])
    served = Served(shop)
    until(lambda: rows(shop)["products"]["state"] == "running")
    for one, other in (("products-to-books", "products"), ("products", "products-to-books")):
        shop.write(f"flows.d/{one}.conf", on[one])
        shop.write(f"flows.d/{other}.conf", off[other])
        koppel(shop, "reload")
        until(lambda: rows(shop)[one]["last_run"] and rows(shop)[one]["last_run"]["trigger"] == "reload" and
              rows(shop)[one]["last_run"]["read"])
        assert rows(shop)[one]["paused"] is None and rows(shop)[other]["state"] == "off", rows(shop)
    os.remove(f"{shop.conf}/flows.d/products.conf")  # and one that is not there any more claims nothing
    shop.write("flows.d/products-to-books.conf", on["products-to-books"])
    koppel(shop, "reload")
    until(lambda: rows(shop)["products-to-books"]["state"] == "waiting")
    assert rows(shop)["products-to-books"]["last_run"]["trigger"] == "reload"
    assert rows(shop)["products-to-books"]["paused"] is None
    served.stop()
    shop.close()


def y1_many_reloads_under_load():
    shop = loaded("--orders", "60")
    served = Served(shop)
    over, sold = threading.Event(), [0]

    def sell():
        while not over.wait(0.05):
            if sold[0] < 500:
                http(shop.till + "/_sandbox/add-orders?n=2", "", "POST")
                sold[0] += 2

    def half():
        """Half of the reloads while orders come in; the memory that is used once all is quiet."""
        over.clear()
        seller = threading.Thread(target=sell)
        seller.start()
        try:
            for n in range(RELOADS // 2):
                turn(shop, f"{100 + n % 7}ms")
                if n % 10 == 5:
                    edit(shop, "connections.d/books.conf", 'timeout = "3s"', 'timeout = "3s";\n timeout = "3s"')
                    koppel(shop, "reload", code=78)
                    edit(shop, "connections.d/books.conf", 'timeout = "3s";\n timeout = "3s"', 'timeout = "3s"')
                koppel(shop, "reload")
        finally:
            over.set()
            seller.join()
        everything_is_booked_once(shop)
        turn(shop, "1h")
        koppel(shop, "reload")
        until(lambda: rows(shop)["orders"]["state"] == "waiting")
        return served.rss_kb()

    first = half()
    half()
    until(lambda: served.rss_kb() < first * 1.15 + 2048)  # what was used is given back once nothing runs
    print(f"  {RELOADS} reloads, {sold[0]} orders sold meanwhile; RSS then {first} and {served.rss_kb()} kB")
    served.stop()
    shop.close()


# ---- what is known of runs


def y1_status_tells_how_runs_went():
    place, served = idle("a")
    row = rows(place)["a"]
    assert row["state"] == "waiting" and row["next_run"] > row["last_good"] and row["last_error"] is None, row
    assert row["last_run"]["trigger"] == "start" and row["last_run"]["complete"] and row["last_run"]["done"] == 2
    served.stop()
    row = rows(place)["a"]
    assert row["state"] == "stopped" and row["next_run"] is None and row["last_good"], row
    place.close()


def the_stop_waits_for_the_end():
    place, served = idle("a")
    koppel(place, "stop")
    assert served.run.wait(20) == 0
    assert "no engine runs" in koppel(place, "stop").stdout
    assert "no engine runs" in koppel(place, "reload", code=2).stderr
    place.close()


if __name__ == "__main__":
    main([y1_a_setting_that_is_saved_is_active_at_once,
          y1_what_changed_goes_over_and_the_rest_runs_on, y1_flows_that_are_new_begin_and_those_that_are_gone_end,
          y1_a_faulty_configuration_changes_nothing_and_says_why, y1_what_takes_a_restart_is_refused,
          y1_a_name_that_stands_for_other_records_is_refused, y1_sighup_never_ends_the_program,
          y1_reloads_at_once_take_turns, y1_a_faulty_configuration_at_the_start_is_safe_mode,
          y4_a_run_by_order_while_it_serves, y4_a_wait_is_kept_though_the_run_under_way_waits_for_ever,
          y4_who_orders_a_run_and_goes_leaves_it_alone, y1_an_answer_that_is_lost_while_it_reloads,
          y1_a_connection_changes_under_two_flows, y1_a_kill_between_two_generations,
          y1_orders_and_a_stop_meet_a_reload,
          y1_what_travels_the_other_way_begins_when_the_one_way_has_ended, y1_many_reloads_under_load, y1_status_tells_how_runs_went,
          the_stop_waits_for_the_end])
