#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Personal data and secrets that were planted are looked for wherever something stays: the store's files, the log,
backups, temporary files, arguments of running programs, a core dump. What is sealed is not found; what stands in
clear would be."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from koppeltest import KOPPEL, SRC, Shop, Skipped, http, main, until

PERSON = {"name": "Xaverius Plantenborg", "address": "Verstopsteeg 4711", "zipcode": "9876 ZX",
          "city": "Onvindbaardam", "telephone": "+31 6 98765432", "email": "xaverius.plant@verstopt-adres.nl",
          "vatNumber": "NL861234564B01", "iban": "NL02ABNA0123456789", "contact": "Quirina Verborgenius"}
SECRET = "plain-setting-" + "s3cr3t" * 3


def forms(text):
    """How a text may stand somewhere: as it is, folded, without blanks, as JSON, in 16 bits."""
    raw = {text, text.lower(), text.upper(), text.replace(" ", ""), text.replace(" ", "").lower(),
           json.dumps(text)[1:-1], text.replace("@", "%40")}
    return {one.encode() for one in raw} | {one.encode("utf-16-le") for one in raw}


class Search:
    """What was planted, and every place that it must not be in."""

    def __init__(self, shop):
        self.wanted = dict(PERSON)
        self.wanted["surname"] = "Plantenborg"
        self.wanted["domain"] = "verstopt-adres"
        self.secrets = {"till's secret": shop.info["mpluskassa"]["secret"], "plain setting": SECRET,
                        "books' secret": shop.info["asperion"]["client_secret"],
                        "store's key": open(os.path.join(shop.conf, "secret.key")).read().strip()}

    def add_tokens(self, tokens):
        for i, token in enumerate(tokens):
            self.secrets[f"token {i}"] = token

    def find(self, data, secrets_only=False):
        kinds = list(self.secrets.items()) + ([] if secrets_only else list(self.wanted.items()))
        return sorted({what for what, text in kinds if any(form in data for form in forms(text))})

    def in_file(self, path, **how):
        with open(path, "rb") as f:
            return self.find(f.read(), **how)


def files_of(shop, *more):
    """Everything that Koppel wrote: the store and what is beside it, temporary files, backups."""
    found = []
    for root in (shop.conf, *more):
        for folder, _, names in os.walk(root):
            found += [os.path.join(folder, name) for name in names]
    own = ("connections.d", "flows.d", "tables", "mappings")
    return [path for path in found if os.path.isfile(path) and os.path.basename(path) not in ("koppel.conf", "secret.key")
            and not any(f"{shop.conf}/{part}/" in path for part in own)]


def planted():
    shop = Shop("--orders", "20", "--relations", "12", "--articles", "20", login=False)
    temp = os.path.join(shop.dir, "tmp")
    os.mkdir(temp)
    shop.env["TMPDIR"] = temp
    for number in (1, 2):
        http(f"{shop.till}/_sandbox/relations/{number}", json.dumps(PERSON))
    # a secret in the text itself is taken, with a warning
    shop.replace("connections.d/till.conf", '"env:MPLUS_SECRET"', f'"{shop.info["mpluskassa"]["secret"]}"')
    shop.enable("customers")
    for flow in ("orders", "customers"):
        shop.replace(f"flows.d/{flow}.conf", 'every = "', 'every = "1s"; # "')
    shop.login()
    http(f"{shop.till}/_sandbox/add-orders?n=6&relation=1", "", "POST")
    http(f"{shop.till}/_sandbox/add-orders?n=3&relation=2", "", "POST")
    return shop, temp, Search(shop)


def nothing_in(search, paths, what, **how):
    bad = {path: hits for path in paths if (hits := search.in_file(path, **how))}
    assert not bad, (what, bad)


def is_really_there(shop, search):
    """The search would find it: the store's own words, unsealed, have it."""
    text = ""
    for job in shop.jobs("done") + shop.jobs("parked"):
        text += json.dumps(shop.activity(job["job"]), ensure_ascii=False)
    found = search.find(text.encode())
    assert {"name", "address", "city", "telephone", "email", "surname", "domain"} <= set(found), found


def arguments():
    """Of every program of ours that runs."""
    out = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/exe") == KOPPEL:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    out.append(f.read())
        except OSError:
            continue
    return out


def x11_no_file_and_no_line_has_what_was_planted():
    shop, temp, search = planted()
    log = ""
    run = shop.start("-v", "serve")
    until(lambda: not any(job for job in shop.jobs("waiting")) and len(shop.jobs("done", "orders")) > 10)
    lines = arguments()
    assert lines and not search.find(b"\0".join(lines)), lines
    nothing_in(search, files_of(shop, temp), "while it runs")
    # failures whose words name the person
    words = f'relation {PERSON["name"]} <{PERSON["email"]}> is refused, {PERSON["iban"]}'
    for rule in ({"do": "problem", "text": words, "writes": True, "times": 3},
                 {"do": "status", "status": 500, "text": words, "writes": True, "times": 3},
                 {"do": "status", "status": 403, "text": words, "writes": True, "times": 30},
                 {"do": "status", "status": 503, "text": words, "times": 6},
                 {"do": "garbage", "times": 3}):
        shop.trouble(rule)
        http(f"{shop.till}/_sandbox/add-orders?n=4&relation=1", "", "POST")
        time.sleep(1.5)
        nothing_in(search, files_of(shop, temp), rule)
        shop.trouble()
        shop.run("resume", "orders", ok=None)
    http(f"{shop.till}/_sandbox/relations/2", json.dumps({**PERSON, "email": ""}))  # no key: it parks
    http(f"{shop.till}/_sandbox/add-orders?n=2&relation=2", "", "POST")
    until(lambda: shop.jobs("parked", "orders") and not any(
        row["pending"] for row in map(json.loads, shop.run("status", "--json", ok=None).stdout.splitlines())
        if row.get("flow") == "orders"))
    nothing_in(search, files_of(shop, temp), "after failures")
    is_really_there(shop, search)
    backup = os.path.join(shop.dir, "backup.kop")
    shop.run("backup", backup)
    nothing_in(search, [backup], "a backup")
    job = next(j["job"] for j in shop.jobs("parked", "orders"))
    shop.run("skip", job, "--why", "tried", ok=None)
    shop.run("retry", "--flow", "orders", ok=None)
    done = subprocess.run([KOPPEL, "person", "erase", "--email", "-", "--json"], input=PERSON["email"] + "\n",
                          env=shop.env, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done
    nothing_in(search, files_of(shop, temp), "after a person was erased")
    shop.write("koppel.conf", 'keep = { payloads = "1s"; skipped = "1s"; };\n')
    shop.run("reload")
    time.sleep(1.2)
    shop.run("keep", "--now")
    nothing_in(search, files_of(shop, temp), "after retention")
    run.send_signal(signal.SIGTERM)
    _, log = run.communicate(timeout=20)
    assert run.returncode == 0
    found = search.find(log.encode())
    at = [line for line in log.splitlines() if search.find(line.encode())]
    assert not found, (found, at[:5])
    nothing_in(search, files_of(shop, temp), "afterwards")
    assert len(log.splitlines()) > 20, "it did say something"
    shop.close()


def x11_no_core_is_written():
    shop, _, search = planted()
    pattern = open("/proc/sys/kernel/core_pattern").read().strip()

    def dumped(**more):
        """The cores that a run left which was aborted in the middle."""
        folder = tempfile.mkdtemp(dir=shop.dir)
        run = subprocess.Popen([KOPPEL, "serve"], env={**shop.env, **more}, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=lambda: resource.setrlimit(
                                   resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
        until(lambda: shop.run("status", ok=None).returncode in (0, 1) and len(shop.jobs("done")) > 5)
        limit = re.search(r"Max core file size +(\S+)", open(f"/proc/{run.pid}/limits").read())[1]
        run.send_signal(signal.SIGABRT)
        assert run.wait(20) != 0
        return limit, [os.path.join(folder, name) for name in os.listdir(folder)]

    limit, cores = dumped()
    assert limit == "0" and not cores, (limit, cores)
    if "/" in pattern or pattern.startswith("|") or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        shop.close()
        raise Skipped(f"a core goes to {pattern!r} here, where nobody may look")
    # whoever asks for one gets it, with everything in it
    limit, cores = dumped(KOPPEL_CORE="1")
    assert limit == "unlimited" and len(cores) == 1, (limit, cores)
    with open(cores[0], "rb") as core:
        assert search.secrets["books' secret"].encode() in core.read()
    shop.close()


def x11_f13_a_customer_without_a_number_leaves_no_address():
    """What tells such a customer is an e-mail address, which must not be the key of its link."""
    shop, temp, search = planted()
    os.makedirs(os.path.join(shop.conf, "mappings", "mpluskassa"))
    shop.write("mappings/mpluskassa/order.get.conf", open(
        os.path.join(SRC, "conf/mappings/mpluskassa/order.get.conf")).read().replace(
            '  { to = "customer.number"; from = "relation.relationNumber"; },\n', ""))
    report = shop.sync()
    assert report["done"] > 10, report
    nothing_in(search, files_of(shop, temp), "links")
    # it is known again, and one card serves all its orders
    debtors = len([d for d in shop.debtors() if d["emailAddress"] == PERSON["email"]])
    http(f"{shop.till}/_sandbox/add-orders?n=3&relation=1", "", "POST")
    again = shop.sync()
    assert again["done"] == report["done"] + 3, (report, again)
    assert len([d for d in shop.debtors() if d["emailAddress"] == PERSON["email"]]) == debtors == 1
    found = json.loads(shop.run("person", "find", "--email", PERSON["email"].upper(), "--json").stdout)
    assert [link["scope"] for link in found["links"]] == ["till/relation>books/debtor"], found
    is_really_there(shop, search)
    nothing_in(search, files_of(shop, temp), "links")
    shop.close()


if __name__ == "__main__":
    main([x11_no_file_and_no_line_has_what_was_planted, x11_no_core_is_written,
          x11_f13_a_customer_without_a_number_leaves_no_address])
