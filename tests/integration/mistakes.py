#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel check finds every mistake of a configuration: at its file and line, with the word that helps, and it alone.

Each case is a whole configuration with one slip in it, checked by one process of its own."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from koppeltest import BUILD, KOPPEL, SRC, Shop, main

PLUGINS = os.environ.get("KOPPEL_TEST_PLUGINS", os.path.join(BUILD, "tests", "abi", "plugins"))
MAIN, TILL, BOOKS, FLOW = "koppel.conf", "connections.d/till.conf", "connections.d/books.conf", "flows.d/orders.conf"
FILES = {
    MAIN: '''store = { path = "koppel.db"; };
key = "file:secret.key";
workers = 8;
home = { country = "NL"; currency = "EUR"; zone = "Europe/Amsterdam"; language = "nl"; };
''',
    TILL: '''name = "till";
connector = "mpluskassa";
timeout = "30s";
settings = {
  url = "https://till.example";
  ident = "env:MPLUS_IDENT";
  secret = "env:MPLUS_SECRET";
};
''',
    BOOKS: '''name = "books";
connector = "asperion";
settings = {
  tenant = "1042";
  client_id = "demo-client";
  client_secret = "env:ASPERION_CLIENT_SECRET";
};
''',
    FLOW: '''name = "orders";
from = { connection = "till"; entity = "order"; };
to = { connection = "books"; entity = "sales-invoice"; };
every = "5m";
filter = (
  { field = "state"; in = [ "paid", "delivered" ]; },
  { field = "total_incl"; more = "30.00"; }
);
references = {
  customer = { match = [ "email" ]; missing = "create"; existing = "update"; };
  article = { match = [ "number" ]; missing = "park"; };
};
tables = {
  vat_code = "tables/vat.csv";
  revenue_account = "tables/revenue.csv";
  payment_condition = "tables/payment.csv";
  cost = "tables/cost.csv";
};
settings = { rounding_limit = "0.05"; };
options = { order_types = "sales,repeat"; };
map = (
  { to = "description"; from = "reference"; via = [ "trim", "truncate:60" ]; },
  { to = "lines[].costCenterId"; from = "branch"; table = "cost"; unmapped = "park"; },
  { to = "lines[].costUnitId"; value = "1"; }
);
''',
    "tables/cost.csv": "# branch, cost centre\n1,1\n2,2\n*,1\n",
}
INVOICES = '''name = "invoices";
from = { connection = "till"; entity = "invoice"; };
to = { connection = "books"; entity = "sales-invoice"; };
tables = {
  vat_code = "tables/vat.csv";
  revenue_account = "tables/revenue.csv";
  payment_condition = "tables/payment.csv";
};
'''
TOTALS = '''name = "totals";
from = { connection = "till"; entity = "day-total"; };
to = { connection = "books"; entity = "journal-entry"; };
tables = {
  group_account = "tables/groups.csv";
  vat_account = "tables/vat-accounts.csv";
  payment_account = "tables/payment-accounts.csv";
};
'''


class Place:
    """A configuration that is right, in a folder of its own."""

    def __init__(self):
        self.outer = tempfile.mkdtemp(prefix="koppel-mistakes-")
        self.dir = os.path.join(self.outer, "conf")
        self.env = dict(os.environ, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"), MPLUS_IDENT="i", MPLUS_SECRET="s",
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"), ASPERION_CLIENT_SECRET="s", EMPTY="")
        self.env.pop("CREDENTIALS_DIRECTORY", None)
        shutil.copytree(os.path.join(SRC, "conf", "example", "tables"), os.path.join(self.dir, "tables"))
        for name in os.listdir(os.path.join(self.dir, "tables")):
            if name not in ("vat.csv", "revenue.csv", "payment.csv"):
                os.unlink(os.path.join(self.dir, "tables", name))
        for name, text in FILES.items():
            self.write(name, text)
        self.write("secret.key", "00" * 32 + "\n", 0o600)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(self.path(name), mode)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as source:
            return source.read()

    def sub(self, name, old, new):
        text = self.read(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def table(self, name):
        """One of the example's."""
        shutil.copy(os.path.join(SRC, "conf", "example", "tables", name), self.path("tables"))

    def check(self, *args):
        return subprocess.run([KOPPEL, "-c", self.dir, "check", *args], env=self.env, capture_output=True, timeout=60,
                              close_fds=False)

    def close(self):
        shutil.rmtree(self.outer)


# ---- the slips: (what, file:line, words that must stand there, how it is made)

def sub(name, old, new):
    return lambda p: p.sub(name, old, new)


def put(name, text, mode=0o644):
    return lambda p: p.write(name, text, mode)


def all_of(*steps):
    def make(p):
        for step in steps:
            step(p)
    return make


def folder(name):
    def make(p):
        if os.path.exists(p.path(name)):
            os.unlink(p.path(name))
        os.mkdir(p.path(name))
    return make


def gone(name):
    return lambda p: os.unlink(p.path(name))


def also(*flows):
    """Further flows with their tables."""
    def make(p):
        for name, text in flows:
            p.write(f"flows.d/{name}.conf", text)
        for name in ("groups.csv", "vat-accounts.csv", "payment-accounts.csv"):
            if any(name in text for _, text in flows):
                p.table(name)
    return make


MISTAKES = [
    # fields of the other side
    ("a field of the source in the send mapping", f"{FLOW}:22", "it is one of the source: a rule of \"get_map\" brings it",
     sub(FLOW, 'from = "reference"', 'from = "orderNumber.number"')),
    ("a field of the source in the filter", f"{FLOW}:7", 'it is one of the source',
     sub(FLOW, '"total_incl"; more', '"totalInclAmount"; more')),
    ("a field of the core in the get mapping", f"{FLOW}:1", "it is one of the core",
     sub(FLOW, 'name =', 'get_map = ( { to = "note"; from = "lines[0].number"; } ); name =')),
    # names of settings
    ("koppel.conf, worker", f"{MAIN}:3", 'did you mean "workers"', sub(MAIN, "workers", "worker")),
    ("koppel.conf, hmoe", f"{MAIN}:4", 'did you mean "home"', sub(MAIN, "home", "hmoe")),
    ("koppel.conf, store pth", f"{MAIN}:1", 'did you mean "path"', sub(MAIN, "{ path", "{ pth")),
    ("koppel.conf, home contry", f"{MAIN}:4", 'did you mean "country"', sub(MAIN, "country", "contry")),
    ("koppel.conf, ky", f"{MAIN}:2", 'did you mean "key"', sub(MAIN, "key =", "kye =")),
    ("connection, conector", f"{TILL}:2", 'did you mean "connector"', sub(TILL, "connector", "conector")),
    ("connection, setings", f"{TILL}:4", 'did you mean "settings"', sub(TILL, "settings", "setings")),
    ("connection, timout", f"{TILL}:3", 'did you mean "timeout"', sub(TILL, "timeout", "timout")),
    ("setting, idnet", f"{TILL}:6", 'did you mean "ident"', sub(TILL, "ident =", "idnet =")),
    ("setting, tennant", f"{BOOKS}:4", 'did you mean "tenant"', sub(BOOKS, "tenant =", "tennant =")),
    ("flow, evry", f"{FLOW}:4", 'did you mean "every"', sub(FLOW, "every", "evry")),
    ("flow, form", f"{FLOW}:2", 'did you mean "from"', sub(FLOW, "from =", "form =")),
    ("flow, refrences", f"{FLOW}:9", 'did you mean "references"', sub(FLOW, "references", "refrences")),
    ("flow, tabels", f"{FLOW}:13", 'did you mean "tables"', sub(FLOW, "tables", "tabels")),
    ("side, conection", f"{FLOW}:2", 'did you mean "connection"', sub(FLOW, "connection", "conection")),
    ("side, entty", f"{FLOW}:3", 'did you mean "entity"', sub(FLOW, '"books"; entity', '"books"; entty')),
    ("reference, mising", f"{FLOW}:10", 'did you mean "missing"', sub(FLOW, "missing", "mising")),
    ("reference, custmer", f"{FLOW}:10", 'did you mean "customer"', sub(FLOW, "  customer =", "  custmer =")),
    ("model setting, roundig_limit", f"{FLOW}:19", 'did you mean "rounding_limit"', sub(FLOW, "rounding_", "roundig_")),
    ("option, order_type", f"{FLOW}:20", 'did you mean "order_types"', sub(FLOW, "order_types", "order_type")),
    ("shrink, percnt", f"{FLOW}:4", 'did you mean "percent"', sub(FLOW, '"5m";', '"5m"; shrink = { percnt = 5; };')),
    ("condition, feild", f"{FLOW}:6", 'did you mean "field"', sub(FLOW, "{ field", "{ feild")),
    ("rule, form", f"{FLOW}:22", 'did you mean "from"', sub(FLOW, 'from = "reference"', 'form = "reference"')),
    # what names lead to
    ("no such connector", f"{TILL}:2", 'did you mean "mpluskassa"', sub(TILL, "mpluskassa", "mplusksa")),
    ("a transform as connector", f"{TILL}:2", "transform", sub(TILL, '"mpluskassa"', '"text"')),
    ("no such connection", f"{FLOW}:2", 'did you mean "till"', sub(FLOW, '"till"', '"tll"')),
    ("no such entity to read", f"{FLOW}:2", 'did you mean "order"', sub(FLOW, '"order"', '"oder"')),
    ("no such entity to write", f"{FLOW}:3", 'did you mean "sales-invoice"', sub(FLOW, "sales-invoice", "sales-invoce")),
    ("an entity that cannot be written", f"{FLOW}:3", "cannot be written", sub(FLOW, "sales-invoice", "stock")),
    ("an entity that cannot be read", f"{FLOW}:2", "cannot be read",
     all_of(sub(FLOW, '"till"; entity = "order"', '"books"; entity = "journal-entry"'))),
    ("sides of two models", f"{FLOW}:3", 'of model "customer"', sub(FLOW, "sales-invoice", "debtor")),
    ("a flow to itself", f"{FLOW}:1", "to itself",
     sub(FLOW, 'to = { connection = "books"; entity = "sales-invoice"', 'to = { connection = "till"; entity = "order"')),
    ("quotes into books", "flows.d/quotes.conf:3", "enabled = false",
     put("flows.d/quotes.conf", 'name = "quotes";\nfrom = { connection = "till"; entity = "proposal"; };\n'
         'to = { connection = "books"; entity = "sales-order"; };\n')),
    ("no such field in a filter", f"{FLOW}:6", 'did you mean "state"', sub(FLOW, 'field = "state"', 'field = "staet"')),
    ("no such value in a filter", f"{FLOW}:6", "open, paid, delivered", sub(FLOW, '"paid"', '"payed"')),
    ("no such field to match by", f"{FLOW}:10", 'did you mean "email"', sub(FLOW, '"email"', '"emial"')),
    ("match by nothing", f"{FLOW}:10", '"match" names no field', sub(FLOW, '[ "email" ]', "[ ]")),
    ("match twice", f"{FLOW}:10", 'names "email" twice', sub(FLOW, '[ "email" ]', '[ "email", "email" ]')),
    ("no such table", f"{FLOW}:23", 'did you mean "cost"', sub(FLOW, 'table = "cost"', 'table = "csot"')),
    ("no such function", f"{FLOW}:22", "trim", sub(FLOW, '"trim"', '"trimm"')),
    ("no such destination field", f"{FLOW}:22", "description", sub(FLOW, 'to = "description"', 'to = "descripton"')),
    ("a member is missing: name", f"{BOOKS}:1", '"name" is missing', sub(BOOKS, 'name = "books";', "")),
    ("a member is missing: connector", f"{TILL}:1", '"connector" is missing', sub(TILL, 'connector = "mpluskassa";', "")),
    ("a member is missing: from", f"{FLOW}:1", '"from" is missing',
     sub(FLOW, 'from = { connection = "till"; entity = "order"; };', "")),
    ("a member is missing: entity", f"{FLOW}:3", 'names no "entity"', sub(FLOW, ' entity = "sales-invoice";', "")),
    ("a setting is missing: url", f"{TILL}:4", 'setting "url" is missing', sub(TILL, 'url = "https://till.example";', "")),
    ("a setting is missing: tenant", f"{BOOKS}:3", 'setting "tenant" is missing', sub(BOOKS, 'tenant = "1042";', "")),
    ("a setting is missing: workplace", f"{TILL}:6", '"workplace"', sub(TILL, "  ident", "  entry_branch = 2;  ident")),
    # values
    ("a number in quotes", f"{MAIN}:3", "without quotes", sub(MAIN, "8", '"8"')),
    ("a number too small", f"{MAIN}:3", "256", sub(MAIN, "8", "0")),
    ("a number too large", f"{FLOW}:4", "10000", sub(FLOW, '"5m";', '"5m"; batch = 99999999;')),
    ("a number of 40 bits", f"{FLOW}:4", "too large", sub(FLOW, '"5m";', '"5m"; batch = 1099511627776;')),
    ("a decimal for a number", f"{MAIN}:3", "whole number", sub(MAIN, "8", "8.5")),
    ("a bare duration", f"{FLOW}:4", "5m", sub(FLOW, '"5m"', "5")),
    ("a duration in words", f"{FLOW}:4", 'not "5 minutes"', sub(FLOW, '"5m"', '"5 minutes"')),
    ("a duration of nothing", f"{FLOW}:4", "more than zero", sub(FLOW, '"5m"', '"0s"')),
    ("a negative duration", f"{TILL}:3", 'not "-5m"', sub(TILL, '"30s"', '"-5m"')),
    ("yes for true", f"{FLOW}:4", "true or false", sub(FLOW, '"5m";', '"5m"; enabled = yes;')),
    ("true in quotes", f"{FLOW}:4", "without quotes", sub(FLOW, '"5m";', '"5m"; enabled = "true";')),
    ("text for a group", f"{MAIN}:1", "must be a group", sub(MAIN, '{ path = "koppel.db"; }', '"koppel.db"')),
    ("a group for text", f"{FLOW}:4", "must be a time", sub(FLOW, '"5m"', "{ minutes = 5; }")),
    ("a list for a group", f"{FLOW}:19", "must be a group",
     sub(FLOW, '{ rounding_limit = "0.05"; }', '( "rounding_limit" )')),
    ("a choice misspelt", f"{FLOW}:10", 'did you mean "create"', sub(FLOW, '"create"', '"crate"')),
    ("a choice of a model", f"{FLOW}:19", 'did you mean "update"',
     sub(FLOW, "settings = {", 'settings = { on_change = "updte";')),
    ("a choice of a connector", f"{BOOKS}:4", 'did you mean "next"',
     sub(BOOKS, "  tenant", '  closed_period = "nxt"; tenant')),
    ("one of several choices", f"{FLOW}:20", 'did you mean "repeat"', sub(FLOW, "sales,repeat", "sales, repaet")),
    ("a decimal in words", f"{FLOW}:19", 'not "a lot"', sub(FLOW, '"0.05"', '"a lot"')),
    ("a decimal with a comma", f"{FLOW}:7", "30,00", sub(FLOW, '"30.00"', '"30,00"')),
    ("a bare decimal with a comma", f"{FLOW}:7", "a decimal is text with a point", sub(FLOW, '"30.00"', "30,00")),
    ("a date that is none", "flows.d/totals.conf:3", "must be a date",
     also(("totals", TOTALS.replace("to = {", 'options = { since = "31-31-2026"; };\nto = {')))),
    ("a port too large", f"{TILL}:5", "65535", sub(TILL, "  url", "  port = 99999;  url")),
    ("a port in quotes", f"{TILL}:5", "without quotes", sub(TILL, "  url", '  port = "443";  url')),
    ("text without quotes for a setting", f"{BOOKS}:4", "must be text in quotes", sub(BOOKS, '"1042"', "1042")),
    ("an empty setting", f"{BOOKS}:4", "must not be empty", sub(BOOKS, '"1042"', '" "')),
    ("an address without https", f"{TILL}:5", "https://", sub(TILL, "https://", "htp://")),
    ("an address with a wrong port", f"{TILL}:5", "port", sub(TILL, "till.example", "till.example:99999")),
    ("an address with a password", f"{TILL}:5", "user name or password", sub(TILL, "https://", "https://me:pw@")),
    ("a lowest TLS that is none", f"{TILL}:3", "1.3", sub(TILL, "timeout", 'tls_min = "1.1"; timeout')),
    ("an authority that is not there", f"{TILL}:3", "ca.pem", sub(TILL, "timeout", 'tls_ca = "ca.pem"; timeout')),
    ("an authority that is none", f"{TILL}:3", "holds no certificate",
     sub(TILL, "timeout", 'tls_ca = "tables/vat.csv"; timeout')),
    ("a country that is none", f"{MAIN}:4", 'did you mean "Nederland"', sub(MAIN, '"NL"', '"Nederlnad"')),
    ("a currency that is none", f"{MAIN}:4", 'did you mean "EUR"', sub(MAIN, '"EUR"', '"euro"')),
    ("a zone that is none", f"{MAIN}:4", 'did you mean "Europe/Amsterdam"', sub(MAIN, "Amsterdam", "Amsterdm")),
    ("a zone that is missing", f"{MAIN}:4", '"zone" is missing',
     sub(MAIN, '"NL"; currency = "EUR"; zone = "Europe/Amsterdam";', '"BE"; currency = "EUR";')),
    ("a language without words", f"{MAIN}:4", "nl, de, en", sub(MAIN, '"nl"', '"fr"')),
    ("a name with a slash", f"{FLOW}:1", "letters, digits", sub(FLOW, '"orders"', '"or ders/1"')),
    ("an empty name", f"{TILL}:1", "letters, digits", all_of(sub(TILL, '"till"', '""'), gone(FLOW))),
    ("a default that is empty", f"{FLOW}:10", '"default" is empty', sub(FLOW, 'missing = "create"', 'default = ""')),
    ("a default that nothing uses", f"{FLOW}:11", "does nothing beside",
     sub(FLOW, 'missing = "park"', 'missing = "ignore"; default = "1"')),
    ("a default that is missing", f"{FLOW}:10", 'needs a "default"', sub(FLOW, '"create"', '"default"')),
    ("force without a default", f"{FLOW}:10", 'needs a "default"', sub(FLOW, "missing =", "force = true; missing =")),
    ("a policy for customers", f"{FLOW}:11", "about customers", sub(FLOW, 'missing = "park"', 'shared = "park"')),
    ("a reference that is no group", f"{FLOW}:11", "must be a group",
     sub(FLOW, '{ match = [ "number" ]; missing = "park"; }', '"park"')),
    # secrets and keys
    ("a variable that is not set", f"{TILL}:7", "MPLUS_SECRETX", sub(TILL, "MPLUS_SECRET", "MPLUS_SECRETX")),
    ("a variable that is empty", f"{TILL}:7", "is empty", sub(TILL, "MPLUS_SECRET", "EMPTY")),
    ("a secret's file that is not there", f"{TILL}:7", "file:nope.txt", sub(TILL, "env:MPLUS_SECRET", "file:nope.txt")),
    ("a secret's file that others read", f"{TILL}:7", "chmod 600",
     all_of(sub(TILL, "env:MPLUS_SECRET", "file:s.txt"), put("s.txt", "s\n", 0o644))),
    ("a secret's file that is empty", f"{TILL}:7", "is empty",
     all_of(sub(TILL, "env:MPLUS_SECRET", "file:s.txt"), put("s.txt", "\n", 0o600))),
    ("a secret's file that is a folder", f"{TILL}:7", "not a regular file",
     all_of(sub(TILL, "env:MPLUS_SECRET", "file:s.txt"), folder("s.txt"))),
    ("a credential that is nowhere", f"{TILL}:7", "CREDENTIALS_DIRECTORY is not set",
     sub(TILL, "env:MPLUS_SECRET", "credential:till")),
    ("a credential with a path", f"{TILL}:7", "no path", sub(TILL, "env:MPLUS_SECRET", "credential:../s")),
    ("a form of secret in capitals", f"{TILL}:6", '"env:NAME"', sub(TILL, "env:MPLUS", "ENV:MPLUS")),
    ("a form of secret misspelt", f"{TILL}:6", '"file:NAME"', sub(TILL, "env:MPLUS", "fiel:MPLUS")),
    ("a form of secret without a name", f"{TILL}:7", '"env:NAME"', sub(TILL, "env:MPLUS_SECRET", "env:")),
    ("a secret that is empty", f"{TILL}:7", "is empty", sub(TILL, "env:MPLUS_SECRET", "")),
    ("a secret that is a number", f"{TILL}:7", "env:NAME", sub(TILL, '"env:MPLUS_SECRET"', "12345")),
    ("a key that is too short", f"{MAIN}:2", "64 hex digits", put("secret.key", "abcd\n", 0o600)),
    ("a key that others read", f"{MAIN}:2", "chmod 600", lambda p: os.chmod(p.path("secret.key"), 0o640)),
    ("a key that is not there", f"{MAIN}:2", "secret.key", gone("secret.key")),
    ("a key in the text", f"{MAIN}:2", "env:NAME, file:PATH", sub(MAIN, "file:secret.key", "00" * 32)),
    ("a key of another store", f"{MAIN}:2", "key", "other key"),
    # the store
    ("a store in a folder that is not there", f"{MAIN}:1", "No such file", sub(MAIN, "koppel.db", "var/koppel.db")),
    ("a store that is a folder", f"{MAIN}:1", "is a folder", sub(MAIN, "koppel.db", "tables")),
    ("a store below a file", f"{MAIN}:1", "Not a directory", sub(MAIN, "koppel.db", "secret.key/koppel.db")),
    ("a store without a name", f"{MAIN}:1", "is empty", sub(MAIN, "koppel.db", "")),
    # syntax: what is open, and where it began
    ("a group that is not closed", f"{FLOW}:2", f'before the end of the file at orders.conf:25',
     sub(FLOW, 'entity = "order"; };', 'entity = "order";')),
    ("a group inside that is not closed", f"{FLOW}:10", 'the "}" at orders.conf:12 stands further left', sub(FLOW, '"update"; };', '"update";')),
    ("a list that is not closed", f"{FLOW}:5", "before", sub(FLOW, "  { field = \"total_incl\"; more = \"30.00\"; }\n);",
                                                             "  { field = \"total_incl\"; more = \"30.00\"; }")),
    ("an array that is not closed", f"{FLOW}:10", '"match = ["', sub(FLOW, '[ "email" ]', '[ "email"')),
    ("a bracket too many", f"{FLOW}:12", "closes nothing", sub(FLOW, "};\ntables", "}; };\ntables")),
    ("a bracket of another kind", f"{FLOW}:5", '"filter = ("', sub(FLOW, '"30.00"; }\n);', '"30.00"; }\n};')),
    ("a quote that is missing behind", f"{FLOW}:4", "not closed on its line", sub(FLOW, '"5m"', '"5m')),
    ("a quote that is missing before", f"{FLOW}:4", "no number", sub(FLOW, '"5m"', '5m"')),
    ("a quote that is missing last", f"{FLOW}:24", "not closed", sub(FLOW, '"1"; }', '"1; }')),
    ("quotes of a word processor", f"{FLOW}:1", "straight double quotes", sub(FLOW, '"orders"', "\u201corders\u201d")),
    ("single quotes", f"{FLOW}:1", "straight double quotes", sub(FLOW, '"orders"', "'orders'")),
    ("no quotes", f"{FLOW}:2", "double quotes", sub(FLOW, '"order"', "order")),
    ("a quote inside", f"{FLOW}:1", '\\"', sub(FLOW, '"orders"', '"my "orders""')),
    ("no equals", f"{FLOW}:4", '"every" has no "="', sub(FLOW, "every =", "every")),
    ("no value", f"{FLOW}:4", '"every" has no value', sub(FLOW, '"5m"', "")),
    ("a comma behind the last rule", f"{FLOW}:24", "a comma too many", sub(FLOW, '"1"; }', '"1"; },')),
    ("a comma that is missing", f"{FLOW}:7", "a comma is missing", sub(FLOW, "]; },", "]; }")),
    ("semicolons between rules", f"{FLOW}:22", "separated by commas", sub(FLOW, '60" ]; },', '60" ]; };')),
    ("a semicolon too many", f"{FLOW}:2", 'a ";" too many', sub(FLOW, '"order"; };', '"order"; ; };')),
    ("a name that stands twice", f"{FLOW}:5", "the first is at orders.conf:4",
     sub(FLOW, '"5m";', '"5m";\nevery = "6m";')),
    ("a comment that is not closed", f"{FLOW}:9", "comment", sub(FLOW, "references", "/* references")),
    # bytes
    ("Latin-1", f"{FLOW}:24", "UTF-8", lambda p: p.write(FLOW, FILES[FLOW].replace('"1"; }', '"caf\xe9"; }').encode("latin-1"))),
    ("UTF-16", f"{FLOW}:1", "UTF-16", lambda p: p.write(FLOW, FILES[FLOW].encode("utf-16"))),
    ("a byte order mark", f"{FLOW}:1", "byte order mark", lambda p: p.write(FLOW, b"\xef\xbb\xbf" + FILES[FLOW].encode())),
    ("NUL", f"{FLOW}:4", "NUL", sub(FLOW, "every", "\0every")),
    ("a table in Latin-1", "tables/cost.csv:2", "UTF-8", put("tables/cost.csv", b"# caf\n1,caf\xe9\n")),
    # files
    ("an include that is not there", f"{FLOW}:1", "nope.inc", sub(FLOW, "name", '@include "nope.inc"\nname')),
    ("an include that includes itself", "round.inc:1", "round.inc -> ",
     all_of(put("round.inc", '@include "round.inc"\n'), sub(FLOW, "name", '@include "round.inc"\nname'))),
    ("two includes in a circle", "b.inc:1", "a.inc -> ",
     all_of(put("a.inc", '@include "b.inc"\n'), put("b.inc", '@include "a.inc"\n'),
            sub(FLOW, "name", '@include "a.inc"\nname'))),
    ("an include without quotes", f"{FLOW}:1", '@include "FILE"', sub(FLOW, "name", "@include a.inc\nname")),
    ("a mistake in an include", "more.inc:2", 'did you mean "batch"',
     all_of(put("more.inc", "attempts = 3;\nbatsh = 5;\n"), sub(FLOW, "name", '@include "more.inc"\nname'))),
    ("a folder instead of a file", "flows.d/x.conf:1", "not a regular file", folder("flows.d/x.conf")),
    ("an empty file", "flows.d/empty.conf:1", "empty", put("flows.d/empty.conf", "# nothing\n")),
    ("a main file that is not there", f"{MAIN}:1", "No such file", gone(MAIN)),
    ("a mapping that is not there", f"{FLOW}:4", "cannot read", sub(FLOW, "every", 'send = "nope.conf"; every')),
    ("a mapping without rules", "send.conf:1", "map = ( ... );",
     all_of(put("send.conf", "# none\n"), sub(FLOW, "every", 'send = "send.conf"; every'))),
    ("a table that is not there", f"{FLOW}:17", "tables/cots.csv", sub(FLOW, "cost.csv", "cots.csv")),
    ("a table that is a folder", f"{FLOW}:17", "not a regular file", folder("tables/cost.csv")),
    ("a table with a key twice", "tables/cost.csv:4", '"1" is there twice', put("tables/cost.csv", "# b\n1,1\n2,2\n1,2\n")),
    ("a table with an open quote", "tables/cost.csv:2", "quote", put("tables/cost.csv", '# b\n"1,1\n2,2\n')),
    ("a table of one column", "tables/cost.csv:1", "second column", put("tables/cost.csv", "1\n")),
    ("an overlay that is no JSON", "over.json:2", "no JSON",
     all_of(put("over.json", '{\n  "entities": [ }\n'), sub(TILL, "timeout", 'overlay = "over.json"; timeout'))),
    ("an overlay with a member unknown", "over.json:2", 'did you mean "entities"',
     all_of(put("over.json", '{\n  "entties": []\n}\n'), sub(TILL, "timeout", 'overlay = "over.json"; timeout'))),
    ("an overlay with a type unknown", "over.json:4", "nummer",
     all_of(put("over.json", '{ "entities": [\n  { "name": "order", "fields": [\n    { "name": "orderId" },\n'
                '    { "name": "extra", "type": "nummer" } ] } ] }\n'),
            sub(TILL, "timeout", 'overlay = "over.json"; timeout'))),
    ("an overlay that is not there", f"{TILL}:3", "over.json", sub(TILL, "timeout", 'overlay = "over.json"; timeout')),
    ("an overlay in Latin-1", "over.json:2", "UTF-8",
     all_of(put("over.json", b'{\n"title": "caf\xe9" }\n'), sub(TILL, "timeout", 'overlay = "over.json"; timeout'))),
    # between files
    ("a flow that is there already", "flows.d/orders2.conf:1", "orders.conf:1", also(("orders2", FILES[FLOW].replace(
        '"sales-invoice"', '"sales-invoice"').replace("every", "enabled = false; every")))),
    ("a connection that is there already", "connections.d/till2.conf:1", "till.conf:1",
     put("connections.d/till2.conf", FILES[TILL])),
    ("both directions", "flows.d/b.conf:1", "enabled = false", lambda p: (
        p.write("flows.d/a.conf", 'name = "a";\nfrom = { connection = "till"; entity = "relation"; };\n'
                'to = { connection = "books"; entity = "debtor"; };\n'),
        p.write("flows.d/b.conf", 'name = "b";\nfrom = { connection = "books"; entity = "debtor"; };\n'
                'to = { connection = "till"; entity = "relation"; };\n'))),
]

# What is right, but looks wrong: told as a warning, and the check passes.
WARNINGS = [
    ("orders and their invoices", f"{FLOW}:1", "the same sales", also(("invoices", INVOICES))),
    ("orders twice", "flows.d/orders2.conf:1", "booked twice",
     also(("orders2", FILES[FLOW].replace('"orders"', '"orders2"').replace('"sales-invoice"', '"sales-invoice"')))),
    ("orders and their packing slips", "flows.d/slips.conf:1", "the same sales",
     also(("slips", INVOICES.replace('"invoice"', '"packing-slip"').replace('"invoices"', '"slips"')))),
    ("a comma that is missing between texts", f"{FLOW}:7", "no comma",
     sub(FLOW, '"total_incl"; more = "30.00"', '"branch"; in = [ "1" "2" ]')),
    ("a secret in the file", f"{TILL}:7", "env:NAME", sub(TILL, "env:MPLUS_SECRET", "geheim123")),
    ("plain http", f"{TILL}:5", "https://", sub(TILL, "https://", "http://")),
    ("a connection that no flow uses", "connections.d/spare.conf:1", "no flow uses",
     put("connections.d/spare.conf", FILES[TILL].replace('"till"', '"spare"'))),
    ("a table that no rule uses", f"{FLOW}:17", 'table "spare"',
     all_of(sub(FLOW, "  cost =", '  spare = "tables/cost.csv"; cost ='))),
    ("a table without rows", "tables/cost.csv:1", "has no row", put("tables/cost.csv", "# branch, cost centre\n")),
    ("two flows of one branch", "flows.d/orders2.conf:1", "booked twice", also(
        ("orders2", FILES[FLOW].replace('"orders"', '"orders2"').replace("filter = (", 'filter = ( { field = "branch"; is = "2"; },')))),
    ("two flows of two states", "flows.d/orders2.conf:1", "booked twice", all_of(
        sub(FLOW, ', "delivered" ]', " ]"),
        also(("orders2", FILES[FLOW].replace('"orders"', '"orders2"').replace('"paid", ', ""))))),
    ("a file with another ending", "flows.d/more.cfg:1", "ends with .conf", put("flows.d/more.cfg", FILES[FLOW])),
    ("a file with an ending too many", "connections.d/a.conf.txt:1", "ends with .conf",
     put("connections.d/a.conf.txt", FILES[TILL])),
    ("a file in capitals", "flows.d/MORE.CONF:1", "ends with .conf", put("flows.d/MORE.CONF", FILES[FLOW])),
    # keys of tables
    ("a key with a decimal comma", "tables/vat.csv:2", '"vat_rate" is a number such as "21.00", not "21,00"',
     sub("tables/vat.csv", "NL|21.00,", '"NL|21,00",')),
    ("a key with words for a number", "tables/vat.csv:2", 'not "high"', sub("tables/vat.csv", "NL|21.00", "NL|high")),
    ("a country in small letters", "tables/vat.csv:2", '"region" is in capitals, "NL"',
     sub("tables/vat.csv", "NL|21.00", "nl|21.00")),
    ("a blank in a key", "tables/vat.csv:2", "with a blank", sub("tables/vat.csv", "NL|21.00", "NL |21.00")),
    ("one number twice", "tables/vat.csv:3", 'as "NL|21.00"', sub("tables/vat.csv", "NL|9.00", "NL|21")),
    # rules that do nothing
    ("a rule that another one hides", f"{FLOW}:22", "the one at line 25 always fills",
     sub(FLOW, 'value = "1"; }', 'value = "1"; },\n  { to = "description"; value = "x"; }')),
    ("a mapping of an entity that is not", "mappings/asperion/sales-invoce.send.conf:1", 'did you mean "sales-invoice"',
     put("mappings/asperion/sales-invoce.send.conf", 'map = ();')),
    ("a mapping with half a name", "mappings/mpluskassa/order.conf:1", "ENTITY.get.conf or ENTITY.send.conf",
     put("mappings/mpluskassa/order.conf", 'map = ();')),
    ("a mapping of another connector", "mappings/shop/order.get.conf:1", 'no connection is of a connector "shop"',
     put("mappings/shop/order.get.conf", 'map = ();')),
    ("a mapping that no flow needs", "mappings/mpluskassa/stock.get.conf:1", "no flow needs it",
     put("mappings/mpluskassa/stock.get.conf", 'map = ();')),
]

# What is right and says nothing.
SILENT = [
    ("as it is", lambda p: None),
    ("day totals, which leave out what orders book", also(("totals", TOTALS))),
    ("invoices that are off", also(("invoices", "enabled = false;\n" + INVOICES))),
    ("two flows of two branches", all_of(
        sub(FLOW, "filter = (", 'filter = ( { field = "branch"; in = [ "1", "3" ]; },'),
        also(("orders2", FILES[FLOW].replace('"orders"', '"orders2"').replace(
            "filter = (", 'filter = ( { field = "branch"; is = "2"; },'))))),
    ("numbers as a spreadsheet writes them", all_of(sub("tables/vat.csv", "NL|21.00", "NL|21"),
                                                    sub("tables/vat.csv", "NL|9.00", "NL|9.0"))),
    ("a table's file that no flow uses", put("tables/spare.csv", "1,1\n")),
    ("what editors leave", all_of(put("flows.d/orders.conf~", "x"), put("flows.d/.orders.conf.swp", "x"),
                                  put("connections.d/README", "x"), put("flows.d/old.conf.bak", "x"))),
    ("a comment that ends a file", lambda p: p.write(FLOW, FILES[FLOW] + "# the end")),
    ("carriage returns", lambda p: p.write(FLOW, FILES[FLOW].replace("\n", "\r\n"))),
    ("an include", all_of(put("more.inc", "attempts = 3;"), sub(FLOW, "name", '@include "more.inc"\nname'))),
    ("the key as a credential of a service", sub(MAIN, "file:secret.key", "credential:koppel.key")),
    ("a credential as a file", all_of(sub(TILL, "env:MPLUS_SECRET", "credential:till"), put("till", "s\n", 0o600))),
    ("all order types", sub(FLOW, "sales,repeat", "sales, repeat,external ,table,cafeteria")),
]


def other_key(p):
    """The store was sealed with another key than the one that is there now."""
    done = subprocess.run([KOPPEL, "-c", p.dir, "pause", "orders"], env=p.env, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    p.write("secret.key", "11" * 32 + "\n", 0o600)


def one(case):
    """None, or what is wrong with how the mistake is told."""
    what, where, words, make = case
    place = Place()
    try:
        (other_key if make == "other key" else make)(place)
        done = place.check("--json")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
    finally:
        place.close()
    if done.stderr or len(rows) != 1:
        return f"{what}: not one mistake, but {rows} {done.stderr}"
    row = rows[0]
    if f"{row['file']}:{row['line']}" != f"{place.dir}/{where}" or words not in row["text"]:
        return f"{what}: not told at {where} with {words!r}: {row}"
    if "geheim123" in row["text"]:
        return f"{what}: a secret is shown: {row}"
    if row["nearest"] and "did you mean" not in row["text"]:
        return f"{what}: nobody reads of the nearest word: {row}"
    if done.returncode != (0 if row["warning"] else 78) or row["warning"] != (case in WARNINGS):
        return f"{what}: exit {done.returncode}: {row}"
    return None


def tell(cases):
    with ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(one, cases) if fault]
    assert not faults, "\n" + "\n".join(faults)


def every_mistake_is_told_at_its_place_and_alone():
    tell(MISTAKES)


def what_looks_wrong_is_a_warning():
    tell(WARNINGS)


def mistakes_are_lines_for_people():
    place = Place()
    place.sub(FLOW, "every", "evry")
    place.sub(TILL, "https://", "http://")
    done = place.check()
    assert done.returncode == 78 and done.stdout == b"", done
    assert done.stderr.decode().splitlines() == [
        f'{place.dir}/{TILL}:5: warning: "url" is http, and no request goes there: it would show login and records to '
        "all on its way; write https://",
        f'{place.dir}/{FLOW}:4: "evry" is not known here; did you mean "every"?'], done.stderr
    place.close()


def what_is_right_is_not_told():
    for what, make in SILENT:
        place = Place()
        make(place)
        done = place.check()
        assert done.returncode == 0 and not done.stderr, (what, done)
        place.close()


def notes_are_for_check_alone():
    place = Place()
    place.write("flows.d/more.cfg", "x")
    done = subprocess.run([KOPPEL, "-c", place.dir, "choices", "till"], env=place.env, capture_output=True, timeout=60)
    assert done.returncode == 0 and not done.stderr, done
    place.close()


def a_slip_in_every_row_is_told_of_ten():
    place = Place()
    rows = "".join(f'"X{i}|21,00",1\n' for i in range(200)) + "".join(f"Y{i} |9.00,2\n" for i in range(200))
    place.write("tables/vat.csv", place.read("tables/vat.csv") + rows)
    done = place.check()
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0 and 10 <= len(lines) <= 20, (done.returncode, len(lines))
    assert sum("with that blank" in line for line in lines) == 10, lines
    place.close()


def follow_ups_of_a_lost_file_are_not_told():
    """A connection whose file cannot be read is not missed by every flow."""
    place = Place()
    place.sub(BOOKS, 'name = "books";', 'name = "books')
    lines = place.check().stderr.decode().splitlines()
    assert len(lines) == 1 and f"{BOOKS}:1: " in lines[0], lines
    place.close()


def paths_of_mistakes_are_data():
    place = Place()
    place.sub(FLOW, '"crate"' if '"crate"' in FILES[FLOW] else '"create"', '"crate"')
    place.sub(TILL, '"30s"', '"soon"')
    place.sub(MAIN, "workers = 8", "workers = 0")
    done = place.check("--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 78 and not done.stderr, done
    assert {(row["path"], row["nearest"]) for row in rows} == {
        ("workers", None), ("connections/till/timeout", None), ("flows/orders/references/customer/missing", "create")}, rows
    place.close()


# ---- against the systems

def online(shop, *edits):
    """The lines of stderr and the exit code of a check with these edits, which are undone."""
    before = {}
    for name, old, new in edits:
        path = os.path.join(shop.conf, name)
        before.setdefault(name, open(path).read() if os.path.exists(path) else None)
        if old is None:
            shop.write(name, new)
        else:
            shop.replace(name, old, new)
    done = shop.run("check", "--online", ok=None)
    for name, text in before.items():
        if text is None:
            os.unlink(os.path.join(shop.conf, name))
        else:
            shop.write(name, text)
    return done.returncode, done.stderr.splitlines()


def nowhere():
    """A port of this machine where nobody listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def what_the_systems_refuse_has_its_place():
    shop = Shop("--orders", "5")
    for name in os.listdir(os.path.join(shop.conf, "flows.d")):
        os.unlink(os.path.join(shop.conf, "flows.d", name))
    for name in ("cost.csv",):
        shop.write(f"tables/{name}", FILES[f"tables/{name}"])
    shop.write("flows.d/orders.conf", FILES[FLOW])
    shop.write("connections.d/till.conf", FILES[TILL].replace("https://till.example", shop.till))
    assert online(shop)[0] == 0, online(shop)
    for where, words, code, *edits in [
            ("tables/cost.csv:3", "99", 78, ("tables/cost.csv", "2,2", "2,99")),
            ("tables/revenue.csv:2", "8888", 78, ("tables/revenue.csv", "NL|21.00,8000", "NL|21.00,8888")),
            ("tables/vat.csv:", "whose rate is", 78, ("tables/vat.csv", "NL|9.00,", "NL|19.00,")),
            ("flows.d/orders.conf:24", "costUnitId", 78, (FLOW, 'value = "1"', 'value = "77"')),
            ("flows.d/orders.conf:10", '"424242" is not in connection "books"', 78,
             (FLOW, 'existing = "update";', 'existing = "update"; default = "424242";')),
            ("connections.d/till.conf:6", "branches", 78, (TILL, "  ident", '  branches = "1,77"; ident')),
            ("connections.d/till.conf:6", "employee", 78, (TILL, "  ident", "  employee = 7777; ident")),
            ("connections.d/till.conf:7", "", 78, (TILL, "env:MPLUS_SECRET", "env:MPLUS_IDENT")),
            ("connections.d/books.conf:", "9999", 78, (BOOKS, '"1042"', '"9999"')),
            ("connections.d/books.conf:", "journals", 78, (BOOKS, "tenant", 'sales_journal = "7x"; tenant')),
            ("connections.d/till.conf:5", "warning: ", 2, (TILL, shop.till, f"http://127.0.0.1:{nowhere()}"))]:
        got, lines = online(shop, *edits)
        assert got == code, (where, got, lines)
        assert any(f"{shop.conf}/{where}" in line and words in line for line in lines), (where, words, lines)
    shop.close()


if __name__ == "__main__":
    main([every_mistake_is_told_at_its_place_and_alone, what_looks_wrong_is_a_warning, mistakes_are_lines_for_people,
          what_is_right_is_not_told, notes_are_for_check_alone, a_slip_in_every_row_is_told_of_ten,
          follow_ups_of_a_lost_file_are_not_told, paths_of_mistakes_are_data,
          what_the_systems_refuse_has_its_place])
