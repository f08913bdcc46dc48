#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stock of the books goes to the till: behaviours S1 to S10."""
import json
import os
import random
from decimal import Decimal

from koppeltest import Shop, http, main

MANY = 1200


def shop_with(*args, settings="", text="", orders="0"):
    """A shop whose articles are in both systems, with the stock flow on; orders are in the books first."""
    shop = Shop("--orders", orders, "--relations", "20", "--articles", "30", *args)
    shop.enable("stock")
    # the last article of the till is not in the books, and the other way round stock meets what is not there
    shop.replace("flows.d/stock.conf", 'every = "15m";', f'every = "15m";\nsettings = {{ {settings} }};\n{text}')
    return shop


def level(shop, article, branch=1):
    for row in json.loads(http(shop.till + "/_sandbox/stock"))["stock"]:
        if str(row["article"]) == str(article) and row["branch"] == branch:
            return Decimal(row["free"])
    return None


def put(shop, article, **members):
    return json.loads(http(f"{shop.books}/_sandbox/articles/{article}", json.dumps(members)))


def put_stock(shop, article, stock, reserved=0, incoming=0, place="Hoofdmagazijn"):
    put(shop, article, locations=[{"location": place, "stock": str(stock), "reserved": str(reserved),
                                   "onOrder": str(incoming)}])


def writes(shop):
    return sum(n for name, n in shop.stats(shop.till).items() if name in ("saveStockCorrections", "setStock"))


def activity_text(shop, state, flow="stock"):
    return " ".join(str(shop.activity(job["job"])) for job in shop.jobs(state, flow))


def s1_available_less_reserved():
    shop = shop_with()
    put_stock(shop, 5, 10, reserved=3)
    shop.sync("stock")
    assert level(shop, 5) == 7, level(shop, 5)
    shop.close()


def s2_formulas_by_name_and_by_expression():
    for formula, expected in (("physical", 10), ("free", 7), ("economic", 12), ("(physical - reserved) * 2", 14)):
        shop = shop_with(settings=f'formula = "{formula}";')
        put_stock(shop, 5, 10, reserved=3, incoming=5)
        shop.sync("stock")
        assert level(shop, 5) == expected, (formula, level(shop, 5))
        assert "reserved 3" in activity_text(shop, "done") or formula == "physical"
        shop.close()
    shop = shop_with(settings='formula = "physical -";')
    done = shop.run("check", ok=(78,))
    assert "stock.conf" in done.stderr and "formula" in done.stderr, done.stderr
    shop.close()


def s3_unmanaged_articles_get_no_quantity():
    shop = shop_with()
    before = level(shop, 6)
    put(shop, 6, stockArticle=False)
    put_stock(shop, 6, 99)
    shop.sync("stock")
    assert level(shop, 6) in (None, before), level(shop, 6)
    article = next(a for p in json.loads(http(shop.till + "/_sandbox/products"))["products"]
                   for a in p["articles"] if a["articleNumber"] == 6)
    assert article["stockArticle"] is False, article
    shop.close()


def s4_negative_stock_is_clamped_or_passed():
    shop = shop_with()
    put_stock(shop, 5, -4)
    shop.sync("stock")
    assert level(shop, 5) == 0
    assert "-4 is sent as 0" in activity_text(shop, "done")
    shop.close()
    shop = shop_with(settings='negative = "pass";')
    put_stock(shop, 5, -4)
    shop.sync("stock")
    assert level(shop, 5) == -4
    shop.close()


def s5_unknown_article_parks_and_goes_once_it_is_there():
    shop = shop_with()
    shop.enable("products")
    put(shop, 4711, create=True, description="Nieuw", salesTypeId=1, salesPrice=10)
    put_stock(shop, 4711, 8)
    shop.sync("stock")
    parked = [j for j in shop.jobs("parked", "stock") if "4711" in j["detail"]]
    assert parked and parked[0]["reason"] == "article.missing" and parked[0]["remedy"], parked
    shop.sync("products")
    after = shop.sync("stock")
    assert level(shop, 4711) == 8, (level(shop, 4711), after)
    shop.close()


def s6_each_branch_gets_its_own_sum():
    shop = shop_with(text="options = { locations = true; };\n")
    shop.write("tables/branches.csv", "Hoofdmagazijn,1\nWinkel,2\n")
    put(shop, 5, locations=[{"location": "Hoofdmagazijn", "stock": "4"}, {"location": "Winkel", "stock": "2.5"}])
    shop.sync("stock")
    assert (level(shop, 5, 1), level(shop, 5, 2)) == (4, Decimal("2.5")), (level(shop, 5, 1), level(shop, 5, 2))
    shop.write("tables/branches.csv", "Hoofdmagazijn,1\n")
    shop.sync("stock")
    put(shop, 5, locations=[{"location": "Hoofdmagazijn", "stock": "3"}, {"location": "Winkel", "stock": "9"}])
    shop.sync("stock")
    assert (level(shop, 5, 1), level(shop, 5, 2)) == (3, Decimal("2.5"))
    assert "location Winkel belongs to no branch" in activity_text(shop, "done")
    shop.close()


def s6_a_branch_that_got_its_sum_alone_is_not_forgotten():
    shop = shop_with(text="options = { locations = true; };\n")
    shop.write("tables/branches.csv", "Hoofdmagazijn,1\nWinkel,2\n")

    def levels(first, second):
        put(shop, 5, locations=[{"location": "Hoofdmagazijn", "stock": first}, {"location": "Winkel", "stock": second}])

    levels("4", "2.5")
    shop.sync("stock")
    levels("9", "8")
    shop.trouble({"do": "status", "on": "saveStockCorrections", "skip": 1}, url=shop.till)
    counts = shop.sync("stock", wait=0)
    assert counts["waiting"] and (level(shop, 5, 1), level(shop, 5, 2)) == (9, Decimal("2.5")), counts
    levels("4", "2.5")
    counts = shop.sync("stock")
    assert not counts["waiting"] and (level(shop, 5, 1), level(shop, 5, 2)) == (4, Decimal("2.5")), counts
    shop.close()


def s7_only_what_changed_is_sent():
    shop = shop_with()
    first = shop.sync("stock")
    assert first["done"] >= 25, first
    sent = writes(shop)
    again = shop.sync("stock")
    assert again["read"] == first["read"] and writes(shop) == sent, (first, again)
    put(shop, 5, description="Andere naam")  # another change of the article is none of its stock
    third = shop.sync("stock")
    assert writes(shop) == sent, third
    put_stock(shop, 5, 41)
    shop.sync("stock")
    assert level(shop, 5) == 41 and writes(shop) == sent + 1
    shop.close()


def s8_unbooked_sales_hold_their_articles():
    shop = shop_with(orders="12")
    shop.write("flows.d/orders.conf", open(os.path.join(shop.conf, "flows.d/orders.conf")).read().replace(
        'missing = "create"', 'missing = "park"'))
    shop.sync()  # customers are missing: nearly every order parks
    waiting = shop.jobs("parked", "orders")
    assert waiting
    held = set()
    for job in waiting:
        source = shop.activity(job["job"])["source"]
        held |= {line["articleNumber"] for line in source["lineList"]}
    counts = shop.sync("stock")
    reasons = {r["reason"]: r["count"] for r in counts["reasons"] if r["state"] == "waiting"}
    assert reasons.get("held"), counts
    for job in shop.jobs("waiting", "stock"):
        number = shop.activity(job["job"])["source"]["articleNumber"]
        assert number in held and "is not in the books yet" in job["detail"], job
    free = [job for job in shop.jobs("done", "stock")]
    assert free and all(shop.activity(j["job"])["source"]["articleNumber"] not in held for j in free)
    shop.replace("flows.d/orders.conf", 'missing = "park"; existing', 'missing = "create"; existing')
    shop.run("retry", "--all", "--flow", "orders")
    shop.sync()
    shop.run("retry", "--all", "--flow", "stock")
    counts = shop.sync("stock")
    still = {n for j in shop.jobs("parked", "orders")
             for n in (line["articleNumber"] for line in shop.activity(j["job"])["source"]["lineList"])}
    for job in shop.jobs("waiting", "stock"):
        assert shop.activity(job["job"])["source"]["articleNumber"] in still, job
    shop.close()


def s8_a_sale_of_a_moment_ago_is_known():
    """The order was made after the order flow last ran: stock still waits for it."""
    shop = shop_with(orders="0")
    shop.sync()
    http(shop.till + "/_sandbox/add-orders?n=1", "", "POST")
    order = shop.orders()[-1]
    counts = shop.sync("stock")
    assert any(r["reason"] == "held" for r in counts["reasons"]), (counts, order)
    shop.close()


def s9_a_stopped_order_flow_holds_everything():
    shop = shop_with(orders="5")
    shop.sync()
    shop.run("pause", "orders")
    counts = shop.sync("stock")
    assert counts["done"] == 0 and counts["waiting"] == counts["read"] > 0, counts
    detail = shop.jobs("waiting", "stock")[0]["detail"]
    assert "orders" in detail and "paused" in detail, detail
    assert "held" in shop.run("status", "stock", ok=(0, 1)).stdout
    shop.run("resume", "orders")
    shop.run("retry", "--all", "--flow", "stock")
    assert shop.sync("stock")["done"] > 0
    shop.close()


def s10_decimals_survive():
    shop = shop_with()
    put_stock(shop, 5, "1.250")
    shop.sync("stock")
    assert level(shop, 5) == Decimal("1.25")
    shop.close()


def many_levels_in_few_calls_with_a_bad_one_among_them():
    shop = shop_with("--catalogue", str(MANY))
    shop.enable("products")
    shop.sync("products", wait=60)
    first = shop.sync("stock", wait=60)
    assert first["done"] > MANY * 0.9, first
    sent = writes(shop)
    assert sent <= MANY // 500 + 12, f"{sent} calls"
    rows = [r["articleNumber"] for r in json.loads(http(shop.books + "/_sandbox/articles"))["articles"]
            if r["stockArticle"] and r["active"] and len(r["articleNumber"]) == 7]
    for number in random.sample(rows, 20):
        put_stock(shop, number, 77)
    shop.sync("stock", wait=60)
    assert writes(shop) - sent <= 2, "20 changes go in one call"
    shop.close()


if __name__ == "__main__":
    main([s1_available_less_reserved, s2_formulas_by_name_and_by_expression, s3_unmanaged_articles_get_no_quantity,
          s4_negative_stock_is_clamped_or_passed, s5_unknown_article_parks_and_goes_once_it_is_there,
          s6_each_branch_gets_its_own_sum, s6_a_branch_that_got_its_sum_alone_is_not_forgotten,
          s7_only_what_changed_is_sent, s8_unbooked_sales_hold_their_articles,
          s8_a_sale_of_a_moment_ago_is_known, s9_a_stopped_order_flow_holds_everything, s10_decimals_survive,
          many_levels_in_few_calls_with_a_bad_one_among_them])
