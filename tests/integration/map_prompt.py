#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The prompt for mapping rules: each is seen on a record at once, and saved only when it is told to."""
import os
import pty
import re
import select
import subprocess

from koppeltest import KOPPEL, Shop, main
from preview import kept, writes


def tiny():
    return Shop("--orders", "12", "--relations", "12", "--articles", "20")


class Typed:
    """What comes of these lines, by a pipe."""

    def __init__(self, shop, *lines, args=(), code=0):
        done = subprocess.run([KOPPEL, "map", "orders", *args], env=shop.env, input="\n".join(lines) + "\n",
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        self.out, self.err = done.stdout, done.stderr


class Terminal:
    """The prompt on a terminal, typed at."""

    def __init__(self, shop, flow):
        self.child, self.fd = pty.fork()
        if self.child == 0:
            os.execve(KOPPEL, [KOPPEL, "map", flow], dict(shop.env, TERM="vt100", COLUMNS="200"))
        self.read("send> ")

    def type(self, text):
        os.write(self.fd, text.encode())

    def read(self, wanted):
        seen = ""
        while wanted not in seen:
            ready, _, _ = select.select([self.fd], [], [], 20)
            assert ready, f"{wanted!r} does not come: {seen!r}"
            seen += os.read(self.fd, 4096).decode(errors="replace")
        return seen

    def end(self):
        self.type(":quit\n")
        while True:
            try:
                if not os.read(self.fd, 4096):
                    break
            except OSError:  # the other side is closed
                break
        _, status = os.waitpid(self.child, 0)
        assert os.waitstatus_to_exitcode(status) == 0


def flow_file(shop):
    return open(f"{shop.conf}/flows.d/orders.conf").read()


def a_rule_is_seen_at_once_and_nothing_is_saved():
    shop = tiny()
    before, there, text = kept(shop), writes(shop), flow_file(shop)
    key = [order["id"] for order in shop.orders() if order["expected"]][0]
    typed = Typed(shop, 'to = "paymentConditionId"; value = "3";', '{ to = "description"; parts = (',
                  '  { from = "reference"; }, { value = "web"; } ); join = " "; }',
                  '{ to = "bookyear"; value = "1999"; when = ( { field = "reference"; is = "nothing"; } ); }',
                  ":undo", ":rules", args=("--key", key))
    assert f"record {key}: would be sent" in typed.out
    assert re.search(r'paymentConditionId: "\d" -> "3"  \(value, orders.conf:\d+\)', typed.out), typed.out
    assert re.search(r'description: "(2026-\d+)" -> "\1 web"', typed.out), typed.out
    assert 'bookyear: "2026" -> nothing: not reference is "nothing"' in typed.out, typed.out
    assert 'bookyear: nothing -> "2026"' in typed.out, "taken back"
    assert re.search(r'^1 map \{ to = "paymentConditionId"', typed.out, re.M) and "bookyear" not in typed.out.split("1 map")[1]
    assert "2 rules were not saved" in typed.err
    assert flow_file(shop) == text and kept(shop) == before and writes(shop) == there
    shop.close()


def mistakes_are_told_as_check_tells_them():
    shop = tiny()
    text = flow_file(shop)
    for rule, member in (('{ to = "descripton"; from = "reference"; }', "descripton"),
                         ('{ to = "description"; from = "reference"; via = "uper"; }', "uper"),
                         ('{ to = "description"; from = "reference"; table = "vat_cod"; }', "vat_cod"),
                         ('{ to = "description"; frm = "reference"; }', "frm"),
                         ('{ to = "description"; from = ; }', "from")):
        said = Typed(shop, rule, code=78).err.splitlines()[0]
        shop.write("flows.d/orders.conf", text + f"map = (\n  {rule}\n);\n")
        checked = shop.run("check", ok=(78,)).stderr.splitlines()
        shop.write("flows.d/orders.conf", text)
        assert member in said and said in checked, (said, checked)
    assert 'no order ":sav"' in Typed(shop, ":sav", code=64).err
    shop.close()


def what_is_typed_is_saved_as_a_revision_and_every_other_byte_stays():
    shop = tiny()
    text = flow_file(shop)
    typed = Typed(shop, 'to = "paymentConditionId"; from = "payment_method"; table = "payment_condition"; default = "1";',
                  ":get", '{ to = "note"; value = "seen"; }', ":save a default for what has none", ":rules")
    assert "flows.d/orders.conf saved (revision" in typed.out and "not saved" not in typed.err, (typed.out, typed.err)
    assert flow_file(shop) == text + (
        'map = (\n  { to = "paymentConditionId"; from = "payment_method"; table = "payment_condition"; default = "1"; }\n);\n'
        'get_map = (\n  { to = "note"; value = "seen"; }\n);\n'), flow_file(shop)
    assert "a default for what has none" in shop.run("config", "log").stdout
    shop.run("check")
    Typed(shop, 'to = "bookperiod"; value = "1";', ":save")
    assert '; },\n  { to = "bookperiod"; value = "1"; }\n);\nget_map' in flow_file(shop), flow_file(shop)
    shop.close()


def records_are_changed_and_shown():
    shop = tiny()
    typed = Typed(shop, ":next", ":next", ":show amount", ":show", ":key nothing", ":help")
    keys = re.findall(r"^record (\w+):", typed.out, re.M)
    assert len(keys) == len(set(keys)) == 3, keys
    assert 'has no "nothing"' in typed.err and ":undo" in typed.out
    shop.write("mine.json", '{"orderId": "1", "financialDate": "2026-05-06", "reference": "mine"}')
    typed = Typed(shop, 'to = "description"; from = "note";', args=("--file", shop.conf + "/mine.json"))
    assert "record 1: parked" in typed.out and "no field of this record" not in typed.out.splitlines()[0], typed.out
    shop.close()


def a_terminal_completes_paths_functions_tables_and_values():
    shop = tiny()
    prompt = Terminal(shop, "orders")
    prompt.type('{ to = "paymentC\t"; from = "customer.ema\t"; vi\t = "text.uppe\t"; table = "payment_c\t"; '
                'unm\t = "pas\t"; }\n:ru\t\n')
    prompt.read('1 map { to = "paymentConditionId"; from = "customer.email"; via = "text.upper"; '
                'table = "payment_condition"; unmapped = "pass"; }')
    prompt.type(':undo\n:ge\t\n{ to = "vat_m\t"; from = "vatMe\t"; }\n')
    prompt.read('vat_method: "inclusive" -> "VAT-METHOD-INCLUSIVE"')
    prompt.end()
    shop.close()


if __name__ == "__main__":
    main([a_rule_is_seen_at_once_and_nothing_is_saved, mistakes_are_told_as_check_tells_them,
          what_is_typed_is_saved_as_a_revision_and_every_other_byte_stays, records_are_changed_and_shown,
          a_terminal_completes_paths_functions_tables_and_values])
