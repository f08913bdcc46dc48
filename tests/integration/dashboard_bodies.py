#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""S12: what a body of a request may be. Depth, size, names that stand twice, types, halves of characters, numbers: every
route refuses what is not meant, says so, and is there for the next one."""
import json
import re

from koppeltest import main
from webtest import ended, started

DEEP = 20000
WRONG = {
    "nothing": "", "half an object": '{"why": ', "two values": "{} {}", "a list": "[]", "a text": '"x"', "a number": "1", "null": "null",
    "twice": '{"why": "a", "why": "b"}', "twice inside": '{"ages": {"rows": "1d", "rows": "2d"}}', "deep lists": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"why":' * DEEP + "1" + "}" * DEEP, "deep and cut": '{"a":[' * DEEP, "NUL": '{"why": "a\\u0000b"}',
    "a raw NUL": '{"why": "a\0b"}', "half a character": '{"why": "\\ud800"}', "no UTF-8": b'{"why": "\xff\xfe"}', "a comment": '{/* x */}',
    "single quotes": "{'why': 1}", "a trailing comma": '{"why": "a",}', "no number": '{"why": NaN}', "infinite": '{"why": 1e999999}',
    "a prototype": '{"__proto__": {"role": "admin"}}', "a member too many": '{"no_such_member": 1}',
}
VALUES = [None, True, -1, 9223372036854775808, 1.5, "", "x" * 70000, [], [[]], [1], {}, {"a": {}}, [{}]]


def operations(web):
    api = web.ask("GET", "/api/v1/openapi.json").json
    for path, methods in api["paths"].items():
        for method, one in methods.items():
            yield "/api/v1" + re.sub(r"\{(\w+)\}", "no-such", path), method.upper(), one


def is_problem(got, about):
    assert 400 <= got.status < 500, (about, got.status, got.bytes[:300])
    assert got.json["code"] and got.json["status"] == got.status, (about, got.bytes[:300])


def s12_what_is_no_body_is_refused():
    shop, run, anna = started()
    count = 0
    for path, method, one in operations(anna):
        if method in ("GET", "DELETE") or "x-koppel-role" not in one or path == "/api/v1/stop":
            continue  # these have no body: their members are in the address; and one that needs none ends it
        for name, text in WRONG.items():
            got = anna.ask(method, path, raw=text)
            if name == "nothing" and got.status < 300:
                continue  # an order that needs no members
            is_problem(got, (method, path, name))
            count += 1
    print(f"  {count} requests")
    assert anna.get("/session")["user"]["name"] == "anna" and run.poll() is None
    ended(shop, run)


def s12_size_has_a_limit():
    shop, run, anna = started()
    for size, want in ((1 << 20, (400,)), ((1 << 20) + 1, (413,)), (8 << 20, (413,))):
        text = '{"why": "' + "x" * (size - 11) + '"}'
        try:
            got = anna.ask("POST", "/api/v1/flows/orders/pause", raw=text)
            assert got.status in want + ((200,) if size <= 1 << 20 else ()), (size, got.status, got.bytes[:200])
        except (BrokenPipeError, ConnectionResetError):
            assert size > 1 << 20, "it did not wait for the end of what it does not want"
    assert anna.get("/session")["user"]["name"] == "anna" and run.poll() is None
    ended(shop, run)


def s12_every_member_of_every_type():
    """Each member of each order with values of every kind: what does not fit is a mistake of the asker, never of ours.
    What would end the session or the engine is left out."""
    shop, run, anna = started()
    count = tasks = 0
    left_out = ("/session", "/claim", "/stop", "/tasks", "/me/", "/users", "/setup")
    for path, method, one in operations(anna):
        body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if method == "GET" or "x-koppel-role" not in one or any(path.startswith("/api/v1" + part) for part in left_out):
            continue
        for member in body.get("properties", {}):
            for value in VALUES:
                got = anna.ask(method, path, raw=json.dumps({member: value}))
                assert got.status < 500 or got.json.get("code") not in (None, "internal"), (method, path, member, value, got.bytes[:300])
                assert got.status != 500, (method, path, member, value, got.bytes[:300])
                if got.status == 202:  # it takes longer than an answer waits: what it comes to is not ours either
                    tasks += 1
                    error = anna.followed(got)["error"]
                    assert not error or error["status"] != 500 and error["code"] != "internal", (method, path, member, value, error)
                count += 1
    print(f"  {count} requests, {tasks} of them became tasks")
    assert count > 300, count
    assert anna.get("/session")["user"]["name"] == "anna" and run.poll() is None
    ended(shop, run)


if __name__ == "__main__":
    main([s12_what_is_no_body_is_refused, s12_size_has_a_limit, s12_every_member_of_every_type])
