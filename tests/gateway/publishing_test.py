#!/usr/bin/env python3
"""Each subscriber has each item of a topic once, whatever dies when.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped topics and the
sample billing system in a folder of their own. Usage: publishing_test.py BUILD_DIR
"""

import datetime
import json
import signal
import sqlite3

from answers_test import PATIENCE, comes_true, phone, staff
from crowd import crowd

CUSTOMERS = 700  # three chunks
TARIFF = {"tariff": "居民生活电价", "price": "0.5469", "from": "2027-01-01"}
OUTAGE = {"area": "城东", "from": "2026-12-01T08:00:00+08:00", "until": "2026-12-01T17:00:00+08:00"}


class newsroom(crowd):
    def __init__(self, folder):
        super().__init__(folder)
        self.change("posthorn.yaml", r"types: \[bill.issued,", "types: [bill.issued, tariff.changed,")
        self.posthorn("reload")

    def subscribe(self, topic, *rows):
        """Rows of number and parameter; by hand, for the daemon is down."""
        with sqlite3.connect(self.folder / "var/live.db") as db:
            db.executemany("INSERT INTO subscription(topic, number, parameter, language, paused, "
                           "hours_from, hours_to, expires_at) VALUES (?,?,?,'',0,0,0,0)",
                           [(topic, number, parameter) for number, parameter in rows])
        db.close()

    def schedule(self, when):
        self.change("topics/sales.daily.yaml", r"at: \{.*\}", f'at: {{dates: ["{when:%Y-%m-%dT%H:%M:%SZ}"]}}')


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def an_item_for_all(s, customers):
    s.announce("billing", "tariff.changed", "t-1", "topic", "tariff.new", TARIFF)
    assert s.result("billing", "t-1") == ("published", f"topic tariff.new: {CUSTOMERS} texts")
    s.all_have(customers)
    assert "居民生活电价调整为每度0.5469元" in s.answers()[customers[0]][0][1]
    page = s.posthorn("show", "t-1")
    assert f"{CUSTOMERS} texts" in page and "published" in page, page
    s.announce("billing", "tariff.changed", "t-1", "topic", "tariff.new", TARIFF)  # once more
    comes_true(lambda: not sqlite3.connect(s.folder / "var/outbox/billing.db").execute(
        "SELECT 1 FROM outbox").fetchone(), "it is taken")


def a_death(s, customers, n, point):
    """Nothing leaves meanwhile, so that what was made is what the carrier takes in the end."""
    s.posthorn("pause", "--account", "sim", "--reason", "test")
    s.stop()
    s.start(point)
    key = f"t-{point}"
    s.announce("billing", "tariff.changed", key, "topic", "tariff.new", {**TARIFF, "price": f"0.{n}"})
    s.dies()
    s.start()
    assert s.result("billing", key) == ("published", f"topic tariff.new: {CUSTOMERS} texts"), point
    s.posthorn("resume", "--account", "sim", "--reason", "test")
    s.all_have(customers)


def outages_in_my_area(s):
    """Told to two customers who have not subscribed, and to the one who has, once."""
    for n in (1, 2):
        s.insert("outages", "outage.planned", f"o-{n}", phone(800 + n), OUTAGE)
        assert s.result("outages", f"o-{n}")[0] == "delivered"
    s.all_have([phone(1), phone(801), phone(802)])
    s.announce("outages", "outage.planned", "o-3", "topic", "outage.area", {**OUTAGE, "area": " 城西 "})
    assert s.result("outages", "o-3") == ("published", "topic outage.area: 1 text")
    s.all_have([phone(2)])


def a_topic_that_is_none(s):
    s.announce("billing", "tariff.changed", "t-soon", "topic", "tariff.soon", TARIFF)
    comes_true(lambda: "there is no topic 'tariff.soon'" in s.posthorn("status"), "it is told")
    text = (s.folder / "config/topics/tariff.new.yaml").read_text()
    for old, new in (("name: tariff.new", "name: tariff.soon"), ("电价, 电价通知, DJ", "新电价"),
                     ("TARIFF, TARIFFS", "SOON")):
        text = text.replace(old, new)
    (s.folder / "config/topics/tariff.soon.yaml").write_text(text)
    s.posthorn("reload")
    assert s.posthorn("retry", "--key", "t-soon").startswith("1 parked events")
    assert s.result("billing", "t-soon") == ("published", "topic tariff.soon: nobody to tell")


def a_bad_schedule(s):
    s.change("topics/sales.daily.yaml", r"at: \{.*\}", 'at: {cron: "0 9 30 2 *"}')
    told = s.posthorn("reload", refused=True)
    assert "topics/sales.daily.yaml:" in told and "it would never come" in told, told


def sales_of_the_day(s):
    """Its system is down at first: it is told, and published once it is there."""
    s.schedule(now() + datetime.timedelta(seconds=2))
    s.posthorn("reload")
    comes_true(lambda: "sales.daily: lookup sales_of_today" in s.posthorn("status"), "it is told")
    s.make_billing()
    s.change("topics/sales.daily.yaml", "late: 6h", "late: 5h")
    s.posthorn("reload")  # asks at once
    s.all_have([staff(1)])
    assert "本月累计" in s.answers()[staff(1)][0][1]
    comes_true(lambda: "sales.daily" not in s.posthorn("status"), "all is well")


def a_death_of_the_query(s, point):
    s.stop()
    s.schedule(now() + datetime.timedelta(seconds=1))
    s.start(f"{point}:1")
    s.dies()
    s.start()
    s.all_have([staff(1)])


def a_query_that_was_missed(s):
    s.stop()
    s.schedule(now())  # past when it starts, and later than the one before
    s.start()
    s.all_have([staff(1)])


def main():
    with newsroom.made("publishing") as s:
        customers = [phone(n) for n in range(1, CUSTOMERS + 1)]
        s.people(*[(number, "", "客户", "") for number in customers], (staff(1), "", "", "sales"),
                 (staff(9), "", "", "driver"))
        s.stop()
        s.subscribe("tariff.new", *[(number, "") for number in customers], (phone(900), ""))
        s.subscribe("outage.area", (phone(1), "城东"), (phone(2), "城西"))
        s.subscribe("sales.daily", (staff(1), ""), (staff(9), ""))
        s.start()
        an_item_for_all(s, customers)
        for n, point in enumerate(("drained:1", "chunk ready:1", "chunk ready:3", "chunk committed:1",
                                   "chunk committed:3", "before commit:5", "after commit:6"), 601):
            a_death(s, customers, n, point)
        outages_in_my_area(s)
        a_topic_that_is_none(s)
        a_bad_schedule(s)
        sales_of_the_day(s)
        a_death_of_the_query(s, "topic asked")
        a_death_of_the_query(s, "items committed")
        a_query_that_was_missed(s)
        comes_true(lambda: s.query("SELECT count(*) FROM publication WHERE done_at = 0") == [(0,)],
                   "all items are through")
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=PATIENCE)
        s.nobody_has_more()


main()
