#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what one order and an idle hour cost; prints a line each, asserts nothing.

budget.py [--save FILE] [--than FILE] [NAME...]

Each line is NAME VALUE UNIT, and the goal. --save keeps the values, --than prints what they were in such a file and
by how much they changed: run it before and after a change. NAME is a part of what is measured:

instructions   of `koppel sync` per order, in user space: a run of 600 orders less a run of none, by callgrind.
               It does not depend on what else the machine does
idle           wake-ups per second, memory and threads of `koppel serve` with two connectors and ten flows, nothing due
commands       processor time and time passed of `koppel status`, and of a run that has nothing to do; `koppel --version`
               shows what of it starting a process costs here

make bench prints them first; BUDGET="--than FILE" hands options on."""
import argparse
import glob
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "integration"))
from koppeltest import KOPPEL, SRC, Shop  # noqa: E402

ORDERS = 600
FLOWS = 10
IDLE_SECONDS = 20
REPEATS = 15


def example(flow):
    return open(os.path.join(SRC, "conf", "example", "flows.d", flow + ".conf")).read().replace("enabled = false;", "")


def shop_with(flows, *args):
    """A shop with just these flows, of which each is a name and its text."""
    shop = Shop(*args, login=False)
    for name in glob.glob(os.path.join(shop.conf, "flows.d", "*.conf")):
        os.unlink(name)
    for name, text in flows:
        shop.write("flows.d/" + name + ".conf", text)
    shop.run("check")
    shop.login()
    return shop


# ---- instructions ----

def counted(size):
    shop = shop_with([("orders", example("orders"))], "--orders", str(size))
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + os.path.join(shop.dir, "callgrind"),
                          KOPPEL, "sync", "orders", "--json"], env=shop.env, capture_output=True, text=True)
    total = re.search(r"Collected : (\d+)", run.stderr)
    done = json.loads(run.stdout.splitlines()[-1])["done"] if run.stdout else 0
    if not total or (size and not done):
        sys.exit("koppel under callgrind failed:\n" + run.stdout + run.stderr)
    shop.close()
    return int(total[1]), done


def instructions():
    none, _ = counted(0)
    all_of_them, done = counted(ORDERS)
    yield "instructions.order", (all_of_them - none) / done / 1e6, "M", "1.0"
    yield "instructions.empty-run", none / 1e6, "M", ""


# ---- idle ----

def switches(pid):
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        try:
            total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", open(path).read(), re.M)[1])
        except OSError:
            pass  # the thread has ended
    return total


def memory(pid, what, path="status"):
    return int(re.search(rf"^{what}:\s*(\d+) kB", open(f"/proc/{pid}/{path}").read(), re.M)[1]) / 1024


def settled(shop):
    """Until the first runs are over: no request for two seconds."""
    last, since = None, time.monotonic()
    for _ in range(600):
        now = shop.stats(shop.till), shop.stats(shop.books)
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > 2:
            return
        time.sleep(0.1)
    sys.exit("the flows do not come to rest")


def idle():
    text = example("orders").replace('every = "5m";', 'every = "1d";')
    flows = [(f"orders-{n}", text.replace('name = "orders";', f'name = "orders-{n}";')) for n in range(FLOWS)]
    shop = shop_with(flows, "--orders", "0")
    with open(os.path.join(shop.dir, "serve.log"), "w") as log:
        serve = subprocess.Popen([KOPPEL, "serve"], env=shop.env, stdout=log, stderr=log)
    settled(shop)
    if serve.poll() is not None:
        sys.exit("koppel serve ended:\n" + open(os.path.join(shop.dir, "serve.log")).read())
    before = switches(serve.pid)
    time.sleep(IDLE_SECONDS)
    yield "idle.wake-ups", (switches(serve.pid) - before) / IDLE_SECONDS, "/s", "0"
    yield "idle.memory", memory(serve.pid, "VmRSS"), "MiB", "12"
    yield "idle.memory-own", memory(serve.pid, "Private_Dirty", "smaps_rollup"), "MiB", ""
    yield "idle.threads", len(os.listdir(f"/proc/{serve.pid}/task")), "", ""
    serve.terminate()
    serve.wait(30)
    shop.close()


# ---- commands ----

def timed(shop, *args):
    """Median time passed and least processor time, in ms."""
    passed, used = [], []
    for _ in range(REPEATS):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        run = subprocess.run([KOPPEL, *args], env=shop.env, capture_output=True, text=True)
        if run.returncode not in (0, 1):  # 1: something is parked
            sys.exit(f"koppel {args[0]}: {run.returncode}\n{run.stderr}")
        passed.append((time.monotonic() - began) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append((after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000)
    return statistics.median(passed), min(used)


def commands():
    shop = shop_with([("orders", example("orders"))], "--orders", "100")
    shop.sync()
    for name, goal, args in (("status", "20", ["status"]), ("empty-run", "5", ["sync", "orders"]),
                             ("version", "", ["--version"])):
        passed, used = timed(shop, *args)
        yield name + ".time", passed, "ms", goal
        yield name + ".cpu", used, "ms", ""
    shop.close()


PARTS = {part.__name__: part for part in (instructions, idle, commands)}


def main():
    options = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[1])
    options.add_argument("--save")
    options.add_argument("--than")
    options.add_argument("names", nargs="*", choices=[[], *PARTS])
    given = options.parse_args()
    was = json.load(open(given.than)) if given.than else {}
    values = {}
    for name in given.names or PARTS:
        if name == "instructions" and not shutil.which("valgrind"):
            print("instructions: valgrind is missing", flush=True)
            continue
        for what, value, unit, goal in PARTS[name]():
            values[what] = value
            line = f"{what:24} {value:10.2f} {unit:4}" + (f" goal {goal:>4}" if goal else " " * 10)
            if what in was:
                line += f"   was {was[what]:10.2f}" + (f" ({100 * (value / was[what] - 1):+.0f} %)" if was[what] else "")
            print(line.rstrip(), flush=True)
    if given.save:
        with open(given.save, "w") as f:
            json.dump(values, f, indent=2)


if __name__ == "__main__":
    try:
        main()
    finally:
        for shop in list(Shop.running):
            shop.close()
