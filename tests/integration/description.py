#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The books' published description against what the connector sends: koppel check --online names what
differs for a configured flow, and an overlay of the catalogue mends it without a rebuild."""
import json
import os

from koppeltest import SRC, Shop, http, main

FLOW = """name = "orders";
from = { connection = "till"; entity = "order"; };
to = { connection = "books"; entity = "sales-order"; };
filter = ( { field = "state"; in = [ "paid", "delivered" ]; } );
references = {
  customer = { match = [ "email" ]; missing = "create"; existing = "update"; };
  article = { match = [ "number" ]; missing = "park"; };
};
tables = {
  vat_code = "tables/vat.csv";
  payment_condition = "tables/payment.csv";
  sales_type = "tables/sales-types.csv";
  delivery_method = "tables/delivery.csv";
};
"""


PRODUCTS = """name = "products";
from = { connection = "books"; entity = "article"; };
to = { connection = "till"; entity = "article"; };
get = "own.get.conf";
tables = {
  vat = "tables/till-vat.csv";
  sales_rate = "tables/till-rates.csv";
  turnover_group = "tables/till-groups.csv";
};
references = { category = { missing = "create"; }; };
"""


def shop_with(**bend):
    shop = Shop("--orders", "30", "--relations", "20", flow=FLOW, login=False)
    flows = os.path.join(shop.conf, "flows.d")
    for name in os.listdir(flows):
        if name != "orders.conf":
            os.remove(os.path.join(flows, name))
    shop.login()
    if bend:
        http(shop.books + "/_sandbox/swagger", json.dumps(bend))
    return shop


def check(shop):
    """What koppel check --online says of the books; what it says of the till is no business of this test."""
    done = shop.run("check", "--online", ok=None)
    assert "connection books answers" in done.stdout, done.stdout + done.stderr
    notes = [line for line in done.stdout.splitlines() if "note: entity" in line]
    return notes, [line for line in done.stderr.splitlines() if "connection books" in line], done.returncode


def use_overlay(shop, overlay):
    shop.write("books.overlay.json", json.dumps(overlay))
    shop.replace("connections.d/books.conf", 'connector = "asperion";',
                 'connector = "asperion";\noverlay = "books.overlay.json";')


def sales_orders(shop):
    return json.loads(http(shop.books + "/_sandbox/sales-orders"))["sales_orders"]


def agrees():
    shop = shop_with()
    notes, mistakes, _ = check(shop)
    assert not notes and not mistakes, (notes, mistakes)
    shop.close()


def renamed_field_is_named_and_an_overlay_mends_it():
    shop = shop_with(rename={"salesorderwithlines.lines.price": "unitPrice",
                             "salesorderwithlines.reference": "yourReference"})
    _, mistakes, code = check(shop)
    assert code == 78, code
    for wanted in ('lines[].price: GET /v1/SalesOrderWithLines, POST /v1/SalesOrderWithLines, '
                   'PUT /v1/SalesOrderWithLines/{id} has no "price"',
                   'has no "reference"', "has no parameter Reference", "flow orders uses it"):
        assert any(wanted in line for line in mistakes), (wanted, mistakes)
    before = len(sales_orders(shop))
    use_overlay(shop, {"entities": [{"name": "sales-order", "fields": [
        {"name": "reference", "wire": "yourReference"},
        {"name": "lines", "fields": [{"name": "price", "wire": "unitPrice"}]}]}]})
    notes, mistakes, _ = check(shop)
    assert not notes and not mistakes, (notes, mistakes)
    done = shop.sync()
    assert done["done"] > 10, done
    after = sales_orders(shop)
    assert len(after) - before == done["done"], (before, len(after), done)
    again = shop.sync()
    assert again["done"] == done["done"] and len(sales_orders(shop)) == len(after), again
    shop.close()


def what_no_flow_uses_is_a_note():
    shop = shop_with(remove=["debtors.characteristic5"], type={"debtors.faxNumber": "integer"})
    notes, mistakes, _ = check(shop)
    assert not mistakes, mistakes
    assert any("entity debtor, characteristic5: " in line for line in notes), notes
    assert any('has "faxNumber" as integer, here it is string' in line for line in notes), notes
    assert len(notes) == 2, notes
    shop.close()


def what_a_condition_compares_is_used():
    """A comparison, a group and a function of the whole record have no field of their own."""
    shop = shop_with(remove=["articles.grossSalesPrice", "articles.colliPerArticle"])
    shipped = open(os.path.join(SRC, "conf", "mappings", "asperion", "article.get.conf")).read()
    for name, condition, wanted in (
            ("compare", 'expr = "grossSalesPrice > salesPrice";', ["grossSalesPrice"]),
            ("group", 'any = ( { field = "colliPerArticle"; has = true; }, { field = "size"; has = true; } );',
             ["colliPerArticle"]),
            ("whole", 'via = "address.join"; has = true;', ["grossSalesPrice", "colliPerArticle"])):
        rule = f'  {{ to = "managed"; value = "false"; when = ( {{ {condition} }} ); }}\n);'
        shop.write("own.get.conf", shipped.rstrip().removesuffix(");").rstrip() + ",\n" + rule)
        shop.write("flows.d/products.conf", PRODUCTS)
        _, mistakes, code = check(shop)
        used = [field for field in ("grossSalesPrice", "colliPerArticle")
                if any(f"{field}: " in line and "flow products uses it" in line for line in mistakes)]
        assert code == 78 and used == wanted, (name, used, mistakes)
    shop.close()


def missing_verb_and_path():
    shop = shop_with(remove=["salesorderwithlines:post"])
    _, mistakes, code = check(shop)
    assert code == 78 and any("POST /v1/SalesOrderWithLines: is not there" in line for line in mistakes), mistakes
    shop.replace("connections.d/books.conf", "settings = {", 'settings = { sales_order_path = "salesorderwithline";')
    _, mistakes, code = check(shop)
    wanted = "/v1/salesorderwithline: is not there; the nearest is /v1/SalesOrderWithLines/"
    assert code == 78 and any(wanted in line for line in mistakes), mistakes
    shop.close()


def r10_no_description_is_a_note():
    """Books that publish none: one note, which says what to set, and no failure."""
    shop = shop_with()
    shop.replace("connections.d/books.conf", "settings = {", 'settings = { swagger_path = "/elsewhere.json";')
    done = shop.run("check", "--online")
    notes = [line for line in done.stdout.splitlines() if "note: " in line and "description" in line]
    assert len(notes) == 1 and "check swagger_path" in notes[0], done.stdout
    assert not done.stderr, done.stderr
    shop.replace("connections.d/books.conf", 'swagger_path = "/elsewhere.json";', "")
    for status, text in ((500, ""), (200, "<html>ours</html>"), (302, ""), (403, "<html/>")):
        shop.trouble({"do": "status", "status": status, "text": text, "on": "/swagger", "times": "all"})
        done = shop.run("check", "--online")
        notes = [line for line in done.stdout.splitlines() if "note: " in line and "description" in line]
        assert len(notes) == 1 and not done.stderr, (status, done.stdout, done.stderr)
    shop.trouble()
    shop.replace("connections.d/books.conf", "settings = {", 'settings = { swagger_path = "";')
    _, mistakes, _ = check(shop)
    assert not mistakes, mistakes
    shop.close()


def without_the_package_the_flow_stops_and_names_it():
    shop = shop_with()
    http(shop.books + "/_sandbox/modules", json.dumps({"inTrade": False}))
    done = shop.run("sync", "orders", "--json", "--wait", "5", ok=None)
    assert done.returncode != 0 and "inTrade" in done.stdout + done.stderr, done.stdout + done.stderr
    own = {"customer.key", "article.missing", "map.unmapped"}  # what three of the orders park for in any case
    assert not [job for job in shop.jobs("parked") if job["reason"] not in own], shop.jobs("parked")
    http(shop.books + "/_sandbox/modules", json.dumps({"inTrade": True}))
    shop.run("resume", "orders")
    assert shop.sync()["done"] > 10
    shop.close()


if __name__ == "__main__":
    main([agrees, renamed_field_is_named_and_an_overlay_mends_it, what_no_flow_uses_is_a_note,
          what_a_condition_compares_is_used, missing_verb_and_path, r10_no_description_is_a_note,
          without_the_package_the_flow_stops_and_names_it])
