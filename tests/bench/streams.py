#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The engine beside many browsers: orders delivered with and without STREAMS of them listening (200), in turns.
Prints the engine's CPU time an order and orders a second for each turn and their ratio, how often a stream told of the
flow, and the engine's memory before, with and after them. ROUNDS: how many turns of each (3). ORDERS: in a turn (2000)."""
import http.client
import os
import selectors
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from koppeltest import http as post, until  # noqa: E402
from webtest import Web, ended, started  # noqa: E402

STREAMS = int(os.environ.get("STREAMS", "200"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
ORDERS = int(os.environ.get("ORDERS", "2000"))
PER_SESSION = 12  # dashboard_stream.c
TICKS = os.sysconf("SC_CLK_TCK")


class Listeners:
    """Open streams, read by one thread. told: what the first of them was told of flows."""

    def __init__(self, sessions):
        self.told, self.over = b"", False
        self.selector = selectors.DefaultSelector()
        self.peers = []
        for i in range(STREAMS):
            web = sessions[i // PER_SESSION]
            peer = http.client.HTTPConnection(web.host, timeout=60)
            peer.request("GET", "/api/v1/events", headers={"Cookie": f"__Host-koppel={web.cookie}"})
            answer = peer.getresponse()
            assert answer.status == 200, (i, answer.status, answer.read())
            self.selector.register(peer.sock or answer.fp.raw, selectors.EVENT_READ, i)
            self.peers.append((peer, answer))
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.over:
            for key, _ in self.selector.select(0.2):
                data = os.read(key.fd, 65536)
                assert data, "a stream ended"
                if key.data == 0:
                    self.told += data

    def close(self):
        self.over = True
        self.thread.join()
        for peer, answer in self.peers:
            answer.close()
            peer.close()


def cpu_of(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid):
    """Resident, MiB."""
    return int(next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS")).split()[1]) / 1024


def turn(shop, run, web):
    """-> CPU seconds of the engine an order, orders a second."""
    def done():
        flow = next(one for one in web.get("/flows")["flows"] if one["flow"] == "orders")
        return flow["read"] - flow["pending"] - flow["waiting"]
    post(f"{shop.till}/_sandbox/add-orders?n={ORDERS}", "{}")
    before, cpu, began = done(), cpu_of(run.pid), time.monotonic()
    answer = web.ask("POST", "/api/v1/flows/run", {"flows": ["orders"]})
    assert answer.status in (200, 202), answer.bytes
    until(lambda: done() >= before + ORDERS, 600)
    return (cpu_of(run.pid) - cpu) / ORDERS, ORDERS / (time.monotonic() - began)


def main():
    shop, run, web = started("orders")
    sessions = [web] + [Web(web.address) for _ in range((STREAMS - 1) // PER_SESSION)]
    for one in sessions[1:]:
        one.login("anna")
    turn(shop, run, web)  # what is held once is held
    without, beside, told, memory = [], [], [], [memory_of(run.pid)]
    for _ in range(ROUNDS):
        without.append(turn(shop, run, web))
        streams = Listeners(sessions)
        began = time.monotonic()
        beside.append(turn(shop, run, web))
        told.append(streams.told.count(b"event: flow\n") / (time.monotonic() - began))
        memory.append(memory_of(run.pid))
        streams.close()
    memory.append(memory_of(run.pid))
    cpu, rate = (statistics.median(one[i] for one in beside) / statistics.median(one[i] for one in without) for i in (0, 1))
    for what, rows in (("without streams", without), (f"beside {STREAMS}", beside)):
        print(f"  {what:<20} " + ", ".join(f"{1e6 * c:.0f} us CPU an order at {r:,.0f} orders/s" for c, r in rows))
    print(f"  CPU an order {cpu:.2f} x, orders a second {rate:.2f} x; told of the flow "
          + ", ".join(f"{one:.1f}" for one in told) + " times a second (2 at most, and one at once)")
    print(f"  memory {memory[0]:.1f} MiB before, {memory[1]:.1f} with them, {memory[-1]:.1f} after {ROUNDS} times")
    ended(shop, run)


if __name__ == "__main__":
    main()
