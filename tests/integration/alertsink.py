# SPDX-License-Identifier: MIT
"""Where alerts go in tests: a mail server and an HTTP server that write down what they are sent, and can be
slow, refuse, or never answer."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import socket
import socketserver
import ssl
import subprocess
import threading
import time


def certificate(folder, name="localhost"):
    """A certificate of that host, which is its own authority; its key stands beside it."""
    path = os.path.join(folder, "sink.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}", "-keyout", path + ".key", "-out", path],
                   check=True, capture_output=True)
    return path


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class Mail:
    """An SMTP server. what: "" it takes mail; "hang" it accepts and says nothing; "refuse" no recipient is known."""

    def __init__(self, pem=None, tls="", user="", password=""):
        self.mails, self.said, self.what, self.calls = [], [], "", 0
        self.pem, self.tls, self.user, self.password = pem, tls, user, password
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                sink.calls += 1
                try:
                    sink.talk(self)
                except (OSError, ssl.SSLError):
                    pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem, self.pem + ".key")
        return context

    def wrap(self, handler):
        handler.connection = self.context().wrap_socket(handler.connection, server_side=True)
        handler.rfile, handler.wfile = handler.connection.makefile("rb"), handler.connection.makefile("wb", 0)

    def talk(self, handler):
        if self.tls == "smtps":
            self.wrap(handler)
        if self.what == "hang":
            handler.connection.recv(1 << 20)
            time.sleep(60)
            return
        safe, to, sender = self.tls == "smtps", [], ""

        def say(text):
            handler.wfile.write((text + "\r\n").encode())

        say("220 sink ESMTP")
        while line := handler.rfile.readline().decode():
            line = line.rstrip("\r\n")
            self.said.append(line)
            verb = line.upper()
            if verb.startswith("EHLO"):
                offers = ["sink", "8BITMIME"]
                offers += ["STARTTLS"] if self.tls == "starttls" and not safe else []
                offers += ["AUTH PLAIN LOGIN"] if self.user else []
                for at, one in enumerate(offers):
                    say(f"250{' ' if at == len(offers) - 1 else '-'}{one}")
            elif verb == "STARTTLS":
                say("220 go ahead")
                self.wrap(handler)
                safe = True
            elif verb.startswith("AUTH PLAIN"):
                token = line[11:]
                if not token:
                    say("334 ")
                    token = handler.rfile.readline().decode().strip()
                _, name, word = base64.b64decode(token).decode().split("\0")
                say("235 fine" if (name, word) == (self.user, self.password) else "535 5.7.8 no")
            elif verb.startswith("MAIL FROM"):
                sender, to = line[10:], []
                say("250 fine")
            elif verb.startswith("RCPT TO"):
                to.append(line[8:].strip("<>"))
                say("550 5.1.1 nobody here" if self.what == "refuse" else "250 fine")
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (one := handler.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(one[1:] if one.startswith(b"..") else one)
                mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                self.mails.append((sender, to, mail, safe))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")

    def texts(self):
        """(subject, body) of each mail."""
        return [(str(mail["Subject"]), mail.get_body(("plain",)).get_content()) for _, _, mail, _ in self.mails]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Web:
    """An HTTP server. what: a status to answer with, or "hang"."""

    def __init__(self):
        self.calls, self.what = [], 204
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                sink.calls.append((time.time(), self.command, self.path, dict(self.headers.items()), body))
                if sink.what == "hang":
                    time.sleep(60)
                    return
                self.send_response(sink.what)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.block_on_close = True, False
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self):
        return [json.loads(body) for _, _, _, _, body in self.calls if body]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def is_signed(headers, body, secret):
    """Is a call signed as Standard Webhooks are? secret: raw bytes."""
    known = {name.lower(): value for name, value in headers.items()}
    signed = f"{known['webhook-id']}.{known['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return f"v1,{mac}" in known["webhook-signature"].split(" ")


class Deaf:
    """A port that takes connections and never says a word."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(50)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self):
        self.socket.close()
