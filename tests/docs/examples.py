#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every example of the manual pages that is a configuration passes `koppel check`.

A comment before the display says what it is, so that none is passed over:
  .\\" example: connections.d/till.conf         a whole file of a configuration
  .\\" example: flows.d/orders.conf references  this setting of that file
  .\\" example: flows.d/orders.conf map         a rule of that file's map
  .\\" example: overlay.json                    an overlay of the page's connector
  .\\" example: connectors/desk.json            a description, with a connection of it
  .\\" example: none                            no configuration
Each is put into the shipped example in the place of what stands there."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
SRC = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PAGES = sorted(glob.glob(f"{SRC}/conf/*.5") + glob.glob(f"{SRC}/core/*.1") + glob.glob(f"{SRC}/plugin-sdk/*.7") +
               glob.glob(f"{SRC}/plugins/*/*.7"))
bad = []
ANY = {"url": "https://any.example"}  # what a setting of such a type may be


def displays(page):
    """(line, mark or "", text) of each display of a page."""
    lines = open(page, encoding="utf-8").read().splitlines()
    for at, line in enumerate(lines):
        if not line.startswith(".Bd"):
            continue
        mark = re.fullmatch(r'\.\\" example: (.*)', lines[at - 1])
        text = "\n".join(lines[at + 1:lines.index(".Ed", at)]) + "\n"
        yield at + 1, mark.group(1) if mark else "", text.replace("\\&", "").replace("\\e", "\\").replace("\\-", "-")


def setting_end(text, start):
    """Behind the `;` that ends the setting which begins at start."""
    depth, quoted = 0, False
    for at in range(start, len(text)):
        letter = text[at]
        if letter == '"' and text[at - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(letter, 0)
            if letter == ";" and depth == 0:
                return at + 1
    raise ValueError("a setting without an end")


def with_setting(text, name, setting):
    """A file's text with this setting in the place of its own."""
    found = re.search(rf"^{name}\s*=", text, re.M)
    if not found:
        return text + setting
    return text[:found.start()] + setting + text[setting_end(text, found.start()):]


def read(path):
    with open(path, encoding="utf-8") as source:
        return source.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def sheet(text, table):
    """What a file holds whose columns some tables name; "": none does."""
    columns = []
    for keys, value in re.findall(rf'file = "{table}";\s*keys = \[([^]]*)\];\s*value = "([^"]*)"', text):
        columns += [c for c in re.findall('"([^"]*)"', keys) + [value] if c not in columns]
    return ",".join(columns) + "\n" + ",".join("*" for _ in columns) + "\n" if columns else ""


def put(top, page, mark, text):
    """Puts the example into the configuration."""
    name, _, member = mark.partition(" ")
    path = os.path.join(top, name)
    if name == "overlay.json":
        connector = os.path.basename(page).rsplit(".", 1)[0]
        for connection in glob.glob(f"{top}/connections.d/*.conf"):
            if f'connector = "{connector}"' in read(connection):
                write(connection, 'overlay = "overlay.json";\n' + read(connection))
    elif name.startswith("connectors/"):
        # a connection of it, beside one that the page may have
        description = json.loads(text)
        other = os.path.basename(name)[:-5]
        settings = "".join(f'{one["name"]} = "{ANY.get(one.get("type"), "env:MPLUS_SECRET")}"; '
                           for one in description["settings"] if one.get("required"))
        write(f"{top}/connections.d/{other}.conf",
              f'name = "{other}";\nconnector = "{other}";\nsettings = {{ {settings}}};\n')
    elif member == "map":
        rules = text if text.startswith("map =") else f"map = ( {text} );\n"
        text = with_setting(read(path), "map", rules)
    elif member:
        text = with_setting(read(path), member, text)
    # whatever table it names is there, and leads everything to the same
    if name.startswith("flows.d/"):
        for table in re.findall(r'"(tables/[^"]+)"', text):
            if not os.path.exists(os.path.join(top, table)):
                write(os.path.join(top, table), sheet(text, table) or "*,1\n")
        for table in re.findall(r'\btable = "([^"]+)"', text):
            if not re.search(rf"\b{table} = ", text.partition("tables")[2]):
                text = text.replace("tables = {", f'tables = {{ {table} = "tables/any.csv";', 1)
                write(os.path.join(top, "tables/any.csv"), "*,1\n")
    write(path, text)


def check(page, line, mark, text):
    with tempfile.TemporaryDirectory() as outer:
        top, secrets = os.path.join(outer, "conf"), os.path.join(outer, "secrets")
        shutil.copytree(f"{SRC}/conf/example", top)
        os.mkdir(secrets)
        write(f"{top}/secret.key", "00" * 32 + "\n")
        write(f"{secrets}/asperion-secret", "s\n")
        for path in (f"{top}/secret.key", f"{secrets}/asperion-secret"):
            os.chmod(path, 0o600)
        os.mkdir(f"{top}/connectors")
        for _, other, described in displays(page):
            if other.startswith("connectors/"):
                write(os.path.join(top, other), described)
        put(top, page, mark, text)
        env = dict(os.environ, KOPPEL_PLUGINS=f"{BUILD}/plugins", KOPPEL_DATADIR=f"{SRC}/conf",
                   CREDENTIALS_DIRECTORY=secrets, MPLUS_IDENT="i", MPLUS_SECRET="s", ASPERION_CLIENT_SECRET="s")
        done = subprocess.run([f"{BUILD}/koppel", "-c", top, "check"], env=env, capture_output=True, text=True,
                              timeout=60)
        # an example's rule may take the place of the one that used a table of the shipped flow
        told = [one.replace(top + "/", "") for one in done.stderr.splitlines()
                if not re.search(r"warning: (no rule of flow .* uses table|no flow uses connection)", one)]
        if done.returncode != 0 or told:
            bad.append(f"{os.path.relpath(page, SRC)}:{line}: {mark}: koppel check ends with {done.returncode}: " +
                       "; ".join(told))


def main():
    count = 0
    for page in PAGES:
        for line, mark, text in displays(page):
            if not mark:
                bad.append(f'{os.path.relpath(page, SRC)}:{line}: say what it is: .\\" example: FILE, or none')
            elif mark != "none":
                count += 1
                check(page, line, mark, text)
    if count == 0:
        bad.append("there is no example at all")
    print("\n".join(bad) if bad else f"{count} examples pass")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
