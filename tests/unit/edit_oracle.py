#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random edits of configuration files, each held against what this file makes of the text by itself:
libconfig's tree must be the old one plus the change, and every byte that is not the value's stays.
The files are those of the tree, and ones made up with every form that libconfig reads. Where is
edit_tool: $EDIT_TOOL, or beside the place where the test runs. SEED repeats a run, EDITS sets its
length."""
import collections
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TOKEN = re.compile(rb"""(?s)(?P<blank>[ \t\r\f\n]+)|(?P<comment>(?:\#|//)[^\n]*?(?=\r*\n|\Z)|/\*.*?\*/)
 |(?P<text>"(?:\\.|[^"\\])*")|(?P<include>@include[ \t]+"[^"]*")|(?P<number>0[xX][0-9a-fA-F]+L{0,2}
 |[-+]?\d*\.\d*(?:[eE][-+]?\d+)?|[-+]?\d+(?:\.\d*)?[eE][-+]?\d+|[-+]?\d+L{0,2})
 |(?P<word>[A-Za-z*][-A-Za-z0-9_*]*)|(?P<mark>[=:,;{}\[\]()])""", re.X)
CLOSING = {b"{": b"}", b"[": b"]", b"(": b")"}


class File:
    """The tokens that are no blanks, and the blanks before each (and behind the last)."""

    def __init__(self, name, text):
        self.name, self.text, self.tokens, self.gaps, at, gap = name, text, [], [], 0, b""
        while at < len(text):
            m = TOKEN.match(text, at)
            assert m, (name, text[at:at + 40])
            at = m.end()
            if m.lastgroup == "blank":
                gap = m.group()
                continue
            self.tokens.append((m.lastgroup, m.group()))
            self.gaps.append(gap)
            gap = b""
        self.gaps.append(gap)
        self.starts, at = [], 0
        for gap, (_, token) in zip(self.gaps, self.tokens):
            self.starts.append(at + len(gap))
            at = self.starts[-1] + len(token)

    def end(self, i):
        return self.starts[i] + len(self.tokens[i][1])

    def is_comment(self, i):
        return 0 <= i < len(self.tokens) and self.tokens[i][0] == "comment"

    def begins(self, i):
        return i == 0 and (b"\n" in self.gaps[0] or self.gaps[0].strip(b" \t\r") == b"") or b"\n" in self.gaps[i]

    def behind(self, i):
        """The comments that follow token i on its line; None where anything else does."""
        found, j = [], i + 1
        while j < len(self.tokens) and b"\n" not in self.gaps[j]:
            if not self.is_comment(j) or b"\n" in self.tokens[j][1]:
                return None
            found.append(j)
            j += 1
        return found

    def above(self, i):
        """The comment lines directly above token i, which begins its line."""
        found = []
        while self.is_comment(i - 1) and self.gaps[i].count(b"\n") == 1:
            m = i - 1
            while self.is_comment(m - 1) and b"\n" not in self.gaps[m]:
                m -= 1
            if not self.begins(m):
                break
            found += range(m, i)
            i = m
        return found


class Node:
    """first, value, last: of its tokens in file; stop: the ; or comma behind it, as (file, token)."""

    def __init__(self, parent, file, first):
        self.parent, self.file, self.first, self.name = parent, file, first, None
        self.items, self.kind, self.stop = [], "scalar", None

    def every(self):
        for one in self.items:
            yield one
            yield from one.every()

    def path(self):
        if not self.parent:
            return ""
        step = self.name.decode() if self.name else str(self.parent.items.index(self))
        return (self.parent.path() + "/" + step).lstrip("/")

    def text(self):
        return self.file.text[self.file.starts[self.value]:self.file.end(self.last)]


def parse(folder, name):
    files = {}

    def tokens(one):
        if one not in files:
            with open(os.path.join(folder, one), "rb") as source:
                files[one] = File(one, source.read())
        for i, (kind, text) in enumerate(files[one].tokens):
            if kind == "include":
                yield from tokens(text.split(b'"')[1].decode())
            elif kind != "comment":
                yield files[one], i, kind, text

    line = list(tokens(name)) + [(None, 0, "end", b"")]
    at = 0

    def value(node):
        nonlocal at
        node.file, node.value, kind, text = line[at]
        at += 1
        if text in CLOSING:
            node.kind = text.decode()
            items(node, CLOSING[text])
            at += 1
        while kind == "text" and line[at][2] == "text":
            at += 1
        assert line[at - 1][0] is node.file
        node.last = line[at - 1][1]

    def items(node, closing):
        nonlocal at
        while line[at][3] != closing:
            one = Node(node, line[at][0], line[at][1])
            node.items.append(one)
            if closing in (b"}", b""):
                one.name = line[at][3]
                at += 2
            value(one)
            if line[at][3] in (b",", b";") and line[at][2] == "mark":
                one.stop = line[at][:2]
                at += 1

    root = Node(None, files.get(name), 0)
    root.kind = "{"
    items(root, b"")
    root.file = files[name]
    return root, files


# ---- files that are made up ----

def blanks(rnd, eol, line=True):
    """Blanks and comments between two tokens; line: a line break may be among them."""
    pieces = [b"", b" ", b" ", b"  ", b"\t", b"/* c */", b" /*a\n b*/ "]
    if line:
        pieces += [eol, eol + b"  ", b" # why" + eol, b" // 'so'" + eol + b"\t", eol + eol + b"# \"x\" = {" + eol,
                   eol + b"  # one" + eol + b"  # two" + eol + b"  "]
    return rnd.choice(pieces)


def scalar(rnd):
    return rnd.choice([b'"text"', b'"a" "b"', b'"a\\"b#c"', b'"x" /* between */ "y"', b"1", b"-2", b"0x1F", b"7L", b"1.5", b".5",
                       b"1e3", b"true", b"False", '"é€"'.encode(), b'""', b'"two\nlines"'])


class Maker:
    def __init__(self, rnd, folder):
        self.rnd, self.folder, self.includes = rnd, folder, 0
        self.eol = rnd.choice([b"\n", b"\n", b"\r\n"])
        self.wild = rnd.random() < 0.5

    def gap(self, line=True):
        return blanks(self.rnd, self.eol, line) if self.wild else b" "

    def value(self, depth, indent):
        kind = self.rnd.randrange(8 if depth else 4)
        if kind < 4:
            return scalar(self.rnd)
        if kind == 4:
            same = self.rnd.choice([[b'"a"', b'"b"', b'"c" "d"'], [b"1", b"2", b"-3"], [b"true", b"false"]])
            return self.some([self.rnd.choice(same) for _ in range(self.rnd.randrange(5))], b"[", b"]", b",", indent)
        if kind == 5:
            return self.some([self.value(depth - 1, indent + b"  ") for _ in range(self.rnd.randrange(4))], b"(", b")", b",",
                             indent)
        return self.some(self.members(depth - 1, indent + b"  "), b"{", b"}", None, indent)

    def members(self, depth, indent):
        names = self.rnd.sample(["a", "b", "to", "from", "match", "b-c", "x_1", "missing", "*"], self.rnd.randrange(5))
        return [n.encode() + self.gap() + self.rnd.choice([b"=", b"=", b":"]) + self.gap() + self.value(depth, indent)
                + self.rnd.choice([b";", b";", b";", b",", b" "]) for n in names]

    def some(self, inside, opening, closing, between, indent):
        form = self.rnd.randrange(3) if inside else 0
        lines = form == 1
        out = [opening, self.eol if lines else self.gap()]
        for i, one in enumerate(inside):
            comma = between if between and i < len(inside) - 1 else b""
            if lines:
                if self.rnd.random() < 0.3:
                    out.append(indent + b"  # about " + str(i).encode() + self.eol)
                tail = self.rnd.choice([b"", b"", b" # behind", b" /* behind */"])
                text = indent + b"  " + one + comma + tail + self.eol
                if self.rnd.random() < 0.12:
                    self.includes += 1
                    name = "part%d.conf" % self.includes
                    with open(os.path.join(self.folder, name), "wb") as into:
                        into.write(text)
                    text = b'@include "' + name.encode() + b'"' + self.eol
                out.append(text)
            else:
                out.append(one + comma + (self.gap() or b" "))
        out.append((indent if lines else b"") + closing)
        return b"".join(out)

    def file(self):
        out = b"".join(m + (self.gap() if self.wild and self.rnd.random() < 0.3 else self.eol) for m in self.members(4, b""))
        head = self.rnd.choice([b"", b"# about all of it" + self.eol, b"/* x */"])
        text = head + out
        return text.rstrip(b"\r\n") if self.rnd.random() < 0.2 and not re.search(rb"(#|//)[^\n]*\s*\Z", text) else text


# ---- one edit ----

def words(text):
    return [t for _, t in File("", text).tokens]


def quoted(text):
    table = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\\": "\\\\", '"': '\\"'}
    return ('"' + "".join(table.get(c, c) for c in text) + '"').encode()


VALUES = ['"x"', "42", "true", "-1.5", "[ 1, 2 ]", '( "a", { b = 1; } )', "{ }", '"a" "b"', '{ x = "y"; # c\n }', "paid", "5m",
          'a "b" \\c', "é", "", "0x10L", "a\nb", "12a", "{\n  z = 1;\n}"]


class Bad(Exception):
    pass


def want(true, *why):
    if not true:
        raise Bad(*why)


def literal(given, old):
    """The value as it is to stand in the file."""
    text = old is not None and old.text().startswith(b'"')
    plain = re.fullmatch(r"(?i)true|false|0x[0-9a-f]+L{0,2}|[-+]?\d+L{0,2}|[-+]?(\d*\.\d*(e[-+]?\d+)?|\d+(\.\d*)?e[-+]?\d+)", given)
    if given[:1] and given[0] in '"{[(' or (not text and plain):
        return given.encode()
    return quoted(given)


class Run:
    def __init__(self, tool, rnd):
        self.rnd, self.counts = rnd, collections.Counter()
        self.folder = tempfile.mkdtemp(prefix="koppel-edit-")
        self.tool = subprocess.Popen([tool, self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.corpus = [p for p in glob.glob(TOP + "/conf/**/*.conf", recursive=True)]
        assert len(self.corpus) > 20

    def ask(self, order, path="", value="", number=0):
        fields = (order, os.path.join(self.folder, "main.conf"), path, value, str(number))
        self.tool.stdin.write(b"".join(f.encode() + b"\0" for f in fields))
        self.tool.stdin.flush()
        line = self.tool.stdout.readline().decode("utf-8", "surrogateescape").rstrip("\n")
        want(line, "the tool ended")
        return line

    def tree(self):
        line = self.ask("dump")
        want(not line.startswith("error"), line)
        return json.loads(line)

    def value_tree(self, text):
        """What libconfig makes of one value; None where it refuses it."""
        with open(os.path.join(self.folder, "value.conf"), "wb") as out:
            out.write(b"v = " + text + b"\n;")
        fields = ("dump", os.path.join(self.folder, "value.conf"), "", "", "0")
        self.tool.stdin.write(b"".join(f.encode() + b"\0" for f in fields))
        self.tool.stdin.flush()
        return json.loads(self.tool.stdout.readline())["{"][0][1]

    def new_file(self):
        for one in os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, one))
        if self.rnd.random() < 0.3:
            with open(self.rnd.choice(self.corpus), "rb") as source:
                text = source.read()
        else:
            text = Maker(self.rnd, self.folder).file()
        with open(os.path.join(self.folder, "main.conf"), "wb") as out:
            out.write(text)

    def read(self):
        return {n: open(os.path.join(self.folder, n), "rb").read() for n in os.listdir(self.folder) if n != "value.conf"}

    # the place of a node in a tree of libconfig's: its container and key
    def inside(self, tree, node):
        if node.parent is None:
            return tree["{"]
        return next(iter(self.at(tree, node).values()))

    def at(self, tree, node):
        inside = self.inside(tree, node.parent)
        if node.name is not None:
            return next(v for n, v in inside if n == node.name.decode())
        return inside[node.parent.items.index(node)]

    def edit(self):
        root, files = parse(self.folder, "main.conf")
        before, tree, every = self.read(), self.tree(), list(root.every())
        kind = self.rnd.choice(["set", "set", "add", "add", "unset", "unset", "insert", "insert", "move"])
        answer = getattr(self, "try_" + kind)(root, files, tree, every)
        if answer is None:
            return False
        line, expected, check = answer
        after = self.read()
        self.counts[kind] += 1
        if expected is None:
            want(line.startswith("error"), "was taken", line)
            want(after == before, "a refused edit changed a file")
            self.counts["refused"] += 1
            return True
        want(line == "ok", line)
        want(ordered(self.tree()) == ordered(expected), "another tree", self.tree(), expected)
        check(after)
        changed = [n for n in after if after[n] != before[n]]
        self.counts["included"] += any(n != "main.conf" for n in changed)
        return True

    def only(self, after, files, name):
        for n, f in files.items():
            want(n == name or after[n] == f.text, "another file changed", n)

    def try_set(self, root, files, tree, every):
        if not every:
            return None
        node, given = self.rnd.choice(every), self.rnd.choice(VALUES)
        text, array = literal(given, node), node.parent.kind == "["
        value = self.value_tree(text)
        expected = put(self, tree, node, value)
        if array and not fits([v for i, v in enumerate(self.inside(tree, node.parent)) if i != node.parent.items.index(node)],
                              value):
            expected = None
        f = node.file
        wanted = f.text[:f.starts[node.value]] + text + f.text[f.end(node.last):]

        def check(after):
            want(after[f.name] == wanted, "set", after[f.name], wanted)
            self.only(after, files, f.name)
        return self.ask("set", node.path(), given), expected, check

    def try_add(self, root, files, tree, every):
        group = self.rnd.choice([n for n in [root] + every if n.kind == "{"])
        name, given = self.rnd.choice(["new", "new/deep", "new/deep/er"]), self.rnd.choice(VALUES)
        if any(one.name == b"new" for one in group.items):
            return None
        text = literal(given, None)
        value, steps = self.value_tree(text), name.split("/")
        for step in reversed(steps[1:]):
            value, text = {"{": [[step, value]]}, b"{ " + step.encode() + b" = " + text + b"; }"
        sign = None
        if group.items:
            last = group.items[-1]
            sign = last.file.tokens[last.first + 1][1]
            if not re.fullmatch(rb"[ =:]*", last.file.text[last.file.end(last.first):last.file.starts[last.value]]):
                sign = None
        expected = json.loads(json.dumps(tree))
        self.inside(expected, group).append([steps[0], value])
        run = [b"new", sign or b"="] + words(text) + [b";"]
        path = (group.path() + "/" + name).lstrip("/")

        def check(after):
            name = next((n for n in after if n in files and after[n] != files[n].text), None)
            want(name, "nothing changed")
            self.only(after, files, name)
            old, new = files[name], File(name, after[name])
            want(any(same(old, new, [(p, run)]) for p in range(len(old.tokens) + 1)), "add", old.text, new.text)
            in_line(group, old, new, run)
        return self.ask("set", path, given), expected, check

    def try_unset(self, root, files, tree, every):
        if not every:
            return None
        node = self.rnd.choice(every)
        expected = json.loads(json.dumps(tree))
        self.inside(expected, node.parent).remove([node.name.decode(), self.at(expected, node)]) if node.name is not None else \
            self.inside(expected, node.parent).pop(node.parent.items.index(node))
        gone = removed(node)

        def check(after):
            for n, f in files.items():
                new, lost = File(n, after[n]), {i for name, i in gone if name == n}
                want([t for i, t in enumerate(f.tokens) if i not in lost] == new.tokens, "unset", f.text, new.text)
                kept = [i for i in range(len(f.tokens)) if i not in lost]
                for k in range(1, len(kept)):
                    if kept[k] == kept[k - 1] + 1:
                        want(f.gaps[kept[k]] == new.gaps[k], "blanks", f.text, new.text)
        return self.ask("unset", node.path()), expected, check

    def try_insert(self, root, files, tree, every):
        lists = [n for n in every if n.kind in "[("]
        if not lists:
            return None
        node = self.rnd.choice(lists)
        index, given = self.rnd.randrange(len(node.items) + 1), self.rnd.choice(VALUES)
        text = literal(given, None)
        value = self.value_tree(text)
        expected = json.loads(json.dumps(tree))
        if node.kind == "[" and not fits(self.inside(tree, node), value):
            expected = None
        else:
            self.inside(expected, node).insert(index, value)
        last = index == len(node.items)
        step = self.rnd.choice([str(index), "+"]) if last else str(index)

        def check(after):
            if node.items:
                at = node.items[-1 if last else index]
                old, new = at.file, File(at.file.name, after[at.file.name])
                comma = [(at.last + 1, [b","])]
                good = any(same(old, new, comma + [(p, words(text))]) for p in range(at.last + 1, len(old.tokens) + 1)) if last \
                    else any(same(old, new, [(p, words(text) + [b","])]) for p in range(at.first + 1))
            else:
                old, new = node.file, File(node.file.name, after[node.file.name])
                good = any(same(old, new, [(p, words(text))]) for p in range(node.value, node.last + 1))
            want(good, "insert", old.text, new.text)
            self.only(after, files, old.name)
        order = "insert" if step != "+" and self.rnd.random() < 0.7 or not last else "set"
        return self.ask(order, node.path() + "/" + step, given), expected, check

    def try_move(self, root, files, tree, every):
        lists = [n for n in every if n.kind in "[(" and len(n.items) > 1]
        if not lists:
            return None
        node = self.rnd.choice(lists)
        old, to = self.rnd.randrange(len(node.items)), self.rnd.randrange(len(node.items))
        expected = json.loads(json.dumps(tree))
        inside = self.inside(expected, node)
        inside.insert(to, inside.pop(old))
        start, end = node.file.starts[node.value], node.file.end(node.last)

        def check(after):
            count = collections.Counter(t for f in files.values() for t in f.tokens)
            new = {n: File(n, after[n]) for n in files}
            fresh = collections.Counter(t for f in new.values() for t in f.tokens)
            want(count == fresh, "move", count - fresh, fresh - count, node.file.text, after[node.file.name])
            text, changed = node.file.text, after[node.file.name]
            want(changed.startswith(text[:start]), "what stands before", text, changed)
            want(changed.endswith(text[end:]), "what stands behind", text, changed)
            want(old != to or all(after[n] == f.text for n, f in files.items()), "moved to where it is")
        return self.ask("move", node.items[old].path(), "", to), expected, check


def fits(others, value):
    kind = lambda v: "s" if isinstance(v, str) else "b" if isinstance(v, bool) else next(iter(v))
    return kind(value) not in "{[(" and all(kind(o) == kind(value) for o in others)


def put(run, tree, node, value):
    expected = json.loads(json.dumps(tree))
    inside = run.inside(expected, node.parent)
    if node.name is None:
        inside[node.parent.items.index(node)] = value
    else:
        next(pair for pair in inside if pair[0] == node.name.decode())[1] = value
    return expected


def ordered(tree):
    """The order of a group's members has no meaning."""
    if isinstance(tree, dict) and "{" in tree:
        return {"{": sorted(([n, ordered(v)] for n, v in tree["{"]), key=lambda pair: pair[0])}
    if isinstance(tree, dict):
        return {k: [ordered(i) for i in v] if isinstance(v, list) else v for k, v in tree.items()}
    return tree


def same(old, new, runs):
    """Is new the old file with these runs of tokens before those places, all else as it was?"""
    at, k = dict(), 0
    for place, run in runs:
        at.setdefault(place, []).append(run)
    for i in range(len(old.tokens) + 1):
        fresh = bool(at.get(i))
        for run in at.get(i, []):
            if [t for _, t in new.tokens[k:k + len(run)]] != run:
                return False
            k += len(run)
        if not fresh and i > 0 and old.gaps[i] != new.gaps[k]:
            return False
        if i < len(old.tokens):
            if k >= len(new.tokens) or new.tokens[k] != old.tokens[i]:
                return False
            k += 1
    return k == len(new.tokens)


def in_line(group, old, new, run):
    """A member that is new stands below the others where these have lines of their own."""
    mine = [one for one in group.items if one.file is old]
    if not mine or mine[-1] is not group.items[-1]:
        return
    last = mine[-1]
    stop = last.stop[1] if last.stop and last.stop[0] is old else last.last
    if old.begins(last.first) and old.behind(stop) is not None:
        indent = old.gaps[last.first].rsplit(b"\n", 1)[-1]
        want(b"\n" + indent + b"new" in new.text, "not below the others", new.text)


def removed(node):
    """The tokens that go with a node, as (file, token)."""
    f, siblings, gone = node.file, node.parent.items, []
    end = node.last
    if node.name is not None:
        if node.stop:
            end = node.stop[1]
    elif node.stop:
        comma, at = node.stop
        if comma is f and b"\n" not in f.text[f.end(node.last):comma.starts[at]]:
            end = at
        else:
            gone.append((comma.name, at))
    elif len(siblings) > 1:
        comma, at = siblings[-2].stop
        gone.append((comma.name, at))
    gone += [(f.name, i) for i in range(node.first, end + 1)]
    begins = f.begins(node.first)
    if begins:
        gone += [(f.name, i) for i in f.above(node.first)]
    behind = f.behind(end)
    if begins and behind is not None:
        gone += [(f.name, i) for i in behind]
    return gone


# ---- tables ----

class Sheet:
    """A table of which every line is known: (text, key, value, the places of its value)."""

    def __init__(self, rnd, wide):
        self.rnd, self.wide = rnd, wide
        self.eol, self.sep = rnd.choice(["\n", "\r\n", "\r"]), rnd.choice(",;\t")
        self.start = rnd.choice(["", "\ufeff"]) + ("sep=" + self.sep + self.eol if rnd.random() < 0.2 else "")
        self.blank = rnd.choice(["", "", " ", "  "])
        self.always = rnd.random() < 0.2
        self.lines, self.open = [], rnd.random() < 0.3
        if wide:
            self.lines.append([self.row(["region", "name", "rate", "code"]), None, None])
        keys = rnd.sample(["BE|21.00", "NL|9", "*", "x y", "é", "a;b", "a,b", 'q"q', "#1", "k" * 40, "1", "2"], rnd.randrange(7))
        for key in keys:
            if rnd.random() < 0.3:
                self.lines.append([rnd.choice(["# note", "", "   ", "#,;,"]), None, None])
            if wide and "|" not in key:
                key += "|" + key
            value = rnd.choice(["8000", "with, comma", "with; semicolon", 'say "x"', "", "two\nlines", "é"])
            self.lines.append([self.cells(key, value), key, value])
        if not any(line[1] is not None for line in self.lines) or rnd.random() < 0.3:
            # told by the first row alone which separator it is
            self.start = self.start if "sep=" in self.start or self.lines and wide else "\ufeff"
            self.sep = self.sep if "sep=" in self.start or self.lines and wide or keys else ","
            self.lines.append(["# the end", None, None])

    def cell(self, text, first, quote=None):
        special = set(',;\t"\r\n') & set(text) or text != text.strip() or first and text[:1] in ("#", "")
        return '"' + text.replace('"', '""') + '"' if special or (self.always if quote is None else quote) else text

    def row(self, cells):
        between = self.blank + self.sep if self.sep != "\t" else self.sep
        return (between + (self.blank if self.sep != "\t" else "")).join(self.cell(c, i == 0) for i, c in enumerate(cells))

    def cells(self, key, value):
        parts = key.split("|")
        return self.row([parts[0], self.rnd.choice(["", "a name"]), parts[1], value] if self.wide else [key, value])

    def text(self):
        whole = self.start + self.eol.join(line[0] for line in self.lines)
        whole += "" if self.open or not self.lines else self.eol
        if self.eol not in whole:
            self.eol = "\n"  # nothing tells another one
        return whole.encode()


def edit_sheet(run, rnd):
    sheet = Sheet(rnd, rnd.random() < 0.4)
    path = os.path.join(run.folder, "table.csv")
    with open(path, "wb") as out:
        out.write(sheet.text())
    before = sheet.text()
    rows = [line for line in sheet.lines if line[1] is not None]
    order = rnd.choice(["add", "change", "remove"])
    key = rnd.choice([line[1] for line in rows]) if rows and rnd.random() < 0.7 else rnd.choice(["new", "n,w;", "#", "*"])
    if sheet.wide and "|" not in key:
        key += "|" + key
    value = rnd.choice(["9999", "a,b;c\td", 'x"y', " blank ", "", "é"])
    there = next((line for line in rows if line[1] == key), None)
    good = not (order == "add" and there or order == "remove" and not there)
    styled = [line for line in sheet.lines if line[1] is not None or sheet.wide and line is sheet.lines[0]]
    if good and order == "remove":
        gone = sheet.lines.index(there)
        # an open last line that goes takes the line end before it along, and the file stays open
        del sheet.lines[gone]
        if sheet.open and gone == len(sheet.lines) and not sheet.lines:
            sheet.start = sheet.start.rstrip("\r\n")
    elif good and there:
        old = there[0]
        # its value is the last cell, and keeps its quotes
        cell = sheet.cell(there[2], False)
        want(old.endswith(cell), "the test is wrong")
        there[0] = old[:len(old) - len(cell)] + sheet.cell(value, False, cell.startswith('"'))
    elif good:
        if styled:
            like = styled[-1]
            count = 4 if sheet.wide else 2
            parts = key.split("|")
            cells = [parts[0], "", parts[1], value] if sheet.wide else [key, value]
            quotes = quotes_of(sheet, like, count)
            between = sheet.blank + sheet.sep + sheet.blank if sheet.sep != "\t" else sheet.sep
            made = between.join(sheet.cell(c, i == 0, q) if not (sheet.wide and i == 1) else "" for i, (c, q) in
                                enumerate(zip(cells, quotes)))
            sheet.lines.insert(sheet.lines.index(like) + 1, [made, key, value])
        else:
            # nothing tells the line end where there is no line
            return False
    fields = (order, path, key, value, str(int(sheet.wide)))
    run.tool.stdin.write(b"".join(f.encode() + b"\0" for f in fields))
    run.tool.stdin.flush()
    line = run.tool.stdout.readline().decode()
    with open(path, "rb") as source:
        after = source.read()
    os.unlink(path)
    run.counts["table " + order] += 1
    if not good:
        want(line.startswith("error") and after == before, "an order that does not fit was taken", order, before, after)
        return True
    want(line == "ok\n", order, line, key, before)
    want(after == sheet.text(), "table " + order + " " + key, before, after, sheet.text())
    return True


def quotes_of(sheet, like, count):
    """Which cells of a line are in quotes."""
    found, text = [], like[0]
    for _ in range(count):
        m = re.match(r' *("(?:[^"]|"")*"|[^%s]*)' % re.escape(sheet.sep), text, re.S)
        found.append(m.group(1).startswith('"'))
        text = text[m.end():].lstrip(" ")[1:]
    return found


def main():
    tool = os.environ.get("EDIT_TOOL")
    for place in ("./tests/unit/edit_tool", "./edit_tool"):
        tool = tool or (place if os.path.exists(place) else None)
    if not tool:
        sys.exit("edit_tool is not built")
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
    edits = int(os.environ.get("EDITS", 1500))
    print("seed", seed, flush=True)
    run, done = Run(tool, random.Random(seed)), 0
    while done < edits:
        run.new_file()
        start = run.read()
        for _ in range(6):
            try:
                done += run.edit()
            except Bad as bad:
                print("after %d edits, of a file that began as\n%s" % (done, start["main.conf"].decode()))
                for one in bad.args:
                    print(one.decode("utf-8", "replace") if isinstance(one, bytes) else one, "\n----")
                sys.exit(1)
    tables = 0
    while tables < edits // 5:
        try:
            tables += edit_sheet(run, run.rnd)
        except Bad as bad:
            print("a table")
            for one in bad.args:
                print(one.decode("utf-8", "replace") if isinstance(one, bytes) else one, "\n----")
            sys.exit(1)
    run.tool.stdin.close()
    want(run.tool.wait(20) == 0, "the tool failed")
    for one in os.listdir(run.folder):
        os.unlink(os.path.join(run.folder, one))
    os.rmdir(run.folder)
    print(done, "edits:", ", ".join("%d %s" % (n, k) for k, n in run.counts.most_common()))


main()
