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
    until(lambda: revisions(host) == [first], 60)
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
    until(lambda: revisions(host) == [first], 60)
    server.ask("UPDATE koppel.meta SET value = '999999' WHERE name = 'published'")
    until(lambda: tells(host, "there is no revision 999999") == 1, 10)
    time.sleep(6)
    assert tells(host, "there is no revision 999999") == 1, host.told()[-2000:]
    server.ask(f"UPDATE koppel.meta SET value = '{first}' WHERE name = 'published'")
    shop.replace("flows.d/orders.conf", "name = ", 'batch = 7; name = ')
    shop.run("publish", "--over", str(first))
    until(lambda: revisions(host) == [published(server)], 10)
    host.stop()


def test_pages_show_what_is_published():
    """Files are those that are published, not those of a disk; a change of them is published, and who publishes the
    older files is told by a difference that shows it. A person is looked for in those of the disk too."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    flow = "flows.d/orders.conf"
    shop.write(flow, "# ask anna@shop.example\n" + open(f"{shop.conf}/{flow}").read())
    shop.run("publish")
    first = published(server)
    host = Bare(shop, server, "bare")
    os.mkdir(host.conf + "/flows.d")
    with open(host.conf + "/flows.d/stray.conf", "w") as f:
        f.write("# of anna@shop.example, and of no account\n")
    with open(f"{host.conf}/{flow}", "w") as f:
        f.write("# anna@shop.example is named once, and was told first by what is published\n")
    engine = Engine(host.conf, host.env)
    until(lambda: revisions(host) == [first], 60)
    rows = {row["file"]: row for row in engine.ask("files.list")["files"]}
    assert flow in rows and "tables/payment.csv" in rows and "flows.d/stray.conf" not in rows, rows
    assert rows[flow]["writable"] and not any(row["change"] for row in rows.values()), rows
    named = json.loads(koppel(host, "person", "find", "--email", "anna@shop.example", "--json").stdout)["files"]
    assert named == [flow, "flows.d/stray.conf"], named
    shown = engine.ask("files.show", file=flow)
    assert shown["text"].startswith("# ask anna"), shown
    saved = engine.ask("files.save", file=flow, text=shown["text"] + "batch = 50;\n", digest=shown["digest"])
    second = published(server)
    assert saved["saved"] and saved["active"] and saved["revision"] == second > first, saved
    assert "batch = 50" in engine.ask("files.show", file=flow)["text"]
    # a file of its own is published only where it is used
    unused = engine.ask("files.save", file="tables/new.csv", text="a,b\n", digest="")
    assert not unused["saved"] and "tables/new.csv" in unused["refused"], unused
    refused = shop.run("publish", ok=(78,)).stderr
    assert f"koppel config diff {second}" in refused, refused
    assert "-batch = 50;" in shop.run("config", "diff", str(second)).stdout
    engine.stop()


def test_a_rollback_takes_away_what_came_later():
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.run("publish")
    first = published(server)
    text = open(shop.conf + "/flows.d/orders.conf").read()
    shop.write("flows.d/later.conf", text.replace('name = "orders"', 'name = "later"; enabled = false'))
    shop.run("publish")
    second = published(server)
    host = Bare(shop, server, "bare")
    host.start()
    until(lambda: revisions(host) == [second], 60)
    assert "later" in every_of(host)
    koppel(host, "config", "rollback", str(first), "--why", "too early")
    until(lambda: revisions(host) == [published(server)], 60)
    assert "later" not in every_of(host) and "orders" in every_of(host)
    assert koppel(host, "config", "diff", str(first), str(published(server))).stdout == ""
    host.stop()


def test_what_is_published_is_told_so():
    """Whatever fails afterwards: all hosts take it, and the audit says who it was."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.run("check")
    shop.run("jobs")
    server.ask("ALTER TABLE koppel.note ADD CHECK (name NOT LIKE 'published/%')")
    told = shop.run("publish", "--why", "it is time").stdout
    first = published(server)
    assert first > 0 and f"revision {first} is published" in told, told
    assert "it is time" in shop.run("audit", "--json").stdout


def test_pages_that_change_nothing_publish_nothing():
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.run("publish")
    first = published(server)
    shop.replace("flows.d/orders.conf", "name = ", 'batch = 7; name = ')
    shop.run("publish")
    second = published(server)
    host = Bare(shop, server, "bare")
    path = host.conf + "/koppel.conf"
    with open(path, "a") as f:
        f.write('dashboard = { listen = "127.0.0.1:0"; edit = "tables"; };\n')
    host.start()
    found = {}

    def there():
        done = koppel(host, "user", "claim", "--json", ok=(0, 1, 2, 69, 75, 78))
        if done.returncode == 0:
            found.update(json.loads(done.stdout))
        return done.returncode == 0
    until(there, 60)
    address, _, token = found["url"].partition("/#claim=")
    anna = Browser(address)
    anna.claim(token)
    answer = anna.ask("POST", "/api/v1/config/publish", {"revision": first})
    while answer.status == 202 or answer.json.get("state") == "running":
        answer = anna.ask("GET", f"/api/v1/tasks/{answer.json['task']}")
    assert "dashboard.edit" in json.dumps(answer.json), answer.json
    assert published(server) == second
    host.stop()


def test_a_host_that_lacks_the_secrets_of_a_channel():
    """It takes the configuration, keeps the channel's messages, and leaves them to one that can send them; once it
    has the secret it takes all of it by itself, and says so once."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    web = Web()
    for name, text in (("phone.url", web.url), ("hook.secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==")):
        shop.write(name, text)
        os.chmod(f"{shop.conf}/{name}", 0o600)
    shop.write("alerts.conf", f'''language = "en";
channels = ( {{ name = "phone"; type = "ntfy"; url = "file:phone.url"; topic = "t"; }},
             {{ name = "hook"; type = "webhook"; url = "{web.url}/hook"; secret = "file:hook.secret"; }} );
rules = ( {{ rule = "config.rejected"; after = "1s"; }} );
''')
    shop.run("publish")
    first = published(server)
    lame, sound = Bare(shop, server, "lame"), Bare(shop, server, "sound")
    for name in ("phone.url", "hook.secret"):
        shutil.copy(f"{shop.conf}/{name}", sound.conf)
    lame.start()
    until(lambda: revisions(lame) == [first], 60)
    assert "phone" in alive(lame)[0]["lacks"] and "hook" in alive(lame)[0]["lacks"], alive(lame)
    told = lambda: [json.loads(row) for row in koppel(lame, "alert", "list", "--json", ok=(0, 1)).stdout.splitlines()]
    until(lambda: any(a["rule"] == "config.rejected" and a["state"] == "open" for a in told()), 60)
    [row] = [a for a in told() if a["rule"] == "config.rejected"]
    assert "does not take all" in row["text"] and "koppel check" not in row["do"], row
    assert alive(lame)[0]["leads"] and not web.calls
    assert "channel phone (ntfy): channel phone lacks a secret here" in koppel(lame, "alert", "list", ok=(0, 1)).stdout
    assert "lacks a secret here" in koppel(lame, "alert", "test", "phone", ok=(1, 2, 78)).stderr
    sound.start()
    until(lambda: [h["leads"] for h in alive(lame)] == [False, True], 60)
    until(lambda: len(web.calls) >= 2, 60)
    assert sorted(path for _, _, path, _, _ in web.calls) == ["/", "/hook"], web.calls
    time.sleep(35)
    assert tells(lame, "is active") <= 1 and tells(lame, "phone.url") <= 2, lame.told()
    for name in ("phone.url", "hook.secret"):
        shutil.copy(f"{shop.conf}/{name}", lame.conf)
    until(lambda: [h["lacks"] for h in alive(lame)] == [None, None], 40)
    assert [h["leads"] for h in alive(lame)] == [True, False] or until(lambda: alive(lame)[0]["leads"], 10) is None
    lame.stop()
    sound.stop()
    web.close()


def test_a_slip_in_what_a_host_says_for_itself():
    """koppel.conf cannot be read, or the key: the host stays where it is. What is published meanwhile it leaves to the
    others, says so although the mistake is known, answers, and takes it once that is mended."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.run("publish")
    host = Bare(shop, server, "bare")
    own, key = host.conf + "/koppel.conf", host.conf + "/secret.key"
    with open(own, "a") as f:
        f.write('dashboard = { listen = "127.0.0.1:0"; edit = "tables"; };\n')
    host.start()
    until(lambda: revisions(host) == [published(server)], 30)
    sound = open(own).read()

    def says(text):
        with open(own, "w") as f:
            f.write(text)
    safe = "safe mode: no flow runs"
    for i, (slip, mend) in enumerate((
            (lambda: says(sound + "workers = ;\n"), lambda: says(sound)),
            (lambda: os.rename(key, key + ".away"), lambda: os.rename(key + ".away", key)),
            (lambda: says(sound.replace("postgresql", "postgres")), lambda: says(sound)),
            (lambda: says(sound.replace(server.dir, "/nowhere")), lambda: says(sound)))):
        slip()
        koppel(host, "reload", ok=(78,))
        assert tells(host, "the configuration that was active stays") == i + 1 and tells(host, safe) == i
        shop.write("flows.d/orders.conf", f"batch = {i + 7};\n" + open(f"{shop.conf}/flows.d/orders.conf").read()
                   .replace(f"batch = {i + 6};\n", ""))
        shop.run("publish")
        until(lambda: tells(host, safe) > i, 20)
        # asked as a page does, which the mistake is told by
        peer = Engine.__new__(Engine)
        peer.socket, peer.version = host.conf + "/koppel.db.sock", koppel(host, "--version").stdout.split()[1]
        status = peer.ask("config.status")
        assert status["safe"], status
        assert host.serve.poll() is None, host.told()[-2000:]
        mend()
        koppel(host, "reload")
        until(lambda: revisions(host) == [published(server)], 20)
        assert tells(host, safe) == i + 1, host.told()[-2000:]
    host.stop()


def test_saved_is_saved():
    """Where the store refuses what comes behind the files, they are saved all the same, which is told with a warning;
    the next change finishes it."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    engine = Engine(shop.conf, shop.env)
    flow = "flows.d/orders.conf"
    shown = engine.ask("files.show", file=flow)
    server.ask("ALTER TABLE koppel.entry ADD CONSTRAINT away CHECK (kind <> 'revision') NOT VALID")
    saved = engine.ask("files.save", file=flow, text=shown["text"] + "batch = 50;\n", digest=shown["digest"])
    assert saved["saved"] and saved["revision"] is None, saved
    assert [m["warning"] for m in saved["mistakes"] if "is saved" in m["text"]] == [True], saved
    assert "batch = 50" in open(f"{shop.conf}/{flow}").read() and os.path.exists(shop.conf + "/koppel.db.saving")
    server.ask("ALTER TABLE koppel.entry DROP CONSTRAINT away")
    shown = engine.ask("files.show", file=flow)
    assert "batch = 50" in shown["text"]
    saved = engine.ask("files.save", file=flow, text=shown["text"].replace("50", "60"), digest=shown["digest"])
    assert saved["saved"] and saved["active"] and saved["revision"] and not saved["mistakes"], saved
    assert not os.path.exists(shop.conf + "/koppel.db.saving")
    engine.stop()


if __name__ == "__main__":
    main([test_an_authority_is_published, test_what_cannot_be_taken_rests, test_pages_show_what_is_published,
          test_a_rollback_takes_away_what_came_later, test_what_is_published_is_told_so,
          test_pages_that_change_nothing_publish_nothing, test_a_host_that_lacks_the_secrets_of_a_channel,
          test_a_slip_in_what_a_host_says_for_itself, test_saved_is_saved])
