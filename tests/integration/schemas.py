# SPDX-License-Identifier: MIT
"""Answers of the API held against core/dashboard/openapi_answers.json: those that webtest.py has from the server, and those
that rowstest.py, setuptest.py and flow_forms.py have from an engine's socket, which are the same values. So whatever a test
sees must fit."""
import json
import os
import re

import jsonschema

from koppeltest import SRC

def read(*path):
    return open(os.path.join(SRC, "core", *path)).read()


answered = set()  # orders that were done over the API, of this process
KNOWN = json.loads(read("dashboard", "openapi_answers.json"))


def rows():
    """(order, method, route) of what the service and the server answer."""
    table = read("service", "service_table.c").partition("service_table[] = {")[2]
    yield from re.findall(r'^    \{"([a-z._]+)",\s+\w+,\s+\w+,\s+"(\w+)",\s+"([^"]+)"', table, re.M)
    yield from re.findall(r'\.name = "([a-z._]+)",(?:\s+\.role = \w+,)?\s+\.method = "(\w+)",\s+\.route = "([^"]+)"',
                          read("dashboard", "dashboard_own.c"))


def pattern(route):
    """A job's address may stand in a path with its slashes."""
    return re.compile("/api/v1" + re.sub(r"\\{(\w+)\\}", lambda m: "[^/]+" + "(/[^/]+/[^/]+)?" * (m[1] == "job"),
                                         re.escape(route)))


# more words first: they go before what may be anything
ROUTES = [(order, method, pattern(route)) for order, method, route in
          sorted(rows(), key=lambda row: len(re.findall(r"/\w+", row[2])), reverse=True)]
VALIDATORS = {}


def order_of(method, path):
    path = path.partition("?")[0]
    return next((order for order, wanted, fits in ROUTES if wanted == method and fits.fullmatch(path)), None)


def validator(name):
    """Of an order's answer; of a schema of its own with "#" before it."""
    if name not in VALIDATORS:
        schema = {"$ref": "#/components/schemas/" + name[1:]} if name[0] == "#" else KNOWN["answers"].get(name)
        assert schema is not None, f"openapi_answers.json: {name} has no schema"
        VALIDATORS[name] = jsonschema.Draft202012Validator(dict(schema, components={"schemas": KNOWN["schemas"]}))
    return VALIDATORS[name]


def fits(name, value, about):
    """name: as for validator. An order that answers nothing answers {} to a page."""
    value = {} if value is None else value
    wrong = jsonschema.exceptions.best_match(validator(name).iter_errors(value))
    assert wrong is None, f"openapi_answers.json: {name} at {wrong.json_path}: {wrong.message}; {about}"


def check(method, path, answer):
    """What was answered to an address of the API is as the description says."""
    order = order_of(method, path)
    if order is None:
        return
    kind = answer.headers["Content-Type"]
    about = (method, path, answer.status, answer.bytes[:2000])
    if answer.status >= 400:
        assert kind == "application/problem+json", (kind, about)
        fits("#problem", answer.json, about)
        return
    if answer.status == 304:
        assert method == "GET" and kind is None and not answer.bytes, about
        return
    assert answer.status in (200, 202) and kind == "application/json", (kind, about)
    value = answer.json
    if answer.status == 202:
        fits("#begun", value, about)
        return
    answered.add(order)
    fits(order, value, about)
    # what a task came to is what its order would have answered at once
    if order == "tasks.show" and value["state"] == "done":
        answered.add(value["order"])
        fits(value["order"], value["out"], about)
