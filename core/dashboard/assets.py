#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""assets.py OUT           makes OUT/assets.bin (every file of the pages, gzip'd, end to end) and
                        OUT/dashboard_table.h (where each lies), which dashboard_assets.c compiles in
assets.py --folder DIR  the same files as they are, for KOPPEL_ASSETS=DIR while one works on them
assets.py --bare DIR    the same as they are sent: without comments and indents

Merged on the way: css/*.css to app.css, lang/LANGUAGE/*.json to lang/LANGUAGE.json. Every file but the page itself
lies below a folder that is named by the digest of all of them, so a browser may keep it for ever."""
import glob
import gzip
import hashlib
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ASSETS = os.path.join(HERE, "assets")
LIT = os.path.join(HERE, "node_modules", "lit-html")
LIT_FILES = "lit-html directive directive-helpers directives/repeat directives/live".split()
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
         "json": "application/json", "svg": "image/svg+xml", "png": "image/png"}


def read(path):
    with open(path, "rb") as source:
        return source.read()


def inputs():
    """Every file that goes in, in a fixed order."""
    found = [path for path in glob.glob(ASSETS + "/**/*", recursive=True) if os.path.isfile(path)]
    return sorted(found) + [f"{LIT}/{name}.js" for name in LIT_FILES]


def language(name):
    """The texts of every area; a key that two of them have is a mistake."""
    texts = {}
    for path in sorted(glob.glob(f"{ASSETS}/lang/{name}/*.json")):
        for key, text in json.loads(read(path)).items():
            if key in texts:
                sys.exit(f"assets.py: {path}: \"{key}\" is there twice")
            texts[key] = text
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def bare(name, data):
    """Without what only people read: comments on lines of their own or behind a statement, and indents. Texts of modules
    have neither: behind those comments no quotation ends."""
    if name.endswith(".js"):
        lines = [re.sub(r"(?<=[;,{})]) // [^\"'`]*$", "", line.strip()) for line in data.decode().split("\n")]
        return ("\n".join(line for line in lines if line and not line.startswith("//")) + "\n").encode()
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/\s*", "", data.decode(), flags=re.S)
        return re.sub(r"\s*([{};,])\s*", r"\1", text).replace(";}", "}").encode()
    return data


def files(whole=False):
    """path below the root -> bytes. whole: with what only people read."""
    out = {"app.css": b"".join(read(path) for path in sorted(glob.glob(ASSETS + "/css/*.css")))}
    for path in sorted(glob.glob(ASSETS + "/**/*", recursive=True)):
        name = os.path.relpath(path, ASSETS)
        if os.path.isfile(path) and not name.startswith(("css/", "lang/")):
            out[name] = read(path)
    if not whole:
        out = {name: bare(name, data) for name, data in out.items()}
    for name in sorted(os.listdir(ASSETS + "/lang")):
        out[f"lang/{name}.json"] = language(name)
    for name in LIT_FILES:
        text = read(f"{LIT}/{name}.js").decode()
        out[f"js/lit/{name}.js"] = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text).encode()
    return out


def addressed(out):
    """The same under their lasting addresses; the page is told where they lie."""
    digest = hashlib.sha256()
    for name, data in sorted(out.items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    folder = "a/" + digest.hexdigest()[:16]
    rows = {f"{folder}/{name}": data for name, data in out.items() if name != "index.html"}
    page = out["index.html"].decode()
    rows["index.html"] = re.sub(r'((?:href|src)=")(?!#|/|https?:)', rf"\1{folder}/", page).encode()
    return rows


def write(path, data):
    with open(path + ".new", "wb") as out:
        out.write(data)
    os.rename(path + ".new", path)


def build(where):
    packed, lines = b"", []
    for path, data in sorted(addressed(files()).items()):
        small = gzip.compress(data, 9, mtime=0)
        etag = hashlib.sha256(data).hexdigest()[:16]
        kind = TYPES[path.rsplit(".", 1)[1]]
        lines.append(f'    {{"{path}", "{kind}", {len(packed)}u, {len(small)}u, "\\"{etag}\\"", '
                     f'{"false" if path == "index.html" else "true"}}},\n')
        packed += small
    head = ("/* SPDX-License-Identifier: MIT\n * Made by assets.py of core/dashboard/assets: path, type, where it lies in "
            f"assets.bin, etag.\n * sha256 of that file: {hashlib.sha256(packed).hexdigest()} */\n")
    os.makedirs(where, exist_ok=True)
    write(where + "/assets.bin", packed)
    write(where + "/dashboard_table.h", (head + "static const struct table_row table[] = {\n" + "".join(lines) +
                                         "};\n").encode())


def folder(where, whole):
    for name, data in files(whole).items():
        path = os.path.join(where, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, data)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in ("--folder", "--bare"):
        folder(sys.argv[2], sys.argv[1] == "--folder")
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        build(sys.argv[1])
    else:
        sys.exit(__doc__)
