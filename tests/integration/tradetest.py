# SPDX-License-Identifier: MIT
"""What the tests of sales documents share: a till where things are sold, and each kind of document that
the books make of it."""
import itertools
import json
import re
from decimal import Decimal

from koppeltest import Shop, http
from tilltest import read, write
import xml.etree.ElementTree as ET

FLOW = '''name = "orders";
from = {{ connection = "till"; entity = "{source}"; }};
to = {{ connection = "books"; entity = "{dest}"; }};
{filter}references = {{ customer = {{ match = [ "email" ]; missing = "create"; existing = "update"; }}; }};
settings = {{ {settings} }};
tables = {{
  revenue_account = "tables/revenue.csv"; vat_account = "tables/vat-accounts.csv"; vat_code = "tables/vat.csv";
  payment_account = "tables/payment-accounts.csv"; sales_type = "tables/sales-types.csv";
  payment_condition = "tables/payment.csv"; delivery_method = "tables/delivery.csv";
}};
'''
KINDS = ("sales-invoice", "sales-order", "financial-mutation")
SMALL = ("--relations", "40", "--articles", "40")
BELGIAN_CONSUMER, BELGIAN_COMPANY, DUTCH = 6, 12, 10
KEPT = {"sales-invoice": ("invoices", "description"), "sales-order": ("sales_orders", "reference"),
        "financial-mutation": ("journal_entries", "sourceDocumentNumber")}
SERIAL = itertools.count(1)
# The till wants its elements in the order of its schema.
HEAD = ("orderId", "extOrderId", "entryBranchNumber", "employeeNumber", "relationNumber", "deliveryAddress",
        "financialDate", "reference", "vatMethod", "deliveryMethod", "deliveryDate", "paymentMethod", "lineList")
DATA = ("quantity", "decimalPlaces", "price", "priceExcl", "originalPrice", "turnoverGroup", "vatCode",
        "discountPercentage", "discountAmount")


def settings_text(**settings):
    return " ".join(f'{name} = "{value}";' for name, value in settings.items())


def shop_with(dest, *args, source="order", login=True, places=4, **settings):
    """The till of this test and the books, with a flow from the one to the other. places: the decimals that the
    books take of the price in an order; with four of them the amounts without VAT are the till's too."""
    only = 'filter = ( { field = "state"; in = [ "paid", "delivered" ]; } );\n' if source == "order" else ""
    shop = Shop(*SMALL, *(args or ("--orders", "0")), login=login,
                flow=FLOW.format(source=source, dest=dest, filter=only, settings=settings_text(**settings)))
    shop.dest = dest
    if dest == "sales-order":
        shop.replace("connections.d/books.conf", "settings = {", f"settings = {{ price_places = {places};")
    return shop


def money(value):
    return Decimal(str(value))


def posted(shop, reference=None):
    """The documents in the books, lists of lines unwrapped; of one reference with its corrections."""
    name, key = KEPT[shop.dest]
    found = json.loads(http(f"{shop.books}/_sandbox/{name.replace('_', '-')}"))[name]
    for document in found:
        if isinstance(document.get("lines"), dict):
            document["lines"] = document["lines"]["_data"]
    return [d for d in found if reference in (None, d[key].partition("/")[0])]


def one(shop, reference):
    found = posted(shop, reference)
    assert len(found) == 1, (reference, found)
    return found[0]


def till(shop, route="orders"):
    return json.loads(http(f"{shop.till}/_sandbox/{route}?full=1"))[route]


def of_till(shop, ident, route="orders"):
    return next(d for d in till(shop, route) if d["id"] == ident)


def soap(shop, operation, content):
    login = shop.info["mpluskassa"]
    body = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:mplusqapi"><s:Body>'
            f"<m:{operation}>{write(content)}</m:{operation}></s:Body></s:Envelope>")
    text = http(f"{shop.till}/?ident={login['ident']}&secret={login['secret']}", body, kind="text/xml; charset=utf-8")
    return read(ET.fromstring(re.search(r"<SOAP-ENV:Body>(.*)</SOAP-ENV:Body>", text, re.S).group(1)
                              .replace(">", ' xmlns:ns="urn:mplusqapi">', 1)))


def line(article, quantity="1", price=None, text=None, **data):
    """price in euros, with VAT where the document's prices are."""
    units, _, places = str(quantity).partition(".")
    data = {"quantity": units + places, "decimalPlaces": len(places), **data}
    if price is not None:
        data["price"] = int(money(price) * 100)
    for name in ("originalPrice", "discountAmount", "discountPercentage"):
        if name in data:
            data[name] = int(money(data[name]) * 100)
    data = {name: data[name] for name in DATA if name in data}
    return {"articleNumber": article, **({"text": text} if text else {}), "data": data}


def sell(shop, *lines, relation=DUTCH, method="INCLUSIVE", pay=None, paid=True, invoiced=False, **head):
    """A new order of the till, paid by {method: euros}, or in full by its own method."""
    order = {"orderId": "", "extOrderId": f"TEST-{next(SERIAL)}", "entryBranchNumber": 1, "employeeNumber": 999999,
             "relationNumber": relation, "vatMethod": f"VAT-METHOD-{method}", "paymentMethod": "PIN", **head,
             "lineList": {"line": list(lines)}}
    made = soap(shop, "createOrder", {"order": {name: order[name] for name in HEAD if name in order}})
    assert "OK" in made["result"][0], made
    ident = made["info"][0]["orderId"][0]
    incl = money(of_till(shop, ident)["incl"])
    if paid and incl <= 0:
        shop.change(ident, fullyPaid=True)
    elif paid:
        amounts = [{"method": name, "amount": int(money(value) * 100)}
                   for name, value in (pay or {order["paymentMethod"]: incl}).items()]
        done = soap(shop, "payOrder", {"request": {"orderId": ident, "prepay": not invoiced,
                                                   "paymentList": {"payment": amounts}}})
        assert "OK" in done["result"][0], done
    return of_till(shop, ident)


def job(shop, document, state):
    found = [j for j in shop.jobs(state) if j["key"] == document["id"]]
    assert found, (state, [(s, j["reason"], j["detail"]) for s in ("parked", "skipped", "done", "waiting")
                                            for j in shop.jobs(s) if j["key"] == document["id"]])
    return found[0]  # the newest


def total(documents, name):
    return sum(money(d[name]) for d in documents)


def by_account(documents):
    """What journal entries do per ledger account; a debtor's line without one is on 1300."""
    sums = {}
    for entry in documents:
        for row in entry["lines"]:
            account = int(row.get("ledgerAccountId") or 1300)
            sums[account] = sums.get(account, Decimal(0)) + money(row["amount"])
    return {account: amount for account, amount in sums.items() if amount}
