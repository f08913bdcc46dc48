# SPDX-License-Identifier: MIT
"""What tests of questions and orders share: an engine that serves, asked over its socket as a page asks it."""
import json
import os
import signal
import socket
import subprocess

import schemas
from koppeltest import KOPPEL, until


class Refused(Exception):
    def __init__(self, error):
        super().__init__(error["text"])
        self.reason, self.text = error["reason"], error["text"]


class Engine:
    """koppel serve in a configuration directory."""

    def __init__(self, folder, env):
        self.socket, self.env, self.told = os.path.join(folder, "koppel.db.sock"), env, []
        self.log = open(os.path.join(folder, ".serve.log"), "w+")
        self.run = subprocess.Popen([KOPPEL, "serve"], env=env, stderr=self.log, text=True)
        until(lambda: self.listens() or self.run.poll() is not None)
        assert self.run.poll() is None, self.said()
        self.version = subprocess.run([KOPPEL, "--version"], capture_output=True, text=True).stdout.split()[1]

    def listens(self):
        with socket.socket(socket.AF_UNIX) as peer:
            return peer.connect_ex(self.socket) == 0  # it is there for a moment before anybody listens

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def ask(self, name, **members):
        """The answer of a row; its progress is in .told."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(self.socket)
            peer.sendall(json.dumps({"ask": name, "in": members, "version": self.version, "via": "gui"}).encode() + b"\n")
            lines = [json.loads(one) for one in peer.makefile().read().splitlines()]
        self.told = lines[:-1]
        if "error" in lines[-1]:
            raise Refused(lines[-1]["error"])
        schemas.fits(name, lines[-1]["out"], members)
        return lines[-1]["out"]

    def refuses(self, reason, name, **members):
        try:
            self.ask(name, **members)
        except Refused as refused:
            assert refused.reason == reason, (refused.reason, refused.text)
            return refused.text
        raise AssertionError(f"{name} was not refused")

    def stop(self):
        self.run.send_signal(signal.SIGTERM)
        self.run.wait(30)
        self.log.close()
