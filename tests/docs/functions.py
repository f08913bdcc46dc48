#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions of transforms: their examples hold in the real program, from a file to a file; `koppel plugins show`
tells all of them; and the section FUNCTIONS of each manual page is what the catalogue says. --write makes that
section anew."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

SRC = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
KOPPEL = os.path.join(BUILD, "koppel")
HOME = 'home = { country = "NL"; currency = "EUR"; zone = "Europe/Amsterdam"; language = "nl"; };\n'
bad = []


# What is built only where its library is, by a file that it needs.
OPTIONAL = {"jq": "plugins/jq/koppel-jq"}


def transforms():
    """{plugin: functions of its catalogue}"""
    found = {}
    for path in sorted(glob.glob(f"{SRC}/plugins/*/*.json")):
        with open(path, encoding="utf-8") as text:
            functions = json.load(text).get("functions")
        if functions:
            found[os.path.basename(path)[:-5]] = functions
    return found


def is_built(plugin):
    return plugin not in OPTIONAL or os.path.exists(os.path.join(BUILD, OPTIONAL[plugin]))


# ---- the manual page ----

def roff(text):
    """As it stands in a page, wherever that is."""
    for sign, name in (("\\", "\\e"), ('"', "\\(dq"), ("'", "\\(aq"), ("-", "\\-"), ("^", "\\(ha"), ("~", "\\(ti"),
                       ("`", "\\(ga")):
        text = text.replace(sign, name)
    text = "".join(c if " " <= c <= "~" else f"\\[u{ord(c):04X}]" for c in text)
    return "\\&" + text if text[:1] in (".", " ", "") else text


def prose(text):
    """Lines of sentences, each from a line of its own; a dash in them is what it is typed as."""
    return [roff(line).replace("\\-", "-") for one in re.split(r"(?<=\.) (?=[A-Z])", text)
            for line in textwrap.wrap(one, 96, break_on_hyphens=False)]


def kind(arg):
    """What an argument may be, as `koppel plugins show` tells it."""
    of, low, high = arg.get("type", "text"), arg.get("min"), arg.get("max")
    if of == "choice":
        return "one of " + ", ".join(arg["values"])
    if of == "integer" and low is not None and high is not None:
        return f"integer, {low} to {high}"
    if of == "text" and (low or high is not None):
        return f"text of at least {low} byte{'' if low == 1 else 's'}" if high is None else \
            f"text of {low or 0} to {high} bytes"
    return of


def limits(arg):
    told = [kind(arg)]
    if arg.get("required"):
        told.append("required")
    if "default" in arg:
        told.append("default " + json.dumps(arg["default"], ensure_ascii=False))
    return "; ".join(told)


def call(name, args):
    """As it is written in `via`, where a list is needed for a colon."""
    if all(isinstance(one, str) and not re.search(r'[:"\\]', one) for one in args):
        return '"' + ":".join([name, *args]) + '"'
    return "[ " + ", ".join(json.dumps(one, ensure_ascii=False) for one in [name, *args]) + " ]"


def shown(name, example):
    """An example as `koppel plugins show` prints it."""
    compact = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    start = f"{compact(example['in'])} via {call(name, example.get('args', []))} "
    for key, verb in (("error", "fails"), ("skip", "is left out")):
        if key in example:
            return f"{start}{verb}: {example[key]}"
    return start + "is " + compact(example["out"])


def section(functions):
    """The lines of FUNCTIONS."""
    lines = [".Bl -tag -width Ds"]
    for f in functions:
        args = f.get("args", [])
        lines.append(" ".join([".It Cm", f["name"]] + [("" if a.get("required") else "Op ") + "Ar " + a["name"]
                                                      for a in args]))
        lines += prose(f["help"])
        for at, arg in enumerate(args):
            lines += [".Pp" if at == 0 else ".br", f".Ar {arg['name']}"] + prose(f"({limits(arg)}): {arg['help']}")
        lines += ['.\\" example: none', ".Bd -literal"]
        lines += [roff(shown(f["name"], example)) for example in f["examples"]] + [".Ed"]
    return lines + [".El"]


def check_page(plugin, functions, write):
    path = f"{SRC}/plugins/{plugin}/koppel-{plugin}.7"
    if not os.path.exists(path):
        bad.append(f"plugin {plugin} has no page {path}")
        return
    text = open(path, encoding="utf-8").read()
    start = text.index(".Sh FUNCTIONS\n") + len(".Sh FUNCTIONS\n")
    end = text.index("\n.Sh ", start)
    wanted = "\n".join(section(functions))
    if text[start:end] == wanted:
        return
    if write:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text[:start] + wanted + text[end:])
        return
    has = text[start:end].split("\n")
    lines = wanted.split("\n")
    at = next((n for n, (a, b) in enumerate(zip(has, lines)) if a != b), min(len(has), len(lines)))
    bad.append(f"{os.path.relpath(path, SRC)} is not what the catalogue says, from \"{(has[at:at + 1] or ['its end'])[0]}\"; "
               f"tests/docs/functions.py --write makes it so")


# ---- the real program ----

class Place:
    """A configuration whose one flow maps {"id", "v"} of a file, each record by a rule of its own."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-functions-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.write("koppel.conf", 'store = { path = "koppel.db"; };\n' + HOME)
        self.write("secret.key", "00" * 32 + "\n")
        os.chmod(f"{self.dir}/secret.key", 0o600)
        for side in ("in", "out"):
            self.write(f"connections.d/{side}.conf", f'name = "{side}";\nconnector = "file";\n'
                       f'settings = {{ path = "{self.dir}/{side}.json"; key = "id"; }};\n')

    def write(self, name, text):
        os.makedirs(os.path.dirname(os.path.join(self.dir, name)), exist_ok=True)
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as out:
            out.write(text)

    def flow(self, cases):
        """cases: (plugin, function, example); the rule of number i stands on line i + 6."""
        rules = []
        for number, (plugin, f, example) in enumerate(cases):
            via = ", ".join(json.dumps(one, ensure_ascii=False)
                            for one in [f"{plugin}.{f['name']}", *example.get("args", [])])
            rules.append(f'  {{ to = "r"; from = "v"; via = ( ( {via} ) ); '
                         f'when = ( {{ field = "id"; is = "{number}"; }} ); }}')
        self.write("flows.d/f.conf", 'name = "f";\nfrom = { connection = "in"; entity = "record"; };\n'
                   'to = { connection = "out"; entity = "record"; };\nmap = (\n  { to = "id"; from = "id"; },\n'
                   + ",\n".join(rules) + " );\n")
        self.write("in.json", "".join(json.dumps({"id": str(n), "v": e["in"]}) + "\n"
                                      for n, (_, _, e) in enumerate(cases)))

    def run(self, *args):
        return subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=120)

    def mistakes(self):
        """{number of a case: what `koppel check` says of its line}"""
        told = self.run("check").stderr
        return {int(line) - 6: words for line, words in re.findall(r"flows\.d/f\.conf:(\d+): (?!warning)(.*)", told)}

    def results(self):
        """({id: record that arrived}, {id: why it parked})"""
        done = self.run("sync", "f")
        if not os.path.exists(f"{self.dir}/out.json"):
            bad.append(f"nothing arrived: {done.stderr}")
            return {}, {}
        with open(f"{self.dir}/out.json", encoding="utf-8") as out:
            records = {r["id"]: r for r in map(json.loads, out)}
        jobs = map(json.loads, self.run("jobs", "--state", "parked", "--limit", "1000", "--json").stdout.splitlines())
        return records, {job["key"]: job["detail"] for job in jobs}

    def close(self):
        shutil.rmtree(self.dir)


def is_nothing(value):
    return value is None or value in ("", [])


def try_examples(functions):
    cases = [(plugin, f, e) for plugin, all_of_it in functions.items() for f in all_of_it if f.get("of") != "record"
             for e in f.get("examples", [])]
    place = Place()
    place.flow(cases)
    wrong = place.mistakes()
    for number, (plugin, f, example) in enumerate(cases):
        if number in wrong and example.get("error", "\0") not in wrong[number]:
            bad.append(f"{plugin}.{shown(f['name'], example)}: koppel check says {wrong[number]}")
    cases = [case for number, case in enumerate(cases) if number not in wrong]
    place.flow(cases)
    records, parked = place.results()
    for number, (plugin, f, example) in enumerate(cases):
        key, what = str(number), f"{plugin}.{shown(f['name'], example)}"
        if "error" in example:
            if example["error"] not in parked.get(key, ""):
                bad.append(f"{what}: it gave {records.get(key)}, {parked.get(key)}")
        elif key not in records:
            bad.append(f"{what}: it parked: {parked.get(key)}")
        elif records[key].get("r") != example["out"] and not (is_nothing(example["out"]) and "r" not in records[key]):
            bad.append(f"{what}: it gave {records[key].get('r')!r}")
    place.close()
    return len(cases) + len(wrong)


def check_shown(plugin, functions):
    done = subprocess.run([KOPPEL, "plugins", "show", plugin], capture_output=True, text=True, timeout=20,
                          env=dict(os.environ, KOPPEL_CONFIG="/nowhere", KOPPEL_PLUGINS=os.path.join(BUILD, "plugins")))
    lines = [line.strip() for line in done.stdout.splitlines()]
    for f in functions:
        wanted = [shown(f["name"], example) for example in f.get("examples", [])]
        wanted += [f"{a['name']} ({limits(a)}): {a['help']}" for a in f.get("args", [])]
        bad.extend(f"koppel plugins show {plugin} lacks: {one}" for one in wanted if one not in lines)
        if not f.get("examples"):
            bad.append(f"{plugin}.{f['name']} has no example")


def main():
    found = transforms()
    if "--write" in sys.argv[1:]:
        for plugin, functions in found.items():
            check_page(plugin, functions, True)
    else:
        for plugin, functions in found.items():
            check_page(plugin, functions, False)
            if is_built(plugin):
                check_shown(plugin, functions)
            else:
                print(f"{plugin} is not built, so its examples were not tried")
        count = try_examples({plugin: functions for plugin, functions in found.items() if is_built(plugin)})
        print(f"{len(found)} transforms, {sum(map(len, found.values()))} functions, {count} examples tried")
        if not count:
            bad.append("no example was found")
    print("\n".join(bad[:60]), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
