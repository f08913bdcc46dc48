#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Completion in the shells themselves: bash, zsh and fish get the same from the table that --help is made of."""
import json
import os
import shutil
import subprocess
import sys

from commands import Place
from koppeltest import BUILD, main

BASH = '''source <("$0" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _koppel
printf '%s\\n' "${COMPREPLY[@]}"'''
ZSH = '''compdef() { : }; source <("$0" completion zsh); _describe() { print -l -- "${(@)${(@P)2}%%:*}" }
_files() { print -- :dir }; words=("$@"); CURRENT=$#words; _koppel; true'''
FISH = '''source (koppel completion fish | psub); complete -C "$argv"'''


def bash(place, *words):
    return run(place, ["bash", "--norc", "-c", BASH, "koppel", "koppel", *words])


def zsh(place, *words):
    return run(place, ["zsh", "-f", "-c", ZSH, "koppel", "koppel", *words])


def fish(place, *words):
    return [line.split("\t")[0] for line in run(place, ["fish", "--no-config", "-c", FISH, " ".join(("koppel", *words))])]


def run(place, command):
    env = dict(place.env, PATH=BUILD + ":" + os.environ["PATH"], HOME=place.dir, XDG_CONFIG_HOME=place.dir)
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30)
    return [line for line in done.stdout.splitlines() if line]


SHELLS = {"bash": bash, "zsh": zsh, "fish": fish}


def every_shell_completes_what_the_table_has():
    place = Place("alpha", "beta")
    for name, ask in SHELLS.items():
        for words, wanted in ((("stat",), ["status"]), (("status", "--j"), ["--json"]), (("pause", ""), ["alpha", "beta"]),
                              (("sync", "alpha", "b"), ["beta"]), (("jobs", "--state", "pa"), ["parked"]),
                              (("connection", "te"), ["test"]), (("connection", "test", "beta-"), ["beta-in", "beta-out"]),
                              (("plugins", "show", "mpl"), ["mpluskassa"]), (("jobs", "--limit", ""), []),
                              (("nosuch", ""), []), (("--verb",), ["--verbose"])):
            found = ask(place, *words)
            assert sorted(found) == wanted, (name, words, found)
    place.close()


def offered(place, *words):
    done = subprocess.run([os.path.join(BUILD, "koppel"), "completion", "--", *words], env=place.env, capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


def jobs_are_offered_with_their_record_and_folders_by_the_shell():
    place = Place("alpha")
    place.write("alpha.in", '{"id":"1"}\n')
    place.write("flows.d/alpha.conf", open(place.path("flows.d/alpha.conf")).read() +
                'map = ( { to = "x"; from = "nothing"; required = true; } );\n')
    place.run(1, "sync", "alpha")
    jobs = offered(place, "retry", "al").splitlines()
    assert len(jobs) == 1 and jobs[0].startswith("alpha/") and "\t" in jobs[0], jobs
    job = json.loads(place.run(0, "jobs", "--json").stdout.splitlines()[0])
    assert offered(place, "retry", "--cause", "") == f"{job['cause']}\tmap.required of alpha\n", job
    assert [line.split("\t")[0] for line in offered(place, "jobs", "--reason", "map.re").splitlines()] == [
        "map.required", "map.record"]
    place.run(0, "set", "flows/alpha/every", "7m", "--why", "slower")
    assert offered(place, "config", "show", "") == "2\tcli: slower\n1\thand\n"
    assert offered(place, "init", "") == ":dir\n" and offered(place, "backup", "") == ":file\n"
    assert offered(place, "-c", "/nowhere", "pause", "") == ""
    place.close()


if __name__ == "__main__":
    missing = [shell for shell in SHELLS if not shutil.which(shell)]
    if missing:
        print(f"not installed: {' '.join(missing)}")
        sys.exit(77)
    main([every_shell_completes_what_the_table_has, jobs_are_offered_with_their_record_and_folders_by_the_shell])
