#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad answers, bad files and bad configuration: each ends in one sentence that names the thing and the
remedy, never in a crash, and what follows is as if it had not been."""
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.request

import koppeltest
from koppeltest import Shop, Skipped, main, until

DATA = ("--orders", "60", "--relations", "40", "--articles", "30")


def small(*args, **more):
    return Shop(*DATA, *args, **more)


def script(shop, faults):
    """m: in front of the script is the till's side."""
    till = faults.startswith("m:")
    koppeltest.http((shop.till if till else shop.books) + "/_sandbox/faults", faults.removeprefix("m:"))


def limits(shop, text):
    shop.replace("connections.d/books.conf", "concurrency = 8;", "concurrency = 8; " + text)
    if "timeout" in text:
        for name in ("till", "books"):
            shop.replace(f"connections.d/{name}.conf", 'timeout = "3s";', "")
    shop.replace("connections.d/till.conf", 'connector = "mpluskassa";', 'connector = "mpluskassa"; ' + text)


def attempt(shop, *args):
    """Runs the program, whatever it ends with, as long as it ends itself."""
    done = shop.run(*args, ok=None)
    assert done.returncode >= 0, f"{args} died of signal {-done.returncode}\n{done.stderr}"
    return done


def says(done, *parts, shop=None):
    """One line holds all the parts, the thing and its remedy: on standard error, or, as it is one
    record's matter, in that record's activity."""
    lines = done.stderr.splitlines()
    for state in ("done", "parked", "waiting", "skipped") if shop else ():
        for job in shop.jobs(state):
            for attempt_ in shop.activity(job["job"])["attempts"]:
                lines.append(json.dumps(attempt_, ensure_ascii=False).replace('\\"', '"'))
    assert any(all(part in line for part in parts) for line in lines), (parts, done.returncode, done.stderr)


def refused(shop, *parts, args=("sync", "orders"), code=78):
    done = attempt(shop, *args)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    says(done, *parts)
    return done


def clean(shop):
    """A following run settles everything and both sides agree."""
    shop.sync()
    shop.run("retry", "--all", "--flow", "orders")
    counts = shop.sync()
    assert counts["pending"] == 0 and counts["waiting"] == 0, counts
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"], counts
    report = shop.reconcile()
    assert report["agree"] and not report["double"] and not report["missing"], report
    shop.close()


def answer(faults, *parts, text="", code=(0, 1), seconds=30):
    shop = small()
    if text:
        limits(shop, text)
    script(shop, faults)
    began = time.time()
    done = attempt(shop, "sync", "orders", "--wait", "20")
    assert done.returncode in code, (done.returncode, done.stdout, done.stderr)
    assert time.time() - began < seconds
    says(done, *parts, shop=shop)
    clean(shop)


def bad_xml_from_the_till():
    answer("m:garbage", "till: getOrders", "cannot read the answer", "check that http")


def bad_json_from_the_books():
    answer("garbage@/v1/debtors", "books: ", "find debtor", "no JSON object", "check url")
    answer("ok x5,garbage x3", "books: ", "no JSON object", "check url")


def truncated_answer_from_the_till():
    answer("m:truncate", "till: getOrders", "the answer was lost", "waits")


def truncated_answer_from_the_books():
    answer("ok x5,truncate x3", "books: ", "the answer was lost")


def huge_answer_from_the_till():
    answer("m:huge", "till: the answer to getOrders", "limit of 4194304 bytes", "raise limit_mb",
           text="limit_mb = 4;", code=(2,))


def huge_answer_from_the_books():
    answer("huge@POST", "books: ", "was sent", "limit of 4194304 bytes", "raise limit_mb", text="limit_mb = 4;")
    shop = small()  # a look-up parks its record, and the sentence is the job's
    limits(shop, "limit_mb = 4;")
    script(shop, "huge@/v1/debtors")
    done = attempt(shop, "sync", "orders", "--wait", "20")
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    details = [job["detail"] for job in shop.jobs("parked")]
    assert any("books: " in text and "limit of 4194304 bytes" in text and "raise limit_mb" in text
               for text in details), details
    clean(shop)


def hanging_answer_from_the_till():
    answer("m:hang", "till: getOrders", "no answer came in time", text='timeout = "2s";', seconds=12)


def hanging_answer_from_the_books():
    answer("ok x5,hang", "books: ", "no answer came in time", text='timeout = "2s";', seconds=12)


def certificate_that_does_not_verify():
    where = tempfile.mkdtemp(prefix="koppel-tls-")
    cert, key = throw_away_certificate(where)
    shop = small("--tls", f"{cert},{key}", login=False)
    refused(shop, "till: the certificate of 127.0.0.1", "not trusted", "tls_ca")
    shop.run("resume", "orders", ok=None)
    limits(shop, f'tls_ca = "{cert}";')
    os.environ["SSL_CERT_FILE"] = cert  # for this script; the program's environment is a copy of before
    urllib.request.install_opener(None)
    try:
        shop.login()
        clean(shop)
    finally:
        del os.environ["SSL_CERT_FILE"]
        urllib.request.install_opener(None)
        shutil.rmtree(where)


def throw_away_certificate(where):
    cert, key = os.path.join(where, "cert.pem"), os.path.join(where, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    return cert, key


def speaking(cert, key, version):
    """A server that speaks one version of TLS only, and answers something that is no SOAP."""
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        do_GET = do_POST

        def log_message(self, *ignored):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # OpenSSL would not speak the oldest ones otherwise
    context.load_cert_chain(cert, key)
    context.minimum_version = context.maximum_version = version
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.handle_error = lambda *ignored: None  # a refused handshake is what is tested
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def lowest_tls_version_is_kept():
    """tls_min against servers of one version: an older one is refused in words, any other is talked to."""
    where = tempfile.mkdtemp(prefix="koppel-tls-")
    cert, key = throw_away_certificate(where)
    shop = small(login=False)
    till = os.path.join(shop.conf, "connections.d/till.conf")
    before = open(till).read()
    old, middle, new = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
    for version, lowest, refusal in ((old, "", "does not speak TLS 1.2"), (middle, "", ""), (new, "", ""),
                                     (middle, 'tls_min = "1.2";', ""), (new, 'tls_min = "1.3";', ""),
                                     (middle, 'tls_min = "1.3";', "does not speak TLS 1.3")):
        server = speaking(cert, key, version)
        port = server.server_address[1]
        try:
            shop.write("connections.d/till.conf", before.replace(shop.till, f"https://127.0.0.1:{port}")
                       .replace("settings", f'tls_ca = "{cert}"; {lowest} settings'))
            done = attempt(shop, "check", "--online")
            if refusal:
                says(done, f"till: 127.0.0.1:{port}", refusal, "tls_min")
            else:  # the handshake is over: what follows is about the answer
                says(done, "till: ", "getApiVersion", "cannot read the answer")
        finally:
            server.shutdown()
            server.server_close()
    shop.write("connections.d/till.conf", before.replace("settings", 'tls_min = "1.1"; settings'))
    refused(shop, "till.conf:3: ", "tls_min", args=("check",))
    shutil.rmtree(where)
    shop.close()


def full_disk():
    if os.geteuid() != 0:
        raise Skipped("only root may mount a small file system")
    where = tempfile.mkdtemp(prefix="koppel-full-")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", where], capture_output=True).returncode:
        os.rmdir(where)
        raise Skipped("a small file system cannot be mounted here")
    try:
        shop = Shop("--orders", "400", "--relations", "40", "--articles", "30", login=False)
        shop.replace("koppel.conf", 'path = "koppel.db"', f'path = "{where}/koppel.db"')
        with open(os.path.join(shop.conf, "koppel.conf"), "a") as conf:
            conf.write("keep = { free_mb = 0; };\n")
        shop.login()
        done = attempt(shop, "sync", "orders", "--wait", "5")
        assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
        says(done, where, "the disk is full", "make room")
        subprocess.run(["mount", "-o", "remount,size=64m", where], check=True)
        clean(shop)  # no flow was paused for it
    finally:
        subprocess.run(["umount", "-l", where])
        os.rmdir(where)


def database(shop):
    return os.path.join(shop.conf, "koppel.db")


def damaged(shop, spoil, *parts):
    """The file is spoilt after a run, and put back; the store closes its side files at the end."""
    shop.sync()
    backup = shop.dir + "/backup.db"
    shutil.copy(database(shop), backup)
    spoil(database(shop))
    refused(shop, "koppel.db", *parts, "restore a backup")
    refused(shop, "koppel.db", *parts, "restore a backup", args=("jobs",))
    spoilt = open(database(shop), "rb").read()
    for args in (("check",), ("check", "--online")):
        done = refused(shop, "koppel.db", *parts, "restore a backup", args=args, code=2)
        assert "no mistakes" not in done.stdout, done.stdout
        assert open(database(shop), "rb").read() == spoilt, "check changed a damaged file"
    for name in os.listdir(shop.conf):
        if name.startswith("koppel.db-"):
            os.unlink(os.path.join(shop.conf, name))
    shutil.copy(backup, database(shop))
    clean(shop)


def corrupted_database():
    def spoil(path):
        size = os.path.getsize(path)
        with open(path, "r+b") as f:
            f.seek(4096)
            f.write(os.urandom(size - 2 * 4096))

    damaged(small(), spoil, "damaged")


def partly_corrupted_database_never_crashes_or_doubles():
    shop = small()
    shop.sync()
    backup = shop.dir + "/backup.db"
    shutil.copy(database(shop), backup)
    size = os.path.getsize(backup)
    for part in range(1, 8):
        shutil.copy(backup, database(shop))
        with open(database(shop), "r+b") as f:
            f.seek(size * part // 9)
            f.write(os.urandom(size // 9))
        # what a run does not read it does not miss; check reads it all
        refused(shop, "koppel.db", "damaged", "restore a backup", args=("check",), code=2)
        for args in (("sync", "orders"), ("jobs",), ("status",)):
            done = attempt(shop, *args)
            assert done.returncode in (0, 1, 78), (part, args, done.returncode, done.stderr)
            if done.returncode == 78:
                says(done, "koppel.db", "damaged", "restore a backup")
        for name in os.listdir(shop.conf):
            if name.startswith("koppel.db-"):
                os.unlink(os.path.join(shop.conf, name))
    shutil.copy(backup, database(shop))
    clean(shop)


def not_a_database():
    def spoil(path):
        with open(path, "w") as f:
            f.write("not a database at all\n" * 500)

    damaged(small(), spoil, "not a database")


def check_looks_at_the_store_and_makes_none():
    shop = small()
    shop.sync()
    before = open(database(shop), "rb").read()
    done = shop.run("check")
    assert open(database(shop), "rb").read() == before
    assert "koppel.db: whole" in done.stdout, done.stdout
    serving = shop.start("serve")  # an engine may run meanwhile
    until(lambda: os.path.exists(database(shop) + ".sock"))
    assert "koppel.db: whole" in shop.run("check").stdout
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=20)
    for name in os.listdir(shop.conf):
        if name.startswith("koppel.db"):
            os.unlink(os.path.join(shop.conf, name))
    done = shop.run("check")
    assert "koppel.db: not made yet" in done.stdout, done.stdout
    assert not os.path.exists(database(shop)), "check made a store"
    shop.close()


def wrong_sealing_key():
    shop = small()
    shop.sync()
    key = os.path.join(shop.conf, "secret.key")
    right = open(key).read()
    shop.write("secret.key", "ab" * 32 + "\n")
    refused(shop, "koppel.db", "another key", "give the key it was made with")
    refused(shop, "koppel.db", "another key", args=("status",))
    refused(shop, "koppel.db", "another key", args=("check",))
    shop.write("secret.key", right)
    clean(shop)


def unreadable_secret_file():
    shop = small()
    path = shop.dir + "/till-secret"
    shop.replace("connections.d/till.conf", "env:MPLUS_SECRET", "file:" + path)
    refused(shop, "till.conf:3: ", path, "No such file", "it must exist")
    with open(path, "w") as f:
        f.write(shop.info["mpluskassa"]["secret"] + "\n")
    os.chmod(path, 0o644)
    done = refused(shop, "till.conf:3: ", path, "0644", "chmod 600")
    assert shop.info["mpluskassa"]["secret"] not in done.stderr
    os.chmod(path, 0o600)
    clean(shop)


def missing_environment_variable():
    shop = small()
    value = shop.env.pop("MPLUS_SECRET")
    refused(shop, "till.conf:3: ", "env:MPLUS_SECRET", "no variable of that name", "set it")
    shop.env["MPLUS_SECRET"] = value
    clean(shop)


def all_mistakes_at_once_with_line_and_nearest_name():
    shop = small()
    names = ("flows.d/orders.conf", "connections.d/books.conf", "connections.d/till.conf")
    before = {name: open(os.path.join(shop.conf, name)).read() for name in names}
    shop.replace(names[0], "existing", "exsting")
    shop.replace(names[1], "tenant", "tenannt")
    shop.replace(names[1], "concurrency", "concurency")
    shop.replace(names[2], "mpluskassa", "mpluskasa")
    for args in (("check",), ("sync", "orders"), ("preview", "orders")):
        done = refused(shop, "flows.d/orders.conf:8: ", "exsting", 'did you mean "existing"', args=args)
        says(done, "books.conf:3: ", 'did you mean "concurrency"')
        says(done, "books.conf:4: ", 'did you mean "tenant"')
        says(done, "till.conf:2: ", 'did you mean "mpluskassa"')
    assert "flow orders" in shop.run("status", "orders", ok=(78,)).stdout, "a look needs no faultless configuration"
    for name, text in before.items():
        shop.write(name, text)
    clean(shop)


def second_engine_is_refused():
    shop = small()
    serving = shop.start("serve")
    until(lambda: os.path.exists(database(shop) + ".sock"))  # from then on a stop ends it in order
    refused(shop, "koppel.db", f"process {serving.pid}", "stop it first", args=("serve",))
    serving.send_signal(signal.SIGTERM)
    _, err = serving.communicate(timeout=20)
    assert serving.returncode == 0, (serving.returncode, err)
    clean(shop)


def terminated_run_ends_in_order():
    for wait in (0, 0.15, 0.4):
        shop = Shop("--orders", "600", "--relations", "80", "--articles", "40", "--latency-ms", "5")
        run = shop.start("sync", "orders", "--json")
        while not shop.stats(shop.till) and run.poll() is None:
            time.sleep(0.01)
        time.sleep(wait)
        run.send_signal(signal.SIGTERM)
        out, err = run.communicate(timeout=20)
        assert run.returncode == 1, (run.returncode, out, err)
        assert "stopping" in err, err
        clean(shop)


def terminated_while_an_answer_hangs():
    shop = small()
    script(shop, "ok x5,hang")
    run = shop.start("sync", "orders", "--json")
    time.sleep(1)
    began = time.time()
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=45)
    assert run.returncode == 1, (run.returncode, out, err)
    assert time.time() - began < 10, "the request under way was not ended"
    clean(shop)


if __name__ == "__main__":
    main([bad_xml_from_the_till, bad_json_from_the_books, truncated_answer_from_the_till,
          truncated_answer_from_the_books, huge_answer_from_the_till, huge_answer_from_the_books,
          hanging_answer_from_the_till, hanging_answer_from_the_books, certificate_that_does_not_verify,
          lowest_tls_version_is_kept, full_disk, corrupted_database, partly_corrupted_database_never_crashes_or_doubles, not_a_database,
          check_looks_at_the_store_and_makes_none,
          wrong_sealing_key, unreadable_secret_file, missing_environment_variable,
          all_mistakes_at_once_with_line_and_nearest_name, second_engine_is_refused,
          terminated_run_ends_in_order, terminated_while_an_answer_hangs])
