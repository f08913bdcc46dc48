# SPDX-License-Identifier: MIT
"""What the tests of goods share: a shop with articles on both sides, and the flows between them."""
import json
import urllib.parse

from koppeltest import Shop, http

TO_TILL = '''name = "products";
from = { connection = "books"; entity = "article"; };
to = { connection = "till"; entity = "article"; };
tables = { vat = "tables/till-vat.csv"; sales_rate = "tables/till-rates.csv";
           turnover_group = "tables/till-groups.csv"; };
references = { category = { missing = "create"; }; };
'''
TO_BOOKS = '''name = "products-to-books";
enabled = %s;
from = { connection = "till"; entity = "article"; };
to = { connection = "books"; entity = "article"; };
tables = { sales_type = "tables/sales-types.csv"; };
'''


class Goods(Shop):
    """Forty articles of the till, most of which the books have too; the books have 29 of their own."""

    def __init__(self, *args, articles=40, catalogue=29, **more):
        super().__init__("--orders", "1", "--articles", str(articles), "--catalogue", str(catalogue), *args, **more)

    def to_till(self, more="", settings=""):
        """The way from the books to the till, and not the other one."""
        self.write("flows.d/products-to-books.conf", TO_BOOKS % "false")
        self.write("flows.d/products.conf", TO_TILL + f"settings = {{ {settings} }};\n" + more)

    def to_books(self, more="", settings=""):
        self.write("flows.d/products.conf", TO_TILL + "enabled = false;\n")
        self.write("flows.d/products-to-books.conf", TO_BOOKS % "true" + f"settings = {{ {settings} }};\n" + more)

    def goods(self, flow="products"):
        """One run of the flow; its counts."""
        done = self.run("sync", flow, "--json", "--wait", "20", ok=(0, 1))
        return json.loads(done.stdout.splitlines()[-1])

    def of(self, reason, state="parked"):
        return [job for job in self.jobs(state) if job["reason"] == reason]

    def job(self, key):
        """The newest job of a record."""
        found = [job for state in ("done", "skipped", "parked", "waiting") for job in self.jobs(state)
                 if job["key"] == key]
        return max(found, key=lambda job: job["at"])

    def till_products(self):
        return json.loads(http(self.till + "/_sandbox/products"))["products"]

    def till_articles(self):
        """By number, each with the number and the groups of its product."""
        found = {}
        for product in self.till_products():
            for article in product["articles"]:
                found[str(article["articleNumber"])] = dict(article, product=product["productNumber"],
                                                            groups=product["groups"])
        return found

    def till_groups(self):
        """Path to record, of those that are not deleted; a path that is there twice fails."""
        groups = {g["groupNumber"]: g for g in json.loads(http(self.till + "/_sandbox/article-groups"))["article-groups"]
                  if not g["deleted"]}

        def path(g):
            above = groups.get(g["parent"])
            return (path(above) + "/" if above else "") + g["name"]

        paths = [path(g) for g in groups.values()]
        assert len(paths) == len(set(paths)), sorted(paths)
        return dict(zip(paths, groups.values()))

    def books_articles(self):
        """By number; a number that is there twice fails."""
        rows = json.loads(http(self.books + "/_sandbox/articles"))["articles"]
        found = {row["articleNumber"]: row for row in rows}
        assert len(found) == len(rows), "the books have a number twice"
        return found

    def key_of(self, number):
        """Under which key the flow knows an article of the books."""
        return str(self.books_articles()[number]["id"])

    def set_books(self, number, **what):
        http(f"{self.books}/_sandbox/articles/{urllib.parse.quote(str(number))}", json.dumps(what))

    def set_till(self, number, **what):
        http(f"{self.till}/_sandbox/products/{number}", json.dumps(what))

    def written(self, url):
        """How many requests have changed something."""
        return sum(n for name, n in self.stats(url).items()
                   if name.startswith(("create", "update", "new", "save")) or name.endswith((".create", ".update")))
