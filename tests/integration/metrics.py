#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Metrics and probes of koppel serve, and the rules and the page that are made of them."""
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile

from alertsink import Web
from koppeltest import SRC, Shop, Skipped, http as ask, log_lines, main
from serve import counts, served, stop, until

RULES = os.path.join(SRC, "conf", "prometheus", "koppel.rules.yml")
RULES_TEST = os.path.join(SRC, "conf", "prometheus", "koppel.rules.test.yml")
PAGE = os.path.join(SRC, "conf", "grafana", "koppel.json")
MANUAL = os.path.join(SRC, "core", "koppel.1")
# shown only where the peer or the transport tells: those of the sandbox do not
SOMETIMES = {"koppel_login_expiry_timestamp_seconds", "koppel_certificate_expiry_timestamp_seconds"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(port, path, host=None, method="GET"):
    """Status and text."""
    peer = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    peer.request(method, path, headers={"Host": host} if host else {})
    answer = peer.getresponse()
    text = answer.read().decode()
    peer.close()
    return answer.status, text


def listens(shop, port):
    shop.write("koppel.conf", f'metrics = {{ listen = "127.0.0.1:{port}"; }};\n')


def is_there(port):
    try:
        return get(port, "/live")[0] == 200
    except OSError:
        return False


def started(*flows):
    shop, port = served(*flows), free_port()
    listens(shop, port)
    run = shop.start("serve")
    until(lambda: is_there(port))
    return shop, port, run


def scrape(port):
    """{name: {labels: value}}, and the text."""
    status, text = get(port, "/metrics")
    assert status == 200, text
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        m = re.fullmatch(r'([a-z_:]+)(?:\{(.*)\})? (-?[0-9.]+)', line)
        assert m, line
        labels = tuple(re.findall(r'([a-z]+)="((?:[^"\\]|\\.)*)"', m[2] or ""))
        row = found.setdefault(m[1], {})
        assert labels not in row, line
        row[labels] = float(m[3])
    return found, text


def of(found, name, **labels):
    """The sum of the samples that have these labels."""
    assert name in found, f"{name} is not shown"
    want = set(labels.items())
    return sum(v for have, v in found[name].items() if want <= set(have))


def so_far(found, name, **labels):
    """The same of what is shown once something happened; 0 before."""
    return of(found, name, **labels) if name in found else 0


def have_run(port, *flows):
    """The first run of each is over, and what is shown of runs is there."""
    until(lambda: all(so_far(scrape(port)[0], "koppel_flow_runs_total", flow=flow) > 0 for flow in flows))


def families(text):
    return set(re.findall(r"^# TYPE (\S+)", text, re.M))


def x14_metrics_say_what_status_says():
    shop, port, run = started("orders", "stock", "customers")
    for flow in ("orders", "stock", "customers"):
        until(lambda: counts(shop, flow)["read"] > 0 and counts(shop, flow)["pending"] == 0)
    have_run(port, "orders", "stock", "customers")
    for flow in ("customers", "stock"):
        shop.run("pause", flow)
    for flow in ("customers", "stock"):
        until(lambda: so_far(scrape(port)[0], "koppel_flow_state", flow=flow, state="paused") == 1)
    found, text = scrape(port)
    for flow in ("orders", "stock", "customers"):
        status = counts(shop, flow)
        assert of(found, "koppel_records_read_total", flow=flow) == status["read"]
        assert of(found, "koppel_records_settled_total", flow=flow, outcome="done") == status["done"]
        assert of(found, "koppel_records_settled_total", flow=flow, outcome="skipped") == status["skipped"]
        assert of(found, "koppel_records_parked", flow=flow) == status["parked"]
        assert of(found, "koppel_records_waiting", flow=flow) == status["waiting"]
        assert of(found, "koppel_backlog_records", flow=flow) == status["pending"] == 0
        assert of(found, "koppel_flow_interval_seconds", flow=flow) == 1
        assert of(found, "koppel_flow_state", flow=flow) == 1, "it is in one state"
        for row in status["reasons"]:
            if row["state"] == "parked":
                assert of(found, "koppel_records_parked", flow=flow, reason=row["reason"]) == row["count"]
        runs = sum(v for k, v in found["koppel_flow_runs_total"].items() if ("flow", flow) in k)
        assert runs == of(found, "koppel_flow_run_duration_seconds_count", flow=flow) > 0
    assert of(found, "koppel_flow_state", flow="customers", state="paused") == 1
    assert of(found, "koppel_parked_causes", flow="orders") > 0
    assert of(found, "koppel_record_latency_seconds_count", flow="orders") == counts(shop, "orders")["done"]
    assert not any(("flow", "orders") in k for k in found.get("koppel_backlog_oldest_timestamp_seconds", {}))
    assert of(found, "koppel_connection_up", connection="books") == 1
    assert of(found, "koppel_login_valid", connection="books") == 1
    assert not any(("connection", "till") in k for k in found["koppel_login_valid"]), "it has no login"
    assert of(found, "koppel_peer_requests_total", connection="till", operation="read/order", code="ok") > 0
    assert found["koppel_safe_mode"][()] == found["koppel_config_mistakes"][()] == 0
    assert found["koppel_config_revision"][()] == 1
    assert found["process_start_time_seconds"][()] > 1.6e9
    # counts go on over a restart; what nobody knows of is not there
    stop(run)
    run = shop.start("serve")
    until(lambda: is_there(port))
    again, _ = scrape(port)
    for name in ("koppel_records_read_total", "koppel_records_settled_total", "koppel_records_parked"):
        assert of(again, name, flow="customers") == of(found, name, flow="customers")
    assert not any(("flow", "stock") in k for k in again.get("koppel_flow_runs_total", {}))
    log = stop(run)
    assert any(f"http://127.0.0.1:{port}" in line["msg"] for line in log_lines(log) if line["event"] == "metrics"), log
    shop.close()


def x11_a_scrape_tells_nothing_of_a_record():
    shop, port, run = started("orders", "customers")
    until(lambda: counts(shop, "orders")["pending"] == 0 and counts(shop, "orders")["done"] > 30)
    _, text = scrape(port)
    for debtor in shop.debtors():
        for member in ("email", "name", "street", "city"):
            value = debtor.get(member)
            assert not value or len(value) < 4 or value not in text, value
    # every label is a name of the configuration, a code or a word of the program
    words = {value for name, row in scrape(port)[0].items() for labels in row for key, value in labels
             if key not in ("le", "version")}
    assert all(re.fullmatch(r"[a-z0-9_./-]*", word) for word in words), words
    assert len(text.splitlines()) < 2000, len(text.splitlines())
    stop(run)
    shop.close()


def only_this_machine_asks_and_only_for_what_there_is():
    shop, port, run = started("orders")
    assert get(port, "/live", f"127.0.0.1:{port}") == (200, "live\n")
    assert get(port, "/live", f"localhost:{port}")[0] == get(port, "/live", f"[::1]:{port}")[0] == 200
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "10.0.0.1:80", ""):
        assert get(port, "/metrics", name or " ")[0] in (400, 403), name
    assert get(port, "/")[0] == get(port, "/metrics/x")[0] == 404
    assert get(port, "/metrics", method="POST")[0] == get(port, "/ready", method="DELETE")[0] == 405
    status, body = get(port, "/live", method="HEAD")
    assert (status, body) == (200, "")
    found, _ = scrape(port)
    assert of(found, "koppel_http_requests_total", route="metrics", code="403") >= 4
    assert of(found, "koppel_http_requests_total", route="other", code="404") == 2
    stop(run)
    shop.close()


def y1_an_address_follows_the_configuration():
    shop, port, run = started("orders")
    other, taken = free_port(), socket.socket()
    taken.bind(("127.0.0.1", other))
    taken.listen()
    listens(shop, other)
    shop.run("reload")
    until(lambda: not is_there(port))
    taken.close()
    shop.write("koppel.conf", "")
    shop.run("reload")
    listens(shop, other)
    shop.run("reload")
    until(lambda: is_there(other))
    for wrong in ("0.0.0.0:9484", "10.1.2.3:9484", "localhost:9484", "127.0.0.1", "127.0.0.1:0", "[::]:9484"):
        shop.write("koppel.conf", f'metrics = {{ listen = "{wrong}"; }};\n')
        refused = shop.run("check", ok=(78,))
        assert "address of this machine alone" in refused.stdout + refused.stderr, refused
    log = stop(run)
    assert log.count(f"127.0.0.1:{other} cannot be listened on") == 1, log
    shop.close()


def y1_ready_says_why_not():
    shop, port, run = started("orders")
    until(lambda: get(port, "/ready") == (200, "ready\n"))
    # another program keeps the store locked; nothing else waits for it meanwhile
    shop.run("pause", "orders")
    until(lambda: so_far(scrape(port)[0], "koppel_flow_state", flow="orders", state="paused") == 1)
    lock = sqlite3.connect(os.path.join(shop.conf, "koppel.db"), timeout=10, isolation_level=None)
    lock.execute("PRAGMA busy_timeout = 10000")
    lock.execute("BEGIN IMMEDIATE")
    status, text = get(port, "/ready")
    assert status == 503 and text.startswith("store.busy: "), text
    assert get(port, "/live")[0] == 200
    lock.execute("ROLLBACK")
    lock.close()
    until(lambda: get(port, "/ready")[0] == 200)
    shop.run("resume", "orders")
    stop(run)
    # safe mode
    shop.replace("flows.d/orders.conf", "every", "evry")
    run = shop.start("serve")
    until(lambda: is_there(port))
    status, text = get(port, "/ready")
    assert status == 503 and text.startswith("engine.safe: "), text
    found, _ = scrape(port)
    assert found["koppel_safe_mode"][()] == 1 and found["koppel_config_mistakes"][()] > 0
    shop.replace("flows.d/orders.conf", "evry", "every")
    shop.run("reload")
    until(lambda: get(port, "/ready")[0] == 200)
    found, _ = scrape(port)
    assert found["koppel_safe_mode"][()] == found["koppel_config_mistakes"][()] == 0
    stop(run)
    shop.close()


def x1_a_peer_that_is_away_shows():
    shop, port, run = started("orders")
    until(lambda: counts(shop, "orders")["pending"] == 0 and counts(shop, "orders")["done"] > 0)
    shop.trouble({"do": "status", "status": 503, "times": "all"})
    ask(shop.till + "/_sandbox/add-orders?n=20", "", "POST")
    until(lambda: of(scrape(port)[0], "koppel_connection_up", connection="books") == 0)
    found, _ = scrape(port)
    assert of(found, "koppel_flow_state", flow="orders", state="backing_off") == 1
    assert of(found, "koppel_connection_up", connection="till") == 1
    assert of(found, "koppel_peer_requests_total", connection="books", code="retry") > 0
    assert of(found, "koppel_backlog_oldest_timestamp_seconds", flow="orders") > 0
    assert get(port, "/ready")[0] == 200, "it is no fault of ours"
    shop.trouble()
    until(lambda: so_far(scrape(port)[0], "koppel_connection_up", connection="books") == 1, 90)
    until(lambda: counts(shop, "orders")["pending"] == 0, 90)
    stop(run)
    shop.close()


def x6_alerts_and_what_channels_took_show():
    shop, port = served("orders"), free_port()
    listens(shop, port)
    web = Web()
    shop.env["HOOK_SECRET"] = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="
    hook = 'type = "webhook"; secret = "env:HOOK_SECRET"; url = "http://127.0.0.1'
    shop.write("alerts.conf", f'channels = ( {{ name = "hook"; {hook}:{web.url.rsplit(":", 1)[1]}/in"; }},\n'
               f'  {{ name = "deaf"; {hook}:{free_port()}/in"; }} );\n')
    run = shop.start("serve")
    until(lambda: is_there(port))
    until(lambda: so_far(scrape(port)[0], "koppel_alerts_active", rule="records.parked") > 0, 60)
    until(lambda: so_far(scrape(port)[0], "koppel_notifications_total", channel="hook", outcome="taken") > 0, 60)
    until(lambda: so_far(scrape(port)[0], "koppel_notifications_total", channel="deaf", outcome="failed") > 0, 60)
    found, _ = scrape(port)
    assert of(found, "koppel_notifications_total", channel="hook", outcome="failed") == 0
    assert of(found, "koppel_alerts_active", rule="store.damaged") == 0
    assert len(found["koppel_alerts_active"]) == 16
    stop(run)
    web.close()
    shop.close()


def expressions():
    """Every expression of the rules and the page."""
    text = open(RULES).read()
    found = re.findall(r"expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)", text)
    page = json.load(open(PAGE))
    targets = [t["expr"] for p in page["panels"] for t in p.get("targets", [])]
    asked = [v["definition"] for v in page["templating"]["list"] if v["type"] == "query"]
    return [a or b for a, b in found], targets, asked


def names_in(expression):
    return set(re.findall(r"\b(?:koppel|process)_[a-z_]+", expression))


def rules_page_and_manual_fit_the_scrape():
    shop, port, run = started("orders", "stock")
    until(lambda: counts(shop, "orders")["pending"] == 0 and counts(shop, "orders")["done"] > 0)
    have_run(port, "orders", "stock")
    found, text = scrape(port)
    shown = families(text) | SOMETIMES
    rules, targets, asked = expressions()
    assert len(rules) > 15 and len(targets) > 40, (len(rules), len(targets))
    used = set().union(*map(names_in, rules + targets + asked))
    base = {re.sub(r"_(?:bucket|sum|count)$", "", name) if name not in shown else name for name in used}
    assert base <= shown, base - shown
    assert shown <= base, f"of no use to anybody: {shown - base}"
    manual = open(MANUAL).read()
    told = dict(re.findall(r"^\.It Ql ((?:koppel|process)_\S+)(?: Pq (.*))?$", manual, re.M))
    assert set(told) == shown, set(told) ^ shown
    for name in shown - SOMETIMES:
        samples = found.get(name) or found.get(name + "_count") or {}
        have = {tuple(key for key, _ in labels) for labels in samples}
        want = tuple(told[name].split(", ")) if told[name] else ()
        assert have <= {want}, (name, have, want)
    # labels that are selected exist
    for expression in rules + targets:
        for name, selector in re.findall(r"\b((?:koppel|process)_[a-z_]+)\{([^}]*)\}", expression):
            own = told[name if name in told else re.sub(r"_(?:bucket|sum|count)$", "", name)] or ""
            for label in re.findall(r"([a-z]+)\s*(?:=~|!~|!=|=)", selector):
                assert label in own.split(", ") + ["instance", "le"], (name, label)
    stop(run)
    shop.close()


def every_alert_is_tested_and_has_a_remedy():
    rules, tests = open(RULES).read(), open(RULES_TEST).read()
    names = re.findall(r"- alert: (\S+)", rules)
    assert len(names) == len(set(names)) > 12, names
    fired = {block.split(",")[0].split("\n")[0] for block in tests.split("alertname: ")[1:]
             if "exp_alerts:\n" in block.split("alertname")[0]}
    assert set(names) <= fired, set(names) - fired
    for block in rules.split("- alert: ")[1:]:
        assert all(f"{member}:" in block for member in ("severity", "summary", "remedy")), block
    # every command that a remedy names is one
    shop = Shop("--orders", "1", login=False)
    remedies = "\n".join(re.findall(r'remedy: "(.*)"', rules))
    commands = set(re.findall(r"koppel ([a-z]+)", re.sub(r"systemctl \w+ koppel", "", remedies)))
    assert len(commands) > 4, commands
    for command in commands:
        shop.run(command, "--help")
    shop.close()


def promtool_finds_no_fault():
    tool = shutil.which("promtool")
    if not tool:
        raise Skipped("promtool is not here (Debian's package prometheus has it)")
    shop, port, run = started("orders", "stock")
    until(lambda: counts(shop, "orders")["pending"] == 0 and counts(shop, "orders")["done"] > 0)
    _, text = scrape(port)
    stop(run)
    checked = subprocess.run([tool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0 and not checked.stdout + checked.stderr, checked
    for command in (["check", "rules", RULES], ["test", "rules", RULES_TEST]):
        done = subprocess.run([tool, *command], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
    # what the page asks is an expression too
    _, targets, _ = expressions()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.yml")
        with open(path, "w") as f:
            f.write("groups:\n  - name: page\n    rules:\n")
            for i, target in enumerate(targets):
                f.write(f"      - record: page:{i}\n        expr: >-\n          "
                        + target.replace("$__rate_interval", "5m") + "\n")
        done = subprocess.run([tool, "check", "rules", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
    shop.close()


if __name__ == "__main__":
    main([x14_metrics_say_what_status_says, x11_a_scrape_tells_nothing_of_a_record,
          only_this_machine_asks_and_only_for_what_there_is, y1_an_address_follows_the_configuration,
          y1_ready_says_why_not, x1_a_peer_that_is_away_shows, x6_alerts_and_what_channels_took_show,
          rules_page_and_manual_fit_the_scrape,
          every_alert_is_tested_and_has_a_remedy, promtool_finds_no_fault])
