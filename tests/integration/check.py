#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel check --online: values that the system does not know, and a published description that no
longer says what the connector does. Exit 78 on what matters, notes on the rest."""
import json
import os
import shutil
import subprocess
import tempfile

from koppeltest import BUILD, KOPPEL, SRC, Shop, http, main

PLUGINS = os.environ.get("KOPPEL_TEST_PLUGINS", os.path.join(BUILD, "tests", "abi", "plugins"))
FLOW = '''name = "things";
from = { connection = "ours"; entity = "record"; };
to = { connection = "theirs"; entity = "thing"; };
tables = { sizes = "tables/sizes.csv"; };
map = (
  { to = "id"; from = "id"; },
  { to = "size"; from = "size"; table = "sizes"; },
  { to = "parts"; each = "parts"; map = ( { to = "name"; from = "name"; },
                                          { to = "size"; value = "LARGE"; } ); }
);
'''


class Place:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-check-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        assert self.run("init").returncode == 0
        self.write("connections.d/ours.conf", 'name = "ours"; connector = "null";\n')
        self.theirs('')
        self.write("flows.d/things.conf", FLOW)
        self.write("tables/sizes.csv", "S,SMALL\nL,LARGE\n")

    def theirs(self, settings):
        self.write("connections.d/theirs.conf", 'name = "theirs";\nconnector = "' + PLUGINS + '/published.so";\n'
                   'settings = {\n' + settings + '};\n')

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write(text)

    def run(self, *args):
        return subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=60)

    def check(self, code, *parts, stream="stderr"):
        """The exit code, and one line that holds every part."""
        done = self.run("check", "--online")
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        lines = getattr(done, stream).splitlines()
        assert not parts or any(all(p in line for p in parts) for line in lines), (parts, done.stdout, done.stderr)
        return done

    def close(self):
        shutil.rmtree(self.dir)


def nothing_wrong():
    place = Place()
    done = place.check(0, "theirs answers", stream="stdout")
    assert "no mistakes, 2 connections, 1 flows" in done.stdout, done.stdout
    assert not done.stderr, done.stderr  # the default of `size` is in no list, and nobody set it
    place.close()


def setting_that_the_system_does_not_know():
    place = Place()
    place.theirs('  size = "LAREG";\n')
    done = place.check(78, "theirs.conf:4: ", 'setting "size" is "LAREG"', "its list sizes",
                       'did you mean "LARGE" (for the rest)?')
    assert "no mistakes" not in done.stdout
    place.theirs('  size = "XXL";\n')
    place.check(78, 'setting "size" is "XXL"', '"SMALL" (for children), "LARGE" (for the rest)')
    place.theirs('  size = "for children";\n')
    place.check(78, 'did you mean "SMALL" (for children)?')
    place.close()


def value_in_a_table():
    place = Place()
    place.write("tables/sizes.csv", "S,SMALL\nL,LARG\n")
    done = place.check(78, 'field "size" by row "L" of table "sizes" is "LARG"', 'did you mean "LARGE"')
    assert "SMALL" not in done.stderr, done.stderr
    place.close()


def codes_of_another_rate_or_kind():
    """Row 11: a table that leads to a code of another rate, of purchases, or one that has ended."""
    place = Place()
    place.write("tables/codes.csv", "NL|21,V21\nNL|21%,V21\nBE,V21\n")
    place.write("flows.d/things.conf", FLOW.replace("tables = {", 'tables = { codes = "tables/codes.csv";').replace(
        '{ to = "size"; from = "size"; table = "sizes"; },', '{ to = "code"; from = "code"; table = "codes"; },'))
    place.check(0)
    place.write("tables/codes.csv", "NL|9,V21\n")
    place.check(78, 'field "code" by row "NL|9" of table "codes" is "V21" (high), whose rate is 21.00 %')
    place.write("tables/codes.csv", "NL|6,V6\n")
    place.check(78, 'by row "NL|6" of table "codes" is "V6" (low)', "it ended on 2018-12-31")
    place.write("tables/codes.csv", "NL|21,I21\n")
    place.check(78, 'is "I21" (high, of purchases)', "it is for purchases")
    place.close()


def literal_in_a_mapping():
    place = Place()
    place.write("flows.d/things.conf", FLOW.replace('value = "LARGE"', 'value = "HUGE"'))
    place.check(78, "things.conf:9: ", 'field "parts.size" is "HUGE"')
    place.write("flows.d/things.conf", FLOW.replace('value = "LARGE"', 'value = " LARGE "; via = [ "trim" ]'))
    place.check(0)
    place.write("flows.d/things.conf", FLOW.replace('table = "sizes"', 'default = "MIDDLE"'))
    place.check(78, 'the default of field "size" is "MIDDLE"')
    place.close()


def field_that_a_flow_uses_differs():
    place = Place()
    for told, name in (("sz", "sz"), ("size", "size"), ("parts[].name", "parts[].name"), ("parts", "parts"),
                       ("identity", "identity")):
        place.theirs(f'  differs = "thing.{told}=is gone";\n')
        done = place.check(78, "connection theirs", "entity thing", f"{name}: is gone", "flow things uses it")
        assert "no mistakes" not in done.stdout
    place.close()


def field_that_no_flow_uses_differs():
    place = Place()
    place.theirs('  differs = "thing.weight=is gone,thing.parts.colour=is gone,other.id=is gone";\n')
    done = place.check(0, "note: entity thing, weight: is gone; no flow uses it", stream="stdout")
    assert "note: entity thing, parts.colour" in done.stdout and not done.stderr, (done.stdout, done.stderr)
    assert "entity other" not in done.stdout, done.stdout  # no flow touches that entity
    place.close()


def operation_that_differs():
    place = Place()
    place.theirs('  differs = "thing.sendThing=the operation is gone";\n')
    place.check(78, "entity thing, sendThing: the operation is gone", "flow things uses it")
    place.close()


def description_that_cannot_be_had():
    place = Place()
    place.theirs('  differs = "fail";\n')
    place.check(2, "theirs: the description cannot be fetched")
    place.close()


def choices_are_shown():
    place = Place()
    done = place.run("choices", "theirs")
    assert (done.returncode, done.stdout) == (0, "sizes\ncodes\n"), done
    done = place.run("choices", "theirs", "sizes")
    assert [line.split(maxsplit=1) for line in done.stdout.splitlines()] == [
        ["SMALL", "for children"], ["LARGE", "for the rest"]], done
    done = place.run("choices", "theirs", "sizes", "--json")
    assert json.loads(done.stdout.splitlines()[1]) == {"value": "LARGE", "title": "for the rest"}, done
    done = place.run("choices", "theirs", "szies")
    assert done.returncode == 64 and 'perhaps "sizes"' in done.stderr, done
    done = place.run("choices", "nobody")
    assert done.returncode == 64 and 'no connection "nobody"' in done.stderr, done
    place.close()


def guessed_names_are_marked():
    place = Place()
    done = place.run("plugins", "show", "asperion")
    article = done.stdout[done.stdout.index("entity article"):]
    assert "; some names are guessed" in article.splitlines()[0], article
    assert "articleNumber (required) (guessed name; an overlay can mend it: wire articleNumber)" in article
    debtor = done.stdout[done.stdout.index("entity debtor"):done.stdout.index("entity article")]
    assert "guessed" not in debtor and "find by: " in debtor and "create repeats: look-up first" in debtor, debtor
    done = place.run("plugins", "show", PLUGINS + "/published.so")
    assert "setting size (one of sizes) default XXL" in done.stdout, done.stdout
    assert "    size (one of sizes) (wire sz)" in done.stdout, done.stdout
    place.close()


def described(shop, *flows):
    """What the systems' own descriptions differ in for these flows: mistakes, notes, exit code."""
    folder = os.path.join(shop.conf, "flows.d")
    for name in os.listdir(folder):
        if flows and name.split(".")[0] not in flows:
            os.remove(os.path.join(folder, name))
    done = shop.run("check", "--online", ok=None)
    assert "connection till answers" in done.stdout and "connection books answers" in done.stdout, done.stderr
    return (done.stderr.splitlines(), [line.strip() for line in done.stdout.splitlines() if "note:" in line],
            done.returncode)


def both_systems_agree_with_what_they_publish():
    shop = Shop("--orders", "12", "--relations", "12", "--articles", "80", "--awkward")
    assert described(shop) == ([], [], 0), "every shipped flow agrees"
    shop.close()


def what_the_till_publishes_otherwise():
    shop = Shop("--orders", "12", "--relations", "12", "--articles", "20")
    http(shop.till + "/_sandbox/wsdl", json.dumps({
        "remove": ["LineData.price", "cancelOrder", "Relation.website", "Article.priceIncl", "getStock"],
        "type": {"Relation.active": "xsd:string"}}))
    mistakes, notes, code = described(shop, "orders", "orders-to-till")
    assert code == 78, code
    wanted = ["entity order, lineList[].data.price: is read, and is not described",
              "entity order, lineList[].data.price: is sent, and is not described",
              "entity order, cancelOrder: is no operation of this service",
              "entity relation, active: is described as string"]
    for want in wanted:
        assert any(want in line and "flow orders" in line for line in mistakes), (want, mistakes)
    assert all(any(want in line for want in wanted) for line in mistakes), mistakes
    assert any("entity relation, website: is read" in line and "no flow uses it" in line for line in notes), notes
    assert any("entity order, relation.active: is described as string" in line for line in notes), notes
    assert not any("priceIncl" in line or "getStock" in line for line in mistakes), "no flow touches stock"
    http(shop.till + "/_sandbox/wsdl", "{}")
    assert described(shop, "orders", "orders-to-till") == ([], [], 0)
    shop.close()


def what_the_books_publish_otherwise_and_an_overlay_mends():
    shop = Shop("--orders", "12", "--relations", "12", "--articles", "20")
    shop.enable("customers")
    http(shop.books + "/_sandbox/swagger", json.dumps({
        "rename": {"debtors.phoneNumber": "telephone"}, "remove": ["debtors.characteristic5", "articles.unit"]}))
    mistakes, notes, code = described(shop, "customers")
    assert code == 78 and len(mistakes) == 1, mistakes
    assert "entity debtor, phoneNumber: " in mistakes[0] and "flow customers uses it" in mistakes[0], mistakes
    assert len(notes) == 1 and "characteristic5" in notes[0], notes
    shop.write("books.overlay.json", json.dumps({"entities": [{"name": "debtor", "fields": [
        {"name": "phoneNumber", "wire": "telephone"}]}]}))
    shop.replace("connections.d/books.conf", 'connector = "asperion";',
                 'connector = "asperion";\noverlay = "books.overlay.json";')
    mistakes, notes, code = described(shop, "customers")
    assert (mistakes, code) == ([], 0) and len(notes) == 1, (mistakes, notes)
    counts = shop.sync("customers")
    assert counts["done"] > 8, (counts, shop.jobs("parked"))
    told = [debtor for debtor in shop.debtors() if debtor.get("telephone") or debtor.get("phoneNumber")]
    assert len(told) >= counts["done"] - 1, told
    shop.close()


if __name__ == "__main__":
    main([nothing_wrong, setting_that_the_system_does_not_know, value_in_a_table, codes_of_another_rate_or_kind, literal_in_a_mapping,
          field_that_a_flow_uses_differs, field_that_no_flow_uses_differs, operation_that_differs,
          description_that_cannot_be_had, choices_are_shown, guessed_names_are_marked, both_systems_agree_with_what_they_publish,
          what_the_till_publishes_otherwise, what_the_books_publish_otherwise_and_an_overlay_mends])
