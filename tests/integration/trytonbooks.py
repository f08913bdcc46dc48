#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes a company in a Tryton database that has its modules: chart of accounts, taxes, fiscal years, payment term,
countries, account categories, and a user for the program. Prints the ids that a configuration needs."""
import datetime
import json
import sys
from decimal import Decimal

from trytond.config import config

config.update_etc([sys.argv[1]])
from trytond.pool import Pool  # noqa: E402 - the configuration comes first
from trytond.transaction import Transaction  # noqa: E402

RATES = {"21": Decimal("0.21"), "9": Decimal("0.09"), "0": Decimal("0")}
ACCOUNTS = {"21": "8400", "9": "8300", "0": "8200"}
YEARS = range(2024, datetime.date.today().year + 2)


def company(pool):
    get = pool.get
    get("country.country").create([{"name": name, "code": code} for name, code in (
        ("Netherlands", "NL"), ("Belgium", "BE"), ("Germany", "DE"), ("France", "FR"))])
    euro, = get("currency.currency").create([{
        "name": "Euro", "code": "EUR", "symbol": "E", "rounding": Decimal("0.01"), "digits": 2,
        "rates": [("create", [{"date": datetime.date(2020, 1, 1), "rate": Decimal(1)}])]}])
    party, = get("party.party").create([{"name": "Shop B.V.", "addresses": [("create", [{}])]}])
    made, = get("company.company").create([{"party": party.id, "currency": euro.id}])
    user = get("res.user")
    admin = user(1)
    user.write([admin], {"company": made.id, "companies": [("add", [made.id])]})
    user.create([{"name": "Koppel", "login": "koppel", "password": sys.argv[2], "company": made.id,
                  "companies": [("add", [made.id])], "groups": [("add", [group.id for group in admin.groups])]}])
    return made.id


def chart(pool, own):
    get = pool.get
    root, = get("account.account.template").search([("parent", "=", None), ("name", "like", "%SKR03%")])
    wizard_class = pool.get("account.create_chart", type="wizard")
    wizard = wizard_class(wizard_class.create()[0])
    wizard.account.account_template, wizard.account.company = root, own
    wizard.transition_create_account()
    account = get("account.account")

    def first(kind):
        return account.search([(f"type.{kind}", "=", True), ("party_required", "=", True), ("closed", "=", False)])[0]
    wizard.properties.company = own
    wizard.properties.account_receivable, wizard.properties.account_payable = first("receivable"), first("payable")
    wizard.transition_create_properties()


def years(pool, own):
    get = pool.get
    types = {one.name: one.id for one in get("ir.sequence.type").search([])}
    for year in YEARS:
        moves, = get("ir.sequence").create([{"name": f"Move {year}", "sequence_type": types["Account Move"],
                                             "company": own}])
        numbers, = get("ir.sequence.strict").create([{"name": f"Invoice {year}", "sequence_type": types["Invoice"],
                                                      "company": own, "prefix": f"{year}-"}])
        one = {f"{way}_{kind}_sequence": numbers.id for way in ("in", "out") for kind in ("invoice", "credit_note")}
        fiscal, = get("account.fiscalyear").create([{
            "name": str(year), "start_date": datetime.date(year, 1, 1), "end_date": datetime.date(year, 12, 31),
            "company": own, "post_move_sequence": moves.id,
            "invoice_sequences": [("create", [{"company": own, **one}])]}])
        get("account.fiscalyear").create_period([fiscal])


def lists(pool, own):
    """Taxes of the country of the shop, categories that have them, and a payment term."""
    get = pool.get
    account = {one.code: one.id for one in get("account.account").search([("company", "=", own)])}
    group, = get("account.tax.group").search([("kind", "=", "sale")], limit=1)
    taxes, categories = {}, {}
    for name, rate in RATES.items():
        tax, = get("account.tax").create([{
            "name": f"BTW {name}%", "description": f"BTW {name}%", "company": own, "type": "percentage", "rate": rate,
            "group": group.id, "invoice_account": account["1776"], "credit_note_account": account["1776"]}])
        category, = get("product.category").create([{
            "name": f"Goods {name}%", "accounting": True, "account_revenue": account[ACCOUNTS[name]],
            "customer_taxes": [("add", [tax.id])]}])
        taxes[name], categories[name] = tax.id, category.id
    term, = get("account.invoice.payment_term").create([{
        "name": "At once", "lines": [("create", [{"type": "remainder", "relativedeltas": [("create", [{"days": 0}])]}])]}])
    return {"company": own, "tax": taxes, "category": categories, "term": term.id}


Pool.start()
POOL = Pool("books")
POOL.init()
with Transaction().start("books", 1) as transaction:
    OWN = company(POOL)
    transaction.commit()
with Transaction().start("books", 1, context={"company": OWN}) as transaction:
    chart(POOL, OWN)
    years(POOL, OWN)
    IDS = lists(POOL, OWN)
    transaction.commit()
print(json.dumps(IDS))
