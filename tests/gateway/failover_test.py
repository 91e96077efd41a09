#!/usr/bin/env python3
"""Two carriers, of which the first delivers badly: texts of a type that says so go once more by the other.

posthornd, `posthorn` and two simulated carriers as they are built, in a folder of their own.
Usage: failover_test.py BUILD_DIR
"""

import json
import pathlib
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file
from smpp_carrier import ACCOUNT, BUILD, carrier

MAIN = "sources: {crm: {types: all}}\nbrake: {enabled: off}\n"
# Numbers end so: undelivered by the first, without a receipt of it, and undelivered by both.
FAILS, SILENT, HOPELESS = "7", "8", "9"


def outcomes(*rules):
    return [word for rule in rules for word in ("--outcome", rule)]


class site(small_site):
    def __init__(self, folder):
        rule = "failover: {on: [undelivered, no_receipt], after: 5s}\n"
        types = {"plain": type_file("plain"), "code": type_file("code", priority="urgent") + rule}
        super().__init__(BUILD, folder, types, MAIN)
        (folder / "accounts.d/loop.yaml").unlink()
        self.write("accounts.d/password", "secret\n")
        self.a = carrier(folder, "a", *outcomes(FAILS + "=undelivered", SILENT + "=none", HOPELESS + "=undelivered"))
        self.b = carrier(folder, "b", *outcomes(HOPELESS + "=undelivered"))
        self.write("accounts.d/a.yaml", ACCOUNT % ("", self.a.port, "1069"))
        self.write("accounts.d/b.yaml", ACCOUNT % ("", self.b.port, "1070"))
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
