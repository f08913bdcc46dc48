#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares core/base/json_read.c with python3's json and decimal modules on random texts: good ones,
# ones with a few bytes changed, and lists with bad elements. Where is json_tool: $JSON_TOOL, or beside
# the place where the test runs. SEED repeats a run, CASES sets its length.
command -v python3 >/dev/null 2>&1 || exit 77
tool=${JSON_TOOL:-}
for place in ./tests/unit/json_tool ./json_tool; do
    [ -n "$tool" ] || [ ! -x "$place" ] || tool=$place
done
[ -n "$tool" ] || { echo "json_tool is not built" >&2; exit 99; }
exec python3 - "$tool" "${SEED:-}" "${CASES:-6000}" <<'PYTHON'
import json, random, re, subprocess, sys
from decimal import Decimal

tool, seed, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(seed) if seed else random.SystemRandom().randrange(1 << 32)
print("seed", seed)
rnd = random.Random(seed)

# ---- texts ----

def string():
    pieces = ["a", "Zz", "\\\"", "\\\\", "/", "\\/", "\\n", "\\u0001", "\\u00e9", "\\ud83d\\uDE00", "\u20ac", "\U0001f600",
              "\u00e9", "\x7f", " ", "0", "0123456789abcdef", "\\b\\f\\r\\t", "\ufeff"]
    return '"' + "".join(rnd.choice(pieces) for _ in range(rnd.choice([0, 1, 2, 5, 20]))) + '"'

def number():
    digits = lambda n: "".join(rnd.choice("0123456789") for _ in range(n))
    whole = rnd.choice(["0", str(rnd.randrange(1, 100)), "1" + digits(rnd.choice([2, 16, 17, 18, 19, 20, 40])),
                        "9223372036854775807", "9223372036854775808", "999999999999999999", "0"])
    text = rnd.choice(["", "", "-"]) + whole
    if rnd.random() < 0.4:
        text += "." + rnd.choice(["0", "00", "50", "05", digits(rnd.choice([1, 2, 3, 20]))])
    if rnd.random() < 0.3:
        text += rnd.choice("eE") + rnd.choice(["", "+", "-"]) + rnd.choice(["0", "1", "2", "3", "007", "20", "349", "350", "351",
                                                                           "99999"])
    return text

def blank():
    return rnd.choice(["", "", "", " ", "\n", "\t", "\r\n  "])

def value(depth):
    kind = rnd.randrange(8 if depth else 5)
    if kind == 0: return rnd.choice(["true", "false", "null"])
    if kind in (1, 2): return string()
    if kind in (3, 4): return number()
    inside = [value(depth - 1) for _ in range(rnd.choice([0, 1, 2, 3, 12]))]
    if kind == 5:
        return "[" + blank() + ("," + blank()).join(i + blank() for i in inside) + "]"
    names = [string()[:-1] + ("" if rnd.random() < 0.02 else str(i)) + '"' for i in range(len(inside))]
    return "{" + blank() + ("," + blank()).join(n + blank() + ":" + blank() + i + blank()
                                              for n, i in zip(names, inside)) + "}"

def changed(data):
    data = bytearray(data)
    for _ in range(rnd.choice([1, 1, 2, 3])):
        at = rnd.randrange(len(data) + 1)
        what = rnd.randrange(3)
        if what == 0: data[at:at] = bytes([rnd.choice(b'"\\{}[],:0-.eE\n\x00\x1f\xc3\xe9ux ')])
        elif what == 1: del data[at:at + rnd.choice([1, 1, 4])]
        elif at < len(data): data[at] = rnd.randrange(256)
    return bytes(data)

# ---- what python reads ----

class Refused(Exception):
    pass

def plain(text):
    exponent = re.search(r"[eE](.*)", text)
    if exponent and abs(int(exponent[1])) > 350:
        raise Refused
    if not re.search(r"[.eE]", text) and -2 ** 63 <= int(text) < 2 ** 63:
        return int(text)
    sign, digits, power = Decimal(text).as_tuple()
    digits = "".join(map(str, digits))
    if power >= 0:
        out = digits + "0" * power
    else:
        digits = digits.rjust(1 - power, "0")
        out = digits[:power] + "." + digits[power:]
    whole, point, fraction = out.partition(".")
    out = (whole.lstrip("0") or "0") + point + fraction
    return ("-" if sign and out.strip("0.") else "") + out

def members(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refused
    return dict(pairs)

def constant(_):
    raise Refused

def check(v):
    if isinstance(v, str):
        v.encode()  # half a surrogate pair
        if "\0" in v: raise Refused
    elif isinstance(v, list):
        for i in v: check(i)
    elif isinstance(v, dict):
        for name, i in v.items(): check(name), check(i)

def wanted(data):
    try:
        text = data.decode()
        text = text[1:] if text.startswith("\ufeff") else text
        v = json.loads(text, parse_float=plain, parse_int=plain, parse_constant=constant, object_pairs_hook=members)
        check(v)
        return v
    except (ValueError, Refused):
        return Refused

bad_values = ["NaN", "01", "1.", "-", "1e999999999", "nope", '"\\ud83d"', '"\\u0000"', '"\\q"', '"a\nb"', '"\x01"',
              '{"a":1,"a":2}', '{"\\ud83d":1}', "[" * 300 + "]" * 300]

def rows():
    """A page with bad elements: its text, what is wanted, and the indices of the bad ones."""
    elements, want, bad = [], [], []
    for i in range(rnd.randrange(1, 12)):
        good = value(2)
        expected = wanted(good.encode())
        if rnd.random() < 0.3 or expected is Refused:
            elements.append(rnd.choice(["%s", '{"id":1,"x":%s,"y":' + good + "}", "[" + good + ",%s]"]) % rnd.choice(bad_values))
            want.append(None)
            bad.append(i)
        else:
            elements.append(good)
            want.append(expected)
    text = '{"a":1,"rows":[' + ",".join(blank() + e + blank() for e in elements) + '],"z":"\u00e9"}'
    return text.encode(), {"a": 1, "rows": want, "z": "\u00e9"}, bad

kinds, texts, results = [], [], []
for _ in range(cases):
    if rnd.random() < 0.2:
        text, want, bad = rows()
        kinds.append("L"), texts.append(text), results.append((want, bad))
        continue
    text = (blank() + value(4) + blank()).encode()
    if rnd.random() < 0.5: text = changed(text)
    if rnd.random() < 0.05: text = b"\xef\xbb\xbf" + text
    kinds.append("V"), texts.append(text), results.append((wanted(text), []))
run = subprocess.run([tool], input=b"".join(b"%s %d\n%s" % (k.encode(), len(t), t) for k, t in zip(kinds, texts)),
                     capture_output=True, check=True)
lines = run.stdout.decode().split("\n")[:-1]
assert len(lines) == len(texts), (len(lines), len(texts), run.stderr)
wrong = refused = 0
for text, line, (want, bad) in zip(texts, lines, results):
    error = line.startswith("error ")
    refused += error
    if not error:
        indices, _, out = line.partition("\t")
        good = want is not Refused and json.loads(out) == want and [int(i) for i in indices.split(",")[:-1]] == bad
    if (want is not Refused) if error else not good:
        wrong += 1
        if wrong <= 10: print("text %r\n  got %s\n  wanted %r %s" % (text, line, want, bad))
print(len(texts), "texts,", wrong, "wrong,", refused, "refused")
sys.exit(1 if wrong else 0)
PYTHON
