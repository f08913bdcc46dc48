#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fetch.py: puts the files that package-lock.json pins into node_modules, each archive checked against its
sha512. Does nothing where they are there. npm is not needed; "npm ci" makes the same folders."""
import base64
import hashlib
import io
import json
import os
import sys
import tarfile
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
REGISTRY = os.environ.get("npm_config_registry", "https://registry.npmjs.org/").rstrip("/")
# Which files of a package are of use; the others (types, maps for servers) stay in the archive.
WANTED = {
    "lit-html": lambda path: path in ("LICENSE", "README.md", "package.json") or path.startswith("development/")
    or path.endswith((".js", ".js.map")) and not path.startswith("node/"),
    "axe-core": lambda path: path in ("LICENSE", "LICENSE-3RD-PARTY.txt", "package.json", "axe.js"),
}


def locked():
    """(name, version, sha512 as base64) of every package that is used."""
    with open(os.path.join(HERE, "package-lock.json"), encoding="utf-8") as lock:
        packages = json.load(lock)["packages"]
    for name in WANTED:
        row = packages["node_modules/" + name]
        kind, _, value = row["integrity"].partition("-")
        assert kind == "sha512", f"{name} is not locked by sha512"
        yield name, row["version"], value


def is_there(name, version):
    try:
        with open(os.path.join(HERE, "node_modules", name, "package.json"), encoding="utf-8") as about:
            return json.load(about)["version"] == version
    except (OSError, ValueError):
        return False


def fetch(name, version, wanted_hash):
    url = f"{REGISTRY}/{name}/-/{name.split('/')[-1]}-{version}.tgz"
    with urllib.request.urlopen(url, timeout=60) as answer:
        archive = answer.read()
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != wanted_hash:
        sys.exit(f"fetch.py: {url} is not what package-lock.json pins: sha512-{found}")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        rows = [(one.name.split("/", 1)[1], files.extractfile(one).read()) for one in files if one.isfile()]
    # package.json last: it tells that all of it is there
    for path, data in sorted(rows, key=lambda row: row[0] == "package.json"):
        if ".." in path.split("/") or not WANTED[name](path):
            continue
        place = os.path.join(HERE, "node_modules", name, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place + ".new", "wb") as out:
            out.write(data)
        os.rename(place + ".new", place)


def main():
    for name, version, wanted_hash in locked():
        if is_there(name, version):
            continue
        try:
            fetch(name, version, wanted_hash)
        except (OSError, urllib.error.URLError) as error:
            sys.exit(f"fetch.py: {name} {version} is missing in {HERE}/node_modules and could not be fetched from "
                     f"{REGISTRY} ({error}).\nRun core/dashboard/fetch.py where there is a network and copy that "
                     "folder, build from a release archive, which holds it, or configure --disable-dashboard.")


if __name__ == "__main__":
    main()
