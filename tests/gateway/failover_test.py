#!/usr/bin/env python3
"""Two carriers, of which the first delivers badly: texts of a type that says so go once more by the other.

posthornd, `posthorn` and two simulated carriers as they are built, in a folder of their own.
Usage: failover_test.py BUILD_DIR
"""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = "sources: {crm: {types: all}}\nbrake: {enabled: off}\n"
ACCOUNT = """
adapter: smpp
delivery: live
options: {host: 127.0.0.1, port: %d, system_id: x, password: "file:password", window: 20, sender: "%s"}
"""
# Numbers end so: undelivered by the first, without a receipt of it, and undelivered by both.
FAILS, SILENT, HOPELESS = "7", "8", "9"


class carrier:
    def __init__(self, folder, name, *outcomes):
        self.log = folder / f"{name}.log"
        rules = [word for rule in outcomes for word in ("--outcome", rule)]
        self.process = subprocess.Popen(
            [BUILD / "bin/posthorn-sim", "smpp", "--port", "0", "--receipt-delay", "20ms",
             "--log", self.log, *rules],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening"), line
        self.port = int(line.rsplit(":", 1)[1].split()[0])

    def stop(self):
        self.process.kill()
        self.process.wait()

    def texts(self):
        """Number → how many parts it was given."""
        if not self.log.exists():
            return collections.Counter()
        lines = self.log.read_text().splitlines(keepends=True)
        rows = [json.loads(line) for line in lines if line.endswith("\n")]
        return collections.Counter(row["dest"] for row in rows if row["ev"] == "submit")


class site(small_site):
    def __init__(self, folder):
        rule = "failover: {on: [undelivered, no_receipt], after: 5s}\n"
        types = {"plain": type_file("plain"), "code": type_file("code", priority="urgent") + rule}
        super().__init__(BUILD, folder, types, MAIN)
        (folder / "accounts.d/loop.yaml").unlink()
        self.write("accounts.d/password", "secret\n")
        self.a = carrier(folder, "a", FAILS + "=undelivered", SILENT + "=none", HOPELESS + "=undelivered")
        self.b = carrier(folder, "b", HOPELESS + "=undelivered")
        self.write("accounts.d/a.yaml", ACCOUNT % (self.a.port, "1069"))
        self.write("accounts.d/b.yaml", ACCOUNT % (self.b.port, "1070"))
        self.write("routes.yaml", "routes:\n  - {accounts: [a, b]}\n")
        self.rows = 0

    def send(self, ends, type_name="code", text="123456"):
        """The key, and the number."""
        self.rows += 1
        number = f"861380000{self.rows:03d}{ends}"
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, ?, ?)",
                       (type_name, f"k{self.rows}", "+" + number, json.dumps({"text": text})))
        return f"k{self.rows}", number

    def by_both(self, number, a, b):
        comes_true(lambda: (self.a.texts()[number], self.b.texts()[number]) == (a, b),
                   lambda: (number, self.a.texts()[number], self.b.texts()[number]))


def what_failed_goes_by_the_other(s):
    key, number = s.send(FAILS)
    s.becomes(key, "delivered")
    s.by_both(number, 1, 1)
    told = s.posthorn("explain", key)
    assert "goes by another account" in told and "a did not deliver it" in told, told
    assert s.results("SELECT repeats FROM result WHERE key = ?", key) == [(1,)]


def nobody_reads_that_it_failed_before_the_last_has(s):
    key, number = s.send(HOPELESS)
    told = comes_true(lambda: s.results("SELECT state, repeats FROM result WHERE key = ? AND final", key), key)
    assert told == [("undelivered", 1)], told
    s.by_both(number, 1, 1)


def what_has_no_receipt_goes_by_the_other(s):
    key, number = s.send(SILENT, text="x" * 300)
    s.becomes(key, "delivered")
    s.by_both(number, 2, 2)
    assert "a has no receipt in time" in s.posthorn("explain", key)


def a_type_that_asks_for_nothing_gets_nothing(s):
    key, number = s.send(FAILS, "plain")
    s.becomes(key, "undelivered")
    s.by_both(number, 1, 0)


def it_outlives_a_kill(s):
    s.posthorn("pause", "--account", "b", "--reason", "test")
    key, number = s.send(FAILS)

    def waits():
        with database(s.folder / "state/live.db", "ro") as db:
            return db.execute("SELECT count(*) FROM failover WHERE waits").fetchone() == (1,)
    comes_true(waits, lambda: s.posthorn("status"))
    s.kill()
    s.start()
    s.posthorn("resume", "--account", "b")
    s.becomes(key, "delivered")
    s.by_both(number, 1, 1)


def all_of_it_balances(s):
    told = json.loads(s.posthorn("--json", "reconcile", "--deep"))
    assert told["holds"] and told["rows"]["differing"] == 0, told


with tempfile.TemporaryDirectory() as name:
    site_of_two = site(pathlib.Path(name))
    try:
        go_through(site_of_two, [
            what_failed_goes_by_the_other,
            nobody_reads_that_it_failed_before_the_last_has,
            what_has_no_receipt_goes_by_the_other,
            a_type_that_asks_for_nothing_gets_nothing,
            it_outlives_a_kill,
            all_of_it_balances,
        ])
    finally:
        site_of_two.a.stop()
        site_of_two.b.stop()
