#!/bin/sh
# SPDX-License-Identifier: MIT
# Every shipped mapping loads against its connector's catalogue and the core model.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${KOPPEL_BUILD_DIR:?}"
exec python3 - "$KOPPEL_BUILD_DIR" <<'PYTHON'
import glob, os, re, subprocess, sys, tempfile

build = os.path.abspath(sys.argv[1])
env = dict(os.environ, KOPPEL_PLUGINS=f"{build}/plugins", KOPPEL_DATADIR=os.path.abspath("conf"), S="s")
settings = {
    "mpluskassa": 'url = "https://till.example"; ident = "env:S"; secret = "env:S";',
    "asperion": 'tenant = "1"; client_id = "c"; client_secret = "env:S";',
    "file": 'path = "x";', "null": "",
}

def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)

with tempfile.TemporaryDirectory() as top:
    put(f"{top}/koppel.conf", "workers = 1;\n")
    put(f"{top}/secret.key", "00" * 32 + "\n")
    os.chmod(f"{top}/secret.key", 0o600)
    put(f"{top}/empty.conf", "map = ();\n")
    put(f"{top}/table.csv", "*,1\n")
    for name, text in settings.items():
        put(f"{top}/connections.d/{name}.conf",
            f'name = "{name}";\nconnector = "{name}";\nsettings = {{ {text} }};\n')
    count = 0
    for path in sorted(glob.glob("conf/mappings/*/*.conf")):
        connector, (entity, side, _) = path.split("/")[-2], path.split("/")[-1].rsplit(".", 2)
        own, other = f'{{ connection = "{connector}"; entity = "{entity}"; }}', \
            '{ connection = "%s"; entity = "record"; }' % ("null" if side == "get" else "file")
        source, dest = (own, other) if side == "get" else (other, own)
        tables = " ".join(f'{t} = "table.csv";' for t in
                          sorted(set(re.findall(r'table = "([^"]+)"', open(path).read()))))
        get = "" if side == "get" else 'get = "empty.conf";\n'
        put(f"{top}/flows.d/{connector}.{entity}.{side}.conf",
            f'name = "{connector}.{entity}.{side}";\nenabled = false;\nfrom = {source};\nto = {dest};\n'
            f'{get}tables = {{ {tables} }};\n')
        count += 1
        # what it is shipped with names the plugin of each function, so that none that is added changes it
        for call in re.findall(r'via = \(?\s*\[(.*?)\]', open(path).read(), re.S):
            plain = [name for name in re.findall(r'"((?:[^"\\]|\\.)*)"', call) if "." not in name.split(":")[0]]
            if plain:
                sys.exit(f"{path}: write text.{plain[0]} or whatever plugin it is of")
    done = subprocess.run([f"{build}/koppel", "-c", top, "check"], env=env, capture_output=True, text=True)
    # A reference's mapping asks for its own tables, and for a flow of its own. Before a send mapping
    # stands an empty get mapping.
    wrong = [l for l in done.stderr.splitlines()
             if not re.search(r'"tables" has no |\.send\.conf:3: no rule fills .* the core model', l)]
    for line in wrong:
        print(line.replace(top + "/", "").replace(os.path.abspath("conf") + "/", "conf/"))
    print(f"{count} mappings, {len(wrong)} mistakes, exit {done.returncode}")
    sys.exit(1 if wrong or count == 0 or done.returncode not in (0, 78) else 0)
PYTHON
