#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel(1) and --help tell the same: every command, its arguments and its options, both ways."""
import os
import re
import subprocess
import sys

BUILD = os.environ.get("KOPPEL_BUILD_DIR", ".")
PAGE = os.path.join(os.path.dirname(__file__), "..", "..", "core", "koppel.1")
bad = []


def koppel(*args):
    done = subprocess.run([os.path.join(BUILD, "koppel"), *args], capture_output=True, text=True, timeout=20,
                          env=dict(os.environ, KOPPEL_CONFIG="/nowhere"))
    return done.returncode, done.stdout, done.stderr


def expect(found, wanted, what):
    if found != wanted:
        bad.append(f"{what}: {found!r} in one, {wanted!r} in the other")


def page_commands():
    """{name: (arguments, {option: value})} of the lines `.It Cm NAME ...`."""
    commands = {}
    for line in open(PAGE):
        if not line.startswith(".It Cm "):
            continue
        words = line.split()[2:]
        name, text = words[0], " ".join(words[1:])
        options = dict(re.findall(r"Fl Fl (\w+)(?: Ar (\w+))?", text))
        text = re.sub(r"Op Fl Fl \w+(?: Ar \w+)?", "", text)
        text = text.replace("Oo ", "[").replace(" Oc", "]")
        text = re.sub(r"Op ([^\[\]]*)", lambda m: "[" + m.group(1).strip() + "]", text)
        text = re.sub(r"Ar (\w+)", lambda m: m.group(1).upper(), text).replace("Cm ", "").replace(" ...", "...")
        commands[name] = (" ".join(text.split()), options)
    return commands


def help_command(name):
    code, out, err = koppel(name, "--help")
    expect((code, err), (0, ""), f"koppel {name} --help ends with")
    usage = out.splitlines()[0]
    start = f"usage: koppel [-c DIR] [-l FORM] [-v] {name}"
    if not usage.startswith(start):
        bad.append(f"koppel {name} --help begins: {usage}")
    options = {m.group(1): (m.group(2) or "").lower() for m in re.finditer(r"^ +--(\w+)(?: ([A-Z]+))? ", out, re.M)}
    rest = usage[len(start):].strip()
    has_options = rest.startswith("[OPTION...]")
    expect(has_options, bool(options), f"koppel {name} --help: [OPTION...] and its options")
    return rest.removeprefix("[OPTION...]").strip(), options


code, out, err = koppel("--help")
expect(code, 0, "koppel --help ends with")
listed = re.findall(r"^  ([a-z-]+) ", out, re.M)
page = page_commands()
expect(sorted(listed), sorted(page), "commands of --help and koppel(1)")
every = set().union(*(options for _, options in page.values()))
for name in listed:
    arguments, options = help_command(name)
    if name not in page:
        continue
    expect(arguments, page[name][0], f"arguments of {name}, --help and koppel(1)")
    expect(options, page[name][1], f"options of {name}, --help and koppel(1)")
    for other in sorted(every - set(options)):
        value = next(o[other] for _, o in page.values() if other in o)
        code, _, err = koppel(name, f"--{other}" + (f"={dict(state='done', lang='en').get(value, 1)}" if value else ""))
        if code != 64 or f"{name} takes no --{other}" not in err:
            bad.append(f"koppel {name} --{other}: {code} {err.strip()}, not a refusal")
for args, wanted in ((("chekc",), 'perhaps "check"'), (("sync",), "usage: koppel"), (("--nonsense",), "try: koppel --help"),
                     (("jobs", "--limit", "many"), "not a number from 1 to"), (("jobs", "--limit", "0"), "not a number from 1 to"), (("jobs", "--limit"), "--limit takes N"),
                     (("jobs", "--lmit", "3"), "perhaps --limit; try: koppel jobs --help"),
                     (("--verison",), "perhaps --version"), (("status", "--json=1"), "--json takes no value"),
                     (("jobs", "--state", "dnoe"), 'perhaps "done": new, done, skipped, parked or waiting'),
                     (("-x", "status"), "no option -x; try: koppel status --help"), (("retry",), "usage: koppel"),
                     (("retry", "orders/0/1", "--all"), "usage: koppel"), (("plugins", "show"), "usage: koppel"),
                     (("check", "everything"), "usage: koppel")):
    code, _, err = koppel(*args)
    if code != 64 or wanted not in err:
        bad.append(f"koppel {' '.join(args)}: {code} {err.strip()}")
print("\n".join(bad) if bad else f"{len(listed)} commands agree")
sys.exit(1 if bad else 0)
