# SPDX-License-Identifier: MIT
"""What the tests of the Tryton connector share: an installation of Koppel below a folder of its own, with the
connector built outside of the tree against it; a real Tryton server on SQLite; and a go-between that loses answers,
refuses, and tells where in a sequence the program is."""
import base64
import glob
import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

import koppeltest
from koppeltest import BUILD, SRC, Shop, until

PYTHON = "/usr/bin/python3"  # Debian's, which has the modules of its Tryton
MODULES = ["account_invoice", "sale", "account_de_skr03"]
PASSWORD = "Bk7-quartz!vex9"


def missing():
    """Why the tests cannot run here; None: they can."""
    if subprocess.run([PYTHON, "-c", "import trytond.modules.account_de_skr03, trytond.modules.sale"],
                      capture_output=True, check=False).returncode != 0:
        return "tryton-server with tryton-modules-sale and tryton-modules-account-de-skr03 is missing"
    return None if shutil.which("pkg-config") and shutil.which("make") else "pkg-config or make is missing"


class Installed:
    """What an installation has, and the connector built and installed into it with nothing of the tree in reach."""

    def __init__(self, top):
        self.prefix = os.path.join(top, "usr")
        self.plugins = os.path.join(self.prefix, "lib/koppel/plugins")
        self.data = os.path.join(self.prefix, "share/koppel")
        for folder in ("bin", "include/koppel", "lib/pkgconfig", "lib/koppel/plugins", "share/koppel"):
            os.makedirs(os.path.join(self.prefix, folder))
        shutil.copy(koppeltest.KOPPEL, os.path.join(self.prefix, "bin/koppel"))
        for name in ("plugin.h", "sdk.h"):
            shutil.copy(f"{SRC}/plugin-sdk/koppel/{name}", f"{self.prefix}/include/koppel/")
        for built in glob.glob(f"{BUILD}/plugins/*/.libs/*.so") or glob.glob(f"{BUILD}/plugins/*.so"):
            shutil.copy(built, self.plugins)
        shutil.copytree(f"{SRC}/conf/mappings", f"{self.data}/mappings")
        self.pkg_config()
        self.build(os.path.join(top, "tryton"))
        koppeltest.KOPPEL = os.path.join(self.prefix, "bin/koppel")

    def pkg_config(self):
        header = open(f"{SRC}/plugin-sdk/koppel/plugin.h").read()
        abi = ".".join(header.partition(f"KOPPEL_ABI_{part} ")[2].partition("u")[0] for part in ("MAJOR", "MINOR"))
        text = open(f"{SRC}/plugin-sdk/koppel-plugin.pc.in").read()
        for name, value in {"prefix": self.prefix, "exec_prefix": "${prefix}", "libdir": "${exec_prefix}/lib",
                            "includedir": "${prefix}/include", "datarootdir": "${prefix}/share",
                            "datadir": "${datarootdir}", "plugindir": "${libdir}/koppel/plugins",
                            "KOPPEL_ABI": abi, "PACKAGE_VERSION": "0"}.items():
            text = text.replace(f"@{name}@", value)
        with open(f"{self.prefix}/lib/pkgconfig/koppel-plugin.pc", "w") as out:
            out.write(text)

    def build(self, folder):
        shutil.copytree(f"{SRC}/plugins/tryton", folder)
        # Of the environment of a make around it nothing is for this one.
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        env["PKG_CONFIG_PATH"] = f"{self.prefix}/lib/pkgconfig"
        done = subprocess.run(["make", "-C", folder, "install", "CFLAGS=-O1 -g -Werror"], env=env, text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        names = subprocess.run(["nm", "-D", "--defined-only", f"{self.plugins}/tryton.so"], text=True,
                               capture_output=True, check=True).stdout.split()[2::3]
        assert names == ["koppel_plugin_entry"], names


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Tryton:
    """A server with one company, its accounts, taxes and periods; see trytonbooks.py."""

    def __init__(self, top):
        self.top, self.port, self.process = top, free_port(), None
        os.makedirs(f"{top}/db")
        open(f"{top}/db/books.sqlite", "w").close()
        self.conf = f"{top}/trytond.conf"
        with open(self.conf, "w") as out:
            out.write(f"[database]\nuri = sqlite://\npath = {top}/db\n[web]\nlisten = 127.0.0.1:{self.port}\n"
                      "[session]\ntimeout = 300\nmax_attempt = 1000\n")  # one has a wrong password
        with open(f"{top}/pass", "w") as out:
            out.write("admin-" + PASSWORD)
        env = dict(os.environ, TRYTONPASSFILE=f"{top}/pass")
        done = subprocess.run([PYTHON, shutil.which("trytond-admin"), "-c", self.conf, "-d", "books", "-u", *MODULES,
                               "--activate-dependencies", "--email", "admin@books.example"], env=env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        done = subprocess.run([PYTHON, f"{SRC}/tests/integration/trytonbooks.py", self.conf, PASSWORD], text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        self.ids = json.loads(done.stdout.splitlines()[-1])
        self.auth = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([PYTHON, shutil.which("trytond"), "-c", self.conf], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=open(f"{self.top}/trytond.log", "a"))
        until(self.answers)

    def answers(self):
        try:
            return self.ask("common.db.login", "koppel", {"password": PASSWORD}, "en", auth=None)
        except urllib.error.URLError as e:
            assert self.process.poll() is None, open(f"{self.top}/trytond.log").read()[-2000:]
            if isinstance(e.reason, ConnectionRefusedError):
                return None
            raise

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method, *params, auth=None):
        body = json.dumps({"id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json", **({"Authorization": auth} if auth else {})}
        url = f"http://127.0.0.1:{self.port}/books/"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
            said = json.loads(answer.read())
        assert "result" in said, (method, str(said)[:500])
        return said["result"]

    def call(self, method, *params):
        """As the test's own user, whom the program does not know."""
        if not self.auth:
            user, token = self.ask("common.db.login", "admin", {"password": "admin-" + PASSWORD}, "en")
            self.auth = "Session " + base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        return self.ask(f"model.{method}", *params, {"company": self.ids["company"]}, auth=self.auth)

    def invoices(self, *condition):
        """Those that are not cancelled, with plain amounts."""
        found = self.call("account.invoice.search_read",
                          [["type", "=", "out"], ["state", "!=", "cancelled"], *condition], 0, None, [["id", "ASC"]],
                          ["reference", "state", "number", "invoice_date", "accounting_date", "untaxed_amount",
                           "tax_amount", "total_amount", "party", "move", "lines.amount", "lines.taxes",
                           "lines.account.code", "lines.quantity"])
        return [plain(invoice) for invoice in found]

    def post_by_hand(self, day):
        """What a bookkeeper posts beside the program: a copy of the newest invoice, of that day."""
        values = {"reference": "by hand", "invoice_date": {"__class__": "date", "year": day.year, "month": day.month,
                                                           "day": day.day}}
        made, = self.call("account.invoice.copy", [self.invoices()[-1]["id"]], values)
        self.call("account.invoice.write", [made], values)
        self.call("account.invoice.post", [made])


def plain(value):
    """Decimals and dates as text."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("__class__") == "Decimal":
        return value["decimal"]
    if value.get("__class__") == "date":
        return f"{value['year']:04}-{value['month']:02}-{value['day']:02}"
    return {name: plain(one) for name, one in value.items()}


class Between(http.server.ThreadingHTTPServer):
    """Stands between the program and Tryton. `trouble(method)` is asked for each request and gives None, or one of
    "refuse" (503, nothing reaches Tryton), "lose" (it is done, and the answer never comes), "late" (it is done after
    the program gave up on it), "session" (Tryton meets a session that it does not know). `done(method)` is called
    behind each that was done, before it is answered."""
    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Passing)
        self.tryton = f"http://127.0.0.1:{port}"
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.trouble = self.done = lambda method: None
        self.seen, self.hits = [], []
        self.late_s, self.held = 4.2, 0  # seconds, and how many are held now
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def writes(self):
        return [m for m in list(self.seen) if m.rpartition(".")[2] in ("create", "write", "delete", "post")]

    def handle_error(self, request, client_address):
        pass  # who was killed reads no answer


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self, body, spoil):
        headers = {"Content-Type": "application/json"}
        if self.headers.get("Authorization"):
            known = self.headers["Authorization"]
            headers["Authorization"] = "Session " + base64.b64encode(b"koppel:2:gone").decode() if spoil else known
        request = urllib.request.Request(self.server.tryton + self.path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                return got.status, got.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read()
        except urllib.error.URLError:
            return 502, b"the server is away"

    def do_POST(self):
        between = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        method = json.loads(body)["method"]
        what = between.trouble(method)
        if what:
            between.hits.append((what, method))
        if what == "refuse":
            self.answer(503, b"busy", "text/plain")
            return
        if what == "late":
            between.held += 1
            time.sleep(between.late_s)
        status, text = self.pass_on(body, what == "session")
        between.held -= what == "late"
        between.seen.append(method)
        between.done(method)
        if what in ("lose", "late"):
            self.close_connection = True
            return
        self.answer(status, text)


FLOW = '''name = "orders";
from = {{ connection = "till"; entity = "order"; }};
to = {{ connection = "tryton"; entity = "invoice"; }};
filter = ( {{ field = "state"; in = [ "paid", "delivered" ]; }} );
references = {{
  customer = {{ match = [ "email", "vat_number" ]; missing = "create"; existing = "update"; }};
  article = {{ match = [ "number" ]; missing = "create"; }};
}};
settings = {{ on_cancel = "credit"; on_change = "{on_change}"; }};
tables = {{
  tax = "tables/tryton-tax.csv"; revenue_account = "tables/tryton-revenue.csv";
  payment_term = "tables/tryton-terms.csv"; product_category = "tables/tryton-categories.csv";
}};
'''


PRODUCTS = '''name = "products";
from = { connection = "till"; entity = "article"; };
to = { connection = "tryton"; entity = "product"; };
tables = { product_category = "tables/tryton-categories.csv"; };
'''


class TrytonShop(Shop):
    """The till of the sandbox, and Tryton as its books."""

    def __init__(self, installed, tryton, between):
        super().__init__("--orders", "0", "--relations", "40", "--articles", "40", login=False,
                         flow=FLOW.format(on_change="difference"))
        self.tryton, self.between = tryton, between
        self.env.update(KOPPEL_PLUGINS=installed.plugins, KOPPEL_DATADIR=installed.data, TRYTON_PASSWORD=PASSWORD)
        for folder in ("connections.d", "flows.d"):
            for name in os.listdir(f"{self.conf}/{folder}"):
                if name not in ("till.conf", "orders.conf"):
                    os.unlink(f"{self.conf}/{folder}/{name}")
        self.connect()
        ids = tryton.ids
        self.write("tables/tryton-tax.csv", "".join(f"{key},{ids['tax'][rate]}\n" for key, rate in (
            ("NL|21.00", "21"), ("NL|9.00", "9"), ("NL|0.00", "0"), ("BE|21.00", "21"), ("BE|9.00", "9"),
            ("BE|0.00", "0"), ("shifted|0.00", "0"), ("shifted|9.00", "0"), ("shifted|21.00", "0"))))
        self.write("tables/tryton-revenue.csv", "*|21.00,8400\n*|9.00,8300\n*|0.00,8200\ngift-card,1700\n"
                   "deposit,1705\nshipping,8400\n")
        self.write("tables/tryton-terms.csv", f"*,{ids['term']}\n")
        self.write("tables/tryton-categories.csv", "".join(f"*|{rate},{ids['category'][name]}\n" for rate, name in (
            ("21.00", "21"), ("9.00", "9"), ("0.00", "0"))))

    def connect(self, **settings):
        """The connection with other settings than those of the tests."""
        chosen = {"url": self.between.url, "database": "books", "user": "koppel", "password": "env:TRYTON_PASSWORD",
                  "rounding_account": "2709", **settings}
        text = " ".join(f'{name} = "{value}";' for name, value in chosen.items())
        self.write("connections.d/tryton.conf", 'name = "tryton"; connector = "tryton"; timeout = "4s"; '
                   f'quiet = "600ms"; settings = {{ {text} }};\n')

    def sell(self, count):
        koppeltest.http(f"{self.till}/_sandbox/add-orders?n={count}", "", "POST")


def started():
    """The installation, Tryton and the shop, in one temporary folder."""
    top = tempfile.mkdtemp(prefix="koppel-tryton-")
    try:
        installed = Installed(top)
        tryton = Tryton(top)
    except BaseException:
        shutil.rmtree(top, ignore_errors=True)
        raise
    return top, TrytonShop(installed, tryton, Between(tryton.port))
