#!/usr/bin/env python3
"""What timers make comes once and in time, whatever dies when, and not at all where it must not.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped types in a folder of
their own. Usage: timers_test.py BUILD_DIR
"""

import json
import re
import signal
import sqlite3
import time

from answers_test import BILL, PATIENCE, comes_true, phone
from crowd import crowd

MANY = 300  # two rounds' worth
HOUR = 3600
LADDER = """
name: ladder
starts_with: [bill.issued]
when: amount > 1
steps:
  - type: arrears.first
    at: {plus: 1h}
    data: {pay_by: {field: due_date}}
  - type: arrears.second
    at: {plus: 2h}
    data: {days: {days_since: due_date}, pay_by: {field: due_date, plus: 7d}}
  - type: arrears.third
    at: {plus: 30d}
    data: {days: {days_since: due_date}, pay_by: {field: due_date, plus: 7d}}
"""


class utility(crowd):
    def bills(self, rows, data=BILL, ago=HOUR, run=""):
        """Rows of key, number and subject, that occurred so many seconds ago."""
        occurred = int((time.time() - ago) * 1e6)
        with sqlite3.connect(self.folder / "var/outbox/billing.db", timeout=30) as db:
            db.executemany("INSERT INTO outbox(type, key, run, subject, to_kind, to_ref, data, occurred_at) "
                           "VALUES ('bill.issued', ?, ?, ?, 'number', ?, ?, ?)",
                           [(key, run, subject, "+" + number, json.dumps(data), occurred)
                            for key, number, subject in rows])

    def steps(self, key, waiting=True):
        """Types of those that this event began."""
        return [t for t, in self.query("SELECT type FROM timer_step WHERE began_key = ? AND (made_at = 0) = ? "
                                       "ORDER BY type", key, waiting)]

    def have(self, numbers, texts):
        """So many texts more each, and nobody else has one."""
        self.heard.update({n: texts for n in numbers})
        comes_true(lambda: all(len(self.answers()[n]) >= self.heard[n] for n in numbers), "all have them")
        self.nobody_has_more()

    def while_stopped(self, sql, *values):
        self.stop()
        with sqlite3.connect(self.folder / "var/live.db") as db:
            assert db.execute(sql, values).rowcount > 0, sql
        db.close()
        self.start()


def a_ladder(s):
    s.bills([("L-1", phone(1), "A-1")], ago=HOUR - 1)  # the first step in a second, the next in an hour
    assert s.result("billing", "L-1/arrears.first") == ("delivered", "")
    s.have([phone(1)], 2)
    assert "尚有电费5.00元未缴" in s.answers()[phone(1)][-1][1]
    assert s.steps("L-1") == ["arrears.second", "arrears.third"]
    page = s.posthorn("timers", "--subject", "A-1")
    assert page.index("arrears.second") < page.index("arrears.third") and "L-1" in page, page
    steps = json.loads(s.posthorn("--json", "timers", "--source", "billing"))["steps"]
    assert [x["type"] for x in steps] == ["arrears.second", "arrears.third"], steps
    s.bills([("L-2", phone(2), "A-2")], ago=2 * HOUR - 1)  # what is late, and in time
    assert s.result("billing", "L-2/arrears.second") == ("delivered", "")
    s.have([phone(2)], 3)
    s.bills([("L-3", phone(3), "A-3")], ago=26 * HOUR)  # their time was over
    comes_true(lambda: s.steps("L-3") == ["arrears.third"], "only the last one waits")
    s.have([phone(3)], 1)


def a_stop_of_its_run(s):
    """What is made later goes the way of the run of the bill that began it."""
    s.bills([("R-1", phone(9), "R-1")], ago=HOUR - 20, run="bills")
    assert s.result("billing", "R-1") == ("delivered", "")
    s.posthorn("stop", "--run", "bills", "--reason", "wrong")
    assert s.result("billing", "R-1/arrears.first") == ("cancelled", "stopped (run bills): wrong")
    s.posthorn("resume", "--run", "bills", "--reason", "test")
    found = json.loads(s.posthorn("--json", "search", "--run", "bills"))
    assert {row["key"] for row in found["found"]} == {"R-1", "R-1/arrears.first"}, found
    s.have([phone(9)], 1)
    s.posthorn("timers", "cancel", "--timer", "ladder", "--reason", "test")


def what_begins_nothing(s):
    s.bills([("N-1", phone(4), "")])  # as bills without a subject
    s.bills([("N-2", phone(4), "A-4")], {**BILL, "amount": "1.00"})
    s.bills([("N-3", phone(4), "A-5")], {**BILL, "amount": "x"})
    s.bills([("L-1", phone(1), "A-6")], {**BILL, "amount": "7.00"})  # its key was used
    for key in ("N-1", "N-2"):
        assert s.result("billing", key) == ("delivered", "")
    comes_true(lambda: s.query("SELECT 1 FROM event WHERE key = 'N-3' AND parked IS NOT NULL"), "it is parked")
    s.posthorn("stop", "--type", "bill.issued", "--reason", "wrong")
    s.bills([("N-4", phone(4), "A-7")])
    assert s.result("billing", "N-4")[0] == "cancelled"
    s.posthorn("resume", "--type", "bill.issued", "--reason", "test")
    assert s.query("SELECT DISTINCT subject FROM timer_step ORDER BY 1") == [("A-1",), ("A-2",), ("A-3",)]
    s.bills([("N-3", phone(4), "A-5")], ago=0)  # corrected, under the same key
    comes_true(lambda: len(s.steps("N-3")) == 3, "it begins")
    s.have([phone(4)], 3)


def other_dates(s):
    s.bills([("D-1", phone(5), "D")], ago=HOUR + 1)
    assert s.result("billing", "D-1/arrears.first") == ("delivered", "")
    s.bills([("D-2", phone(5), "D")], ago=0)  # a later one: all begins anew
    comes_true(lambda: s.steps("D-2") == ["arrears.first", "arrears.second", "arrears.third"], "it is later")
    assert s.steps("D-1") == []
    s.bills([("D-0", phone(5), "D")], ago=3 * HOUR)  # an earlier one that comes late
    s.bills([("D-3", phone(5), "D")], {**BILL, "amount": "0.50"}, ago=-1)  # nothing is owed any more
    comes_true(lambda: s.steps("D-2") == [], "nothing waits")
    assert s.steps("D-0") == [] and s.result("billing", "D-0") == ("delivered", "")
    s.have([phone(5)], 5)


def a_death(s, n, point):
    """Nothing leaves meanwhile, so that what was made is what the carrier takes in the end."""
    numbers = [phone(1000 * n + i) for i in range(MANY)]
    s.posthorn("pause", "--account", "sim", "--reason", "test")
    s.stop()
    s.start(point)
    s.bills([(f"X-{n}-{i}", number, f"X-{n}-{i}") for i, number in enumerate(numbers)], ago=HOUR + 5)
    s.dies()
    s.start()
    comes_true(lambda: s.query("SELECT count(*) FROM timer_step WHERE began_key LIKE ? AND type = 'arrears.first' "
                               "AND made_at > 0", f"X-{n}-%") == [(MANY,)], "all are made")
    s.posthorn("resume", "--account", "sim", "--reason", "test")
    s.have(numbers, 2)


def too_late(s):
    """The daemon was down while the time of a step came and went; another is late, and in time."""
    s.bills([("S-1", phone(6), "S-1"), ("S-2", phone(7), "S-2")], ago=0)
    comes_true(lambda: len(s.steps("S-1") + s.steps("S-2")) == 6, "both have begun")
    s.while_stopped("UPDATE timer_step SET due_at = due_at - ? WHERE began_key = 'S-1' AND type = 'arrears.first'",
                    26 * HOUR * 1_000_000)
    assert s.result("billing", "S-1/arrears.first")[0] == "expired"
    s.while_stopped("UPDATE timer_step SET due_at = due_at - ? WHERE began_key = 'S-2' AND type = 'arrears.first'",
                    20 * HOUR * 1_000_000)
    assert s.result("billing", "S-2/arrears.first") == ("delivered", "")
    s.heard[phone(6)] += 1
    s.have([phone(7)], 2)


def cancelled(s):
    found = json.loads(s.posthorn("--json", "timers", "--subject", "S-1"))["steps"]
    s.posthorn("timers", "cancel", found[0]["id"], "--reason", "they have paid at the desk")
    assert "no step" in s.posthorn("timers", "cancel", found[0]["id"], "--reason", "again", refused=True)
    assert s.steps("S-1") == ["arrears.third"]
    log = s.posthorn("log")
    assert "timers cancel" in log and "they have paid at the desk" in log, log


def a_file_that_goes(s):
    file = s.folder / "config/timers/ladder.yaml"
    s.bills([("G-1", phone(8), "G-1")], ago=0)
    comes_true(lambda: len(s.steps("G-1")) == 3, "it has begun")
    file.unlink()
    told = s.posthorn("reload", refused=True)
    assert "timer ladder has" in told and "timers cancel --timer ladder" in told, told
    s.posthorn("reload", "--drain")
    s.while_stopped("UPDATE timer_step SET due_at = due_at - ? WHERE began_key = 'G-1' AND type = 'arrears.first'",
                    HOUR * 1_000_000)
    comes_true(lambda: s.query("SELECT parked FROM event WHERE key = 'G-1/arrears.first'") ==
               [("timer 'ladder' is not configured any more",)], "it is parked, and can be seen")
    s.posthorn("timers", "cancel", "--timer", "ladder", "--reason", "no more of it")
    assert s.posthorn("timers") == "no step of a timer waits\n"
    s.have([phone(8)], 1)
    totals = json.loads(s.posthorn("--json", "status"))["totals"]
    assert totals["timer steps waiting"] == 0 and totals["timer steps cancelled"] > 0, totals


def shipped(s):
    page = s.posthorn("test", "timer", "arrears")
    assert "arrears is off" in page, page
    types = re.findall(r"arrears\.\w+(?=  to)", page)
    assert types == ["arrears.first", "arrears.second", "arrears.third", "arrears.disconnection"], page
    assert "已逾期15天" in page, page
    page = s.posthorn("test", "timer", "not_ordered")
    assert "role account_manager@城东" in page and "未订货提醒" in page, page
    assert "begins nothing" in s.posthorn("test", "timer", "arrears", "--set", "amount=0.00")
    assert "did you mean 'arrears'" in s.posthorn("test", "timer", "arears", refused=True)


def main():
    with utility.made("timers") as s:
        (s.folder / "config/timers/ladder.yaml").write_text(LADDER)
        s.posthorn("reload")
        shipped(s)
        a_ladder(s)
        what_begins_nothing(s)
        other_dates(s)
        for n, point in enumerate(("drained:1", "steps ready:1", "steps ready:2", "steps committed:1",
                                   "before commit:4", "after commit:5"), 1):
            a_death(s, n, point)
        a_stop_of_its_run(s)
        too_late(s)
        cancelled(s)
        a_file_that_goes(s)
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=PATIENCE)
        s.nobody_has_more()


main()
