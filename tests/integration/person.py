#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel person: what is kept of one person is found by e-mail address, shown, and erased but for numbers."""
import collections
import json
import os
import re
import subprocess

from koppeltest import KOPPEL, Shop, main

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")


def asked(shop, what, address, *args):
    return json.loads(shop.run("person", what, *args, "--email", address, "--json").stdout)


def addresses(shop, state):
    """{address: jobs whose source names it}"""
    found = collections.defaultdict(set)
    for job in shop.jobs(state, "orders"):
        for address in ADDRESS.findall(json.dumps(shop.activity(job["job"])["source"])):
            found[address.lower()].add(job["job"])
    return found


def text_of(shop, job):
    return json.dumps(shop.activity(job)).lower()


def x9_y7_one_person_is_erased_and_nothing_is_booked_again():
    shop = Shop("--orders", "60")
    shop.sync()
    done, parked = addresses(shop, "done"), addresses(shop, "parked")
    address = max(done, key=lambda one: len(done[one]) + 10 * len(parked.get(one, ())))
    others = [one for one in done if one != address]
    before = asked(shop, "find", address.upper())
    keys = {record["key"] for record in before["records"] if record["flow"] == "orders"}
    assert before["jobs"] >= len(done[address]) and before["looked"] >= 60, before
    folder = os.path.join(shop.dir, "export")
    told = asked(shop, "export", address, folder)
    files = sorted(os.listdir(folder))
    assert len(files) == told["jobs"] + 1 and "manifest.json" in files, (files, told)
    assert all(os.stat(os.path.join(folder, name)).st_mode & 0o777 == 0o600 for name in files)
    for job in done[address]:
        with open(os.path.join(folder, job.replace("/", "-") + ".json")) as f:
            assert address in f.read().lower()
    assert shop.run("person", "export", folder, "--email", address, ok=None).returncode == 64, "a new folder"
    rows = {j["job"]: j["remote_id"] for j in shop.jobs("done")}
    report = asked(shop, "erase", address)
    assert report["erased"]["jobs"] >= len(done[address]) and report["under_way"] == 0, report
    assert report["skipped"] == len(parked.get(address, ())), report
    assert report["report"] == 1 and len(report["stays"]) == 4 and address not in json.dumps(report["stays"])
    for job in done[address] | parked.get(address, set()):
        assert address not in text_of(shop, job) and shop.activity(job)["source"] is None
    assert {j["job"]: j["remote_id"] for j in shop.jobs("done")} == rows, "numbers stay"
    after = asked(shop, "find", address)
    assert after["records"] == [], after
    for one in others[:5]:
        assert any(one in text_of(shop, job) for job in done[one]), "nobody else is touched"
    books = len(shop.invoices())
    shop.sync(ok=(0, 1))
    assert len(shop.invoices()) == books and keys


def y7_files_of_the_configuration_that_name_a_person_are_told():
    """A case that somebody wrote by hand, and a case that was made: only the first one names the person."""
    shop = Shop("--orders", "4")
    shop.sync()
    address, jobs = next(iter(addresses(shop, "done").items()))
    key = next(job["key"] for job in shop.jobs("done") if job["job"] in jobs)
    shop.run("test", "orders", "made", "--make", key)
    os.makedirs(shop.conf + "/mappings/asperion/sales-invoice.send.cases")
    for name in ("flows.d/orders.cases/own.in.json", "mappings/asperion/sales-invoice.send.cases/own.in.json"):
        shop.write(name, json.dumps({"source": {"relation": {"email": address.upper()}}}))
    told = ["flows.d/orders.cases/own.in.json", "mappings/asperion/sales-invoice.send.cases/own.in.json"]
    assert asked(shop, "find", address)["files"] == told
    assert f"file {told[0]} of the configuration names it" in shop.run("person", "find", "--email", address).stdout
    assert asked(shop, "erase", address)["files"] == told, "they are a person's to change"
    for name in told:
        os.remove(f"{shop.conf}/{name}")
    assert asked(shop, "find", address)["files"] == []


def x9_the_address_is_whole_and_need_not_be_an_argument():
    shop = Shop("--orders", "20")
    shop.sync()
    address = next(iter(addresses(shop, "done")))
    found = subprocess.run([KOPPEL, "person", "find", "--email", "-", "--json"], input=address + "\n", text=True,
                           env=shop.env, capture_output=True, timeout=60)
    assert found.returncode == 0 and json.loads(found.stdout) == asked(shop, "find", address)
    assert json.loads(found.stdout)["jobs"] > 0
    for other in ("x" + address, address + "x", address + ".nl", address[1:]):
        assert asked(shop, "find", other)["records"] == [], other
    for words in (["find"], ["find", "--email", "nobody"], ["erase", "dir", "--email", address], ["export"],
                  ["lose", "--email", address], ["find", "--email", address, "--why", "x"]):
        assert shop.run("person", *words, ok=None).returncode == 64, words


if __name__ == "__main__":
    main([y7_files_of_the_configuration_that_name_a_person_are_told,
          x9_y7_one_person_is_erased_and_nothing_is_booked_again,
          x9_the_address_is_whole_and_need_not_be_an_argument])
