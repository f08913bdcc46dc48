#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel connection: a test by steps, each fault at its step with its setting and advice, and the list. Real
servers on loopback, with TLS where that is the point."""
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.request

from koppeltest import Shop, http, main
from logs import Served, orders_each_second
from tradetest import SMALL

CA = """[ca]
default_ca = it
[it]
database = {dir}/index
serial = {dir}/serial
new_certs_dir = {dir}
default_md = sha256
policy = any
x509_extensions = names
[any]
CN = supplied
[names]
subjectAltName = {names}
basicConstraints = CA:TRUE
"""


class Certificate:
    """One of our own making: for these names, good until this day."""

    def __init__(self, names="IP:127.0.0.1,DNS:localhost", until="20991231000000Z"):
        self.dir = tempfile.mkdtemp(prefix="koppel-cert-")
        self.key, self.cert = f"{self.dir}/key.pem", f"{self.dir}/cert.pem"
        for name, text in (("conf", CA.format(dir=self.dir, names=names)), ("index", ""), ("serial", "01\n")):
            open(f"{self.dir}/{name}", "w").write(text)
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                     "/CN=Our Own", "-keyout", self.key, "-out", f"{self.dir}/request")
        self.openssl("ca", "-config", f"{self.dir}/conf", "-selfsign", "-keyfile", self.key, "-in",
                     f"{self.dir}/request", "-startdate", "20200101000000Z", "-enddate", until, "-batch", "-notext",
                     "-out", self.cert)

    def openssl(self, *args):
        subprocess.run(["openssl", *args], check=True, capture_output=True)

    def close(self):
        shutil.rmtree(self.dir)


def steps(shop, name, code):
    """The steps of a test that ends with this code."""
    done = shop.run("connection", "test", name, "--json", ok=(code,))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert "level=" not in done.stderr, done.stderr
    assert all(set(row) == {"step", "of", "outcome", "ms", "setting", "text", "advice"} for row in rows), rows
    failed = [at for at, row in enumerate(rows) if row["outcome"] == "failed" and row["step"] != "rights"]
    assert not failed or all(row["outcome"] == "untried" for row in rows[failed[0] + 1:]), rows
    return rows


def failure(shop, name, code):
    """Of a test in which one step fails, that step."""
    rows = steps(shop, name, code)
    failed = [row for row in rows if row["outcome"] == "failed"]
    assert len(failed) == 1 and failed[0]["advice"] and failed[0]["text"], rows
    assert {row["step"] for row in rows if row["outcome"] == "untried"} >= {"rights", "read"}, rows
    return failed[0]


def till_at(shop, url, more=""):
    shop.write("connections.d/till.conf", f'''name = "till"; connector = "mpluskassa"; timeout = "2s";
connect_timeout = "1s"; {more}
settings = {{ url = "{url}"; ident = "env:MPLUS_IDENT"; secret = "env:MPLUS_SECRET"; }};
''')


def port_of(url):
    return int(url.rsplit(":", 1)[1].split("/")[0])


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Plain:
    """A server that answers whatever it hears with these bytes, and hangs up."""

    def __init__(self, words):
        self.words = words
        self.listens = socket.socket()
        self.listens.bind(("127.0.0.1", 0))
        self.listens.listen(8)
        self.port = self.listens.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)

    def serve(self):
        while True:
            try:
                client, _ = self.listens.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(self.words)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listens.shutdown(socket.SHUT_RDWR)
        self.listens.close()
        self.thread.join(10)


# ---- all is well ----

def a_test_goes_step_by_step_and_writes_nothing():
    shop = Shop(*SMALL, "--orders", "5")
    rows = steps(shop, "till", 0)
    assert [row["step"] for row in rows[:4]] == ["name", "connect", "TLS", "log in"], rows
    assert rows[-1]["step"] == "read" and rows[-1]["of"] == "order" and "1 record came" in rows[-1]["text"], rows
    assert all(row["outcome"] == "ok" and row["advice"] is None for row in rows), rows
    assert all(row["ms"] > 0 for row in rows if row["step"] not in ("TLS", "name", "connect")), rows
    assert {row["of"] for row in rows if row["step"] == "rights"} >= {"relation", "invoice", "article", "stock"}, rows
    rows = steps(shop, "books", 0)
    assert [row["step"] for row in rows[:6]] == ["name", "connect", "TLS", "log in", "administrations",
                                                 "administration"], rows
    assert "the access token is good until 20" in rows[3]["text"], rows
    assert {row["of"] for row in rows if row["step"] == "rights"} >= {"debtor", "article", "sales-invoice"}, rows
    for url in (shop.till, shop.books):
        assert not json.loads(http(url + "/_sandbox/writes"))["writes"]
    text = shop.run("connection", "test", "till").stdout
    assert re.search(r"^  ok +read +order: 1 record came \(\d+ ms\)$", text, re.M), text
    assert "service version: 67.1.3" in text, text
    assert shop.run("connection", "test", "tills", ok=(64,)).stderr.count('perhaps "till"') == 1
    shop.run("connection", "tst", "till", ok=(64,))
    shop.run("connection", "test", ok=(64,))
    shop.close()


# ---- nobody there ----

def faults_on_the_way_are_told_at_their_step():
    shop = Shop(*SMALL, "--orders", "3", login=False)
    till_at(shop, "https://no-such-host.invalid")
    row = failure(shop, "till", 2)
    assert (row["step"], row["setting"], row["of"]) == ("name", "url", "no-such-host.invalid"), row
    till_at(shop, f"http://127.0.0.1:{closed_port()}")
    row = failure(shop, "till", 2)
    assert (row["step"], row["setting"]) == ("connect", "url") and "refused" in row["text"], row
    # the port of its own setting is the one that is tried
    till_at(shop, "http://127.0.0.1")
    shop.replace("connections.d/till.conf", "ident = ", f"port = {port_of(shop.till)}; ident = ")
    rows = steps(shop, "till", 0)
    shop.replace("connections.d/till.conf", f"port = {port_of(shop.till)}", f"port = {closed_port()}")
    assert failure(shop, "till", 2)["setting"] == "port"
    assert rows[1]["of"] == f"127.0.0.1:{port_of(shop.till)}" and rows[-1]["step"] == "read", rows
    # plain http behind an address of https: it answers in plain words, or hangs up
    for words, code, said in ((b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", 78, "speaks no TLS"),
                              (b"", 2, "instead of answering")):
        with Plain(words) as server:
            till_at(shop, f"https://127.0.0.1:{server.port}")
            row = failure(shop, "till", code)
        assert (row["step"], row["setting"]) == ("TLS", "url") and said in row["text"], row
    shop.close()


def a_server_that_only_listens_is_slow_not_gone():
    shop = Shop(*SMALL, "--orders", "3", login=False)
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen(8)
        port = listens.getsockname()[1]
        till_at(shop, f"https://127.0.0.1:{port}")
        row = failure(shop, "till", 2)
        assert row["step"] == "TLS" and "in time" in row["text"] and row["ms"] >= 900, row
        till_at(shop, f"http://127.0.0.1:{port}")
        row = failure(shop, "till", 2)
        assert row["step"] == "answer" and "no answer came in time" in row["text"] and row["ms"] >= 1900, row
    shop.close()


# ---- TLS ----

def faults_of_the_certificate_are_told_apart():
    cases = (
        ({}, "tls_ca", "nobody known has issued it", "name its CA file", 78),
        ({"until": "20210101000000Z"}, "url", "has expired", "clock of this machine", 2),
        ({"names": "DNS:till.example,DNS:www.till.example"}, "url", "of another host: till.example, www.till.example",
         "a name that the certificate is for", 78),
    )
    for how, setting, words, advice, code in cases:
        made = Certificate(**how)
        shop = Shop(*SMALL, "--orders", "3", "--tls", f"{made.cert},{made.key}", login=False)
        till_at(shop, shop.till, "" if setting == "tls_ca" else f'tls_ca = "{made.cert}";')
        row = failure(shop, "till", code)
        assert (row["step"], row["setting"]) == ("TLS", setting), row
        assert words in row["text"] and advice in row["advice"], row
        shop.close()
        made.close()


def a_certificate_that_ends_soon_is_a_warning():
    shop = Shop(*SMALL, "--orders", "3", "--tls", login=False)  # two days
    till_at(shop, shop.till, f'tls_ca = "{shop.info["ca"]}";')
    rows = steps(shop, "till", 1)
    tls = [row for row in rows if row["step"] == "TLS"][0]
    assert tls["outcome"] == "warning" and re.match(r"TLS 1\.3, certificate by koppel-sandbox good for \d days?, until 20",
                                                    tls["text"]), tls
    assert rows[-1]["step"] == "read" and rows[-1]["outcome"] == "ok", rows
    shop.close()


# ---- login and rights ----

def a_refused_login_points_at_its_setting():
    shop = Shop(*SMALL, "--orders", "3", login=False)
    row = failure(shop, "books", 2)
    assert row["step"] == "log in" and row["advice"] == "run: koppel connect books", row
    shop.login()
    shop.replace("connections.d/books.conf", 'tenant = "1042"', 'tenant = "4711"')
    row = failure(shop, "books", 78)
    assert (row["step"], row["setting"]) == ("administration", "tenant") and "1042" in row["text"], row
    shop.env["MPLUS_IDENT"] = "nobody"
    row = failure(shop, "till", 2)
    assert (row["step"], row["setting"]) == ("log in", "ident") and "refuses the login" in row["text"], row
    assert "nobody" not in json.dumps(row), row
    http(shop.books + "/_sandbox/revoke-tokens?all=1", "", "POST")
    row = failure(shop, "books", 2)
    assert row["step"] == "log in" and "invalid_grant" in row["text"], row
    shop.close()


def rights_that_the_flows_lack_are_told():
    shop = Shop(*SMALL, "--orders", "3")
    http(shop.books + "/_sandbox/modules", '{"inTrade": false}')
    rows = steps(shop, "books", 1)  # the flows that need it are off
    lacks = [row for row in rows if row["outcome"] == "warning"]
    assert {row["of"] for row in lacks} == {"sales-order"} and all("which is off" in row["text"] for row in lacks), rows
    assert rows[-1]["outcome"] == "ok"
    shop.enable("sales-orders")
    rows = steps(shop, "books", 78)
    lacks = [row for row in rows if row["outcome"] == "failed"]
    assert [(row["step"], row["of"]) for row in lacks] == [("rights", "sales-order")], rows
    assert "flow sales-orders needs it" in lacks[0]["text"] and lacks[0]["advice"], lacks
    assert rows[-1]["step"] == "read" and rows[-1]["outcome"] == "untried", rows
    shop.close()


# ---- list ----

def listed(shop, code=0):
    rows = [json.loads(line) for line in shop.run("connection", "list", "--json", ok=(code,)).stdout.splitlines()]
    return {row["connection"]: row for row in rows}


def the_list_tells_login_certificate_and_circuit():
    made = Certificate(until="20971224000000Z")
    shop = Shop(*SMALL, "--orders", "3", "--tls", f"{made.cert},{made.key}", login=False)
    for name in ("till", "books"):
        shop.replace(f"connections.d/{name}.conf", 'timeout = "3s";', f'timeout = "3s"; tls_ca = "{made.cert}";')
    rows = listed(shop, 2)
    assert rows["books"]["login"] == "out" and rows["till"]["login"] == "settings", rows
    assert rows["till"]["certificate_until"] is None and rows["till"]["called"] is None, rows
    trusted = ssl.create_default_context(cafile=made.cert)
    connect = shop.start("connect", "books", "--wait", "20")
    for line in connect.stdout:
        if line.startswith("http"):
            browser = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted))
            browser.open(line.strip() + "&auto=1").read()
            break
    connect.communicate(timeout=30)
    assert connect.returncode == 0
    orders_each_second(shop)
    served = Served(shop.env)
    served.wait(event="run")
    rows = listed(shop)
    for name in ("till", "books"):
        assert rows[name]["certificate_until"] == "2097-12-24T00:00:00Z" and rows[name]["called"], rows
        assert rows[name]["certificate_host"].startswith("127.0.0.1:") and rows[name]["circuit"] == "closed", rows
    assert rows["books"]["login"] == "in" and rows["books"]["token_until"] > "2026", rows
    steps(shop, "till", 0)  # by the engine that runs
    served.stop()
    rows = listed(shop)  # nobody runs: what was seen before
    assert rows["books"]["certificate_until"] == "2097-12-24T00:00:00Z" and rows["books"]["called"] is None, rows
    shop.close()
    made.close()


if __name__ == "__main__":
    main([a_test_goes_step_by_step_and_writes_nothing, faults_on_the_way_are_told_at_their_step,
          a_server_that_only_listens_is_slow_not_gone, faults_of_the_certificate_are_told_apart,
          a_certificate_that_ends_soon_is_a_warning, a_refused_login_points_at_its_setting,
          rights_that_the_flows_lack_are_told, the_list_tells_login_certificate_and_circuit])
