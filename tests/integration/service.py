#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Questions and orders: a running engine answers them on its socket, and without one the command opens the store."""
import json
import os
import signal
import socket
import subprocess
import time

from commands import Place
from koppeltest import KOPPEL, main, until


def serving(place):
    run = subprocess.Popen([KOPPEL, "serve"], env=place.env, stderr=subprocess.PIPE, text=True)
    until(lambda: os.path.exists(place.path("koppel.db.sock")))
    return run


def asked(place, line):
    """What the engine answers to a line."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(place.path("koppel.db.sock"))
        peer.sendall(line.encode() + b"\n")
        return [json.loads(one) for one in peer.makefile().read().splitlines()]


def an_engine_answers_on_its_socket():
    place = Place("a")
    run = serving(place)
    until(lambda: place.status(None)["a"]["done"] == 2)
    place.run(0, "pause", "a")
    assert place.status(1)["a"]["paused"] == "by hand"
    place.run(64, "pause", "aa", said='no flow "aa"')
    place.run(0, "resume", "a")
    assert place.status()["a"]["paused"] is None
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    assert not os.path.exists(place.path("koppel.db.sock")), "it is taken away"
    assert place.status()["a"]["done"] == 2, "and the store is opened here"
    place.close()


def an_engine_tells_what_a_page_shows():
    place = Place("a")
    run = serving(place)
    until(lambda: place.status(None)["a"]["done"] == 2)
    version = place.run(0, "--version").stdout.split()[1]

    def ask(name, **members):
        [answer] = asked(place, json.dumps({"ask": name, "in": members, "version": version, "via": "cli"}))
        return answer

    job = json.loads(place.run(0, "jobs", "--json").stdout.splitlines()[0])["job"]
    plugins = {row["name"]: row for row in ask("plugins.list")["out"]["plugins"]}
    assert plugins["file"]["kind"] == "connector" and plugins["text"]["kind"] == "transform", plugins
    assert ask("plugins.show", plugin="file")["out"]["entities"][0]["name"] == "record"
    for wrong in ("fil", "/etc/passwd", plugins["file"]["path"]):
        assert ask("plugins.show", plugin=wrong)["error"]["reason"] == "ask.unknown", wrong
    assert ask("connections.choices", connection="a-in")["out"] == {"lists": []}
    assert ask("connections.choices", connection="a-in", list="x")["error"]["reason"] == "ask.unknown"
    shown = ask("jobs.show", job=job)["out"]
    assert shown["state"] == "done" and shown["source"]["id"] and shown["attempts"][0]["revision"] == 1, shown
    rules = ask("jobs.explain", job=job)["out"]
    assert rules["version"] == shown["attempts"][0]["activity"]["config_version"], rules
    assert ask("runs.list", flow="a")["out"]["runs"][0]["done"] == 2
    place.run(0, "pause", "a")
    assert ask("audit.list", limit=1)["out"]["entries"][0]["order"] == "flows.pause"
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    place.close()


def a_socket_that_a_kill_left_is_nobodys():
    place = Place("a")
    run = serving(place)
    run.kill()
    run.communicate()
    assert os.path.exists(place.path("koppel.db.sock"))
    place.run(0, "pause", "a")
    assert place.status(1)["a"]["paused"] == "by hand"
    run = serving(place)
    until(lambda: asked(place, '{"ask":"flows.status","in":{},"version":"0"}') != [])
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    place.close()


def only_root_and_its_own_user_are_answered():
    if os.geteuid() != 0:
        return
    place = Place("a")
    run = serving(place)
    assert os.stat(place.path("koppel.db.sock")).st_mode & 0o777 == 0o600
    os.chmod(place.dir, 0o755)
    os.chmod(place.path("koppel.db.sock"), 0o666)
    ask = ('import socket; s = socket.socket(socket.AF_UNIX); s.connect("%s"); '
           's.sendall(b\'{"ask":"flows.status","in":{}}\\n\'); print(s.makefile().read())'
           % place.path("koppel.db.sock"))
    done = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "python3", "-c", ask],
                          capture_output=True, text=True)
    assert "only root" in done.stdout and '"out"' not in done.stdout, (done.stdout, done.stderr)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    place.close()


def what_is_no_question_is_refused_and_the_engine_goes_on():
    place = Place("a")
    run = serving(place)
    version = subprocess.run([KOPPEL, "--version"], capture_output=True, text=True).stdout.split()[1]
    for ask, reason in (({"ask": "flows.nothing", "in": {}}, "ask.unknown"),
                        ({"ask": "flows.pause", "in": {}}, "ask.wrong"),
                        ({"ask": "flows.pause", "in": {"flow": "a", "wy": "x"}}, "ask.wrong"),
                        ({"ask": "flows.pause", "in": {"flow": 7}}, "ask.wrong"),
                        ({"ask": "flows.pause", "in": []}, "ask.unknown"),
                        ({"ask": "flows.pause", "in": {"flow": "b"}}, "ask.unknown")):
        answer = asked(place, json.dumps({"version": version, **ask}))
        assert answer[0]["error"]["reason"] == reason, (ask, answer)
    assert asked(place, '{"ask":"flows.status","in":{},"version":"0.0.1"}')[0]["error"]["reason"] == "engine.version"
    for nonsense in ("", "nonsense", "[" * 5000, "\x00"):
        assert asked(place, nonsense) == []
    idle = [socket.socket(socket.AF_UNIX) for _ in range(40)]
    for one in idle:
        one.connect(place.path("koppel.db.sock"))
    for one in idle:
        one.close()
    until(lambda: place.run(None, "status").returncode == 0)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    assert run.returncode == 0
    place.close()


def a_long_path_is_no_limit():
    place = Place("a")
    deep = os.path.join(place.dir, "d" * 120)
    os.mkdir(deep)
    place.write("koppel.conf", f'store = {{ path = "{deep}/koppel.db"; }};\n')
    run = subprocess.Popen([KOPPEL, "serve"], env=place.env, stderr=subprocess.PIPE, text=True)
    until(lambda: os.path.exists(os.path.join(deep, "koppel.db.sock")))
    until(lambda: place.status(None)["a"]["done"] == 2)
    place.run(0, "pause", "a")
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    assert run.returncode == 0
    place.close()


def an_engine_is_asked_without_its_key():
    """A service has its key from the service manager; who asks it need not be able to read that."""
    place = Place("a")
    run = serving(place)
    until(lambda: place.status(None)["a"]["done"] == 2)  # while records are under way status says 1
    os.rename(place.path("secret.key"), place.path("elsewhere"))
    place.run(0, "status")
    place.run(0, "pause", "a")
    place.run(78, "reload", said="secret.key")
    os.rename(place.path("elsewhere"), place.path("secret.key"))
    place.run(0, "reload")
    place.run(0, "stop")
    assert run.wait(20) == 0
    run.stderr.close()
    place.close()


if __name__ == "__main__":
    main([an_engine_is_asked_without_its_key, an_engine_answers_on_its_socket, an_engine_tells_what_a_page_shows,
          a_socket_that_a_kill_left_is_nobodys,
          only_root_and_its_own_user_are_answered, what_is_no_question_is_refused_and_the_engine_goes_on,
          a_long_path_is_no_limit])
