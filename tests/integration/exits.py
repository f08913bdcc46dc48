#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exit codes as koppel(1) has them: every command in every situation, a row each. Where a person is needed, what
tells how things stand, or was to do something, never ends with 0."""
import os
import signal
import subprocess

from koppeltest import KOPPEL, Shop, http, main, until

SMALL = ("--orders", "20", "--relations", "40", "--articles", "30")
OK, PARKED, FAILED, USAGE, CONFIG = 0, 1, 2, 64, 78

# What lists, shows or changes something that does not depend on the situation.
ALWAYS = {"jobs": OK, "runs": OK, "hosts": OK, "audit": OK, "config log": OK, "keep": OK, "plugins": OK, "table orders/vat_code": OK,
          "person find --email nobody@nowhere.example": OK, "person find": USAGE, "jobs --limit 0": USAGE,
          "status nowhere": USAGE, "sync nowhere": USAGE, "pause nowhere": USAGE, "retry": USAGE, "skip --all": USAGE,
          "skip orders/0/0": USAGE, "done orders/0/0 --id 1": USAGE, "edit orders/0/0": USAGE,
          "activity orders/99/99": USAGE, "config show 99": USAGE, "config show": USAGE, "set nowhere/x 1": CONFIG,
          "table nowhere": USAGE, "plugins show nowhere": USAGE, "backup": USAGE, "nonsense": USAGE}
NEEDS_CONFIGURATION = ("check", "check --online", "connection list", "connection test books", "choices books",
                       "choices books journals", "preview orders --limit 1", "mapping orders", "sync orders --wait 1")


def matrix(situation, shop, rows):
    wrong = []
    for command, code in {**ALWAYS, **rows}.items():
        done = shop.run(*command.split(), ok=None)
        if done.returncode != code:
            wrong.append(f"{situation}: koppel {command} ends with {done.returncode}, not {code}: "
                         f"{done.stdout[-200:]}{done.stderr[-200:]}")
    assert not wrong, "\n".join(wrong)


def new_and_nobody_is_logged_in():
    shop = Shop(*SMALL, login=False)
    matrix("nothing ran", shop, {"status": OK, "causes": OK, "check": OK, "check --online": FAILED,
                                 "connection list": FAILED, "connection test books": FAILED, "choices books": OK,
                                 "choices books journals": FAILED, "reload": FAILED, "stop": OK,
                                 "mapping orders": OK, "config status": OK, "sync orders --wait 1": FAILED})
    matrix("the flow is paused for it", shop, {"status": PARKED, "status orders": PARKED, "status stock": OK})
    shop.close()


def parked_paused_and_faulty():
    shop = Shop(*SMALL)
    shop.sync()
    parked = shop.jobs("parked")[0]
    ended = shop.jobs("done")[0]["job"]
    matrix("parked", shop, {"status": PARKED, "causes": PARKED, "check": OK, "check --online": OK,
                            "connection list": OK, "connection test books": OK, "preview orders --limit 1": OK,
                            "sync orders --wait 1": PARKED, f"retry {ended}": FAILED,
                            f"skip {ended} --why x": FAILED, f"done {ended} --id 1 --why x": FAILED,
                            f"edit {ended} a=1 --why x": FAILED, f"activity {ended}": OK,
                            f"done {parked['job']} --id 99999 --why x": FAILED,
                            f"skip --cause {parked['cause']} --why x": USAGE,  # without a terminal it needs --yes
                            f"skip --cause {parked['cause']} --why x --plan": OK})
    shop.run("skip", "--flow", "orders", "--why", "test", "--yes")
    matrix("all is well", shop, {"status": OK, "causes": OK, "sync orders --wait 1": OK, "retry --all": OK})
    shop.run("pause", "orders")
    matrix("paused", shop, {"status": PARKED, "status orders": PARKED, "status stock": OK,
                            "sync orders --wait 1": PARKED, "sync --all --wait 1": PARKED, "preview orders --limit 1": OK})
    shop.run("resume", "orders")
    shop.write("flows.d/faulty.conf", 'name = "faulty";\nnonsense = 1;\n')
    matrix("faulty", shop, {"status": CONFIG, "status orders": CONFIG, "config status": CONFIG, "retry --all": OK,
                            "set flows/orders/every 6m --why x": CONFIG, "pause orders": OK, "resume orders": OK,
                            "sync nowhere": CONFIG,
                            **dict.fromkeys(NEEDS_CONFIGURATION, CONFIG)})
    os.remove(f"{shop.conf}/secret.key")
    found = {command: shop.run(*command.split(), ok=None).returncode
             for command in ("status", "jobs", "causes", "runs", "audit", "check", "sync orders", "retry --all")}
    assert set(found.values()) == {CONFIG}, found
    shop.close()


def a_destination_that_is_away():
    shop = Shop(*SMALL)
    shop.sync()
    shop.run("skip", "--flow", "orders", "--why", "test", "--yes")
    shop.trouble({"do": "status", "status": 503, "times": "all"})
    http(shop.till + "/_sandbox/add-orders?n=2", "", "POST")
    matrix("away", shop, {"sync orders --wait 1": FAILED, "check": OK, "check --online": FAILED,
                          "connection test books": FAILED, "choices books journals": FAILED})
    matrix("a run failed for it", shop, {"status": FAILED, "status orders": FAILED})
    shop.trouble()
    matrix("back", shop, {"sync orders --wait 20": OK, "status": OK})
    shop.close()


def an_engine_that_serves():
    shop = Shop(*SMALL)
    shop.sync()
    shop.run("skip", "--flow", "orders", "--why", "test", "--yes")
    flow = open(f"{shop.conf}/flows.d/orders.conf").read()
    run = subprocess.Popen([KOPPEL, "serve"], env=shop.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: '"state":"waiting"' in shop.run("status", "orders", "--json", ok=None).stdout)
    matrix("serving", shop, {"status": OK, "causes": OK, "check": OK, "connection list": OK, "reload": OK,
                             "sync orders --wait 5": OK, "mapping orders": OK, "preview orders --limit 1": OK, "choices books journals": OK,
                             "set flows/orders/every 6m --why x": OK, "serve": CONFIG})
    shop.write("flows.d/orders.conf", flow + "nonsense = 1;\n")
    matrix("serving, the files are faulty", shop, {"reload": CONFIG, "config status": CONFIG, "check": CONFIG,
                                                   "sync orders --wait 5": OK})
    matrix("it was told", shop, {"status": CONFIG})
    shop.write("flows.d/orders.conf", flow)
    matrix("mended", shop, {"reload": OK, "pause orders": OK, "status orders": PARKED, "sync orders --wait 1": PARKED,
                            "resume orders": OK, "stop": OK})
    assert run.wait(20) == OK
    shop.write("flows.d/orders.conf", flow + "nonsense = 1;\n")
    run = subprocess.Popen([KOPPEL, "serve"], env=shop.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: "safe mode" in shop.run("status", ok=None).stdout)
    matrix("safe mode", shop, {"status": CONFIG, "sync orders --wait 1": CONFIG, "connection list": CONFIG,
                               "sync nowhere": CONFIG, "reload": CONFIG, "choices books": CONFIG, "pause orders": OK,
                               "resume orders": OK})
    run.send_signal(signal.SIGTERM)
    assert run.wait(20) == OK
    shop.close()


if __name__ == "__main__":
    main([new_and_nobody_is_logged_in, parked_paused_and_faulty, a_destination_that_is_away, an_engine_that_serves])
