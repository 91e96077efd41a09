"""posthornd in a scratch directory: configured, filled, run, asked."""

import http.client
import json
import pathlib
import shutil
import socket
import sqlite3
import threading
import time

import carriers
from machine import Failure, Process, until
from texts import texts, type_files

ROOT = pathlib.Path(__file__).resolve().parents[2]

SETTINGS = """state_dir: var
outbox_dir: var/outbox
result_dir: var/result
plugin_dir: {plugins}
socket: posthorn.sock
types_dir: types
accounts_dir: accounts.d
sources: {sources}
zone: Asia/Shanghai
countries:
  - {{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}}
brake: {{enabled: off}}
"""

INSERT = ("INSERT INTO outbox(type, key, run, to_ref, data) VALUES (?, ?, 'bench', ?, ?)")


def rows(file, sql):
    """From one of posthornd's files; none while the table is not there yet."""
    try:
        db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
    except sqlite3.OperationalError:
        return []
    try:
        return db.execute(sql).fetchall()
    except sqlite3.OperationalError as why:
        if "no such table" in str(why) or "unable to open" in str(why):
            return []
        raise
    finally:
        db.close()


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Site:
    """The files of one posthornd."""

    def __init__(self, setup, folder, carrier_port, window, sources=("bench", "codes"), pair=carriers.Pair()):
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = pathlib.Path(folder)
        self.setup = setup
        self.var = self.folder / "var"
        for name in ("types", "accounts.d", "var/outbox", "var/result"):
            (self.folder / name).mkdir(parents=True)
        self.config = self.folder / "posthorn.yaml"
        self.config.write_text(SETTINGS.format(
            plugins=setup.build / "plugins", sources=json.dumps(dict.fromkeys(sources, {"types": "all"}))))
        (self.folder / "accounts.d" / "carrier.yaml").write_text(
            pair.account(carrier_port, window, "carrier.password", 'sender: "10690000"'))
        (self.folder / "accounts.d" / "carrier.password").write_text(carriers.SECRET + "\n")
        for name, text in type_files().items():
            (self.folder / "types" / name).write_text(text)
        shutil.copy(ROOT / "config" / "types" / "code.verification.yaml", self.folder / "types")
        for source in sources:
            with self.outbox(source) as db:
                db.executescript((ROOT / "config" / "outbox.sql").read_text())

    def outbox(self, source):
        """As a business system opens it."""
        return sqlite3.connect(self.var / "outbox" / f"{source}.db", timeout=30, isolation_level=None)

    def fill(self, messages, first_id=1):
        """What waits before the daemon starts."""
        db = self.outbox("bench")
        if first_id > 1:
            db.execute("INSERT INTO sqlite_sequence VALUES ('outbox', ?)", (first_id - 1,))
        db.execute("BEGIN")
        db.executemany(INSERT, ((t.type, t.key, t.to, t.data()) for t in texts(messages)))
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    def count(self, file, sql):
        """A number from one of posthornd's files; 0 while it is not there yet."""
        found = rows(self.var / file, sql)
        return found[0][0] if found else 0

    def archived(self):
        """Finished messages that have left for this month's history file."""
        return self.count("live.db", "SELECT n FROM tally WHERE what = 'messages'") - \
            self.count("live.db", "SELECT count(*) FROM message")

    def expect_final(self, messages, patience=120):
        """Until every row of the run is final in the source's results."""
        def final():
            return self.count("result/bench.db", "SELECT count(*) FROM result_row "
                              "WHERE run = 'bench' AND state = 'delivered'") == messages
        until(final, patience, f"not all {messages} results are delivered after {patience} s: "
              f"see {self.var}/result/bench.db", pause=0.05)

    def expect_archived(self, patience=300):
        until(lambda: self.count("live.db", "SELECT count(*) FROM message") == 0, patience,
              f"live.db still has messages {patience} s after the last", pause=0.1)


class Daemon(Process):
    def __init__(self, site):
        self.site = site
        super().__init__([site.setup.bin_dir / "posthornd", "--config", site.config],
                         site.folder / "posthornd.log")

    def ready(self):
        self.expect(r"\bready\b", patience=300)

    def status(self):
        talk = UnixConnection(self.site.folder / "posthorn.sock")
        try:
            talk.request("GET", "/v1/status")
            answer = talk.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise Failure(f"/v1/status answered {answer.status}: {body[:300]!r}")
            return json.loads(body)
        finally:
            talk.close()


class StoreWatch(threading.Thread):
    """Asks for the store's figures every second while a run lasts."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.posthornd = daemon
        self.samples = []
        self.over = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def run(self):
        while not self.over.wait(1):
            try:
                self.samples.append(self.posthornd.status()["store"])
            except (OSError, Failure, http.client.HTTPException):
                time.sleep(0.2) # starting, or gone: the run itself will say so

    def mean(self, what):
        """Over all commits seen."""
        commits = sum(s["commits_per_second"] for s in self.samples)
        if commits == 0:
            return 0.0
        return sum(s[what] * s["commits_per_second"] for s in self.samples) / commits
