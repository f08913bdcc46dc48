#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every recipe of koppel-cookbook(7) does what the page says.

Its displays are put into the shipped example, by the marks that examples.py knows; lines that begin with `koppel` are
run. The display below a comment
  .\\" case: FLOW CASE {"path": value, ...}
tells what then becomes of the record of that case in conf/cases with these values in it. Without the recipe it becomes
something else, or there would be no need for it."""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import examples
from cases import prepare

BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
PAGE = os.path.join(examples.SRC, "conf", "koppel-cookbook.7")


def recipes(text):
    """(title, [(mark, text)], (flow, case, changes), [(path, value)]) of each."""
    for section in text.partition(".Sh RECIPES\n")[2].partition("\n.Sh ")[0].split(".Ss ")[1:]:
        title, _, rest = section.partition("\n")
        shown = re.findall(r'^((?:\.\\" [^\n]*\n)+)\.Bd -literal\n(.*?)^\.Ed$', rest, re.M | re.S)
        parts, case, want = [], None, []
        for marks, display in shown:
            display = display.replace("\\&", "").replace("\\e", "\\").replace("\\-", "-")
            found = re.search(r'^\.\\" case: (\S+) (\S+) (.*)$', marks, re.M)
            if found:
                case = (found.group(1), found.group(2), json.loads(found.group(3)))
                want = [line.split(" = ", 1) for line in display.splitlines()]
            else:
                parts.append((re.search(r'^\.\\" example: (.*)$', marks, re.M).group(1), display))
        yield title, parts, case, want


def steps(path):
    """a.b[0][] as ["a", "b", 0, "*"]."""
    return [step if step[0] != "[" else int(step[1:-1]) if step != "[]" else "*"
            for step in re.findall(r"[^.\[\]]+|\[\d*\]", path)]


def value_at(value, path):
    """The value there; a [] gives the list of those of every element."""
    for at, step in enumerate(path):
        if step == "*":
            return [value_at(one, path[at + 1:]) for one in value or []]
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def put_value(record, path, value):
    for step in path[:-1]:
        record = record[step] if isinstance(step, int) else record.setdefault(step, {})
    record[path[-1]] = value


def outcome(top, env, case):
    """What becomes of the changed record of a case."""
    flow, name, changes = case
    folder = f"{top}/flows.d/{flow}.cases"
    given = json.loads(examples.read(f"{folder}/{name}.in.json"))
    for path, value in changes.items():
        put_value(given["source"], steps(path), value)
    examples.write(f"{folder}/recipe.in.json", json.dumps(given))
    done = subprocess.run([f"{BUILD}/koppel", "test", flow, "recipe", "--json"], env=env, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0 and done.stdout, done.stdout + done.stderr
    one = json.loads(done.stdout)["cases"][0]
    return {**one["got"], "detail": one["detail"]}


def apply(top, env, parts):
    for mark, text in parts:
        if mark != "none":
            examples.put(top, PAGE, mark, text)
        for line in text.splitlines() if mark == "none" else []:
            done = subprocess.run([f"{BUILD}/koppel", *shlex.split(line)[1:]], env=env, capture_output=True, text=True,
                                  timeout=60)
            assert done.returncode == 0, (line, done.stdout + done.stderr)


def without_cases(top):
    """The recipe changes what the cases expect, which is its purpose."""
    for folder in os.listdir(f"{top}/flows.d"):
        for name in os.listdir(f"{top}/flows.d/{folder}") if folder.endswith(".cases") else []:
            if name.endswith(".out.json"):
                os.remove(f"{top}/flows.d/{folder}/{name}")


def try_recipe(parts, case):
    """What becomes of the record before and after."""
    with tempfile.TemporaryDirectory() as outer:
        top = os.path.join(outer, "conf")
        env = prepare(top)
        without_cases(top)
        before = outcome(top, env, case)
        apply(top, env, parts)
        after = outcome(top, env, case)
        os.remove(f"{top}/flows.d/{case[0]}.cases/recipe.in.json")
        done = subprocess.run([f"{BUILD}/koppel", "check"], env=env, capture_output=True, text=True, timeout=60)
        # what the recipe takes the place of is not used any more; the cases say nothing here
        told = [line for line in done.stderr.splitlines()
                if not re.search("warning: (no rule of flow .* uses table|nothing says what becomes)", line)]
        assert done.returncode == 0 and not told, told
        return before, after


def main():
    bad, count = [], 0
    for title, parts, case, want in recipes(examples.read(PAGE)):
        count += 1
        if not parts or not case or not want:
            bad.append(f"{title}: has no snippet, no case or no outcome")
            continue
        try:
            before, after = try_recipe(parts, case)
        except AssertionError as wrong:
            bad.append(f"{title}: {wrong}")
            continue
        found = [(path, json.dumps(value_at(after, steps(path)), ensure_ascii=False)) for path, _ in want]
        for (path, value), (_, real) in zip(want, found):
            if json.loads(value) != json.loads(real):
                bad.append(f"{title}: {path} is {real}, the page says {value} ({after['detail']})")
        if all(value_at(before, steps(path)) == value_at(after, steps(path)) for path, _ in want):
            bad.append(f"{title}: without the recipe it is the same")
    if count < 20:
        bad.append(f"{count} recipes")
    print("\n".join(bad) if bad else f"{count} recipes do what the page says")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
