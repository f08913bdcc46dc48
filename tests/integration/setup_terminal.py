#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel setup: at a terminal, from a file of answers, and for a program that renders the steps. All come to the same
files as the questions of the service, byte for byte."""
import json
import os
import pty
import re
import select
import subprocess
import time

from connect import visit
from koppeltest import KOPPEL, http, main
from setuptest import Empty, Systems, answers, go_on


class Typist:
    """Somebody at a terminal; each line that is typed, and each click in the browser, is an action."""

    def __init__(self, place, *args):
        self.seen, self.at, self.actions = "", 0, 1
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(KOPPEL, ["koppel", "setup", *args], {**place.env, "TERM": "dumb", "COLUMNS": "160", "LANG": "C"})

    def reads(self, pattern, seconds=30):
        """What comes since the last line that was typed, up to the pattern."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen[self.at:], re.S):
            assert time.monotonic() < end, f"{pattern!r} is not said:\n{self.seen[-3000:]}"
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    assert re.search(pattern, self.seen[self.at:], re.S), f"it ended:\n{self.seen[-3000:]}"
        return self.seen[self.at:]

    def types(self, text=""):
        self.at = len(self.seen)
        self.actions += 1
        os.write(self.master, text.encode() + b"\n")

    def clicks(self, url):
        self.actions += 1
        http(url + "&auto=1")

    def ends(self):
        while True:
            try:
                more = os.read(self.master, 65536)
            except OSError:
                break
            if not more:
                break
            self.seen += more.decode(errors="replace")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def same_key(*places):
    """Installations with one key, so that what is sealed is the same, too."""
    places[0].run("init")
    for other in places[1:]:
        other.run("init")
        other.write("secret.key", places[0].read("secret.key"))


def by_service(place, systems):
    place.serve()
    step = go_on(place, place.ask("setup.begin"), answers(systems))
    assert place.ask("setup.save", setup=step["setup"])["kind"] == "done"
    place.stop()
    return place.files()


def fill_in(typist, systems):
    """From the first question to the review."""
    till, books = systems.info["mpluskassa"], systems.info["asperion"]
    typist.reads(r"Systems: MplusKASSA, Asperion.*> $")
    typist.types()
    for prompt, text in ((r"Address: $", till["url"]), (r"Port: $", ""), (r"Ident: $", till["ident"]),
                         (r"Secret: $", till["secret"])):
        typist.reads(prompt)
        typist.types(text)
    for prompt, text in ((r"Address of the API .*: $", books["url"]), (r"Address of the login server .*: $", books["url"]),
                         (r"Administration: $", "1042"), (r"Client id: $", "demo-client"),
                         (r"Client secret: $", books["client_secret"])):
        typist.reads(prompt)
        typist.types(text)


def log_in(typist, by="1"):
    typist.reads(r"\[1\] > $")
    typist.types(by)
    said = typist.reads(r"(http\S+response_type\S+)\r\n")
    url = re.search(r"http\S+response_type\S+", said).group(0)
    if by == "1":
        typist.clicks(url)
        return
    typist.reads(r"> $")
    typist.types(visit(url))


def to_the_end(typist):
    for title in (r"Asperion: where things go", r"What is brought where\?", r"Orders → Sales invoices", r"VAT codes"):
        typist.reads(title + r".*> $")
        typist.types()
    typist.reads(r"Payment conditions.*> $")
    for line in ("2-3,5 1", "4 2", ""):
        typist.types(line)
        typist.reads(r"> $")
    for title in (r"Revenue accounts.*", r"Dry run.*would be created"):
        typist.reads(title + r".*> $") if title not in typist.seen[typist.at:] else None
        typist.types()
    typist.reads(r"From when on\?.*> $")
    typist.types("1 3")
    typist.reads(r"everything there is.*> $")
    typist.types()
    typist.reads(r"Review.*--- flows\.d/orders\.conf.*> $")
    typist.types()


def the_first_order_takes_twenty_five_actions():
    place, other, systems = Empty(), Empty(), Systems()
    same_key(place, other)
    typist = Typist(place)
    fill_in(typist, systems)
    log_in(typist)
    to_the_end(typist)
    typist.reads(r"orders: 12 read, \d+ done")
    assert typist.ends() == 0, typist.seen[-500:]
    assert systems.invoices()
    secret = systems.info["mpluskassa"]["secret"]
    assert secret not in typist.seen, "it is typed unseen"
    print(f"  {typist.actions} actions")
    assert typist.actions <= 25, typist.actions
    assert place.files() == by_service(other, systems), "the service comes to the same files"
    for one in (place, other, systems):
        one.close()


def what_is_wrong_is_mended_and_gone_on_with():
    place, systems = Empty(), Systems()
    till = systems.info["mpluskassa"]
    typist = Typist(place, "--lang", "nl")
    typist.reads(r"Welke twee systemen\?.*> $")
    typist.types("?")
    typist.reads(r"Twee ervan.*> $")
    typist.types("2 XX")
    typist.reads(r"Land van de winkel: XX.*> $")
    typist.types()
    typist.reads(r"heeft niet de juiste vorm.*Land van de winkel \[XX\]: $")
    typist.types("NL")
    for prompt, text in ((r"Adres: $", till["url"]), (r"Poort: $", ""), (r"Ident: $", till["ident"]), (r"Geheim: $", "verkeerd")):
        typist.reads(prompt)
        typist.types(text)
    typist.reads(r"FAIL.*> $")
    typist.types()
    typist.reads(r"Adres: " + re.escape(till["url"]) + r".*Geheim: gezet.*> $")
    typist.types("4")
    typist.reads(r"Geheim \[gezet; .*: $")
    typist.types(till["secret"])
    typist.reads(r"> $")
    typist.types()
    typist.reads(r"Asperion: adres en toegang.*: $")
    typist.types("<")
    typist.reads(r"MplusKASSA: (test|adres en toegang)")
    os.write(typist.master, b"\x04")
    assert typist.ends() == 0, typist.seen[-400:]
    assert "Bewaard" in typist.seen[-300:]
    again = Typist(place, "--lang", "nl")
    again.reads(r"Asperion: adres en toegang|MplusKASSA")
    os.write(again.master, b"\x04")
    assert again.ends() == 0
    place.close()
    systems.close()


def a_browser_elsewhere_is_pasted():
    place, systems = Empty(), Systems()
    typist = Typist(place)
    fill_in(typist, systems)
    log_in(typist, by="2")
    typist.reads(r"Asperion: where things go")
    os.write(typist.master, b"\x04")
    assert typist.ends() == 0
    place.close()
    systems.close()


def unattended(place, given, code, systems=None):
    """koppel setup --answers; the log-in's address is opened as a browser would."""
    place.write(".answers.json", json.dumps(given))
    run = subprocess.Popen([KOPPEL, "setup", "--answers", place.path(".answers.json")], env={**place.env, "LANG": "C"},
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seen = ""
    for line in run.stdout:
        seen += line
        if "response_type" in line:
            http(line.strip() + "&auto=1")
    err = run.stderr.read()
    assert run.wait(60) == code, (run.returncode, seen, err)
    return seen + err


def a_file_of_answers_needs_nobody():
    place, other, systems = Empty(), Empty(), Systems()
    same_key(place, other)
    given = answers(systems)
    assert 'no step "paymant.table" was asked' in unattended(place, {**given, "paymant.table": {}}, 64)
    assert not os.listdir(place.path("flows.d")), "nothing was saved"
    wrong = {**given, "till.credentials": {**given["till.credentials"], "port": "many"}}
    assert "port" in unattended(place, wrong, 78)
    # a secret by reference stays one
    place.env["TILL_SECRET"] = systems.info["mpluskassa"]["secret"]
    given["till.credentials"]["secret"] = "env:TILL_SECRET"
    unattended(place, given, 0)
    assert 'secret = "env:TILL_SECRET"' in place.read("connections.d/till.conf")
    mine, theirs = place.files(), by_service(other, systems)
    del mine["connections.d/till.conf"], theirs["connections.d/till.conf"], theirs["secrets/till-secret.sealed"]
    assert mine == theirs
    place.run("check")
    for one in (place, other, systems):
        one.close()


def a_program_may_render_the_steps():
    place, other, systems = Empty(), Empty(), Systems()
    same_key(place, other)
    run = subprocess.Popen([KOPPEL, "setup", "--json"], env={**place.env, "LANG": "C"}, stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, text=True)

    def say(**order):
        run.stdin.write(json.dumps(order) + "\n")
        run.stdin.flush()
        return json.loads(run.stdout.readline())

    step, given = json.loads(run.stdout.readline()), answers(systems)
    while step["kind"] != "review":
        if step["kind"] == "login" and not step["login"]["in"]:
            step = say(answers={"paste": True})
            step = say(answers={"answer": visit(step["login"]["url"])})
        else:
            step = say(answers=given.get(step["step"], {}))
        assert not step.get("errors"), step
    assert say(step="link")["step"] == "link"
    assert say(step="review")["step"] == "review"
    assert say(save=True)["kind"] == "done"
    run.stdin.close()
    assert run.wait(20) == 0
    assert place.files() == by_service(other, systems)
    for one in (place, other, systems):
        one.close()


def without_a_terminal_it_is_wrong_usage():
    place = Empty()
    done = place.run("setup", code=64, stdin=subprocess.DEVNULL)
    assert "--answers" in done.stderr and not os.listdir(place.dir)
    place.close()


if __name__ == "__main__":
    main([the_first_order_takes_twenty_five_actions, what_is_wrong_is_mended_and_gone_on_with,
          a_browser_elsewhere_is_pasted, a_file_of_answers_needs_nobody, a_program_may_render_the_steps,
          without_a_terminal_it_is_wrong_usage])
