#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several engines on one store of PostgreSQL, beside SQLite on the same machine: jobs a second, round trips, dead
row versions, a stuck key with many records waiting, and how long others stand still when a host or the server dies.
Prints, asserts nothing about time. JOBS: how many per run (20000). STUCK: how many wait (1000000)."""
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from koppeltest import BUILD, Skipped, until  # noqa: E402
from postgres import Server  # noqa: E402

TOOL = os.path.join(BUILD, "tests", "bench", "hosts")
JOBS = int(os.environ.get("JOBS", "20000"))
STUCK = int(os.environ.get("STUCK", "1000000"))
HOT = ("lease", "source", "head", "tally", "host", "claim", "lock", "rate", "meta")


def tool(place, *args):
    done = subprocess.run([TOOL, place, *map(str, args)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def workers(place, count):
    """-> jobs a second of so many engines together, round trips per 100 jobs."""
    each = [subprocess.Popen([TOOL, place, "work"], stdout=subprocess.PIPE, text=True) for _ in range(count)]
    said = [[int(n) for n in one.communicate()[0].split()] for one in each]
    jobs, trips = sum(s[0] for s in said), sum(s[2] for s in said)
    assert jobs > 0, said
    return jobs / (max(s[1] for s in said) / 1000), trips * 100 / jobs


def show(what, *figures):
    print(f"  {what:<44} " + ", ".join(figures), flush=True)


def dead(server):
    time.sleep(1.5)  # the server tells its figures a second late
    rows = server.ask("SELECT relname || ' ' || n_dead_tup FROM pg_stat_all_tables WHERE schemaname = 'koppel'"
                      f" AND relname IN {HOT} AND n_dead_tup > 0 ORDER BY n_dead_tup DESC")
    return rows.replace("\n", ", ") or "0"


def fail_over(server):
    """How long the partitions of an engine that is killed stand still; and those of a server that is."""
    tool(server.connection, "fill", JOBS)
    # they wait for longer than a lease takes to run out
    one, other = (subprocess.Popen([TOOL, server.connection, "work", "20000"], stdout=subprocess.DEVNULL) for _ in range(2))
    mine = "SELECT count(*) FROM koppel.lease l JOIN koppel.head h USING(flow, part) WHERE l.cursor < h.head"
    until(lambda: server.ask("SELECT count(DISTINCT owner) FROM koppel.lease WHERE owner IS NOT NULL") == "2", 30)
    one.kill()
    one.wait()
    died = time.monotonic()
    until(lambda: server.ask(mine) == "0", 120)
    show("a host is killed: all is delivered after", f"{time.monotonic() - died:.1f} s (lease 15 s)")
    other.wait()
    died = time.monotonic()
    server.restart("immediate")
    up = time.monotonic()
    tool(server.connection, "fill", 100)
    show("the server is killed: it is back, and takes records", f"{up - died:.1f} s, and {time.monotonic() - up:.2f} s")


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "store.db")
        tool(path, "fill", JOBS)
        show("SQLite, one engine", f"{workers(path, 1)[0]:,.0f} jobs/s")
    try:
        server = Server()
    except Skipped as why:
        print(f"skipped: {why}")
        sys.exit(77)
    try:
        alone = 0
        for count in (1, 2, 4):
            tool(server.connection, "fill", JOBS)
            rate, trips = workers(server.connection, count)
            alone = alone or rate
            show(f"PostgreSQL, {count} engine{'s' if count > 1 else ''}", f"{rate:,.0f} jobs/s ({rate / alone:.2f} x)",
                 f"{trips:.1f} round trips per 100 jobs")
        show("dead row versions of hot tables", dead(server))
        fail_over(server)
        tool(server.connection, "stick", STUCK)
        workers(server.connection, 2)
        tool(server.connection, "fill", JOBS)
        rate, _ = workers(server.connection, 1)
        show(f"one engine, beside {STUCK:,} records of a stuck key", f"{rate:,.0f} jobs/s ({rate / alone:.2f} x)")
    finally:
        server.close()


main()
