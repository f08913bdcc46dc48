#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alerts: who is told of what, on channels that work and on those that do not."""
import json
import os
import tempfile

from alertsink import Deaf, Mail, Web, certificate, is_signed
from koppeltest import Shop, main

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
    assert "Es ist nichts zu tun." in mail.get_body(("plain",)).get_content()
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


if __name__ == "__main__":
    main([a_mail_goes_in_the_clear_to_this_machine_only, without_tls_nothing_is_sent_elsewhere,
          a_mail_goes_through_tls_after_a_log_in, a_mail_that_is_refused_says_so, a_webhook_is_signed,
          ntfy_is_told_in_json, a_test_names_what_is_wrong, a_channel_that_never_answers_ends_the_test])
