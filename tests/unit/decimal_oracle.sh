#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares core/base/decimal.c with python3's decimal module on random cases. Where is decimal_tool:
# $DECIMAL_TOOL, or beside the place where the test runs. SEED repeats a run, CASES sets its length.
command -v python3 >/dev/null 2>&1 || exit 77
tool=${DECIMAL_TOOL:-}
for place in ./tests/unit/decimal_tool ./decimal_tool; do
    [ -n "$tool" ] || [ ! -x "$place" ] || tool=$place
done
[ -n "$tool" ] || { echo "decimal_tool is not built" >&2; exit 99; }
exec python3 - "$tool" "${SEED:-}" "${CASES:-20000}" <<'PYTHON'
import decimal, random, subprocess, sys
from decimal import Decimal

tool, seed, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(seed) if seed else random.SystemRandom().randrange(1 << 32)
print("seed", seed)
rnd = random.Random(seed)
decimal.getcontext().prec = 200
MAX = (1 << 127) - 1
MODES = "HALF_UP", "HALF_EVEN", "UP", "DOWN", "CEILING", "FLOOR"

def number():
    digits = rnd.choice([1, 2, 3, 5, 8, 12, 18])
    places = rnd.randint(0, rnd.choice([0, 2, 4, 9]))
    units = rnd.randrange(10 ** digits)
    if rnd.random() < 0.2:
        units = units // 10 * 10 + 5  # ties are rare otherwise
    if rnd.random() < 0.05:
        units = 0
    return Decimal(rnd.choice([1, -1]) * units).scaleb(-places)

def text(d):
    return format(d, "f") if d != 0 else format(abs(d), "f")

def fits(d):
    return abs(int(d.scaleb(-d.as_tuple().exponent))) <= MAX

def expected(op, a, b, places, mode):
    q = Decimal(1).scaleb(-places)
    if op == "add": return a + b
    if op == "sub": return a - b
    if op == "mul": return a * b
    if op == "cmp": return Decimal(int(a > b) - int(a < b))
    if op == "round": return a.quantize(q, rounding=mode)
    return None if b == 0 else (a / b).quantize(q, rounding=mode)

lines, wanted = [], []
for _ in range(cases):
    op = rnd.choice(["add", "sub", "mul", "div", "round", "cmp"])
    a, b, places = number(), number(), rnd.randint(0, 6)
    if op == "cmp" and rnd.random() < 0.3:
        b = a
    name, mode = rnd.choice([(m.lower().replace("_", "-"), "ROUND_" + m) for m in MODES])
    want = expected(op, a, b, places, mode)
    lines.append(f"{op} {a:f} {b:f} {places} {name}")
    wanted.append("error" if want is None else text(want))
    assert want is None or fits(want)
got = subprocess.run([tool], input="\n".join(lines) + "\n", capture_output=True, text=True,
                     check=True).stdout.split()
assert len(got) == len(wanted), (len(got), len(wanted))
# A product's zeros at the end may be cut when the places would not fit; the value must be the same.
wrong = [(l, g, w) for l, g, w in zip(lines, got, wanted)
         if g != w and not (l.startswith("mul") and g != "error" and Decimal(g) == Decimal(w)
                            and len(w.partition(".")[2]) > 18)]
for case in wrong[:10]:
    print("case %s: got %s, expected %s" % case)
print(len(got), "cases,", len(wrong), "wrong,", got.count("error"), "refused")
sys.exit(1 if wrong else 0)
PYTHON
