#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reading again on purpose: koppel sync FLOW --since, --keys and --resend, beside the running cursor."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections import Counter

from koppeltest import KOPPEL, Shop, http, main

QUIET = {"parked": 0, "waiting": 0, "pending": 0}


def shop_of(orders=30, **conf):
    shop = Shop("--orders", str(orders), "--relations", "20", "--articles", "20", **conf)
    shop.replace("flows.d/orders.conf", 'every = "5m";', 'every = "5m"; overlap = 0;')
    return shop


def again(shop, *args, ok=(0,), text=None):
    done = shop.run("sync", "orders", "--json", "--wait", "20", *args, ok=ok)
    return json.loads(done.stdout.splitlines()[-1])


def keys_file(shop, *keys):
    path = os.path.join(shop.dir, f"keys-{len(keys)}")
    with open(path, "w") as f:
        f.write("".join(f"{key}\n" for key in keys))
    return path


def posted(shop):
    return Counter(i["description"] for i in shop.invoices())


def writes(shop):
    return [w for w in json.loads(http(shop.books + "/_sandbox/writes"))["writes"] if "nvoice" in w["operation"]]


def missed(shop, count=3):
    """Orders that became visible behind the cursor, which no overlap goes back for."""
    late = [o for o in shop.orders() if o["state"] in ("paid", "delivered")][:count]
    for order in late:
        shop.change(order["id"], hidden=True)
    shop.sync()
    for order in late:
        shop.change(order["id"], hidden=False)
    shop.sync()
    for order in late:
        assert order["reference"] not in posted(shop), "it was not missed"
    return late


def y2_what_was_missed_is_brought_back_once():
    shop = shop_of()
    late = missed(shop)
    before = posted(shop)
    row = again(shop, "--since", "2026-01-01", ok=(0, 1))
    assert row["again"]["over"] and row["again"]["unknown"] == 0, row
    assert row["again"]["looked"] == len(shop.orders()), row["again"]
    after = posted(shop)
    assert after == before + Counter(o["reference"] for o in late), after - before
    assert shop.reconcile()["agree"], shop.reconcile()
    count = len(writes(shop))
    assert again(shop, "--since", "2026-01-01", ok=(0, 1))["again"]["over"]
    assert posted(shop) == after and len(writes(shop)) == count, "a second time finds nothing"
    shop.close()


def y2_since_a_day_takes_that_day_and_what_follows():
    shop = shop_of()
    shop.sync()
    days = sorted(o["date"][:10] for o in shop.orders())
    day = days[len(days) // 2]
    row = again(shop, "--since", day, ok=(0, 1))["again"]
    assert row["looked"] == len(days) and row["taken"] == sum(d >= day for d in days), (row, days)
    assert again(shop, "--since", "2999-01-01", ok=(0, 1))["again"]["taken"] == 0
    shop.close()


def y2_by_keys_and_those_that_are_unknown_are_told():
    shop = shop_of()
    late = missed(shop)
    row = again(shop, "--keys", keys_file(shop, late[0]["id"], "no-such-order", "", late[1]["id"], late[0]["id"]), ok=(1,))
    assert row["again"] == {"looked": 3, "taken": 2, "total": 3, "unknown": 1, "names": ["no-such-order"],
                            "over": True}, row["again"]
    found = posted(shop)
    assert found[late[0]["reference"]] == found[late[1]["reference"]] == 1 and not found[late[2]["reference"]]
    done = shop.run("sync", "orders", "--keys", keys_file(shop, "no-such-order"), ok=(1,))
    assert "not known at the source: no-such-order" in done.stdout, done.stdout
    shop.close()


def a_key_that_is_refused_keeps_no_other_one_from_being_read():
    shop = shop_of()
    late = missed(shop)
    shop.trouble({"do": "problem", "on": "no-such-order", "text": "orderIds", "times": "all"}, url=shop.till)
    row = again(shop, "--keys", keys_file(shop, late[0]["id"], "no-such-order", late[1]["id"]), ok=(1,))
    assert row["again"]["names"] == ["no-such-order"] and row["again"]["taken"] == 2 and row["again"]["over"], row
    assert row["error"] is None and posted(shop)[late[0]["reference"]] == posted(shop)[late[1]["reference"]] == 1
    shop.close()


def existing_documents_are_found_and_not_doubled():
    """With the link, without it, and where somebody else made the document."""
    shop = shop_of()
    shop.sync()
    there, count = posted(shop), len(writes(shop))
    ids = [o["id"] for o in shop.orders() if o["reference"] in there]
    again(shop, "--keys", keys_file(shop, *ids), ok=(0, 1))
    assert posted(shop) == there and len(writes(shop)) == count
    os.unlink(os.path.join(shop.conf, "koppel.db"))
    for name in os.listdir(shop.conf):
        if name.startswith("koppel.db"):
            os.unlink(os.path.join(shop.conf, name))
    shop.login()
    shop.sync()
    assert posted(shop) == there and len(writes(shop)) == count
    again(shop, "--keys", keys_file(shop, *ids), ok=(0, 1))
    assert posted(shop) == there and len(writes(shop)) == count
    assert not [j for j in shop.jobs("parked") if j["key"] in ids], shop.jobs("parked")
    shop.close()


def what_was_removed_there_is_noticed_when_its_key_is_named():
    shop = shop_of()
    shop.sync()
    lost = next(i for i in shop.invoices() if i["description"].startswith("2026-"))
    http(f"{shop.books}/_sandbox/invoices/{lost['id']}", method="DELETE")
    key = next(o["id"] for o in shop.orders() if o["reference"] == lost["description"])
    again(shop, "--since", "2026-01-01", ok=(0, 1))
    assert not posted(shop)[lost["description"]], "by its day the link is taken at its word"
    again(shop, "--keys", keys_file(shop, key), ok=(1,))
    assert [j["reason"] for j in shop.jobs("parked") if j["key"] == key] == ["document.gone"]
    shop.replace("flows.d/orders.conf", 'overlap = 0;', 'overlap = 0; settings = { removed_there = "create"; };')
    again(shop, "--keys", keys_file(shop, key), ok=(0, 1))
    assert posted(shop)[lost["description"]] == 1
    shop.close()


def it_goes_on_after_a_kill():
    shop = shop_of(orders=300)
    shop.replace("flows.d/orders.conf", "overlap = 0;", "overlap = 0; batch = 20;")
    shop.sync(wait=60)
    there = posted(shop)
    ids = [o["id"] for o in shop.orders()]
    ids.insert(5, "unknown-1")
    ids.append("unknown-2")
    shop.trouble({"do": "wait", "on": "getOrders", "after_ms": 400, "times": "all"}, url=shop.till)
    killed = 0
    for moment in (0.6, 0.9, 1.3):
        run = shop.start("sync", "orders", "--keys", keys_file(shop, *ids))
        time.sleep(moment)
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            killed += 1
        run.communicate()
    assert killed, "it was never cut short"
    shop.trouble(url=shop.till)
    row = again(shop, "--keys", keys_file(shop, *ids), ok=(1,))
    assert row["again"] == {"looked": 302, "taken": 300, "total": 302, "unknown": 2,
                            "names": ["unknown-1", "unknown-2"], "over": True}, row["again"]
    assert row["pending"] == 0 and posted(shop) == there
    assert 600 <= row["read"] <= 600 + killed * 50, "what was read before a kill is not read anew but for a page"
    shop.close()


def a_terminal_shows_how_far_it_is():
    shop = shop_of(orders=120)
    shop.sync(wait=60)
    shop.trouble({"do": "wait", "on": "getOrders", "after_ms": 300, "times": "all"}, url=shop.till)
    shown, end = pty.openpty()
    run = subprocess.Popen([KOPPEL, "sync", "orders", "--keys", keys_file(shop, *[o["id"] for o in shop.orders()])],
                           env=dict(shop.env, TERM="xterm"), stdout=subprocess.DEVNULL, stderr=end)
    os.close(end)
    text = b""
    while select.select([shown], [], [], 30)[0]:
        try:
            part = os.read(shown, 4096)
        except OSError:  # nobody holds the other end any more
            break
        text += part
    assert run.wait(30) in (0, 1)
    os.close(shown)
    found = re.findall(r"(\d+) of 120 looked at, \d+/s(?:, \d+ s left)?, \d+ delivered", text.decode())
    assert found and 0 < int(found[-1]) <= 120 and b" left," in text, text
    shop.close()


def a_list_goes_on_where_a_kill_cut_it_short():
    shop = shop_of(orders=300)
    shop.replace("flows.d/orders.conf", "overlap = 0;", "overlap = 0; batch = 20;")
    late = missed(shop, 3)
    there = posted(shop)
    shop.trouble({"do": "wait", "on": "getOrders", "after_ms": 150, "times": "all"}, url=shop.till)
    for moment in (0.8, 1.2):
        run = shop.start("sync", "orders", "--since", "2026-01-01")
        time.sleep(moment)
        assert run.poll() is None, "it was never cut short"
        run.send_signal(signal.SIGKILL)
        run.communicate()
    row = again(shop, "--since", "2026-01-01", ok=(0, 1))
    assert row["again"]["looked"] == row["again"]["taken"] == 300 and row["again"]["over"], row["again"]
    assert row["pending"] == 0 and 300 + 297 <= row["read"] <= 297 + 300 + 2 * 20, row
    parked = [j["key"] for j in shop.jobs("parked")]
    good = {o["reference"]: 1 for o in late if o["id"] not in parked}
    assert good and posted(shop) == there + Counter(good)
    shop.close()


def an_order_that_was_cut_short_is_carried_out_by_the_next_run():
    shop = shop_of(orders=60)
    late = missed(shop, 5)
    path = keys_file(shop, *[o["id"] for o in late], "unknown-1")
    shop.trouble({"do": "status", "status": 503, "on": "getOrders", "times": "all"}, url=shop.till)
    shop.run("sync", "orders", "--keys", path, "--wait", "1", ok=(1, 2))
    assert not posted(shop)[late[0]["reference"]]
    shop.trouble(url=shop.till)
    shop.sync()
    parked = [j["key"] for j in shop.jobs("parked")]
    good = [o["reference"] for o in late if o["id"] not in parked]
    assert len(good) > 3 and all(posted(shop)[reference] == 1 for reference in good)
    row = again(shop, "--keys", path, ok=(1,))  # it is over: the same words are a new order
    assert row["again"]["names"] == ["unknown-1"] and row["again"]["taken"] == 5, row
    shop.close()


def beside_an_engine_that_serves():
    shop = shop_of()
    late = missed(shop)
    text = open(f"{shop.conf}/flows.d/orders.conf").read()
    shop.write("flows.d/orders.conf", re.sub(r'every = "\w+";', 'every = "1s";', text))
    run = shop.start("serve")
    end = time.time() + 20
    while shop.run("status", ok=None).returncode not in (0, 1) or not os.path.exists(shop.conf + "/koppel.db.socket"):
        assert time.time() < end and run.poll() is None
        time.sleep(0.1)
        if [n for n in os.listdir(shop.conf) if "sock" in n]:
            break
    http(shop.till + "/_sandbox/add-orders?n=3", "", "POST")
    row = again(shop, "--since", "2026-01-01", ok=(0, 1))
    assert row["again"]["over"], row
    assert all(posted(shop)[o["reference"]] == 1 for o in late)
    http(shop.till + "/_sandbox/add-orders?n=3", "", "POST")
    end = time.time() + 20
    while not shop.reconcile()["agree"]:
        assert time.time() < end, shop.reconcile()
        time.sleep(0.2)
    assert max(posted(shop).values()) == 1
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    assert run.returncode == 0
    shop.close()


def a_list_without_keys_of_its_own_is_read_for_them():
    """Articles of the books are listed whole each time: their keys are found in the list."""
    shop = Shop("--orders", "0", "--articles", "20")
    shop.enable("products")
    shop.sync("products")
    before = json.loads(shop.run("sync", "products", "--json", ok=(0, 1)).stdout.splitlines()[-1])
    keys = [j["key"] for j in shop.jobs("done", "products")][:2]
    path = keys_file(shop, *keys, "999999999")
    row = json.loads(shop.run("sync", "products", "--keys", path, "--json", ok=(1,)).stdout.splitlines()[-1])
    assert row["again"]["taken"] == 2 and row["again"]["names"] == ["999999999"], row
    assert row["read"] == before["read"] + 2, (row, before)
    shop.close()


def resend(shop, *args, flow="orders", ok=(0,)):
    done = shop.run("sync", flow, "--resend", "--json", "--wait", "20", *args, ok=ok)
    return [json.loads(line) for line in done.stdout.splitlines()]


def by_id(shop):
    return {i["id"]: i for i in shop.invoices()}


def with_policy(policy):
    shop = shop_of(40)
    shop.replace("flows.d/orders.conf", "overlap = 0;", f'overlap = 0; settings = {{ on_change = "{policy}"; }};')
    http(shop.books + "/_sandbox/invoices", '{"status": 1}')
    shop.sync()
    return shop


def after_a_change_of_the_mapping_exactly_what_differs_is_sent():
    shop = with_policy("update")
    before = by_id(shop)
    plan, = resend(shop)
    assert plan["delivered"] == plan["same"] == len(before) and plan["differ"] == plan["held"] == 0, plan
    text = open(os.path.join(shop.conf, "tables/payment.csv")).read()
    assert "\nPIN,1\n" in text, text
    shop.write("tables/payment.csv", text.replace("\nPIN,1\n", "\nPIN,3\n"))
    wrote = len(writes(shop))
    plan, = resend(shop, ok=(1,))
    assert by_id(shop) == before and len(writes(shop)) == wrote, "a plan writes nothing"
    assert 0 < plan["differ"] < len(before) and plan["same"] == len(before) - plan["differ"], plan
    assert plan["fields"] == [{"field": "paymentConditionId", "count": plan["differ"]}], plan["fields"]
    example = plan["examples"][0]
    assert example["outcome"] == "would be changed" and example["differs"] == [
        {"field": "paymentConditionId", "was": "1", "now": "3"}], example
    words = shop.run("sync", "orders", "--resend", ok=(1,)).stdout
    assert "koppel sync orders --resend --yes" in words and "paymentConditionId: 1 -> 3" in words, words
    plan, row = resend(shop, "--yes", ok=(0, 1))
    assert row["again"]["taken"] == plan["differ"] == len(plan["keys"]), row
    after = by_id(shop)
    changed = {key for key in after if after[key] != before[key]}
    assert set(after) == set(before) and len(changed) == plan["differ"]
    assert len(writes(shop)) == wrote + plan["differ"]
    assert all(after[key]["paymentConditionId"] == 3 for key in changed)
    plan, = resend(shop, "--yes")
    assert plan["differ"] == 0 and plan["same"] == len(before) and len(writes(shop)) == wrote + len(changed)
    shop.close()


def what_the_policy_leaves_to_a_person_is_not_sent():
    shop = with_policy("park")
    before = by_id(shop)
    text = open(os.path.join(shop.conf, "tables/payment.csv")).read()
    shop.write("tables/payment.csv", text.replace("\nPIN,1\n", "\nPIN,3\n"))
    plan, = resend(shop, "--yes", ok=(1,))
    assert plan["differ"] == 0 and plan["held"] > 0, plan
    assert by_id(shop) == before
    days = sorted(o["date"] for o in shop.orders())
    some, = resend(shop, "--since", days[-3], ok=(0, 1))
    assert 0 < some["delivered"] <= 3, some
    shop.close()


def what_is_no_document_is_compared_too():
    shop = shop_of(10)
    shop.enable("customers")
    shop.sync("customers")
    plan, = resend(shop, flow="customers")
    assert plan["delivered"] == plan["same"] > 0 and plan["differ"] == 0, plan
    changed = next(d for d in shop.debtors() if d["emailAddress"] and d.get("city"))
    http(f"{shop.books}/_sandbox/debtors/{changed['customerNumber']}", json.dumps({"city": "Elders"}))
    plan, row = resend(shop, "--yes", flow="customers", ok=(0, 1))
    assert plan["differ"] == 1 and plan["fields"] == [{"field": "city", "count": 1}], plan
    assert shop.debtors() and next(d for d in shop.debtors() if d["id"] == changed["id"])["city"] != "Elders"
    plan, = resend(shop, flow="customers")
    assert plan["differ"] == 0
    shop.close()


def wrong_words_are_refused():
    shop = shop_of(orders=1)
    for words in (["--since", "yesterday"], ["--since", "2026-13-01"], ["--keys", "/nowhere"],
                  ["--keys", keys_file(shop)], ["--since", "2026-01-01", "--keys", keys_file(shop, "a")]):
        shop.run("sync", "orders", *words, ok=(64,))
    shop.run("sync", "--all", "--since", "2026-01-01", ok=(64,))
    shop.run("sync", "--all", "--resend", ok=(64,))
    shop.run("sync", "orders", "customers", "--since", "2026-01-01", ok=(64,))
    shop.close()


if __name__ == "__main__":
    main([y2_what_was_missed_is_brought_back_once, y2_since_a_day_takes_that_day_and_what_follows,
          y2_by_keys_and_those_that_are_unknown_are_told,
          a_key_that_is_refused_keeps_no_other_one_from_being_read, existing_documents_are_found_and_not_doubled,
          what_was_removed_there_is_noticed_when_its_key_is_named, it_goes_on_after_a_kill, a_terminal_shows_how_far_it_is,
          a_list_goes_on_where_a_kill_cut_it_short,
          an_order_that_was_cut_short_is_carried_out_by_the_next_run, beside_an_engine_that_serves,
          a_list_without_keys_of_its_own_is_read_for_them, after_a_change_of_the_mapping_exactly_what_differs_is_sent,
          what_the_policy_leaves_to_a_person_is_not_sent, what_is_no_document_is_compared_too, wrong_words_are_refused])
