#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel new: the folder that it makes builds with make and the installed headers alone, passes the kit and is found
by the program; what is there is never written over. The examples of koppel-plugin(7) are what the program takes."""
import glob
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from koppeltest import BUILD, KOPPEL, SRC, main  # noqa: E402

HEADER = f"{SRC}/plugin-sdk/koppel/plugin.h"


class Installed:
    """What an installation has, below a folder of its own, and a place to work in where nothing of the tree is."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="koppel-new-")
        self.usr, self.work = f"{self.top}/usr", f"{self.top}/work"
        shutil.copytree(f"{SRC}/plugin-sdk/koppel", f"{self.usr}/include/koppel")
        shutil.copytree(f"{SRC}/plugin-sdk/skeleton", f"{self.usr}/share/koppel/skeleton")
        self.plugins = f"{self.usr}/lib/koppel/plugins"
        for folder in (self.plugins, f"{self.usr}/lib/pkgconfig", f"{self.usr}/bin", self.work):
            os.makedirs(folder)
        for name in ("null", "text"):
            for path in (f"plugins/{name}.so", f"plugins/{name}/.libs/{name}.so"):
                if os.path.exists(f"{BUILD}/{path}"):
                    shutil.copy(f"{BUILD}/{path}", self.plugins)
        abi = ".".join(re.findall(r"KOPPEL_ABI_M(?:AJ|IN)OR (\d+)u", open(HEADER).read()))
        text = open(f"{SRC}/plugin-sdk/koppel-plugin.pc.in").read()
        for name, value in (("prefix", self.usr), ("exec_prefix", "${prefix}"), ("libdir", "${prefix}/lib"),
                            ("includedir", "${prefix}/include"), ("datarootdir", "${prefix}/share"),
                            ("datadir", "${datarootdir}"), ("plugindir", "${libdir}/koppel/plugins"),
                            ("PACKAGE_VERSION", "0"), ("KOPPEL_ABI", abi)):
            text = text.replace(f"@{name}@", value)
        assert "@" not in text, text
        with open(f"{self.usr}/lib/pkgconfig/koppel-plugin.pc", "w") as out:
            out.write(text)
        os.symlink(KOPPEL, f"{self.usr}/bin/koppel")
        self.env = dict(os.environ, PATH=f"{self.usr}/bin:{os.environ['PATH']}", KOPPEL_PLUGINS=self.plugins,
                        PKG_CONFIG_PATH=f"{self.usr}/lib/pkgconfig", KOPPEL_DATADIR=f"{self.usr}/share/koppel",
                        CFLAGS="-O2 -Wall -Wextra -Wshadow -Werror")

    def run(self, *args, folder="", ok=0):
        done = subprocess.run(args, cwd=f"{self.work}/{folder}", env=self.env, capture_output=True, text=True,
                              timeout=250)
        assert done.returncode == ok, f"{' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def files(self, folder):
        return sorted(os.path.relpath(path, f"{self.work}/{folder}")
                      for path in glob.glob(f"{self.work}/{folder}/**", recursive=True) if os.path.isfile(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)


def n1_a_new_plugin_builds_passes_the_kit_and_is_found():
    for kind in ("connector", "transform"):
        with Installed() as here:
            here.run("koppel", "new", kind, "webshop")
            files = here.files("webshop")
            assert {"webshop.c", "webshop.json", "webshop.7", "Makefile", "webshop.test.conf"} <= set(files), files
            assert kind == "transform" or "mappings/customer.get.conf" in files, files
            for path in files:
                text = open(f"{here.work}/webshop/{path}").read()
                assert "acme" not in text.lower(), f"{path} speaks of acme"
            here.run("make", folder="webshop")
            told = here.run("make", "check", folder="webshop")
            assert " 0 failed" in told and " 0 left out" in told, told
            passed = int(re.search(r"# (\d+) passed", told).group(1))
            assert passed >= 35, told
            here.run("make", "install", f"DESTDIR={here.top}/root", folder="webshop")
            lies = [path for path in glob.glob(f"{here.top}/root/**", recursive=True) if os.path.isfile(path)]
            assert any(path.endswith("/koppel/plugins/webshop.so") for path in lies), lies
            assert kind == "transform" or any(path.endswith("/koppel/mappings/webshop/customer.send.conf")
                                              for path in lies), lies
            shutil.copy(f"{here.work}/webshop/webshop.so", here.plugins)
            assert "webshop" in here.run("koppel", "plugins")
            print(f"    {kind}: {len(files)} files, {passed} checks passed")


def n2_nothing_is_written_over_and_names_are_checked():
    with Installed() as here:
        here.run("koppel", "new", "connector", "shop")
        before = {path: open(f"{here.work}/shop/{path}").read() for path in here.files("shop")}
        assert "there already" in here.run("koppel", "new", "transform", "shop", ok=78)
        assert before == {path: open(f"{here.work}/shop/{path}").read() for path in here.files("shop")}
        for name in ("Shop", "1shop", "a", "web-shop", "../shop", "web shop", "x" * 40, ""):
            assert "is no name for a plugin" in here.run("koppel", "new", "connector", name, ok=64), name
        assert "a plugin text already" in here.run("koppel", "new", "connector", "text", ok=64)
        assert "usage" in here.run("koppel", "new", "thing", "other", ok=64)
        assert here.files("other") == [] and sorted(os.listdir(here.work)) == ["shop"]
        here.env["KOPPEL_DATADIR"] = here.top
        assert "the SDK is not installed" in here.run("koppel", "new", "connector", "other", ok=78)
        assert not os.path.exists(f"{here.work}/other")


def n3_a_package_comes_with_it():
    with Installed() as here:
        here.run("koppel", "new", "connector", "shop", "--debian")
        files = [path for path in here.files("shop") if path.startswith("debian/")]
        assert files == [f"debian/{name}" for name in ("changelog", "control", "copyright", "rules", "source/format")]
        assert os.access(f"{here.work}/shop/debian/rules", os.X_OK)
        control = open(f"{here.work}/shop/debian/control").read()
        assert "Package: koppel-plugin-shop\n" in control and "${koppel:Depends}" in control
        if shutil.which("dpkg-parsechangelog"):
            assert "Source: koppel-plugin-shop" in here.run("dpkg-parsechangelog", folder="shop")


class Acme(http.server.BaseHTTPRequestHandler):
    """The service that does not exist, as the skeleton takes it to be."""
    rows, keys = [], {}

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        where = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(where.query, keep_blank_values=True))
        if self.headers["X-Api-Key"] != "the-token":
            return self.answer(401, {"message": "who are you"})
        if where.path == "/about":
            return self.answer(200, {"version": "7"})
        if where.path not in ("/customers", "/customers/all"):
            return self.answer(404, {"message": "no such thing"})
        rows = [row for row in self.rows if row["changed"] > int(query.get("after", 0))]
        for field in ("id", "email"):
            rows = [row for row in rows if str(row[field]) == query[field]] if field in query else rows
        return self.answer(200, {"customers": rows[:5], "more": len(rows) > 5})

    def store(self, row):
        row["changed"] = max(other.get("changed", 0) for other in self.rows) + 1
        return self.answer(200, {"id": row["id"]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        if key not in self.keys:
            self.keys[key] = dict(body, id=len(self.rows) + 1)
            self.rows.append(self.keys[key])
        return self.store(self.keys[key])

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))["id"]
        row = next((row for row in self.rows if str(row["id"]) == number), None)
        if not row:
            return self.answer(404, {"message": "nobody"})
        row.update(body)
        return self.store(row)

    def log_message(self, *_):
        pass


def n5_the_new_connector_works_with_the_service_that_it_was_made_for():
    Acme.rows[:] = [{"id": n, "name": f"name {n}", "email": f"{n}@example.org", "city": "Delft", "changed": n}
                    for n in range(1, 13)]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Acme)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Installed() as here:
            here.run("koppel", "new", "connector", "webshop")
            here.run("make", folder="webshop")
            with open(f"{here.work}/shop.conf", "w") as out:
                out.write(f'''name = "shop"; connector = "webshop";
settings = {{ url = "http://127.0.0.1:{server.server_port}"; token = "env:SHOP_TOKEN"; }};
''')
            here.env["SHOP_TOKEN"] = "the-token"
            told = here.run("koppel", "plugin-test", "webshop/webshop.so", "--config", "shop.conf", "--json")
            rows = [json.loads(line) for line in told.splitlines() if line.startswith("{")][:-1]
            asked = [row["check"] for row in rows if row["check"][0] in "PRFW" and row["verdict"] == "passed"]
            print(f"    passed by asking: {' '.join(asked)}")
            assert {"P1", "R1", "R2", "R3", "R4", "R5", "R8", "F1", "F2", "F4", "F5", "F6", "W1", "W3", "W6",
                    "W7"} <= set(asked), asked
    finally:
        server.shutdown()


def n4_the_catalogue_of_the_manual_is_one():
    page = open(f"{SRC}/plugin-sdk/koppel-plugin.7").read()
    text = re.search(r"The catalogue of a connector.*?\.Bd[^\n]*\n(\{.*?\n\})\n\.Ed", page, re.S).group(1)
    catalogue = json.loads(text.replace("\\&", ""))
    with Installed() as here:
        source = open(f"{SRC}/tests/abi/plugins/good.c").read()
        source = source.replace("TEST_CATALOGUE", json.dumps(json.dumps(catalogue)))
        source = source.replace(".read = test_read,", ".read = test_read, .find = find, .write = write,").replace(
            "static const struct koppel_connector", """
static int find(void *self, const struct koppel_find_request *request, struct koppel_results *out,
                struct koppel_error *err)
{
    return (void)self, (void)request, (void)out, (void)err, 0;
}
static int write(void *self, const struct koppel_write_request *request, struct koppel_results *out,
                struct koppel_error *err)
{
    return (void)self, (void)request, (void)out, (void)err, 0;
}
static const struct koppel_connector""", 1)
        with open(f"{here.work}/good.c", "w") as out:
            out.write(source)
        here.run("cc", "-shared", "-fPIC", f"-I{SRC}/tests/abi/plugins", f"-I{here.usr}/include", "good.c", "-o",
                 f"{here.plugins}/good.so")
        told = here.run("koppel", "plugins", "show", "good")
        assert "reference customer: customer by number" in told and "correct: total, lines[].amount" in told, told


def n6_the_sources_of_the_manual_compile():
    """Each example of koppel-plugin(7) that is C, in the place where it would stand."""
    page = open(f"{SRC}/plugin-sdk/koppel-plugin.7").read()
    texts = [text.replace("\\&", "").replace("\\(dq", '"').replace("\\e", "\\")
             for text in re.findall(r"\.Bd[^\n]*\n(.*?)\n\.Ed", page, re.S)]
    sources = [text for text in texts if not text.startswith("{")]
    assert len(sources) == 3 and len(texts) == 4, texts
    whole = {"angle": """#include "koppel/sdk.h"
static const char catalogue_text[] = "{\\"title\\":\\"Angle\\",\\"functions\\":[{\\"name\\":\\"angle\\",\\"help\\":\\"x\\","
    "\\"examples\\":[{\\"in\\":\\"a\\",\\"out\\":\\"<a>\\"}]}]}";
%s
""" % next(text for text in sources if "KOPPEL_REGISTER" in text)}
    for number, text in enumerate(text for text in sources if "KOPPEL_REGISTER" not in text):
        whole[f"part{number}"] = """#include "koppel/sdk.h"
struct acme { const char *url; int drafts; };
int part(const struct koppel_host *host, struct koppel_context *ctx, struct acme *a,
         const struct koppel_read_request *request);
int part(const struct koppel_host *host, struct koppel_context *ctx, struct acme *a,
         const struct koppel_read_request *request)
{
    int lines = 0;
    (void)host, (void)ctx, (void)a, (void)request;
    {
        %s
        (void)lines;
    }
    return lines;
}
""" % text
    with Installed() as here:
        for name, text in whole.items():
            with open(f"{here.work}/{name}.c", "w") as out:
                out.write(text)
            flags = here.run("pkg-config", "--cflags", "koppel-plugin").split()
            libs = here.run("pkg-config", "--libs", "koppel-plugin").split()
            here.run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", *flags, "-shared", f"{name}.c", "-o", f"{name}.so",
                     *libs)
        with open(f"{here.work}/angle.7", "w") as out:
            out.write("angle\n")
        assert " 0 failed" in here.run("koppel", "plugin-test", "angle.so")


if __name__ == "__main__":
    with open(KOPPEL, "rb") as program:
        if re.search(rb"__(a|t)san_init", program.read()):
            print("the kit looks at malloc and bounds memory, which a sanitizer has in its own hands")
            sys.exit(77)
    main([n1_a_new_plugin_builds_passes_the_kit_and_is_found, n2_nothing_is_written_over_and_names_are_checked,
          n3_a_package_comes_with_it, n4_the_catalogue_of_the_manual_is_one,
          n5_the_new_connector_works_with_the_service_that_it_was_made_for,
          n6_the_sources_of_the_manual_compile])
