#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What koppel check refuses with the shipped connectors, without any network: flows that must not be on
at once, flows without a place at the destination, settings that need one another, names that no model
has. Exit 78, file and line, and the way out in the sentence."""
import os
import re
import shutil
import subprocess
import tempfile

from koppeltest import BUILD, KOPPEL, SRC, main


class Place:
    """The example configuration with credentials that nobody asks for."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-refusals-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"), MPLUS_IDENT="i", MPLUS_SECRET="s",
                        ASPERION_CLIENT_SECRET="s")
        assert self.run("init").returncode == 0
        for part in ("connections.d", "flows.d", "tables"):
            shutil.copytree(os.path.join(SRC, "conf", "example", part), os.path.join(self.dir, part),
                            dirs_exist_ok=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)

    def switch(self, flow, on):
        """`enabled` of a flow, whatever it says now."""
        text = re.sub(r"^enabled = .*\n", "", open(self.path(f"flows.d/{flow}.conf")).read(), flags=re.M)
        self.write(f"flows.d/{flow}.conf", text + f"enabled = {'true' if on else 'false'};\n")

    def setting(self, connection, line):
        name = f"connections.d/{connection}.conf"
        self.write(name, open(self.path(name)).read().replace("settings = {\n", "settings = {\n  " + line + "\n"))

    def run(self, *args):
        return subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=60)

    def refused(self, where, *parts):
        """Exit 78, and one mistake at that place that says all of this. Gives the number of mistakes."""
        done = self.run("check")
        assert done.returncode == 78, (done.returncode, done.stdout, done.stderr)
        lines = done.stderr.splitlines()
        assert any(re.match(f".*/{where}:[0-9]+: ", line) and all(p in line for p in parts) for line in lines), \
            (where, parts, done.stderr)
        return len([line for line in lines if ": warning: " not in line])

    def fine(self):
        done = self.run("check")
        assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
        return done.stdout

    def close(self):
        shutil.rmtree(self.dir)


def example_is_without_mistakes():
    place = Place()
    place.fine()
    place.close()


def p1_products_travel_one_way():
    place = Place()
    place.switch("products", True)
    place.switch("products-to-books", True)
    mistakes = place.refused("products.conf", 'carries product records from "books" to "till"',
                             "products-to-books.conf:", "one direction only", "enabled = false")
    assert mistakes == 1, mistakes
    done = place.run("sync", "products")
    assert done.returncode == 78 and "one direction only" in done.stderr, (done.returncode, done.stderr)
    place.switch("products", False)
    place.fine()
    place.close()


QUOTES = '''name = "quotes";
from = { connection = "till"; entity = "proposal"; };
to = { connection = "books"; entity = "sales-order"; };
'''


def q1_quotes_cannot_be_switched_on_into_books_that_hold_none():
    place = Place()
    place.write("flows.d/quotes.conf", QUOTES)
    mistakes = place.refused("quotes.conf", 'flow "quotes" cannot be switched on: connection "books" (connector '
                             'asperion) has no entity that takes what "proposal" of "till" gives, core model '
                             '"quote"', "set enabled = false")
    assert mistakes == 1, mistakes
    place.switch("quotes", False)
    assert "flow quotes: till/proposal to books/sales-order, cannot be switched on" in place.fine()
    done = place.run("sync", "quotes")
    assert done.returncode != 0 and "flow quotes cannot run: " in done.stderr, (done.returncode, done.stderr)
    place.close()


def q1_categories_cannot_be_switched_on_into_books_that_hold_none():
    place = Place()
    place.write("flows.d/groups.conf", QUOTES.replace("quotes", "groups").replace("proposal", "article-group")
                .replace("sales-order", "article"))
    place.refused("groups.conf", 'flow "groups" cannot be switched on', 'core model "category"')
    place.close()


def o36_a_branch_needs_its_workplace():
    place = Place()
    place.setting("till", "entry_branch = 2;")
    mistakes = place.refused("till.conf", '"entry_branch" needs "workplace" to be set too, unless it is "1"')
    assert mistakes == 1, mistakes
    place.setting("till", "workplace = 3;")
    place.fine()
    place.close()


def entity_that_cannot_be_read_or_written():
    place = Place()
    place.write("flows.d/wrong.conf", 'name = "wrong";\nfrom = { connection = "books"; entity = "financial-mutation"; };\n'
                'to = { connection = "till"; entity = "packing-slip"; };\nmap = ();\n')
    place.refused("wrong.conf", 'entity "financial-mutation" of connection "books" (connector asperion) cannot be '
                  'read; these can: debtor, ')
    place.refused("wrong.conf", 'entity "packing-slip" of connection "till" (connector mpluskassa) cannot be '
                  'written; these can: order, ')
    place.close()


def two_flows_that_book_the_same_orders():
    place = Place()
    place.switch("mutations", True)
    done = place.run("check")
    assert done.returncode == 0, (done.returncode, done.stderr)  # filters may keep them apart
    assert re.search(r'/orders.conf:[0-9]+: warning: flow "orders" and flow "mutations" at .*/mutations.conf:[0-9]+ '
                     r'both take "order" of "till" to "books"', done.stderr), done.stderr
    place.switch("mutations", False)
    assert "warning" not in place.run("check").stderr
    place.close()


def field_that_no_model_has():
    place = Place()
    name = "flows.d/orders.conf"
    place.write(name, open(place.path(name)).read() + '\nmap = ( { to = "description"; from = "refrence"; } );\n')
    place.refused("orders.conf", '"refrence" is no field of the core model "order"; did you mean "reference"?')
    place.close()


def formula_of_the_stock():
    place = Place()
    name = "flows.d/stock.conf"
    text = re.sub(r"^settings = .*\n", "", open(place.path(name)).read(), flags=re.M)
    place.write(name, text + '\nsettings = { formula = "physical - reservd"; };\n')
    place.refused("stock.conf", '"levels[].reservd" is no field of the core model "stock"; did you mean "reserved"?')
    place.write(name, text + '\nsettings = { formula = "max(0, physical - 2 * reserved)"; };\n')
    place.fine()
    place.close()


if __name__ == "__main__":
    main([example_is_without_mistakes, p1_products_travel_one_way,
          q1_quotes_cannot_be_switched_on_into_books_that_hold_none,
          q1_categories_cannot_be_switched_on_into_books_that_hold_none, o36_a_branch_needs_its_workplace,
          entity_that_cannot_be_read_or_written, two_flows_that_book_the_same_orders, field_that_no_model_has, formula_of_the_stock])
