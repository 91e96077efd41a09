#!/usr/bin/env python3
"""Everybody whom an event for many concerns is told once, whatever dies when, and its source learns it.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped types in a folder of
their own. Usage: expansion_test.py BUILD_DIR
"""

import csv
import signal
import sqlite3

from answers_test import PATIENCE, comes_true, phone, staff
from crowd import crowd

HOUSEHOLDS = 700  # three chunks
OUTAGE = {"area": "城东", "from": "2030-12-01T08:00:00+08:00", "until": "2030-12-01T17:00:00+08:00"}
BILL = {"period": "2026-10-01", "usage": "10", "amount": "5.00", "due_date": "2026-12-01"}
COLUMNS = ("number", "account", "name", "role", "area", "customer", "contact", "group", "language",
           "vulnerable")


class utility(crowd):
    def table(self, columns, rows):
        file = self.folder / "rows.csv"
        with open(file, "w", newline="") as f:
            csv.writer(f).writerows([columns, *rows])
        return str(file)

    def import_all(self, *rows):
        rows = [[row.get(c, "") for c in COLUMNS] for row in rows]
        return self.posthorn("people", "import", self.table(COLUMNS, rows), "--reason", "test")

    def counts(self, source, key):
        with sqlite3.connect(f"file:{self.folder}/var/result/{source}.db?mode=ro", uri=True) as db:
            row = db.execute("SELECT messages, delivered, failed FROM result WHERE key = ?", (key,)).fetchone()
            each = db.execute("SELECT recipient, state FROM result_recipient WHERE key = ?", (key,)).fetchall()
        assert len(each) == row[0], (row, len(each))
        return row, dict(each)


def an_outage_of_an_area(s, east):
    s.announce("outages", "outage.planned", "o-1", "area", "s1", OUTAGE)
    assert s.result("outages", "o-1") == ("delivered", "")
    row, each = s.counts("outages", "o-1")
    assert row == (len(east), len(east), 0), row
    assert set(each.values()) == {"delivered"}
    s.all_have(east)
    assert "Planned power outage" in s.answers()[phone(2)][-1][1]  # who reads English
    page = s.posthorn("show", "o-1")
    assert f"{len(east)} messages" in page and "delivered" in page, page
    s.announce("outages", "outage.planned", "o-1", "area", "s1", OUTAGE)  # once more
    comes_true(lambda: not sqlite3.connect(s.folder / "var/outbox/outages.db").execute(
        "SELECT 1 FROM outbox").fetchone(), "it is taken")


def a_death(s, east, n, point):
    """Nothing leaves meanwhile, so that what was made is what the carrier takes in the end."""
    s.posthorn("pause", "--account", "sim", "--reason", "test")
    s.stop()
    s.start(point)
    key = f"o-{point}"
    s.announce("outages", "outage.planned", key, "area", "s1", {**OUTAGE, "reason": f"no {n}"})
    s.dies()
    s.start()
    comes_true(lambda: s.query("SELECT made FROM expansion JOIN event ON id = event "
                               "WHERE key = ? AND done_at > 0", key) == [(len(east),)], "all are made")
    s.posthorn("resume", "--account", "sim", "--reason", "test")
    assert s.result("outages", key) == ("delivered", ""), point
    s.all_have(east)


def vulnerable_accounts_come_first(s, east):
    """Also when it goes on after a death in between."""
    first = [5, HOUSEHOLDS - 1, HOUSEHOLDS]
    s.import_all(*[{"account": f"31{n:08}", "vulnerable": "yes"} for n in first])
    s.posthorn("pause", "--account", "sim", "--reason", "test")
    s.stop()
    s.start("expansion chunk committed:1")
    s.announce("outages", "outage.planned", "o-first", "area", "s1", {**OUTAGE, "reason": "for all"})
    s.dies()
    assert s.query("SELECT recipient FROM message ORDER BY id") == [(phone(n),) for n in first]
    s.start()
    comes_true(lambda: s.query("SELECT made FROM expansion JOIN event ON id = event "
                               "WHERE key = 'o-first' AND done_at > 0") == [(len(east),)], "all are made")
    assert not s.query("SELECT 1 FROM told_first")
    s.posthorn("resume", "--account", "sim", "--reason", "test")
    assert s.result("outages", "o-first") == ("delivered", "")
    s.all_have(east)


def bills_of_accounts(s):
    """Told to the payer and to who is for everything, with what is known of the account."""
    s.announce("billing", "bill.issued", "b-1", "account", "7100000001", BILL)
    assert s.result("billing", "b-1") == ("delivered", "")
    s.all_have([phone(8001), phone(8003)])
    text = s.answers()[phone(8001)][-1][1]
    assert "王*您好，户号尾号0001" in text, text
    s.announce("billing", "bill.issued", "b-2", "customer", "C-7", BILL)  # of two accounts
    assert s.result("billing", "b-2") == ("delivered", "")
    s.all_have([phone(8001), phone(8003)])
    s.announce("billing", "bill.issued", "b-3", "customer", "C-8", BILL)
    assert s.result("billing", "b-3") == ("suppressed", "to_ref: no customer 'C-8' is known")
    s.announce("billing", "bill.issued", "b-5", "account", "7100000009", BILL)  # of which no number is known
    assert s.result("billing", "b-5") == ("suppressed", "nobody to tell")
    s.posthorn("consent", "out", phone(8003), "--category", "billing", "--reason", "asked")
    s.announce("billing", "bill.issued", "b-4", "account", "7100000001", BILL)
    state, _ = s.result("billing", "b-4")
    assert state == "partial", state
    assert s.counts("billing", "b-4")[1] == {phone(8001): "delivered", phone(8003): "suppressed"}
    s.all_have([phone(8001)])


def an_account_with_one_number(s):
    """Its text is made as the row is taken in, without an expansion; nothing else about it differs."""
    s.announce("billing", "bill.issued", "one-a", "account", "7100000002", BILL)
    state, reason = s.result("billing", "one-a")
    assert state == "suppressed" and reason.startswith("opted out of billing"), (state, reason)
    s.announce("billing", "bill.issued", "one-c", "customer", "H1", BILL)  # of three accounts
    assert s.result("billing", "one-c") == ("delivered", "")
    assert s.counts("billing", "one-c") == ((1, 1, 0), {phone(1): "delivered"})
    s.all_have([phone(1)])
    assert "客*您好" in s.answers()[phone(1)][-1][1]
    assert not s.query("SELECT 1 FROM expansion JOIN event ON id = event WHERE key IN ('one-a', 'one-c')")


def groups_and_roles(s):
    s.posthorn("groups", "set", "vip", "--tier", "gold", "--reason", "test")
    s.posthorn("groups", "add", "vip", "--number", phone(8005), "--reason", "test")
    page = s.posthorn("groups", "list")
    assert "vip" in page and "gold" in page, page
    s.announce("outages", "outage.planned", "g-1", "group", "vip", OUTAGE)
    assert s.result("outages", "g-1") == ("delivered", "")
    s.all_have([phone(8004), phone(8005)])
    s.announce("outages", "outage.planned", "g-2", "role", "crew@t1", OUTAGE)
    assert s.result("outages", "g-2") == ("delivered", "")
    s.all_have([staff(1)])
    for kind, to in (("area", "nowhere"), ("group", "nobody"), ("role", "pilot")):
        s.announce("outages", "outage.planned", f"none-{kind}", kind, to, OUTAGE)
        assert s.result("outages", f"none-{kind}") == ("suppressed", f"to_ref: no {kind} '{to}' is known")
        comes_true(lambda: s.query("SELECT 1 FROM expansion JOIN event ON id = event WHERE key = ? AND told",
                                   f"none-{kind}"), "it is told")
        assert f"to_ref: no {kind} '{to}' is known" in s.posthorn("show", f"none-{kind}")


def what_is_wrong(s):
    s.announce("outages", "outage.planned", "bad-1", "area", " ", OUTAGE)
    s.announce("outages", "outage.planned", "bad-2", "areas", "s1", OUTAGE)
    s.announce("outages", "outage.planned", "bad-3", "area", "s1", {"area": "x"})
    s.announce("outages", "bill.issued", "bad-4", "area", "s1", BILL)
    for n, why in enumerate(("to_ref: is empty", "did you mean 'area'", "missing field 'from'", "may not use"), 1):
        comes_true(lambda: why in s.posthorn("show", f"bad-{n}") if s.query(
            "SELECT 1 FROM event WHERE key = ?", f"bad-{n}") else False, why)


def a_stop_in_between(s, east):
    """Those not yet made are not made, those made are cancelled, and the source learns why."""
    s.posthorn("pause", "--source", "outages", "--reason", "look at it")
    s.announce("outages", "outage.planned", "stop-1", "area", "s1", OUTAGE)
    comes_true(lambda: "cannot go on" in s.posthorn("status"), "it waits")
    s.posthorn("stop", "--source", "outages", "--reason", "wrong")
    state, why = s.result("outages", "stop-1")
    assert state == "suppressed" and why == "stopped: wrong", (state, why)
    s.posthorn("resume", "--source", "outages", "--reason", "done")
    s.nobody_has_more()


def main():
    with utility.made("expansion") as s:
        s.posthorn("areas", "import", s.table(("area", "parent", "name"), [
            ("s1", "", "城东变电站"), ("f1", "s1", "10kV一线"), ("t1", "f1", "台区一"), ("t2", "f1", "台区二"),
            ("s2", "", "城西变电站")]), "--reason", "test")
        assert "城东变电站" in s.posthorn("areas", "list")
        households = [phone(n) for n in range(1, HOUSEHOLDS + 1)]
        s.import_all(*[{"number": number, "account": f"31{n:08}", "name": "客户", "area": ("t1", "t2")[n % 2],
                        "customer": f"H{n}", "language": "en" if n == 2 else ""}
                       for n, number in enumerate(households, 1)])
        s.import_all({"number": phone(1), "account": "6100000001", "area": "t1", "customer": "H1"},
                     {"number": phone(1), "account": "6100000002", "area": "t2", "customer": "H1"},
                     {"number": phone(900), "account": "6100000003", "area": "s2"},
                     {"number": phone(8001), "account": "7100000001", "name": "王五", "customer": "C-7", "contact": "payer"},
                     {"number": phone(8002), "account": "7100000001", "contact": "technical"},
                     {"number": phone(8003), "account": "7100000001"},
                     {"number": phone(8003), "account": "7100000002", "name": "王五", "customer": "C-7"},
                     {"account": "7100000009", "name": "无号"},
                     {"number": staff(1), "role": "crew", "area": "f1", "name": "李四"},
                     {"number": staff(2), "role": "crew", "area": "s2", "name": "赵六"})
        s.posthorn("people", "import", s.table(("number", "account", "tier"), [(phone(8004), "7100000004", "gold")]),
                   "--reason", "test")
        s.change("types/bill.issued.yaml", r"(?m)^validity:", "contacts: [payer]\nvalidity:")
        s.posthorn("reload")
        an_outage_of_an_area(s, households)
        for n, point in enumerate(("drained:1", "expansion chunk ready:1", "expansion chunk ready:3",
                                   "expansion chunk committed:1", "expansion chunk committed:3",
                                   "before commit:5", "after commit:6"), 601):
            a_death(s, households, n, point)
        vulnerable_accounts_come_first(s, households)
        bills_of_accounts(s)
        an_account_with_one_number(s)
        groups_and_roles(s)
        what_is_wrong(s)
        a_stop_in_between(s, households)
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=PATIENCE)
        s.nobody_has_more()


main()
