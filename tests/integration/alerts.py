#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alerts: who is told of what, on channels that work and on those that do not."""
import json
import os
import shlex
import tempfile
import time

import reconciling
from alertsink import Deaf, Mail, Web, certificate, is_signed
from koppeltest import Shop, http, main, until
from logs import Served, orders_each_second

SECRET = b"0123456789abcdef"


def place(text, **env):
    """A configuration without flows, and with this alerts.conf."""
    shop = Shop(login=False)
    for part in ("flows.d", "connections.d"):
        for name in os.listdir(f"{shop.conf}/{part}"):
            os.unlink(f"{shop.conf}/{part}/{name}")
    shop.write("alerts.conf", text)
    shop.env.update(SINK_PASSWORD="pass word-äöü", HOOK_SECRET="whsec_MDEyMzQ1Njc4OWFiY2RlZg==", TOPIC="topic-4711",
                    NTFY_TOKEN="tk_token-0815", **env)
    return shop


def told(shop, channel, code=0, err=""):
    """What `koppel alert test` shows."""
    done = shop.run("alert", "test", channel, ok=(code,), timeout=60)
    assert err in done.stderr, done.stderr
    shown = done.stdout + done.stderr
    for secret in ("pass word", "MDEyMzQ1", "topic-4711", "tk_token"):
        assert secret not in shown, shown
    return done.stdout


def mail_channel(url, more=""):
    return f'''channels = ( {{ name = "office"; type = "mail"; url = "{url}"; from = "koppel@shop.example";
  to = [ "a@shop.example", "b@shop.example" ]; {more} }} );
'''


def login(ca):
    return f'user = "koppel"; password = "env:SINK_PASSWORD"; tls_ca = "{ca}";'


def a_mail_goes_in_the_clear_to_this_machine_only():
    sink = Mail()
    shop = place('name = "Späti"; language = "de";\n' + mail_channel(f"smtp://127.0.0.1:{sink.port}"))
    shown = told(shop, "office")
    assert "> RCPT TO:<b@shop.example>" in shown and "< 250 taken" in shown, shown
    sender, to, mail, safe = sink.mails[0]
    assert sender.startswith("<koppel@shop.example>") and to == ["a@shop.example", "b@shop.example"] and not safe
    assert str(mail["Subject"]) == "[Koppel Späti] Test des Kanals office", mail["Subject"]
    assert str(mail["Auto-Submitted"]) == "auto-generated" and mail["Date"] and mail["Message-ID"]
    body = mail.get_body(("plain",)).get_payload(decode=True)
    assert body.endswith("Es ist nichts zu tun.\r\n".encode()) and body.count(b"\n") == body.count(b"\r\n") == 2, body
    sink.close()


def without_tls_nothing_is_sent_elsewhere():
    pem = certificate(tempfile.mkdtemp())
    for tls, words in (("", "STARTTLS"), ("starttls", "certificate"), ("smtps", "certificate")):
        sink = Mail(pem, tls, "koppel", "pass word-äöü")
        # a host that is this machine, but is not written so
        shop = place(mail_channel(f"{tls if tls == 'smtps' else 'smtp'}://sink.localhost:{sink.port}", login(pem)))
        shown = told(shop, "office", code=2)
        assert not sink.mails and not any("AUTH" in line or "MAIL" in line for line in sink.said), (tls, sink.said)
        assert words in shown, shown
        sink.close()


def a_mail_goes_through_tls_after_a_log_in():
    pem = certificate(tempfile.mkdtemp(), "sink.localhost")
    for tls, scheme in (("smtps", "smtps"), ("starttls", "smtp")):
        sink = Mail(pem, tls, "koppel", "pass word-äöü")
        shop = place(mail_channel(f"{scheme}://sink.localhost:{sink.port}", login(pem)))
        shown = told(shop, "office")
        assert sink.mails[0][3] and ("> AUTH PLAIN" in shown and "****" in shown), shown
        sink.password = "another"
        shown = told(shop, "office", code=2)
        assert "refuses the log-in (535)" in shown and len(sink.mails) == 1, shown
        sink.close()


def a_mail_that_is_refused_says_so():
    sink = Mail()
    sink.what = "refuse"
    shop = place(mail_channel(f"smtp://127.0.0.1:{sink.port}"))
    shown = told(shop, "office", code=2)
    assert "< 550 5.1.1 nobody here" in shown and "refuses the mail (550)" in shown, shown
    sink.close()


def a_webhook_is_signed():
    web = Web()
    shop = place(f'''channels = ( {{ name = "hook"; type = "webhook"; url = "{web.url}/in"; secret = "env:HOOK_SECRET"; }} );
''')
    shown = told(shop, "hook")
    assert "> POST" in shown and "< 204" in shown, shown
    _, method, path, headers, body = web.calls[0]
    assert (method, path) == ("POST", "/in") and is_signed(headers, body, SECRET)
    assert not is_signed(headers, body + b" ", SECRET) and not is_signed(headers, body, b"another")
    what = json.loads(body)
    assert what["type"] == "alert.test" and "hook" in what["data"]["subject"], what
    web.what = 410
    shown = told(shop, "hook", code=2)
    assert "it was answered 410" in shown, shown
    web.close()


def ntfy_is_told_in_json():
    web = Web()
    web.what = 200
    shop = place(f'''channels = ( {{ name = "phone"; type = "ntfy"; url = "{web.url}"; topic = "env:TOPIC";
  token = "env:NTFY_TOKEN"; }} );
''')
    told(shop, "phone")
    _, _, path, headers, body = web.calls[0]
    what = json.loads(body)
    assert path == "/" and what["topic"] == "topic-4711" and "phone" in what["title"], what
    assert headers["Authorization"] == "Bearer tk_token-0815"
    web.close()


def a_test_names_what_is_wrong():
    shop = place('channels = ( { name = "phone"; type = "ntfy"; url = "https://n.example"; topic = "t"; } );\n')
    told(shop, "pohne", code=64, err='perhaps "phone"')
    shop.write("alerts.conf", 'channels = ( { name = "phone"; typ = "ntfy"; } );\n')
    told(shop, "phone", code=78, err="alerts.conf:1:")
    shop.run("alert", "tset", "phone", ok=(64,))


def a_channel_that_never_answers_ends_the_test():
    deaf = Deaf()
    shop = place(f'''channels = ( {{ name = "phone"; type = "ntfy"; url = "{deaf.url}"; topic = "t"; }} );
''')
    shown = told(shop, "phone", code=2)
    assert "no answer came in time" in shown, shown
    deaf.close()


# ---- what is told while the engine serves


def phone(web, more=""):
    return f"""language = "en"; name = "shop";
channels = ( {{ name = "phone"; type = "ntfy"; url = "{web.url}"; topic = "t"; {more} }} );
"""


def shop_of(orders, alerts, *more):
    shop = Shop("--relations", "20", "--articles", "20", "--orders", str(orders), *more)
    orders_each_second(shop)
    shop.write("alerts.conf", alerts)
    return shop


TAKEN = "channel phone (ntfy): its last message was taken"


def titles(web):
    return [what["title"] for what in web.bodies()]


def title(web, words, seconds=60):
    """The message whose title has these words, once it is there; the only one."""
    until(lambda: any(words in one for one in titles(web)), seconds)
    found = [what for what in web.bodies() if words in what["title"]]
    assert len(found) == 1, titles(web)
    return found[0]


def alerts(shop, *options, ok=(0, 1)):
    return [json.loads(line) for line in shop.run("alert", "list", "--json", *options, ok=ok).stdout.splitlines()]


def x6_parked_records_are_told_within_a_minute_and_their_end_too():
    web = Web()
    shop = shop_of(12, phone(web))  # one of them was paid in a way that the table does not know
    began = time.time()
    served = Served(shop.env)
    first = title(web, " parked: ")
    assert web.calls[0][0] - began < 60
    lines = next(block for block in first["message"].split("\n\n") if "CRYPTO" in block).splitlines()[-4:]
    assert [line.split()[0] for line in lines] == ["What", "Why", "Effect", "Do"], first
    assert "orders has 1 record parked" in lines[0] and "payment_condition has no row for CRYPTO" in lines[1], lines
    for debtor in shop.debtors():
        name = debtor.get("name") or debtor.get("lastName")
        assert not name or name not in first["message"], "people are not named"
    for line in served.wait(event="alert", flow="orders", reason="records.parked"):
        assert "CRYPTO" not in line["msg"], "what a record held is not in the log"
    row = next(row for row in alerts(shop, ok=(1,)) if "CRYPTO" in row["text"])
    assert row["rule"] == "records.parked" and row["subject"] == "orders" and row["state"] == "open", row
    shop.run(*shlex.split(lines[3].split(" &&")[0].split("koppel ")[1].replace("VALUE", "1")))
    shop.run(*shlex.split(lines[3].split("&& koppel ")[1]), "--yes")
    over = title(web, "Over: ")
    assert "CRYPTO" in over["title"] and "It lasted" in over["message"] and "Done " in over["message"], over
    assert not any("CRYPTO" in row["text"] for row in alerts(shop, ok=(1,)))
    served.stop()
    web.close()


def x5_a_login_that_is_lost_is_told_once_and_nothing_of_its_flows():
    web = Web()
    shop = shop_of(3, phone(web))
    served = Served(shop.env)
    served.wait(event="run")
    http(shop.books + "/_sandbox/revoke-tokens?all=1", "", "POST")
    http(shop.till + "/_sandbox/add-orders?n=2", "", "POST")
    told = title(web, "books refuses the login")
    assert told["priority"] == 5 and "koppel connect books" in told["message"], told
    time.sleep(20)
    assert len(titles(web)) == 1, titles(web)
    rows = alerts(shop, "--all")
    assert {row["rule"] for row in rows if not row["silenced"]} == {"connection.login"}, rows
    shop.login()
    title(web, "Over: ")
    served.stop()
    web.close()


def a_system_that_is_down_is_told_with_its_end():
    web = Web()
    shop = shop_of(3, phone(web) + 'rules = ( { rule = "connection.down"; after = "3s"; } );\n')
    served = Served(shop.env)
    served.wait(event="run")
    shop.trouble({"do": "status", "status": 503, "times": "all"})
    http(shop.till + "/_sandbox/add-orders?n=2", "", "POST")
    told = title(web, "books does not answer")
    assert "Its flows wait" in told["message"] and "koppel connection test books" in told["message"], told
    shop.trouble()
    title(web, "Over: ", 90)
    served.stop()
    web.close()


def x7_a_flow_that_has_no_good_run_is_told_with_its_end():
    web = Web()
    shop = shop_of(3, phone(web) + 'rules = ( { rule = "flow.silent"; after = "4s"; } );\n')
    shop.replace("flows.d/orders.conf", 'every = "1s";', 'every = "1h";')  # no run is due in time
    served = Served(shop.env)
    told = title(web, "orders is silent")
    assert told["priority"] == 5 and "had no good run since" in told["message"], told
    assert "koppel sync orders" in told["message"], told
    shop.run("sync", "orders")  # the engine runs it
    title(web, "Over: orders is silent")
    served.stop()
    web.close()


def what_a_reconciliation_finds_is_told_until_one_finds_nothing():
    web = Web()
    shop = reconciling.shop_of()
    shop.write("alerts.conf", phone(web) + 'rules = ( { rule = "records.parked"; on = false; } );\n')
    period = reconciling.good_days(shop)
    served = Served(shop.env)
    reconciling.remove(shop, reconciling.in_period(shop, period)[0])
    shop.run("reconcile", "orders", *period, ok=(1,))
    told = title(web, "orders: the systems differ")
    assert "documents: 1." in told["message"] and "koppel reconcile orders" in told["message"], told
    shop.run("reconcile", "orders", *period, "--queue", ok=(1,))
    shop.run("reconcile", "orders", *period)
    title(web, "Over: orders: the systems differ")
    served.stop()
    web.close()


def a_configuration_with_mistakes_is_told_in_safe_mode_too():
    web = Web()
    shop = shop_of(3, phone(web) + 'rules = ( { rule = "config.rejected"; after = "1s"; } );\n')
    shop.write("flows.d/orders.conf", open(f"{shop.conf}/flows.d/orders.conf").read() + "nonsense = 1;\n")
    served = Served(shop.env)
    told = title(web, "The configuration has mistakes")
    assert "flows.d/orders.conf:" in told["message"], told
    served.stop()
    web.close()


def a_channel_that_never_answers_holds_nobody():
    deaf, web = Deaf(), Web()
    shop = shop_of(3, f"""language = "en";
heartbeat = {{ url = "{deaf.url}/beat"; every = "1s"; }};
channels = (
  {{ name = "deaf"; type = "ntfy"; url = "{deaf.url}"; topic = "t"; }},
  {{ name = "mute"; type = "mail"; url = "smtp://127.0.0.1:{deaf.port}"; from = "k@x.example"; to = "a@x.example"; }},
  {{ name = "phone"; type = "ntfy"; url = "{web.url}"; topic = "t"; }}
);
rules = ( {{ rule = "disk.low"; percent = 99; }}, {{ rule = "channel.failing"; count = 1; }} );
""")
    served = Served(shop.env)
    title(web, "are free")
    title(web, "The channel deaf fails", 90)
    began = time.time()
    shop.run("stop")
    served.run.wait(15)
    assert time.time() - began < 10
    served.stop()
    for sink in (deaf, web):
        sink.close()


def what_was_open_before_a_kill_is_told_once():
    web = Web()
    web.what = 503  # nothing is taken yet
    shop = shop_of(3, phone(web) + 'rules = ( { rule = "disk.low"; percent = 99; } );\n')
    served = Served(shop.env)
    served.wait(event="channel")
    served.run.kill()
    served.run.wait()
    web.what, tried = 200, len(web.calls)
    served = Served(shop.env)
    until(lambda: len(web.calls) > tried, 90)
    until(lambda: TAKEN in shop.run("alert", ok=(0, 1)).stdout, 20)  # whoever dies before that asks again
    served.run.kill()
    served.run.wait()
    served = Served(shop.env)
    served.wait(event="start")
    time.sleep(20)
    assert len(web.calls) == tried + 1, titles(web)
    assert len({json.dumps(what) for what in web.bodies()}) == 1, "each try says the same"
    served.stop()
    web.close()


def warnings_wait_while_it_is_quiet_and_critical_ones_do_not():
    web = Web()
    now = time.gmtime(time.time() - 3600)
    quiet = (f'quiet = {{ from = "{now.tm_hour:02}:{now.tm_min:02}"; until = "{(now.tm_hour + 3) % 24:02}:00"; '
             'zone = "UTC"; };')
    shop = shop_of(3, phone(web, quiet) + 'rules = ( { rule = "disk.low"; percent = 99; } );\n')
    served = Served(shop.env)
    served.wait(event="alert", reason="disk.low")
    http(shop.books + "/_sandbox/revoke-tokens?all=1", "", "POST")
    http(shop.till + "/_sandbox/add-orders?n=2", "", "POST")
    title(web, "books refuses the login")
    assert len(titles(web)) == 1, titles(web)
    served.stop()
    web.close()


def another_file_is_active_after_a_reload_and_is_kept():
    web = Web()
    shop = shop_of(3, 'rules = ( { rule = "disk.low"; on = false; } );\n')
    served = Served(shop.env)
    served.wait(event="run")
    assert "nobody is told" in shop.run("alert").stdout
    shop.write("alerts.conf", phone(web) + 'rules = ( { rule = "disk.low"; percnt = 99; } );\n')
    assert 'did you mean "percent"?' in shop.run("reload", ok=(78,)).stderr
    shop.replace("alerts.conf", "percnt", "percent")
    shop.run("reload")
    title(web, "are free")
    assert "alerts.conf" in shop.run("config", "diff", "1", "2", ok=(0, 1)).stdout
    assert "percent" in shop.run("config", "show", "2", "alerts.conf").stdout
    served.stop()
    web.close()


def who_knows_of_it_is_left_alone():
    web = Web()
    shop = shop_of(3, phone(web) + 'rules = ( { rule = "disk.low"; percent = 99; } );\n')
    served = Served(shop.env)
    title(web, "are free")
    number = str(alerts(shop, ok=(1,))[0]["alert"])
    until(lambda: TAKEN in shop.run("alert", ok=(1,)).stdout, 20)  # it was there before its answer
    shop.run("alert", "acknowledge", "999", ok=(64,))
    shop.run("alert", "acknowledge", number, "--until", "yesterday", ok=(64,))
    shop.run("alert", "acknowledge", number, "--until", "2h")
    row = alerts(shop, ok=(0,))[0]
    assert row["state"] == "acknowledged" and row["until"], row
    served.stop()
    assert alerts(shop, ok=(0,))[0]["state"] == "acknowledged", "without an engine too"
    shop.run("alert", "acknowledge", number)
    assert alerts(shop)[0]["until"] is None
    web.close()


def a_service_that_is_gone_is_told_without_an_engine():
    web = Web()
    shop = shop_of(3, phone(web))
    shop.env["MONITOR_SERVICE_RESULT"], shop.env["MONITOR_EXIT_STATUS"] = "exit-code", "2"
    shop.run("alert", "--failed", "koppel.service")
    told = title(web, "Koppel has stopped")
    assert "koppel.service" in told["message"] and "exit-code 2" in told["message"], told
    served = Served(shop.env)
    over = title(web, "Over: Koppel has stopped")
    assert over["priority"] == 2
    served.stop()
    with open(f"{shop.conf}/koppel.db", "r+b") as store:
        store.write(b"no store at all")
    shop.run("alert", "--failed", "koppel.service")
    until(lambda: len([one for one in titles(web) if one.endswith("] Koppel has stopped")]) == 2)
    web.what = 500
    shop.run("alert", "--failed", "koppel.service", ok=(2,))
    shop.write("alerts.conf", "")
    assert "nobody is told" in shop.run("alert", "--failed", "koppel.service", ok=(2,)).stdout
    web.close()


def the_heartbeat_goes_while_all_works():
    web = Web()
    shop = shop_of(3, f'heartbeat = {{ url = "{web.url}/beat"; every = "1s"; }};\n')
    served = Served(shop.env)
    until(lambda: len(web.calls) >= 3)
    assert all((method, path) == ("GET", "/beat") for _, method, path, _, _ in web.calls)
    served.stop()
    web.close()


if __name__ == "__main__":
    main([a_mail_goes_in_the_clear_to_this_machine_only, without_tls_nothing_is_sent_elsewhere,
          a_mail_goes_through_tls_after_a_log_in, a_mail_that_is_refused_says_so, a_webhook_is_signed,
          ntfy_is_told_in_json, a_test_names_what_is_wrong, a_channel_that_never_answers_ends_the_test,
          x6_parked_records_are_told_within_a_minute_and_their_end_too,
          x5_a_login_that_is_lost_is_told_once_and_nothing_of_its_flows,
          a_system_that_is_down_is_told_with_its_end,
          x7_a_flow_that_has_no_good_run_is_told_with_its_end, what_a_reconciliation_finds_is_told_until_one_finds_nothing, a_configuration_with_mistakes_is_told_in_safe_mode_too,
          a_channel_that_never_answers_holds_nobody, what_was_open_before_a_kill_is_told_once,
          another_file_is_active_after_a_reload_and_is_kept,
          warnings_wait_while_it_is_quiet_and_critical_ones_do_not, who_knows_of_it_is_left_alone,
          a_service_that_is_gone_is_told_without_an_engine, the_heartbeat_goes_while_all_works])
