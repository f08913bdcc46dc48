#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is published stands in the place of a host's files, whoever asks: certificate authorities, the files of the
pages, who is named in them, an older revision, differences; and what comes of a host that cannot take all of it.
Skipped where PostgreSQL is not installed."""
import json
import os
import shutil
import time

from alertsink import Mail, Web, certificate
from koppeltest import Shop, main, until
from postgres import Server, place, shop_on
from publish import Bare, alive, every_of, koppel, published, revisions
from rowstest import Engine
from webtest import Web as Browser, listens

def tells(host, text):
    return host.told().count(text)


def test_an_authority_is_published():
    """A certificate authority is a file as any other: a host that has no files trusts it."""
    server = Server()
    shop = Shop("--orders", "3", "--tls", login=False)
    shop.replace("koppel.conf", 'store = { path = "koppel.db"; };\n', place(server))
    pem = certificate(shop.dir)
    sink = Mail(pem=pem, tls="smtps")
    shop.write("authority.pem", open(shop.info["ca"]).read() + open(pem).read())
    for name in ("till", "books"):
        shop.replace(f"connections.d/{name}.conf", f'name = "{name}";', f'name = "{name}"; tls_ca = "authority.pem";')
    shop.write("alerts.conf", f'''channels = ( {{ name = "office"; type = "mail"; url = "smtps://localhost:{sink.port}";
  from = "k@shop.example"; to = "a@shop.example"; tls_ca = "authority.pem"; }} );
''')
    shop.run("publish")
    first = published(server)
    host = Bare(shop, server, "bare")
    host.start()
    until(lambda: revisions(host) == [first], 30)
    assert not os.path.exists(host.conf + "/authority.pem")
    rows = [json.loads(line) for line in
            koppel(host, "connection", "test", "till", "--json", ok=(0, 1)).stdout.splitlines()]
    assert [row["outcome"] for row in rows if row["step"] == "TLS"][0] in ("ok", "warning"), rows
    koppel(host, "alert", "test", "office")
    assert sink.mails, sink.said
    host.stop()


def test_what_cannot_be_taken_rests():
    """It is tried again, at a rest, and told once."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.run("publish")
    first = published(server)
    host = Bare(shop, server, "bare")
    host.start()
    until(lambda: revisions(host) == [first], 30)
    server.ask("UPDATE koppel.meta SET value = '999999' WHERE name = 'published'")
    until(lambda: tells(host, "there is no revision 999999") == 1, 10)
    time.sleep(6)
    assert tells(host, "there is no revision 999999") == 1, host.told()[-2000:]
    server.ask(f"UPDATE koppel.meta SET value = '{first}' WHERE name = 'published'")
    shop.replace("flows.d/orders.conf", "name = ", 'batch = 7; name = ')
    shop.run("publish", "--over", str(first))
    until(lambda: revisions(host) == [published(server)], 10)
    host.stop()


if __name__ == "__main__":
    main([test_an_authority_is_published, test_what_cannot_be_taken_rests])
