# SPDX-License-Identifier: MIT
"""The pages of the dashboard: every word in every language, no style in a template, and how large they may be."""
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ASSETS = os.path.join(SOURCE, "core", "dashboard", "assets")
LANGUAGES = ("en", "de", "nl")
KB = 1000
# What a browser loads for the first page: of one language, and what app.js and the overview import.
# ALL: whoever opens every page, in one language.
FIRST, FIRST_FILES, ALL, PAGE, LANGUAGE = 60 * KB, 14, 150 * KB, 12 * KB, 25 * KB
SPOKEN = ("aria-label", "title", "placeholder", "alt", "label", "aria-description", "aria-roledescription")
BANNED = {r"\binnerHTML\b": "innerHTML", r"\bunsafe(HTML|SVG|Static)\b": "unsafe templates", r"\bstyleMap\b": "styleMap, which the policy blocks",
          r"\beval\s*\(": "eval", r"\bnew Function\b": "new Function", r"\bdocument\.write\b": "document.write",
          r"\binsertAdjacentHTML\b": "insertAdjacentHTML", r"\bon[a-z]+=\"": "an inline handler"}
complaints = []


def say(place, text):
    complaints.append(f"{place}: {text}")


def templates(code):
    """(line, text with \\0 for every expression) of each html`` and svg`` in it, those within expressions too."""
    found = []

    def skip(at, quote):
        while at < len(code) and code[at] != quote:
            at += 2 if code[at] == "\\" else 1
        return at + 1

    def template(at, keep):
        """From behind the backtick; to behind the one that ends it."""
        begin, text = at, []
        while at < len(code) and code[at] != "`":
            if code[at] == "\\":
                text.append(code[at:at + 2])
                at += 2
            elif code.startswith("${", at):
                text.append("\0")
                at = plain(at + 2, True)
            else:
                text.append(code[at])
                at += 1
        if keep:
            found.append((code.count("\n", 0, begin) + 1, "".join(text)))
        return at + 1

    def plain(at, inside):
        """Code; inside an expression of a template it ends with its brace."""
        depth = 0
        while at < len(code):
            c = code[at]
            if c in "\"'":
                at = skip(at + 1, c)
            elif code.startswith("//", at):
                at = code.find("\n", at) if "\n" in code[at:] else len(code)
            elif code.startswith("/*", at):
                at = code.index("*/", at) + 2
            elif c == "/" and re.search(r"(?:[(,=:\[!&|?{};\n]|return|=>)\s*$", code[max(0, at - 12):at]):
                at += 1
                group = False
                while code[at] != "/" or group:
                    group = {"[": True, "]": False}.get(code[at], group)
                    at += 2 if code[at] == "\\" else 1
                at += 1
            elif c == "`":
                at = template(at + 1, bool(re.search(r"\b(html|svg)$", code[max(0, at - 4):at])))
            elif c == "{":
                depth += 1
                at += 1
            elif c == "}":
                if depth == 0 and inside:
                    return at + 1
                depth -= 1
                at += 1
            else:
                at += 1
        return at

    plain(0, False)
    return found


def check_template(path, line, text):
    bare = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    if re.search(r"\sstyle=", bare):
        say(f"{path}:{line}", "a style attribute, which the policy blocks")
    for name, value in re.findall(r"\s([a-z-]+)=\"([^\"\0]*[A-Za-z]{2}[^\"]*)\"", bare):
        if name in SPOKEN:
            say(f"{path}:{line}", f"literal {name} \"{value}\"")
    words = re.sub(r"<[^>]*>", "\n", bare)
    for word in re.findall(r"[^\n\0]*[^\W\d_]{2}[^\n\0]*", words):
        say(f"{path}:{line}", f"literal text \"{word.strip()}\"")


def placeholders(text):
    """Of a text, or of a text with forms."""
    if isinstance(text, dict):
        return set().union(*(placeholders(one) for one in text.values())) | {"n"}
    return set(re.findall(r"\{(\w+)\}", text))


def functions():
    """Keys of what the functions of our plugins do, and of their arguments: a set of keys for each, of which the first
    that there is is shown."""
    keys, takes = set(), set()
    for path in glob.glob(os.path.join(SOURCE, "plugins", "*", "*.json")):
        with open(path, encoding="utf-8") as source:
            catalogue = json.load(source)
        plugin = os.path.splitext(os.path.basename(path))[0]
        for one in catalogue.get("functions", []):
            name = f"{plugin}.{one['name']}"
            keys.add("fn." + name)
            for arg in (row["name"] for row in one.get("args", [])):
                takes.add((f"arg.{name}.{arg}", f"arg.{plugin}.{arg}", f"arg.{arg}"))
    return keys, takes


def check_texts():
    """-> the keys there are."""
    texts = {}
    for language in LANGUAGES:
        texts[language] = {}
        for path in sorted(glob.glob(f"{ASSETS}/lang/{language}/*.json")):
            with open(path, encoding="utf-8") as source:
                rows = json.load(source)
            for key, text in rows.items():
                if key in texts[language]:
                    say(path, f"{key} is there twice")
                texts[language][key] = text
                if not re.fullmatch(r"[a-z]\w*(\.[\w-]+)+", key):
                    say(path, f"{key} is no key")
                if isinstance(text, dict) and ("other" not in text or set(text) - {"zero", "one", "two", "few", "many", "other"}):
                    say(path, f"{key} has forms that no language knows")
                if not (text if isinstance(text, str) else "".join(text.values())).strip():
                    say(path, f"{key} is empty")
    shipped, takes = functions()
    theirs = shipped.union(*takes)
    for language in LANGUAGES[1:]:
        # a catalogue says in English what its functions do
        for key in sorted((set(texts["en"]) ^ set(texts[language])) - (theirs - set(texts["en"]))):
            say(f"lang/{language}", f"{key} is not in both it and English")
        for key in sorted(shipped - set(texts[language])):
            say(f"lang/{language}", f"{key} is a function of a plugin of ours, and has no text")
        for keys in sorted(takes):
            if not any(key in texts[language] for key in keys):
                say(f"lang/{language}", f"{keys[0]} has no text, nor has any argument of its name")
    for language in LANGUAGES:
        for key in sorted(key for key in texts[language] if key.startswith(("fn.", "arg.")) and key not in theirs):
            say(f"lang/{language}", f"{key} is of no function of a plugin of ours")
        for key in sorted(set(texts["en"]) & set(texts[language])):
            here, there = placeholders(texts["en"][key]), placeholders(texts[language][key])
            if here != there:
                say(f"lang/{language}", f"{key} has {sorted(there)} where English has {sorted(here)}")
    return texts["en"]


def check_modules(texts):
    used = set()
    for path in sorted(glob.glob(ASSETS + "/js/**/*.js", recursive=True)):
        name = os.path.relpath(path, ASSETS)
        with open(path, encoding="utf-8") as source:
            code = source.read()
        if "SPDX-License-Identifier: MIT" not in code.split("\n", 1)[0]:
            say(name, "the licence is not in the first line")
        if code.count("\n") > 500:
            say(name, f"{code.count(chr(10))} lines, 500 at most")
        for i, line in enumerate(code.split("\n"), 1):
            if len(line) > 160:
                say(f"{name}:{i}", f"{len(line)} columns")
        for pattern, what in BANNED.items():
            if re.search(pattern, code):
                say(name, f"uses {what}")
        for line, text in templates(code):
            check_template(name, line, text)
        bare = re.sub(r"^\s*//.*$", "", code, flags=re.M)
        for key in re.findall(r"\bt\(\"([\w.-]+)\"[,)]", bare) + re.findall(r"\b(?:title|text): \"(\w+\.[\w.]+)\",", bare):
            used.add(key)
            if key not in texts:
                say(name, f"no text for {key}")
        if len(gzip.compress(code.encode(), 9)) > PAGE:
            say(name, f"{len(gzip.compress(code.encode(), 9))} bytes packed, {PAGE} at most")
    return used


def imports(path, seen):
    """Files that a module loads before it runs."""
    if path in seen:
        return
    seen.add(path)
    with open(path, encoding="utf-8") as source:
        code = source.read()
    for other in re.findall(r"(?:import|export)[^;\"']*from\s*[\"']([^\"']+)[\"']", code) + re.findall(r"^import\s*[\"']([^\"']+)", code, re.M):
        imports(os.path.normpath(os.path.join(os.path.dirname(path), other)), seen)


def check_sizes():
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.executable, os.path.join(SOURCE, "core", "dashboard", "assets.py"), "--bare", folder],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            say("assets.py", made.stderr)
            return
        size = {os.path.relpath(path, folder): len(gzip.compress(open(path, "rb").read(), 9))
                for path in glob.glob(folder + "/**/*", recursive=True) if os.path.isfile(path)}
        first = set()
        for name in ("app.js", "pages/overview.js"):
            imports(os.path.join(folder, "js", name), first)
        first = {os.path.relpath(path, folder) for path in first} | {"index.html", "app.css", "lang/en.json", "icon.svg"}
        words = sorted(size[f"lang/{language}.json"] for language in LANGUAGES)
        others = sum(words[:-1])
        total, begin = sum(size.values()) - others, sum(size[name] for name in first)
        print(f"{total} bytes packed in one language; the first page {begin} in {len(first)}")
        if total > ALL:
            say("all in one language", f"{total} bytes packed, {ALL} at most")
        if begin > FIRST:
            say("the first page", f"{begin} bytes packed, {FIRST} at most")
        if len(first) > FIRST_FILES:
            say("the first page", f"{len(first)} requests, {FIRST_FILES} at most: {sorted(first)}")
        for language in LANGUAGES:
            if size[f"lang/{language}.json"] > LANGUAGE:
                say(f"lang/{language}", f"{size[f'lang/{language}.json']} bytes packed, {LANGUAGE} at most")


def selftest():
    """The checks see what they are for."""
    code = 'const a = html`<p title="Some words" style="x">Literal ${b ? html`<i>more</i>` : "no"} ${t("x")}</p>`; // `it`\n/`/.test("`");'
    for line, text in templates(code):
        check_template("selftest", line, text)
    said = " ".join(complaints)
    assert all(word in said for word in ("Some words", "style attribute", "Literal", "more")), said
    assert len(complaints) == 4, complaints
    complaints.clear()


if __name__ == "__main__":
    selftest()
    keys = check_texts()
    check_modules(keys)
    check_sizes()
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)
