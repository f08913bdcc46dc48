#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares core/base/expr.c with python3's fractions on random expressions. Where is expr_tool:
# $EXPR_TOOL, or beside the place where the test runs. SEED repeats a run, CASES sets its length.
command -v python3 >/dev/null 2>&1 || exit 77
tool=${EXPR_TOOL:-}
for place in ./tests/unit/expr_tool ./expr_tool; do
    [ -n "$tool" ] || [ ! -x "$place" ] || tool=$place
done
[ -n "$tool" ] || { echo "expr_tool is not built" >&2; exit 99; }
exec python3 - "$tool" "${SEED:-}" "${CASES:-20000}" <<'PYTHON'
import json, random, subprocess, sys
from fractions import Fraction

tool, seed, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(seed) if seed else random.SystemRandom().randrange(1 << 32)
print("seed", seed)
rnd = random.Random(seed)

class Zero(Exception):
    pass

def half_up(f, places):
    scaled = abs(f) * 10 ** places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if f >= 0 else -whole, 10 ** places)

def number(sign):
    places = rnd.randint(0, 3)
    units = rnd.randrange(10 ** rnd.randint(1, 6)) * (rnd.choice([1, -1]) if sign else 1)
    text = "%s%d" % ("-" if units < 0 else "", abs(units) // 10 ** places)
    return text + (".%0*d" % (places, abs(units) % 10 ** places) if places else "")

# A tree is (text, value by whether it stands inside round()); the value raises Zero.
def blank():
    return rnd.choice(["", "", " "])

def tree(depth, record):
    if depth == 0 or rnd.random() < 0.15:
        if rnd.random() < 0.5:
            name = rnd.choice("abcd") + rnd.choice(["", "_1"])
            record.setdefault(name, number(True))
            return name, lambda exact: Fraction(record[name])
        text = number(False)
        return text, lambda exact: Fraction(text)
    kind = rnd.choice(["+", "-", "*", "/", "/", "neg", "min", "max", "round", "round", "()"])
    a, av = tree(depth - 1, record)
    if kind == "neg":
        return "-(" + a + ")", lambda exact: -av(exact)
    if kind == "()":
        return "(" + blank() + a + blank() + ")", av
    if kind == "round":
        places = rnd.randint(0, 4)
        return "round(%s,%s%d)" % (a, blank(), places), lambda exact: half_up(av(True), places)
    b, bv = tree(depth - 1, record)
    if kind in ("min", "max"):
        pick = min if kind == "min" else max
        return "%s(%s,%s%s)" % (kind, a, blank(), b), lambda exact: pick(av(exact), bv(exact))
    def apply(exact):
        x, y = av(exact), bv(exact)
        if kind == "+": return x + y
        if kind == "-": return x - y
        if kind == "*": return x * y
        if y == 0: raise Zero()
        return x / y if exact else half_up(x / y, 6)
    return "(%s)%s%s%s(%s)" % (a, blank(), kind, blank(), b), apply

lines, wanted = [], []
for _ in range(cases):
    record = {}
    text, value = tree(rnd.randint(1, 4), record)
    try:
        want = value(False)
    except Zero:
        want = None
    lines.append(json.dumps(record) + "\t" + text)
    wanted.append(want)
got = subprocess.run([tool], input="\n".join(lines) + "\n", capture_output=True, text=True,
                     check=True).stdout.splitlines()
assert len(got) == len(wanted), (len(got), len(wanted))
wrong, out_of_range = [], 0
for line, g, w in zip(lines, got, wanted):
    # min and max calculate both sides, so a division by zero is one wherever it stands.
    if g == "error expr.range":
        out_of_range += 1
    elif (g == "error expr.zero") != (w is None) or (w is not None and Fraction(g) != w):
        wrong.append((line, g, w))
for case in wrong[:10]:
    print("case %s: got %s, expected %s" % case)
print(len(got), "cases,", len(wrong), "wrong,", out_of_range, "out of range")
sys.exit(1 if wrong or out_of_range > cases / 20 else 0)
PYTHON
