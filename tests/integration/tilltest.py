# SPDX-License-Identifier: MIT
"""A client of the sandbox till that writes its SOAP by hand, and holds every message it sends and
gets against the vendor's schema where that is at hand."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from koppeltest import SANDBOX, Shop, http

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SCHEMA = os.environ.get("KOPPEL_MPLUS_XSD") or ""
MESSAGES = []  # (operation, the element inside the body)


def write(value):
    """A dict as elements in its own order; a list repeats its element, a bool is written out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, dict):
        return escape(str(value))
    out = ""
    for name, one in value.items():
        for each in one if isinstance(one, list) else [one]:
            out += f"<m:{name}>{write(each)}</m:{name}>"
    return out


def read(element):
    """The element as text, or as a dict of lists."""
    if len(element) == 0:
        return element.text or ""
    found = {}
    for child in element:
        found.setdefault(child.tag.split("}")[1], []).append(read(child))
    return found


class Fault(Exception):
    pass


class Till:
    def __init__(self, *args, quiet=False):
        self.dir = tempfile.mkdtemp(prefix="koppel-till-")
        self.process = subprocess.Popen([SANDBOX, *args], stdout=subprocess.PIPE)
        self.quiet = quiet  # of a benchmark: its messages are not kept
        Shop.running.append(self)
        self.info = json.loads(self.process.stdout.readline())
        self.url = self.info["mpluskassa"]["url"]
        self.address = self.url + "/?ident=demo&secret=demo-secret-m"

    def close(self):
        Shop.running.remove(self)
        self.process.terminate()
        assert self.process.wait(10) == 0, "the sandbox did not end well"
        shutil.rmtree(self.dir, ignore_errors=True)

    def post(self, inner):
        body = f'<s:Envelope xmlns:s="{SOAP}" xmlns:m="urn:mplusqapi"><s:Body>{inner}</s:Body></s:Envelope>'
        request = urllib.request.Request(self.address, data=body.encode(),
                                         headers={"Content-Type": "text/xml; charset=utf-8"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            assert error.code == 500, (error.code, text)
            raise Fault(ET.fromstring(text).find(".//faultstring").text) from None

    def call(self, operation, content=None, valid=True):
        """The answer's members; a request that is wrong on purpose is no example for the schema."""
        inner = f"<m:{operation}>{write(content or {})}</m:{operation}>"
        text = self.post(inner)
        if not self.quiet:
            if valid:
                MESSAGES.append((operation, inner.replace(">", ' xmlns:m="urn:mplusqapi">', 1)))
            body = re.search(r"<SOAP-ENV:Body>(.*)</SOAP-ENV:Body>", text, re.S).group(1)
            MESSAGES.append((operation, body.replace(">", ' xmlns:ns="urn:mplusqapi">', 1)))
        answer = ET.fromstring(text).find(f"{{{SOAP}}}Body")[0]
        found = read(answer)
        return found if isinstance(found, dict) else {}

    def fault(self, operation, content=None):
        try:
            self.call(operation, content)
        except Fault as fault:
            return str(fault)
        raise AssertionError(f"{operation} was accepted")

    def result(self, operation, content=None):
        """The end of the result's word."""
        return self.call(operation, content)["result"][0].split("-RESULT-")[1]

    def state(self, what):
        return json.loads(http(f"{self.url}/_sandbox/{what}"))

    def change(self, what, **body):
        return json.loads(http(f"{self.url}/_sandbox/{what}", json.dumps(body)))

    def stats(self):
        return self.state("stats")["requests"]


LISTS = {"articlePluNumbers": "", "articleBarcodes": ""}
SERVED = set()


def till(*args):
    return Till("--orders", "60", "--relations", "40", "--articles", "80", *args)


def done(shop):
    SERVED.update(shop.stats())
    shop.close()


def line(article, quantity=1, **data):
    return {"articleNumber": article, "data": {"quantity": quantity, **data}}


def order(*lines, **head):
    made = {"orderId": "", **head}
    for name, value in (("entryBranchNumber", 1), ("employeeNumber", 999999), ("relationNumber", 3),
                        ("vatMethod", "VAT-METHOD-INCLUSIVE")):
        made.setdefault(name, value)
    names = ["orderId", "extOrderId", "entryBranchNumber", "employeeNumber", "relationNumber", "financialDate",
             "financialBranchNumber", "workplaceNumber", "reference", "vatMethod", "deliveryMethod", "paymentMethod",
             "changeCounter", "versionNumber", "orderCategoryNumber"]
    return {**{name: made[name] for name in names if name in made and made[name] is not None},
            "lineList": {"line": list(lines) or [line(14, 2)]}}


def pick(answer, *path):
    for name in path:
        answer = answer[name][0]
    return answer


def messages_agree_with_the_schema():
    """Every message of this run, in one call of xmllint."""
    if not SCHEMA or not os.path.exists(SCHEMA):
        print("  not held against the schema: KOPPEL_MPLUS_XSD does not say where it is")
        return
    if not shutil.which("xmllint"):
        print("  not held against the schema: xmllint is not installed")
        return
    assert MESSAGES, "no message was kept"
    folder = tempfile.mkdtemp(prefix="koppel-messages-")
    names = []
    for n, (operation, text) in enumerate(dict.fromkeys(MESSAGES)):
        names.append(os.path.join(folder, f"{n:04}-{operation}.xml"))
        with open(names[-1], "w") as file:
            file.write(text)
    for at in range(0, len(names), 500):
        done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, *names[at:at + 500]], capture_output=True,
                              text=True)
        bad = [line for line in done.stderr.splitlines() if not line.endswith(" validates")]
        assert done.returncode == 0, "\n".join(bad[:12])
    shutil.rmtree(folder)
    print(f"  {len(names)} messages of {len({operation for operation, _ in MESSAGES})} operations agree")
