#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""High availability as koppel-hosts(7) tells it: its very files, three nodes of etcd and patroni on loopback, and a
leader that is killed while orders are booked. Skipped where they are not installed."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from koppeltest import SRC, Shop, Skipped, http, main, until
from postgres import Host, judge, place, settled

PAGE = os.path.join(SRC, "conf", "koppel-hosts.7")
NODES = (1, 2, 3)


def of_page(name):
    """What stands in the manual page under a mark."""
    text = open(PAGE, encoding="utf-8").read()
    return re.search(rf'^\.\\" file: {name}\n\.\\" example: none\n\.Bd -literal\n(.*?)^\.Ed$', text, re.M | re.S).group(1)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """The page's three machines, each a folder and some ports here."""

    def __init__(self):
        if not all(map(shutil.which, ("etcd", "patroni", "psql"))):
            raise Skipped("patroni and etcd are not installed: apt-get install patroni etcd-server")
        self.dir, self.ports, self.running = tempfile.mkdtemp(prefix="koppel-patroni-"), {}, {}
        os.chmod(self.dir, 0o755)
        Shop.running.append(self)
        for node in NODES:
            for name in ("", "postgresql", "etcd", "run"):
                os.makedirs(os.path.join(self.folder(node), name), exist_ok=True)
                if os.getuid() == 0:
                    shutil.chown(os.path.join(self.folder(node), name), "nobody")
        for node in NODES:
            lines = self.here("etcd", node).split()
            self.start(f"etcd{node}", ["etcd"], dict(line.split("=", 1) for line in lines))
        for node in NODES:
            path = os.path.join(self.dir, f"patroni{node}.yml")
            with open(path, "w", encoding="utf-8") as f:
                f.write(self.here("patroni", node))
            self.start(f"patroni{node}", ["patroni", path])
            # the first one makes the database, the others copy it
            until(lambda: self.leader(patient=True) and self.standbys() == node - 1, 180)
        for line in of_page("database").splitlines():
            self.ask(line, "user=postgres dbname=postgres password=CHANGE-ME-1")

    def folder(self, node):
        return os.path.join(self.dir, f"db{node}")

    def here(self, name, node):
        """The page's file for a node: its name and address, and the addresses as they are here."""
        text = of_page(name).replace("db1\n", f"db{node}\n", 1) if name == "patroni" else of_page(name)
        if name == "etcd":
            text = text.replace("ETCD_NAME=db1", f"ETCD_NAME=db{node}")
        own = "".join((line if "hosts:" in line or "INITIAL_CLUSTER=" in line
                       else line.replace("10.0.0.1:", f"10.0.0.{node}:")) + "\n" for line in text.splitlines())
        own = own.replace("10.0.0.0/24", "127.0.0.1/32")
        for path in ("/var/lib/postgresql", "/var/lib/etcd", "/var/run/postgresql"):
            own = own.replace(path, self.folder(node) + ("/run" if "run" in path else path[len("/var/lib"):]))
        own = own.replace("/usr/lib/postgresql/15", sorted(
            os.path.join("/usr/lib/postgresql", v) for v in os.listdir("/usr/lib/postgresql"))[-1])
        return re.sub(r"10\.0\.0\.(\d):(\d+)", lambda m: f"127.0.0.1:{self.port(m[1], m[2])}", own)

    def port(self, node, port):
        return self.ports.setdefault((int(node), int(port)), None) or self.ports.update(
            {(int(node), int(port)): free_port()}) or self.ports[int(node), int(port)]

    def start(self, name, command, env=()):
        log = open(os.path.join(self.dir, name + ".log"), "w", encoding="utf-8")
        if os.getuid() == 0:
            command = ["runuser", "-u", "nobody", "--", *command]
        self.running[name] = subprocess.Popen(command, env=dict(os.environ, HOME=self.folder(int(name[-1])), **dict(env)),
                                              stdout=log, stderr=log, start_new_session=True, cwd=self.dir)

    @property
    def connection(self):
        ports = ",".join(str(self.port(node, 5432)) for node in NODES)
        return f"host=127.0.0.1,127.0.0.1,127.0.0.1 port={ports} dbname=koppel user=koppel"

    def psql(self, info, sql):
        return subprocess.run(["psql", "-qXAt", "-d", info, "-c", sql], capture_output=True, text=True, timeout=60,
                              check=False)

    def ask(self, sql, who=""):
        info = f"{self.connection} {who} target_session_attrs=read-write connect_timeout=3"
        done = self.psql(info, sql)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def leader(self, patient=False):
        """The node that takes changes; 0: none does, for one who is patient."""
        for node in NODES:
            info = (f"host=127.0.0.1 port={self.port(node, 5432)} user=postgres dbname=postgres password=CHANGE-ME-1"
                    " connect_timeout=3")
            if self.psql(info, "SELECT pg_is_in_recovery()").stdout.strip() == "f":
                return node
        assert patient, "no node takes changes"
        return 0

    def standbys(self):
        return int(self.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
                            "user=postgres dbname=postgres password=CHANGE-ME-1"))

    def kill(self, node):
        """The machine dies: its patroni, its server, its etcd."""
        with open(os.path.join(self.folder(node), "postgresql", "koppel", "postmaster.pid"), encoding="utf-8") as f:
            server = int(f.readline())
        for name in (f"patroni{node}", f"etcd{node}"):
            os.killpg(self.running.pop(name).pid, signal.SIGKILL)
        try:
            os.kill(server, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it went with its patroni

    def close(self):
        Shop.running.remove(self)
        for name in sorted(self.running, reverse=True):  # patroni before etcd; it ends its server
            one = self.running[name]
            os.killpg(one.pid, signal.SIGTERM)
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


def test_a_leader_dies():
    os.environ["PGPASSWORD"] = "CHANGE-ME-4"
    cluster = Cluster()
    shop = Shop("--orders", "150", "--latency-ms", "20", login=False)
    shop.replace("koppel.conf", 'store = { path = "koppel.db"; };\n', place(cluster))
    shop.login()
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    hosts = [Host(shop, "one"), Host(shop, "two")]
    for host in hosts:
        host.start()
    until(lambda: len(shop.invoices()) > 20, 120)
    assert cluster.ask("SHOW synchronous_standby_names") not in ("", "*"), "nobody is waited for"
    told = shop.run("check")
    assert "standby" not in told.stdout + told.stderr, told
    before, booked, died = cluster.leader(), len(shop.invoices()), time.monotonic()
    http(f"{shop.till}/_sandbox/add-orders?n=60", "", "POST")
    cluster.kill(before)
    until(lambda: cluster.leader(patient=True) not in (0, before), 120)
    print(f"  another leader after {time.monotonic() - died:.1f} s, {booked} orders had been booked")
    until(lambda: len(shop.invoices()) > booked, 120)
    until(lambda: settled(cluster), 180)
    for host in hosts:
        host.stop()
    shop.sync("orders", wait=30)
    judge(shop, 210)


if __name__ == "__main__":
    main([test_a_leader_dies])
