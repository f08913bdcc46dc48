#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fields that the till's owner added to cards: typed both ways, offered, and held against what there is."""
import glob
import os

from goodstest import Goods
from koppeltest import Shop, main
from map_prompt import Terminal
from preview import rows

FIELDS = '''map = (
  { to = "custom.voorkeurskleur"; value = "groen"; },
  { to = "custom.schoenmaat"; value = "43.5"; },
  { to = "custom.aantal_kinderen"; value = 2; },
  { to = "custom.nieuwsbrief"; value = true; },
  { to = "custom.lid_sinds"; value = "2024-02-29"; } );
'''
GIVEN = {"voorkeurskleur": "groen", "schoenmaat": "43.5", "aantal_kinderen": "2", "nieuwsbrief": True,
         "lid_sinds": "2024-02-29"}


class Cards(Shop):
    """Debtors of the books become relations of the till, with these rules beside the shipped ones."""

    def __init__(self, rules):
        super().__init__("--orders", "1", "--relations", "12", "--articles", "20", "--debtors", "4")
        self.flow = open(f"{self.conf}/flows.d/customers-to-till.conf").read()
        self.rules(rules)

    def rules(self, rules):
        self.write("flows.d/customers-to-till.conf", self.flow + rules)

    def cards(self):
        """{relation number: its custom fields} of those that have any, as a flow reads them."""
        found = rows(self, "customers", "--limit", "100")
        return {row["key"]: row["source"]["custom"] for row in found if "custom" in row["source"]}


def values_are_typed_both_ways():
    shop = Cards(FIELDS)
    assert shop.cards() == {}
    counts = shop.sync("customers-to-till")
    assert counts["done"] > 3, counts
    cards = shop.cards()
    assert len(cards) == counts["done"] and all(card == GIVEN for card in cards.values()), cards
    shop.write("flows.d/customers.conf", open(f"{shop.conf}/flows.d/customers.conf").read() + '''
get_map = ( { to = "custom.colour"; from = "custom.voorkeurskleur"; } );
map = ( { to = "addressLine2"; from = "custom.colour"; } );
''')
    found = [row for row in rows(shop, "customers", "--limit", "100") if "custom" in row["source"]]
    assert found and all(row["core"]["custom"] == {"colour": "groen"} for row in found), found
    assert any(row["destination"] and row["destination"]["addressLine2"] == "groen" for row in found)
    shop.close()


def a_card_keeps_the_fields_that_nobody_speaks_of():
    shop = Cards(FIELDS)
    shop.sync("customers-to-till")
    shop.rules('map = ( { to = "custom.voorkeurskleur"; value = "rood"; }, { to = "extraText"; value = "x"; } );\n')
    for path in glob.glob(f"{shop.conf}/koppel.db*"):
        os.remove(path)  # so that every card is found and brought up to date
    shop.login()
    bodies = [row["requests"][0]["request"]["body"] for row in rows(shop, "customers-to-till", "--limit", "20")
              if row["outcome"] == "would be changed"]
    assert len(bodies) > 3
    for body in bodies:
        assert "rood" in body and "groen" not in body and "Schoenmaat" in body and "Lid sinds" in body, body
    shop.sync("customers-to-till")
    assert all(card == dict(GIVEN, voorkeurskleur="rood") for card in shop.cards().values()), shop.cards()
    shop.close()


def what_the_till_does_not_have_parks_with_what_it_has():
    for rule, reason, words in (
            ('{ to = "custom.schoen"; value = "43"; }', "custom.unknown", "schoenmaat"),
            ('{ to = "custom.aantal_kinderen"; value = "2.5"; }', "custom.value", "integer"),
            ('{ to = "custom.nieuwsbrief"; value = "ja"; }', "custom.value", "boolean"),
            ('{ to = "custom.lid_sinds"; value = "x"; }', "custom.value", "date"),
            ('{ to = "custom.schoenmaat"; value = "4,5"; }', "custom.value", "decimal")):
        shop = Cards(f"map = ( {rule} );\n")
        shop.sync("customers-to-till")
        parked = [job for job in shop.jobs("parked") if job["reason"] == reason]
        assert parked and words in parked[0]["detail"] and parked[0]["remedy"], (rule, shop.jobs("parked"))
        assert not shop.cards()
        shop.close()


def check_online_and_the_prompt_know_the_accounts_fields():
    shop = Cards('map = (\n  { to = "custom.schoenmat"; value = "43"; },\n  { to = "custom.voorkeurskleur"; value = "x"; } );\n')
    assert "schoenmat" not in shop.run("check").stderr, "nobody can tell without the till"
    said = shop.run("check", "--online", ok=(78,)).stderr
    line = len(shop.flow.splitlines()) + 2
    assert f'customers-to-till.conf:{line}: "custom.schoenmat" is no field' in said and 'mean "schoenmaat"' in said, said
    assert "voorkeurskleur" not in said
    shop.rules('map = ( { to = "custom.nieuwsbrief"; value = "ja"; },\n  { to = "custom.schoenmaat"; from = "number"; '
               'default = "groot"; },\n  { to = "custom.lid_sinds"; value = "2024-02-30"; } );\n')
    said = shop.run("check", "--online", ok=(78,)).stderr
    for words in ('"custom.nieuwsbrief" takes true or false in the account of till, not "ja"',
                  '"custom.schoenmaat" takes a decimal', '"custom.lid_sinds" takes a date'):
        assert words in said, (words, said)
    shop.rules(FIELDS)
    assert "custom" not in shop.run("check", "--online", ok=(0, 78)).stderr
    prompt = Terminal(shop, "customers-to-till")
    prompt.type('{ to = "custom.voork\t"; value = "x"; }\n:ru\t\n')
    prompt.read('1 map { to = "custom.voorkeurskleur"; value = "x"; }')
    prompt.end()
    shop.close()


def articles_have_fields_of_their_own():
    shop = Goods()
    shop.to_till(more='map = (\n  { to = "custom.materiaal"; value = "hout"; },\n'
                 '  { to = "custom.gewicht_kg"; value = "0.125"; } );\n')
    assert shop.goods()["done"] > 3
    shop.to_books()
    found = [row["source"].get("custom") for row in rows(shop, "products-to-books", "--limit", "100")]
    given = [custom for custom in found if custom]
    assert given and all(custom == {"materiaal": "hout", "gewicht_kg": "0.125"} for custom in given), found
    shop.close()


if __name__ == "__main__":
    main([values_are_typed_both_ways, a_card_keeps_the_fields_that_nobody_speaks_of,
          what_the_till_does_not_have_parks_with_what_it_has, check_online_and_the_prompt_know_the_accounts_fields,
          articles_have_fields_of_their_own])
