#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who did what, and what ran: the audit, the runs, and the revision that each of them belongs to."""
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from commands import Place
from koppeltest import Shop, main


def rows(place, *args):
    return [json.loads(line) for line in place.run(0, *args, "--json").stdout.splitlines()]


def y3_every_order_stands_in_the_audit_with_who_and_when():
    shop = Shop("--orders", "60", "--relations", "40", "--articles", "30")
    shop.sync()
    parked = shop.jobs("parked")
    shop.run("pause", "orders")
    shop.run("resume", "orders")
    shop.run("skip", "--reason", "map.unmapped", "--why", "sent by post", "--plan")
    shop.run("skip", "--reason", "map.unmapped", "--why", "sent by post", "--yes")
    other = next(job["job"] for job in parked if job["reason"] != "map.unmapped")
    shop.run("retry", other)
    shop.run("set", "flows/orders/every", "7m", "--why", "faster")
    shop.run("pause", "ordesr", ok=(64,))
    found = [json.loads(line) for line in shop.run("audit", "--json").stdout.splitlines()]
    assert [(row["order"], row["about"]) for row in found] == [
        ("config.set", "flows/orders/every"), ("jobs.retry", other), ("jobs.skip", None), ("flows.resume", "orders"),
        ("flows.pause", "orders"), ("flows.run", "orders"), ("logins.finish", "books")], found
    assert all(row["who"] and row["via"] == "cli" and row["at"].endswith("Z") for row in found), found
    skip = found[2]
    assert skip["why"] == "sent by post" and skip["filter"] == {"reason": "map.unmapped"}, skip
    assert skip["count"] == sum(job["reason"] == "map.unmapped" for job in parked) > 0, skip
    assert found[0]["why"] == "faster" and "7m" not in json.dumps(found), "no value is told"
    # of one thing, of a time, of so many
    only = [json.loads(line) for line in shop.run("audit", "orders", "--json").stdout.splitlines()]
    assert [row["order"] for row in only] == ["flows.resume", "flows.pause", "flows.run"], only
    two = shop.run("audit", "--limit", "2").stdout.splitlines()
    assert "setting changed" in two[1] and "jobs tried again" in two[2] and two[-1].startswith("older ones"), two
    after = two[-1].split()[-1]
    rest = [json.loads(line) for line in shop.run("audit", "--after", after, "--json").stdout.splitlines()]
    assert rest == found[2:], rest
    assert "nothing was ordered" in shop.run("audit", "--since", "2099-01-01").stdout
    assert shop.run("audit", "--until", "2001-01-01", "--json").stdout == ""
    shop.run("audit", "--since", "soon", ok=(64,))
    shop.close()


def days_are_those_of_the_shop():
    place = Place("a")
    place.run(0, "sync", "a")
    at = rows(place, "jobs")[0]["at"]
    conf = open(place.path("koppel.conf")).read()
    # a zone that is a day ahead, and one that is a day behind, at any hour of the world
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/Amsterdam"):
        place.write("koppel.conf", conf + f'home = {{ zone = "{zone}"; }};\n')
        today = here(at, zone)
        for args, count in (((f"--since={today}",), 2), ((f"--until={today}",), 2),
                            ((f"--since={later(today, 1)}",), 0), ((f"--until={later(today, -1)}",), 0)):
            assert len(rows(place, "jobs", *args)) == count, (zone, args, at)
            assert len(rows(place, "runs", *args)) == min(count, 1), (zone, args, at)
    place.close()


def here(moment, zone):
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(ZoneInfo(zone)).date().isoformat()


def later(day, by):
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def y8_runs_lead_to_the_configuration_that_they_ran_under():
    place = Place("a", "b")
    place.run(0, "sync", "a", "b")
    place.write("a.in", '{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n')
    place.run(0, "set", "flows/a/every", "7m", "--why", "test")
    place.run(0, "sync", "a")
    found = rows(place, "runs", "a")
    assert [(row["run"], row["done"], row["revision"], row["trigger"]) for row in found] == [
        (3, 1, 2, "hand"), (1, 2, 1, "hand")], found
    head = place.run(0, "config", "show", found[0]["version"]).stdout
    assert head.startswith("revision 2 "), head
    assert {row["flow"] for row in rows(place, "runs")} == {"a", "b"}
    shown = place.run(0, "runs").stdout.splitlines()
    assert shown[0].split()[:3] == ["FLOW", "RUN", "BEGUN"] and shown[1].split()[0] == "a", shown
    place.run(64, "runs", "aa", said='no flow "aa"')
    place.close()


if __name__ == "__main__":
    main([y3_every_order_stands_in_the_audit_with_who_and_when, days_are_those_of_the_shop,
          y8_runs_lead_to_the_configuration_that_they_ran_under])
