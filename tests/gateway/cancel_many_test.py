#!/usr/bin/env python3
"""An event for many, or for a topic, is taken back as far as it can be, and so is what topics made of an event.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped types in a folder of
their own. Usage: cancel_many_test.py BUILD_DIR
"""

import csv
import json
import re
import sqlite3
import time

from answers_test import comes_true, phone
from crowd import crowd

HOUSEHOLDS = 700  # three chunks
OUTAGE = {"area": "城东", "from": "2030-12-01T08:00:00+08:00", "until": "2030-12-01T17:00:00+08:00"}
RESTORED = {"area": "城东", "until": "2030-12-01T16:00:00+08:00"}
TARIFF = {"tariff": "居民生活电价", "price": "0.5469", "from": "2027-01-01"}


class utility(crowd):
    def __init__(self, folder):
        super().__init__(folder)
        self.change("posthorn.yaml", r"types: \[bill.issued,", "types: [bill.issued, tariff.changed,")
        self.posthorn("reload")

    def result_is(self, source, key, state, why=""):
        """Soon: of an event to a topic a final result may still be corrected."""
        comes_true(lambda: self.result(source, key) == (state, why),
                   lambda: f"{key} {state}: {why}, is {self.result(source, key)}")

    def pause(self):
        self.posthorn("pause", "--account", "sim", "--reason", "test")

    def resume(self):
        self.posthorn("resume", "--account", "sim", "--reason", "test")

    def waiting(self):
        return self.query("SELECT count(*) FROM queue")[0][0]

    def waits(self, n):
        comes_true(lambda: self.waiting() == n, lambda: f"{n} wait, are {self.waiting()}")

    def cancel(self, key, refused=False):
        """What it answers."""
        return json.loads(self.posthorn("cancel", "--json", key, "--reason", "wrong", refused=refused))

    def announce_for_later(self, source, kind, key, to_kind, to, data):
        with sqlite3.connect(self.folder / f"var/outbox/{source}.db", timeout=30) as db:
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data, not_before) VALUES (?,?,?,?,?,?)",
                       (kind, key, to_kind, to, json.dumps(data), int((time.time() + 86400) * 1_000_000)))

    def subscribe(self, topic, *rows):
        """Rows of number and parameter; by hand, for the daemon is down."""
        self.stop()
        with sqlite3.connect(self.folder / "var/live.db") as db:
            db.executemany("INSERT INTO subscription(topic, number, parameter, language, paused, "
                           "hours_from, hours_to, expires_at) VALUES (?,?,?,'',0,0,0,0)",
                           [(topic, number, parameter) for number, parameter in rows])
        db.close()
        self.start()


def before_any_has_left(s, east):
    s.pause()
    s.announce("outages", "outage.planned", "o-1", "area", "east", OUTAGE)
    s.waits(len(east))
    said = s.cancel("o-1")
    assert said["result"] == "cancelled" and said["messages"] == {"cancelled": len(east)}, said
    s.result_is("outages", "o-1", "cancelled")
    page = s.posthorn("explain", "o-1")
    assert "cancel event" in page and "wrong" in page, page
    again = s.cancel("o-1")
    assert again["result"] == "cancelled" and again["messages"] == said["messages"], again
    s.resume()
    s.nobody_has_more()


def before_it_is_due(s):
    s.announce_for_later("outages", "outage.planned", "o-2", "area", "east", OUTAGE)
    comes_true(lambda: s.query("SELECT 1 FROM expansion JOIN event ON id = event WHERE key = 'o-2'"), "it is taken in")
    said = s.cancel("o-2")
    assert said["result"] == "cancelled" and said["messages"] == {}, said
    s.result_is("outages", "o-2", "suppressed", "cancelled: wrong")


def in_the_middle(s, east, point):
    """Whoever had not been told is not, whatever dies meanwhile; and the answer says how many had."""
    s.slow_down(point)
    before = s.texts()
    key = f"o-3{point}"
    s.announce("outages", "outage.planned", key, "area", "east", {**OUTAGE, "reason": key})
    s.some_have_it(before)
    if point:
        s.posthorn("cancel", key, "--reason", "wrong", refused=True)
        s.dies()
        s.start()
        comes_true(lambda: not s.query("SELECT 1 FROM cancellation"), "it is gone through")
    said = s.cancel(key, refused=True)
    assert said["result"] == "too late", said
    state, _ = s.result("outages", key)
    assert state == "partial", state
    told = s.told_since(east, before)
    counts = s.cancel(key, refused=True)["messages"]
    assert counts["delivered"] == len(told) and counts["cancelled"] == sum(counts.values()) - len(told), counts
    s.heard.update(told)
    s.nobody_has_more()
    s.full_speed()


def of_a_topic(s, customers):
    s.pause()
    s.announce("billing", "tariff.changed", "t-1", "topic", "tariff.new", TARIFF)
    s.waits(len(customers))
    said = s.cancel("t-1")
    assert said["result"] == "cancelled" and said["messages"] == {"cancelled": len(customers)}, said
    s.result_is("billing", "t-1", "published", f"topic tariff.new: {len(customers)} texts, and no more: cancelled: wrong")
    s.resume()
    s.nobody_has_more()


def when_nothing_is_left(s, subscriber):
    """What has ended is what it was, whoever cancels it."""
    s.announce("outages", "outage.planned", "o-7", "topic", "outage.area", {**OUTAGE, "area": "城西"})
    s.all_have([subscriber])
    s.result_is("outages", "o-7", "published", "topic outage.area: 1 text")
    comes_true(lambda: not s.query("SELECT 1 FROM message"), "all are told")
    said = s.cancel("o-7", refused=True)
    assert said["result"] == "too late" and said["why"] == "nothing was left to cancel", said
    assert said["messages"] == {"delivered": 1}, said
    assert s.query("SELECT reason FROM publication WHERE item = 'outages:o-7'") == [("",)]


def what_a_topic_made_of_it(s):
    """Of an event to a topic, and of one for a customer that feeds it."""
    s.pause()
    s.announce("outages", "outage.planned", "o-4", "topic", "outage.area", {**OUTAGE, "area": "城西"}, "outage 4")
    s.announce("outages", "outage.planned", "o-5", "number", "+" + phone(8001), {**OUTAGE, "area": "城南"},
               "outage 4")
    s.waits(3)  # two subscribers and the customer
    s.announce("outages", "outage.restored", "o-4-end", "number", "+" + phone(8002), RESTORED, "outage 4")
    s.waits(1)  # that is not told to subscribers
    s.result_is("outages", "o-4", "published",
                "topic outage.area: 1 text, and no more: withdrawn by outage.restored o-4-end")
    s.result_is("outages", "o-5", "cancelled", "withdrawn by outage.restored o-4-end")
    s.resume()
    s.result_is("outages", "o-4-end", "delivered")
    s.all_have([phone(8002)])
    s.announce("outages", "outage.planned", "o-6", "topic", "outage.area", {**OUTAGE, "area": "城西"}, "outage 4",
               int((time.time() - 600) * 1_000_000))  # comes late
    s.result_is("outages", "o-6", "published",
                "topic outage.area: nobody to tell, and no more: withdrawn by outage.restored o-4-end")
    s.nobody_has_more()


def main():
    with utility.made("cancel") as s:
        area_file, file = s.folder / "areas.csv", s.folder / "people.csv"
        area_file.write_text("area,parent,name\neast,,城东\n")
        s.posthorn("areas", "import", str(area_file), "--reason", "test")
        east = [phone(n) for n in range(1, HOUSEHOLDS + 1)]
        customers = [phone(n) for n in range(3001, 3031)]
        with open(file, "w", newline="") as f:
            rows = [(n, f"31{i:08}", "客户", "east") for i, n in enumerate(east)]
            rows += [(n, "", "客户", "") for n in customers]
            csv.writer(f).writerows([("number", "account", "name", "area"), *rows])
        s.posthorn("people", "import", str(file), "--reason", "test")
        s.subscribe("tariff.new", *[(number, "") for number in customers])
        s.subscribe("outage.area", (customers[0], "城南"), (customers[1], "城西"))
        before_any_has_left(s, east)
        before_it_is_due(s)
        for point in ("", "withdrawn:1"):
            in_the_middle(s, east, point)
        of_a_topic(s, customers)
        when_nothing_is_left(s, customers[1])
        what_a_topic_made_of_it(s)
        said = s.posthorn("reconcile", "--deep")
        assert re.match("everything is accounted for", said), said


main()
