# SPDX-License-Identifier: MIT
"""koppel figures: how much was read and settled when."""
import datetime
import json

from koppeltest import Shop, main


def figures(shop, *args):
    return [json.loads(line) for line in shop.run("figures", *args, "--json").stdout.splitlines()]


def test_spans_add_up_to_what_the_flow_counts():
    shop = Shop()
    shop.sync()
    counts = next(json.loads(line) for line in shop.run("status", "--json", ok=(0, 1)).stdout.splitlines()
                  if json.loads(line)["flow"] == "orders")
    week = (datetime.date.today() - datetime.timedelta(days=7)).isoformat()
    for args in ([], ["orders"], ["--since", week]):
        rows = figures(shop, *args)
        assert 1 <= len(rows) <= 96, len(rows)
        assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
        for name in ("read", "done", "skipped", "parked"):
            assert sum(row[name] for row in rows) == counts[name], (args, name, counts)
    assert sum(row["read"] for row in figures(shop, "customers")) == 0
    # what was before does not count, and a flow that is not there is told
    assert sum(row["read"] for row in figures(shop, "--until", "2020-01-02", "--since", "2020-01-01")) == 0
    shop.run("figures", "ordres", ok=(64,))
    shop.run("figures", "--since", "2020-01-01", ok=(64,))


if __name__ == "__main__":
    main([test_spans_add_up_to_what_the_flow_counts])
