#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The conformance kit: every shipped plugin passes it, the connectors against the sandbox as well; and it says of
each broken plugin of the gallery the one thing that is wrong with it."""
import concurrent.futures
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

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from koppeltest import BUILD, KOPPEL, SRC, Shop, main  # noqa: E402
from resttest import Crm as RestCrm, Place as RestPlace, Shop as RestShop  # noqa: E402

CONNECTORS = ("asperion", "file", "mpluskassa", "null")


def built(name):
    """The library of a plugin: where ninja or libtool puts it. None: it was not built here."""
    for path in (f"plugins/{name}.so", f"plugins/{name}/.libs/{name}.so"):
        if os.path.exists(os.path.join(BUILD, path)):
            return os.path.join(BUILD, path)
    return None


def kit(path, *args, env=None):
    """{check: row} and the counts that the last line tells."""
    done = subprocess.run([KOPPEL, "plugin-test", path, "--json", *args], capture_output=True, text=True, timeout=280,
                          env=env)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in (0, 1) and lines, f"{path}: {done.returncode} {done.stderr}"
    assert (done.returncode == 1) == (lines[-1]["failed"] > 0), f"{path}: exit {done.returncode}, {lines[-1]}"
    return {row["check"]: row for row in lines[:-1]}, lines[-1]


def failures(rows):
    return [f"{name} {row['why']}" for name, row in rows.items() if row["verdict"] == "failed"]


class Place:
    """A plugin in a folder of its own, with what its author keeps beside it."""

    def __init__(self, name):
        self.dir = tempfile.mkdtemp(prefix="koppel-kit-test-")
        self.path = shutil.copy(built(name), self.dir)
        for kind in ("7", "test.conf", "record"):
            for path in glob.glob(f"{SRC}/plugins/{name}/*.{kind}"):
                shutil.copy(path, self.dir)
        helper = os.path.join(BUILD, "plugins", name, f"koppel-{name}")
        if os.path.exists(helper):
            shutil.copy(helper, self.dir)
        self.write("record.json", '{"id": "kit-1", "name": "Ann"}')

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as out:
            out.write(text)
        return os.path.join(self.dir, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)


def k1_every_shipped_plugin_passes():
    names = sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob(f"{SRC}/plugins/*/*.json"))
    assert len(names) >= 12, names
    for name in names:
        with open(f"{SRC}/plugins/{name}/{name}.json", encoding="utf-8") as text:
            catalogue = json.load(text)
        if not built(name) or not (catalogue.get("entities") or catalogue.get("functions")):
            print(f"    {name}: {'it needs a description' if built(name) else 'not built here'}")
            continue
        with Place(name) as place:
            rows, counts = kit(place.path)
        print(f"    {name}: {counts['passed']} passed, {counts['nothing_to_check']} had nothing to check, "
              f"{counts['left_out']} left out")
        assert not failures(rows), f"{name}: {failures(rows)}"
        assert counts["left_out"] <= 2, f"{name}: {counts}"
        assert len(rows) >= (45 if name in CONNECTORS else 15), f"{name}: only {len(rows)} checks"


def k0_the_manual_tells_every_check():
    page = open(f"{SRC}/plugin-sdk/koppel-plugin-test.1", encoding="utf-8").read()
    for name in ("null", "text"):
        with Place(name) as place:
            rows, _ = kit(place.path)
        for check, row in rows.items():
            told = page.partition(f".It Cm {check}\n")[2].partition(".It ")[0].replace("\\(dq", '"')
            assert row["title"][1:] in " ".join(told.split()), f"{check}: {row['title']}"


def live(name, place, config, *args, env=None, least=12):
    rows, counts = kit(place.path, "--config", config, *args, env=env)
    asked = [check for check, row in rows.items() if check[0] in "PRFW" and row["verdict"] == "passed"]
    print(f"    {name}: {counts['passed']} passed, {len(asked)} of them by asking: {' '.join(asked)}")
    assert not failures(rows), f"{name}: {failures(rows)}"
    assert len(asked) >= least, f"{name}: only {asked}"
    return rows


def k2_connectors_without_a_network_pass_with_somebody_to_ask():
    with Place("null") as place:
        live("null", place, place.write("nowhere.conf", 'name = "nowhere"; connector = "null";\n'))
    with Place("file") as place:
        lines = place.write("in.json", "".join(f'{{"id": "{n}", "name": "no {n}"}}\n' for n in range(1, 30)))
        live("file", place, place.write("lines.conf", f'''name = "lines"; connector = "file";
settings = {{ path = "{lines}"; key = "id"; }};
'''), least=10)


def k3_the_vendors_connectors_pass_against_the_sandbox():
    shop = Shop("--orders", "12", "--relations", "12", "--articles", "12", "--receipts", "6", "--invoices", "6",
                "--proposals", "4", "--catalogue", "9", "--debtors", "9", "--sales-orders", "6")
    try:
        for name, connection in (("mpluskassa", "till"), ("asperion", "books")):
            with Place(name) as place:
                live(name, place, f"{shop.conf}/connections.d/{connection}.conf", env=shop.env)
    finally:
        shop.close()


def k4_what_was_recorded_is_enough_to_ask_again():
    shop = Shop("--orders", "12", "--relations", "12", "--articles", "12", login=False)
    with Place("mpluskassa") as place:
        config = f"{shop.conf}/connections.d/till.conf"
        tape = os.path.join(place.dir, "tape")
        live("mpluskassa, recorded", place, config, "--record", tape, "--only", "R", env=shop.env, least=9)
        shop.sandbox.terminate()
        shop.sandbox.wait(10)
        live("mpluskassa, replayed", place, config, "--replay", tape, "--only", "R", env=shop.env, least=9)
        told = "".join(open(path, encoding="utf-8").read() for path in glob.glob(tape + "/*.json"))
        assert "getOrders" in told or "orderNumber" in told, told[:300]
        for secret in (shop.env["MPLUS_IDENT"], shop.env["MPLUS_SECRET"]):
            assert secret not in told, "a secret was recorded"
    shop.close()


def k6_described_connectors_pass_with_their_systems():
    shop, crm = RestShop(), RestCrm()
    for n in range(1, 40):
        shop.clock += n % 3
        shop.add(n)
        shop.prices.append({"sku": f"s{n}", "price": 9.95})
        crm.contacts[n] = {"id": n, "name": f"Contact {n}", "email": f"c{n}@crm.example"}
    here = RestPlace(shop, crm)
    with Place("rest") as place:
        place.write("record.json", '{"name": "Ann", "email": "ann@kit.example"}')
        place.write("rest.test.conf", 'records = { customer = "record.json"; contact = "record.json"; };\n')
        for name in ("shop", "crm"):
            live(name, place, f"{here.dir}/connections.d/{name}.conf", env=here.env, least=18)
    here.close()


def k6_described_connectors_pass():
    """Every shipped description, with all that asks nobody."""
    top = tempfile.mkdtemp(prefix="koppel-kit-rest-")
    env = dict(os.environ, KOPPEL_CONFIG=f"{top}/conf")
    bad, count = [], 0
    try:
        with Place("rest") as place:
            refused = subprocess.run([KOPPEL, "plugin-test", place.path], capture_output=True, text=True)
            assert refused.returncode == 2 and "by a description" in refused.stderr, refused
            for folder in sorted(glob.glob(f"{SRC}/conf/rest/*/")):
                subprocess.run([KOPPEL, "init"], env=env, check=True, stdout=subprocess.DEVNULL)
                for part in ("connectors", "connections.d"):
                    shutil.copytree(folder + part, f"{top}/conf/{part}", dirs_exist_ok=True)
                for config in glob.glob(f"{folder}connections.d/*.conf"):
                    with open(config, encoding="utf-8") as text:
                        env.update({name: "a-secret-word" for name in re.findall(r"env:(\w+)", text.read())})
                    config = f"{top}/conf/connections.d/{os.path.basename(config)}"
                    for group in "ALHX":
                        rows, counts = kit(place.path, "--config", config, "--only", group, env=env)
                        count += counts["passed"]
                        bad += [f"{config}: {one}" for one in failures(rows)]
                shutil.rmtree(f"{top}/conf")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f"    {count} passed")
    assert not bad, "\n".join(bad)


def k7_what_is_built_outside_of_the_tree_passes():
    """The connector to Tryton, which has a package of its own."""
    top = tempfile.mkdtemp(prefix="koppel-kit-tryton-")
    try:
        shutil.copytree(f"{SRC}/plugins/tryton", f"{top}/tryton")
        subprocess.run(["make", "-s", f"SDK_CFLAGS=-I{SRC}/plugin-sdk", "SDK_LIBS=-ljansson", "KOPPEL_PLUGIN=true",
                        "plugindir=/none", "mappingdir=/none", "tryton.so"], cwd=f"{top}/tryton", check=True)
        rows, counts = kit(f"{top}/tryton/tryton.so")
        print(f"    tryton: {counts['passed']} passed, {counts['nothing_to_check']} had nothing to check")
        assert not failures(rows), failures(rows)
    finally:
        shutil.rmtree(top)


GALLERY = f"{SRC}/tests/abi/gallery"
PAGE = ".Dt GALLERY 7\n.Sh NAMES\nsource url token note thing shout tag\n"
FLAGS = ("-std=gnu11 -O1 -fPIC -fvisibility=hidden -shared -Wall -Wextra -Wno-override-init -Wno-unused-parameter "
         "-Werror -Wl,-z,defs -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack").split()


def build(name, folder, source=None):
    """A plugin of the gallery, or of another source, with what its author would keep beside it; its path."""
    os.mkdir(folder)
    source = source or f"{GALLERY}/{name}.c"
    with open(source, encoding="utf-8") as text:
        more = re.search(r"flags: (.*?)(?: \*/)?$", text.read(), re.M)
    subprocess.run([*os.environ.get("CC", "cc").split(), *FLAGS, f"-I{SRC}/plugin-sdk", f"-I{GALLERY}",
                    f'-DGALLERY_NAME="{name}"', source, "-o",
                    f"{folder}/{name}.so", "-ljansson", *(more.group(1).split() if more else [])], check=True)
    for path, text in ((f"{name}.7", PAGE), ("record.json", '{"id": "kit-1", "name": "n", "price": "1.00"}'),
                       (f"{name}.test.conf", 'records = { thing = "record.json"; };\n'),
                       ("memory.conf", f'''name = "g"; connector = "{name}";
settings = {{ source = "memory"; url = "http://127.0.0.1:9"; token = "env:KIT_TOKEN"; note = "x"; }};
''')):
        with open(f"{folder}/{path}", "w", encoding="utf-8") as out:
            out.write(text)
    return f"{folder}/{name}.so"


class Things(http.server.BaseHTTPRequestHandler):
    """The service of the gallery: it gives every record, whatever is asked."""
    text = json.dumps({"data": [{"id": str(n), "name": f"name {n}", "price": "1.50"} for n in range(1, 13)]}).encode()

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Gallery:
    """The broken plugins, built one by one, and what the kit says of them."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="koppel-gallery-")
        self.env = dict(os.environ, KIT_TOKEN="gallery-token")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Things)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.bad, self.checks, self.previous = [], set(), f"{self.top}/previous.json"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        shutil.rmtree(self.top)

    def config(self, name, *changes):
        path = f"{self.top}/{name}/memory.conf"
        with open(path, encoding="utf-8") as text:
            changed = text.read()
        for old, new in changes:
            changed = changed.replace(old, new)
        with open(path, "w", encoding="utf-8") as out:
            out.write(changed)
        return path

    def asks(self, name, path):
        """The kit, with the one check that must fail, as the name of the source has it."""
        args, check = [], name.partition("_")[0]
        if check in ("h13", "h14", "w8", "w9", "served"):
            args = ["--config", self.config(os.path.basename(path)[:-3], ('"memory"', '"peer"'),
                                            (":9", f":{self.server.server_port}"))]
        elif check[0] != "t":
            args = ["--config", self.config(name, *([("env:KIT_TOKEN", "x")] if check == "c2" else []))]
        rows, _ = kit(path, *args, *(["--previous", self.previous] if check == "c8" else []), env=self.env)
        self.checks |= set(rows)
        failed = {check: row["why"] for check, row in rows.items() if row["verdict"] == "failed"}
        print(f"    {name:24} {'; '.join(f'{check}: {why}' for check, why in failed.items())[:110]}", flush=True)
        if set(failed) != ({check.upper()} if "good" not in name else set()):
            self.bad.append(f"{name}: {failed}")

    def all(self, names):
        """Two at a time; the good ones are among them."""
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            for asked in [two.submit(lambda name=name: self.asks(name, build(name, f"{self.top}/{name}")))
                          for name in names]:
                asked.result()


def gallery(transforms):
    """Each fails its one check, and every check has one that fails it. The checks of both kinds of plugins are seen
    failing with connectors."""
    names = sorted(os.path.basename(path)[:-2] for path in glob.glob(f"{GALLERY}/*.c"))
    names = [name for name in names if (name[0] == "t") == transforms]
    with Gallery() as g:
        if not transforms:
            path = build("good", f"{g.top}/good")
            with open(g.previous, "w", encoding="utf-8") as out:
                subprocess.run([KOPPEL, "plugins", "show", path, "--json"], stdout=out, check=True)
            g.asks("good", path)
            g.asks("served_good", path)
        g.all([name for name in names if name != "good"])
    assert not g.bad, "\n".join(g.bad)
    checks = {check for check in g.checks if (check[0] == "T") == transforms}
    broken = {name.partition("_")[0].upper() for name in names if not name.endswith("good")}
    assert checks == broken, f"no plugin fails {sorted(checks - broken)}; there is no check {sorted(broken - checks)}"


def k5_each_broken_connector_fails_the_one_check_that_is_meant_for_it():
    gallery(transforms=False)


def k5_each_broken_transform_fails_the_one_check_that_is_meant_for_it():
    gallery(transforms=True)


NOTHING_IS_THERE = r"""
#include "gallery.h"

static int no_read(void *self, const struct koppel_read_request *request, struct koppel_batch *out,
                   struct koppel_error *err)
{
    return ((struct gallery *)self)->host->batch_end(out, "0", 0, err);
}

GALLERY(.read = no_read);
"""
NOBODY_CAN_LOOK = r"""
#define GALLERY_CAN "\"find\",\"create\",\"dry-run\""
#include "gallery.h"

GALLERY();
"""
LOGS_IN = r"""
#include "gallery.h"

static int log_in(struct gallery *g, json_t **list, struct koppel_error *err)
{
    struct koppel_http_request r = KOPPEL_INIT(r);
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    const struct koppel_pair query[] = {KOPPEL_PAIR("login", "1")};
    json_t *whole = NULL;
    char *text = json_dumps(json_pack("{s:s}", "password", g->host->setting(g->ctx, "token")), 0);
    r.method = "POST";
    r.url = g->host->setting(g->ctx, "url");
    KOPPEL_QUERY(r, query);
    r.body = text;
    r.body_bytes = strlen(text);
    r.flags = KOPPEL_HTTP_PRIVATE;
    int rc = g->host->http(g->ctx, &r, &answer, err);
    free(text);
    if (rc == 0)
        rc = g->host->json(g->ctx, answer.body, answer.body_bytes, &whole, err);
    if (rc == 0 && !json_is_string(json_array_get(json_object_get(whole, "session"), 1)))
        rc = g->host->fail(err, KOPPEL_E_AUTH, "no session");
    json_decref(whole);
    g->host->http_done(g->ctx, &answer);
    return rc;
}

static int ask(struct gallery *g, const struct gallery_call *c, json_t **list, struct koppel_error *err)
{
    return log_in(g, list, err) == 0 ? good_ask(g, c, list, err) : -1;
}

static int read_all(void *self, const struct koppel_read_request *request, struct koppel_batch *out,
                    struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET"};
    json_t *list;
    if (ask(g, &call, &list, err) < 0)
        return -1;
    int rc = gallery_emit_all(g, out, list, err);
    json_decref(list);
    return rc < 0 ? rc : g->host->batch_end(out, "0", 0, err);
}

GALLERY(.read = read_all);
"""


class Sourced:
    """A plugin of a source that stands here, in a folder of its own."""

    def __init__(self, name, text):
        self.top = tempfile.mkdtemp(prefix="koppel-sourced-")
        with open(f"{self.top}/{name}.c", "w", encoding="utf-8") as out:
            out.write(text)
        self.path = build(name, f"{self.top}/{name}", f"{self.top}/{name}.c")
        self.config = f"{self.top}/{name}/memory.conf"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)


def k9_a_check_that_could_compare_nothing_says_so():
    def verdicts(plugin, only):
        rows, _ = kit(plugin.path, "--config", plugin.config, "--only", only,
                      env=dict(os.environ, KIT_TOKEN="gallery-token"))
        return {check: (row["verdict"], row["why"]) for check, row in rows.items()}

    with Sourced("empty", NOTHING_IS_THERE) as plugin:
        told = verdicts(plugin, "R")
        for check in ("R2", "R3", "R4", "R5", "R6", "R7", "R8"):
            assert told[check] == ("nothing-to-check", "no list has a record"), f"{check}: {told[check]}"
        assert verdicts(plugin, "W5")["W5"][0] == "passed"
    with Sourced("unseen", NOBODY_CAN_LOOK) as plugin:
        verdict, why = verdicts(plugin, "W5")["W5"]
        assert verdict == "nothing-to-check" and "thing is not read" in why, (verdict, why)


class Doors(Things):
    """The same service, where one logs in first."""
    text = json.dumps({"data": [{"id": "1", "name": "Ann", "price": "1.50"}]}).encode()

    def do_POST(self):
        self.text = json.dumps({"session": [7, "sesame-4711"]}).encode()
        self.do_GET()


def k9_a_recording_holds_no_log_in():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Doors)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Sourced("door", LOGS_IN) as plugin:
        with open(plugin.config, encoding="utf-8") as text:
            changed = text.read().replace('"memory"', '"peer"').replace(":9", f":{server.server_port}")
        with open(plugin.config, "w", encoding="utf-8") as out:
            out.write(changed)
        tape = f"{plugin.top}/tape"
        os.mkdir(tape, 0o755)

        def asked(way, token):
            rows, _ = kit(plugin.path, "--config", plugin.config, way, tape, "--only", "R1",
                          env=dict(os.environ, KIT_TOKEN=token))
            assert rows["R1"]["verdict"] == "passed", rows["R1"]

        asked("--record", "first-password")
        server.shutdown()
        server.server_close()
        files = glob.glob(f"{tape}/*")
        assert len(files) == 2, files
        told = "".join(open(path, encoding="utf-8").read() for path in files)
        assert "Ann" in told and "recorded" in told, told
        assert "sesame-4711" not in told and "first-password" not in told, told
        assert {os.stat(path).st_mode & 0o777 for path in files} == {0o600}, files
        asked("--replay", "another-password")


def k9_a_recorded_write_is_given_again():
    shop = RestShop()
    shop.add(1)
    here = RestPlace(shop)
    here.replace("connectors/shop.json", '"id": "data.id"', '"id": "data.id",\n"put": {"reference": "{job}"}')
    with Place("rest") as place:
        place.write("record.json", '{"name": "Ann", "email": "ann@kit.example"}')
        place.write("rest.test.conf", 'records = { customer = "record.json"; };\n')
        config, tape = f"{here.dir}/connections.d/shop.conf", os.path.join(place.dir, "tape")
        live("shop, recorded", place, config, "--record", tape, "--only", "W", env=here.env, least=6)
        made = [one["reference"] for one in shop.customers.values() if "reference" in one]
        assert len(made) == len(set(made)) >= 3, made
        shop.close()
        here.peers.clear()
        live("shop, replayed", place, config, "--replay", tape, "--only", "W", env=here.env, least=6)
    here.close()


def k8_what_cannot_be_run_is_told():
    def told(*args, code=2):
        done = subprocess.run([KOPPEL, "plugin-test", *args], capture_output=True, text=True)
        assert done.returncode == code, f"{args}: {done.returncode} {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    with Place("null") as place:
        assert "No such file" in told(f"{place.dir}/none.so")
        assert "is no shared library" in told(place.write("text.so", "x" * 100))
        assert "is no NAME.so" in told(place.write("null.txt", "x"))
        assert "no check Z9" in told(place.path, "--only", "Z9")
        assert "cannot be read" in told(place.path, "--previous", f"{place.dir}/none.json")
        assert "none.conf" in told(place.path, "--config", f"{place.dir}/none.conf")
        other = place.write("other.conf", 'name = "x"; connector = "file"; settings = { path = "/none"; };\n')
        shutil.copy(built("file"), place.dir)
        assert "is a connection of file, not of null" in told(place.path, "--config", other)
        only = told(place.path, "--only", "X", code=0)
        assert only.count("\nok ") + 1 == 9 and "A1" not in only, only
        place.write("null.test.conf", 'skip = ( { check = "A6"; } );\n')
        assert "null.test.conf:1: " in told(place.path)
        place.write("null.test.conf", 'skip = ( { check = "A6"; why = "the version comes from elsewhere"; } );\n')
        out = told(place.path, code=0)
        assert "A6 its version is a short word # SKIP left out: the version comes from elsewhere" in out, out
        assert " 1 left out" in out, out
        # the folder that the checks work in is gone
        env = dict(os.environ, TMPDIR=f"{place.dir}/tmp")
        os.mkdir(f"{place.dir}/tmp")
        kit(place.path, "--only", "L", env=env)
        assert os.listdir(f"{place.dir}/tmp") == [], os.listdir(f"{place.dir}/tmp")


if __name__ == "__main__":
    with open(KOPPEL, "rb") as program:
        if re.search(rb"__(a|t)san_init", program.read()):
            print("the kit looks at malloc and bounds memory, which a sanitizer has in its own hands")
            sys.exit(77)
    main([k0_the_manual_tells_every_check, k1_every_shipped_plugin_passes,
          k2_connectors_without_a_network_pass_with_somebody_to_ask, k3_the_vendors_connectors_pass_against_the_sandbox,
          k4_what_was_recorded_is_enough_to_ask_again,
          k5_each_broken_connector_fails_the_one_check_that_is_meant_for_it,
          k5_each_broken_transform_fails_the_one_check_that_is_meant_for_it, k6_described_connectors_pass,
          k6_described_connectors_pass_with_their_systems,
          k7_what_is_built_outside_of_the_tree_passes, k8_what_cannot_be_run_is_told,
          k9_a_check_that_could_compare_nothing_says_so, k9_a_recording_holds_no_log_in,
          k9_a_recorded_write_is_given_again])
