#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person does with records that wait: causes, finding, retrying, skipping, settling, editing."""
import json
import os

from koppeltest import Shop, main


def causes(shop):
    out = shop.run("causes", "--json", ok=(0, 1)).stdout
    return {one["reason"]: one for one in map(json.loads, out.splitlines())}


def y3_parked_records_are_mended_by_hand():
    shop = Shop("--orders", "60", "--relations", "40", "--articles", "30")
    shop.sync()
    parked = shop.jobs("parked")
    assert parked, "nothing parked"
    found = causes(shop)
    assert sum(one["parked"] for one in found.values()) == len(parked), (found, parked)
    for job in parked:
        if job["brief"] and job["brief"].get("number"):
            words = shop.run("jobs", job["brief"]["number"], "--json").stdout
            assert job["job"] in words, (job, words)
    # by filter: a plan first, and without a terminal nothing happens unasked
    cause = parked[0]["cause"]
    plan = shop.run("skip", "--cause", cause, "--why", "test", "--plan").stdout
    assert "would be skipped" in plan and len(shop.jobs("parked")) == len(parked)
    shop.run("skip", "--cause", cause, "--why", "test", ok=(64,))
    shop.run("skip", "--cause", cause, "--why", "sent by post", "--yes")
    skipped = [job for job in shop.jobs("skipped") if job["reason"] == "by_hand"]
    assert skipped and "sent by post" in skipped[0]["detail"], skipped
    # y2: what was skipped comes back
    shop.run("retry", "--skipped", "--reason", "by_hand", "--yes")
    shop.sync()
    again = shop.activity(parked[0]["job"])
    assert [a["activity"].get("by") is not None for a in again["attempts"]].count(True) == 1, again["attempts"]
    assert again["attempts"][-1]["activity"]["trigger"] == "retry", again["attempts"][-1]
    # settled with what stands there; what ended stays ended
    job, there = shop.jobs("parked")[0]["job"], str(shop.invoices()[0]["id"])
    refused = shop.run("done", job, "--id", "4711", "--why", "booked by hand", ok=(2,))
    assert "books has no sales-invoice with the id 4711" in refused.stderr, refused.stderr
    assert shop.activity(job)["state"] == "parked"
    told = shop.run("done", job, "--id", there, "--why", "booked by hand")
    assert "not asked" not in told.stderr, told.stderr
    done = shop.activity(job)
    assert done["state"] == "done" and done["remote_id"] == there, done
    shop.run("done", job, "--id", there, "--why", "once more", ok=(2,))
    # one that ended is not tried again, and that is said
    again = shop.run("retry", job, ok=(2,))
    assert f"{job} has ended as done" in again.stderr, again.stderr
    assert shop.run("skip", job, "--why", "test", ok=(2,)).stderr.count("has ended as done") == 1
    shop.run("retry", "orders/99/1", ok=(64,))
    # a destination that is away leaves it to the person, and says so
    job = shop.jobs("parked")[0]["job"]
    shop.trouble({"do": "status", "on": "GET", "status": 503, "times": "all"})
    told = shop.run("done", job, "--id", "4711", "--why", "booked by hand")
    assert "was not asked whether it has 4711" in told.stderr, told.stderr
    assert shop.activity(job)["remote_id"] == "4711"
    shop.close()


def y3_a_record_is_changed_in_an_editor_and_stands_nowhere_else():
    shop = Shop("--orders", "60", "--relations", "40", "--articles", "30")
    shop.sync()
    job = next(job for job in shop.jobs("parked") if job["reason"] == "map.unmapped")["job"]
    folder = os.path.join(shop.dir, "run")
    os.mkdir(folder, 0o700)
    seen = os.path.join(shop.dir, "seen")
    shop.env.update(XDG_RUNTIME_DIR=folder, VISUAL="")

    def editor(lines):
        path = os.path.join(shop.dir, "editor")
        with open(path, "w") as script:
            script.write(f"#!/bin/sh\nstat -c '%a %n' \"$1\" >{seen}\n{lines}\n")
        os.chmod(path, 0o755)
        shop.env["EDITOR"] = path

    # nothing changed, an editor that fails, no JSON, no record: the job stays as it was
    for lines, code, words in (("true", 0, "nothing was changed"), ("exit 3", 2, "nothing was changed"),
                               ("echo '{' >\"$1\"", 64, "no JSON"), ("echo '[]' >\"$1\"", 64, "no record")):
        editor(lines)
        done = shop.run("edit", job, "--why", "test", ok=(code,))
        assert words in done.stdout + done.stderr, done
        assert shop.activity(job)["state"] == "parked" and not shop.activity(job)["edited"]
        mode, name = open(seen).read().split()
        assert mode == "600" and name.startswith(folder) and not os.listdir(folder), (mode, name)
    editor("sed -i 's/CRYPTO/PIN/g' \"$1\"")
    shop.run("edit", job, "--why", "the till named it wrongly")
    assert not os.listdir(folder)
    shown = shop.activity(job)
    assert shown["record"] != shown["source"] and shown["edited_why"] == "the till named it wrongly", shown
    shop.sync()
    assert shop.activity(job)["state"] == "done", shop.activity(job)
    stored = b"".join(open(f"{shop.conf}/{name}", "rb").read() for name in os.listdir(shop.conf) if ".db" in name)
    assert stored and b"named it wrongly" not in stored, "the reason is sealed"
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name.startswith("y3_")])
