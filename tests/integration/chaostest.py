# SPDX-License-Identifier: MIT
"""What the kill campaigns share. A campaign changes the source all the time, loses answers of writes at the
destination, and ends the program with SIGKILL at random moments; then everything is left in peace, the program
brings over what is left, and the books of the sandbox are the judge."""
import json
import os
import random
import re
import signal
import threading
import time
import traceback

from koppeltest import http

KILLS = int(os.environ.get("KOPPEL_KILLS", "4"))
SEED = int(os.environ.get("KOPPEL_SEED", random.randrange(1 << 30)))
LOST = int(os.environ.get("KOPPEL_LOST", "12"))  # answers of writes that never come, in percent
LATE = int(os.environ.get("KOPPEL_LATE", "3"))   # writes that are applied after the program gave up on them
TIMEOUT_MS = 2000
QUIET_MS = 800
CHANGES = 6      # of the source for every kill, at least
SETTLES = 40     # runs in peace until nothing is left to do


def connections(shop, *names):
    """A short time-out, so that a lost answer is known to be lost while the campaign runs. What is applied late is
    applied well within the quiet time, which is the time-out and QUIET_MS."""
    for name in names or ("till", "books"):
        path = f"connections.d/{name}.conf"
        text = re.sub(r'(timeout|quiet) = "[^"]*";\s*', "", open(os.path.join(shop.conf, path)).read())
        limits = f'timeout = "{TIMEOUT_MS}ms"; quiet = "{QUIET_MS}ms";\n'
        shop.write(path, text.replace("settings = {", limits + "settings = {"))


def trouble(url, *rules, seed=1):
    http(url + "/_sandbox/trouble", json.dumps({"seed": seed, "rules": list(rules)}))


def rules_of(url):
    return json.loads(http(url + "/_sandbox/trouble"))["rules"]


class Changer(threading.Thread):
    """Changes the source until it is told to stop; a change that fails is a mistake of the test."""

    def __init__(self, change, chance):
        super().__init__(daemon=True)
        self.change, self.chance = change, chance
        self.over, self.done, self.mistake = threading.Event(), 0, None

    def run(self):
        try:
            while not self.over.wait(self.chance.uniform(0.01, 0.06)):
                self.change(self.chance)
                self.done += 1
        except Exception:
            self.mistake = traceback.format_exc()

    def stop(self):
        self.over.set()
        self.join()
        assert not self.mistake, self.mistake


def one_run(shop, flow, url, chance):
    """One run that is killed: after a while, or just behind the next write. True where it was at work."""
    met = rules_of(url)[0]["met"]
    run = shop.start("sync", flow, "--json", "--wait", "20")
    # One in four is let alone for so long that lost writes are looked up in it.
    until = time.monotonic() + (chance.uniform(2.5, 4) if chance.random() < 0.25 else chance.uniform(0.05, 0.9))
    behind_a_write = chance.random() < 0.5
    while run.poll() is None and time.monotonic() < until:
        if behind_a_write and rules_of(url)[0]["met"] > met:
            break
        time.sleep(0.002)
    time.sleep(chance.choice((0, 0.003, 0.02)))
    at_work = run.poll() is None
    run.send_signal(signal.SIGKILL)
    _, said = run.communicate()
    assert at_work or run.returncode in (0, 1), said
    return at_work


def settle(shop, flow):
    """Runs in peace until nothing is pending or waits; then one more run sends nothing."""
    for _ in range(SETTLES):
        counts = shop.sync(flow, wait=10)
        if not counts["pending"] and not counts["waiting"]:
            break
    assert counts["pending"] == 0 and counts["waiting"] == 0, (counts, shop.jobs("waiting", flow)[:3])
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"], counts
    return counts


def writes(url):
    return len(json.loads(http(url + "/_sandbox/writes"))["writes"])


def campaign(shop, flow, change, url, name=None):
    """Kills, changes and losses; then peace. `url`: of the side that is written to. The counts of the end."""
    print(f"  {name or flow}: seed {SEED}, {KILLS} kills", flush=True)
    chance = random.Random(f"{SEED}/{name or flow}")
    trouble(url, {"do": "wait", "writes": True, "percent": LATE, "times": "all", "before_ms": TIMEOUT_MS + 100},
            {"do": "drop-answer", "writes": True, "percent": LOST, "times": "all"},
            {"do": "status", "status": 503, "percent": 2, "times": "all"}, seed=SEED % 1000 + 1)
    changer = Changer(change, random.Random(f"{SEED}/{name or flow}/changes"))
    changer.start()
    runs = at_work = 0
    while runs < KILLS or ((at_work <= KILLS // 4 or changer.done < CHANGES * KILLS) and changer.is_alive()):
        assert runs < 20 * KILLS, "the kills miss the work"
        at_work += one_run(shop, flow, url, chance)
        runs += 1
    changer.stop()
    late, lost = rules_of(url)[:2]
    trouble(url)
    print(f"  {at_work} of {runs} runs killed at work, {changer.done} changes, {writes(url)} writes, "
          f"{lost['hit']} answers lost, {late['hit']} applied late", flush=True)

    counts = settle(shop, flow)
    while json.loads(http(url + "/_sandbox/stats"))["now"]["writes"]:
        time.sleep(0.05)  # one that was held is applied late
    before = writes(url)
    settle(shop, flow)
    assert writes(url) == before, "a run with nothing to do wrote"
    return counts


def parked(shop, flow):
    """{key: (reason, detail)} of what is parked at the end."""
    return {job["key"]: (job["reason"], job["detail"]) for job in shop.jobs("parked", flow)}


def links(shop, flow, documents, key):
    """The newest done job of every key names a document that is there and that is the key's own: `key(document)`
    gives the keys that it may be of."""
    newest = {}
    for job in shop.jobs("done", flow):
        at = int(job["job"].split("/")[-1])
        if job.get("remote_id") and at > newest.get(job["key"], (0,))[0]:
            newest[job["key"]] = (at, str(job["remote_id"]))
    there = {str(d["id"]): d for d in documents}
    for own, (_, remote) in newest.items():
        assert remote in there, f"{own} is linked to {remote}, which is not there"
        assert own in key(there[remote]), f"{own} is linked to a stranger: {there[remote]}"
    return len(newest)
