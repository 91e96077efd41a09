#!/usr/bin/env python3
"""What later events of a subject make needless is not sent, and a follow-up is for those who were told.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped types in a folder of
their own. Usage: withdrawal_test.py BUILD_DIR
"""

import csv
import time

from answers_test import comes_true, phone
from crowd import crowd

HOUSEHOLDS = 700  # three chunks
OUTAGE = {"area": "城东", "from": "2030-12-01T08:00:00+08:00", "until": "2030-12-01T17:00:00+08:00"}
CHANGED = {"area": "城东", "until": "2030-12-01T20:00:00+08:00"}
RESTORED = {"area": "城东", "until": "2030-12-01T16:00:00+08:00"}
ARREARS = {"account_name": "张三", "account": "3100000001", "amount": "10.00", "pay_by": "2030-12-01"}
PAYMENT = {"account_name": "张三", "account": "3100000001", "amount": "10.00", "paid_at": "2026-11-01T10:00:00+08:00"}


def ago(minutes):
    return int((time.time() - 60 * minutes) * 1_000_000)


class utility(crowd):
    def result_is(self, source, key, state, why=""):
        assert self.result(source, key) == (state, why), (key, self.result(source, key))

    def pause(self):
        self.posthorn("pause", "--account", "sim", "--reason", "test")

    def resume(self):
        self.posthorn("resume", "--account", "sim", "--reason", "test")

    def arrears(self, key, subject, at):
        self.announce("billing", "arrears.first", key, "number", "+" + phone(9001), ARREARS, subject, at)

    def pays(self, key, subject, at):
        self.announce("billing", "payment.received", key, "number", "+" + phone(9001), PAYMENT, subject, at)


def a_payment_stops_the_ladder(s):
    """Of this account, what happened before it, in whatever order the rows come."""
    s.pause()
    s.arrears("a-1", "account 1", ago(20))
    s.arrears("a-2", "account 2", ago(20))
    s.arrears("a-3", "account 1", ago(5))
    comes_true(lambda: len(s.query("SELECT 1 FROM queue")) == 3, "they wait")
    s.pays("p-1", "account 1", ago(10))
    s.result_is("billing", "a-1", "cancelled", "withdrawn by payment.received p-1")
    s.arrears("a-4", "account 1", ago(15))
    s.result_is("billing", "a-4", "cancelled", "withdrawn by payment.received p-1")
    assert "withdrawn by payment.received p-1" in s.posthorn("show", "a-1")
    s.resume()
    for key in ("a-2", "a-3", "p-1"):
        s.result_is("billing", key, "delivered")
    s.all_have([phone(9001)] * 3)


def a_new_estimate_replaces_the_old(s, east):
    """Nothing of the old one has left: one text each."""
    s.pause()
    s.announce("outages", "outage.planned", "o-1", "area", "east", OUTAGE, "outage 1")
    comes_true(lambda: len(s.query("SELECT 1 FROM queue")) == len(east), "they wait")
    s.announce("outages", "outage.changed", "o-1b", "area", "east", CHANGED, "outage 1")
    s.result_is("outages", "o-1", "cancelled")
    s.resume()
    s.result_is("outages", "o-1b", "delivered")
    s.all_have(east)


def its_end_is_for_those_who_were_told(s, east, west):
    s.announce("outages", "outage.sudden", "o-2", "area", "east", OUTAGE, "outage 2")
    s.result_is("outages", "o-2", "delivered")
    s.all_have(east)
    s.announce("outages", "outage.restored", "o-2b", "area", "all", RESTORED, "outage 2")
    s.result_is("outages", "o-2b", "delivered")
    s.all_have(east)
    assert "恢复供电" in s.answers()[east[0]][-1][1]

    s.pause()  # nobody is told
    s.announce("outages", "outage.sudden", "o-3", "area", "west", OUTAGE, "outage 3")
    comes_true(lambda: len(s.query("SELECT 1 FROM queue")) == len(west), "they wait")
    s.announce("outages", "outage.restored", "o-3b", "area", "all", RESTORED, "outage 3")
    s.result_is("outages", "o-3", "cancelled")
    s.result_is("outages", "o-3b", "suppressed", "nobody to tell")
    s.announce("outages", "outage.sudden", "o-3c", "area", "west", OUTAGE, "outage 3", ago(60))
    s.result_is("outages", "o-3c", "suppressed", "withdrawn by outage.restored o-3b")
    s.resume()
    s.nobody_has_more()
    s.announce("outages", "outage.restored", "o-4", "area", "west", RESTORED)  # about nothing we know
    s.result_is("outages", "o-4", "delivered")
    s.all_have(west)


def half_of_them_were_told(s, east, point):
    """Whoever got the first text, and nobody else, gets the second, whatever dies in between."""
    s.slow_down(point)
    before = s.texts()
    subject = f"outage {point}"
    s.announce("outages", "outage.sudden", f"w-{point}", "area", "east", OUTAGE, subject)
    s.some_have_it(before)
    s.announce("outages", "outage.restored", f"w-{point}-end", "area", "east", RESTORED, subject)
    if point:
        s.dies()
        s.start()
    state, _ = s.result("outages", f"w-{point}")
    assert state == "partial", state
    s.full_speed()
    s.result_is("outages", f"w-{point}-end", "delivered")
    after = s.answers()
    told = s.told_since(east, before)
    for n in told:
        texts = after[n][before.get(n, 0):]
        assert len(texts) == 2 and "恢复供电" in texts[1][1], (n, texts)
    s.heard.update(told * 2)
    s.nobody_has_more()


def main():
    with utility.made("withdrawal") as s:
        area_file, file = s.folder / "areas.csv", s.folder / "people.csv"
        area_file.write_text("area,parent,name\nall,,城区\neast,all,城东\nwest,all,城西\n")
        s.posthorn("areas", "import", str(area_file), "--reason", "test")
        east = [phone(n) for n in range(1, HOUSEHOLDS + 1)]
        west = [phone(n) for n in range(2001, 2011)]
        with open(file, "w", newline="") as f:
            rows = [(n, f"31{i:08}", "客户", "east") for i, n in enumerate(east)]
            rows += [(n, f"32{i:08}", "客户", "west") for i, n in enumerate(west)]
            csv.writer(f).writerows([("number", "account", "name", "area"), *rows])
        s.posthorn("people", "import", str(file), "--reason", "test")
        a_payment_stops_the_ladder(s)
        a_new_estimate_replaces_the_old(s, east)
        its_end_is_for_those_who_were_told(s, east, west)
        for point in ("", "withdrawn:1", "expansion chunk ready:4"):
            half_of_them_were_told(s, east, point)


main()
