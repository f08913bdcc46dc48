#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person does with records that wait: causes, finding, retrying, skipping, settling, editing."""
import json

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
    job = shop.jobs("parked")[0]["job"]
    shop.run("done", job, "--id", "4711", "--why", "booked by hand")
    done = shop.activity(job)
    assert done["state"] == "done" and done["remote_id"] == "4711", done
    shop.run("done", job, "--id", "4712", "--why", "once more", ok=(2,))
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name.startswith("y3_")])
