"""A source that tells many all the time, subscribers of a topic and a group in turn: each has each item once."""
import collections
import json
import os
import re
import sqlite3
import threading

from phones import opened

NAME, KIND = "press", "torture.news"
NUMBERS = [f"86137{n:08d}" for n in range(40)]
TO = [("topic", "news"), ("group", "readers")]
ITEM = re.compile(r"News (\d+)\.")

TOPIC = f"""name: news
description: {{en: news}}
words: {{en: [NEWS]}}
type: {KIND}
entitled: {{registered: no}}
default_language: en
"""


def is_for_many(key):
    """SOURCE:KEY; those of a group make a message for each member, counted below."""
    found = re.fullmatch(r"\d+:news-(\d+)", key)
    return found is not None and int(found[1]) % 2 == 1


def item(words):
    found = ITEM.search(words)
    return int(found[1]) if found else None


def subscribe(site):
    """By hand, while no daemon runs."""
    with sqlite3.connect(site.path("var", "live.db")) as db:
        db.executemany("INSERT INTO subscription(topic, number, parameter, language, paused, hours_from, hours_to, "
                       "expires_at) VALUES ('news', ?, '', '', 0, 0, 0, 0)", [(n,) for n in NUMBERS])
        db.execute("INSERT INTO people_group VALUES ('readers', '', '', '', '', 0)")
        db.executemany("INSERT INTO group_member VALUES ('readers', ?, '')", [(n,) for n in NUMBERS])
    db.close()


class Publisher:
    def __init__(self, site):
        self.name = NAME
        self.inserted = 0
        self.path = site.path("var", "outbox", f"{NAME}.db")
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.write)

    def write(self):
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        with open(os.path.join(os.path.dirname(__file__), "..", "..", "config", "outbox.sql"), encoding="utf-8") as ddl:
            db.executescript(ddl.read())
        while not self.stop.wait(0.5):
            n = self.inserted
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data) VALUES (?, ?, ?, ?, ?)",
                       (KIND, f"news-{n}", *TO[n % 2], json.dumps({"n": str(n)})))
            self.inserted = n + 1
        db.close()

    def start(self):
        self.thread.start()

    def finish(self):
        self.stop.set()
        self.thread.join()


def is_whole(n, ended, told):
    """Of a group the result counts each of its members, and has a row for each."""
    state, messages, delivered, failed = ended.get(f"news-{n}", (None, 0, 0, 0))
    if n % 2 == 0:
        return state == "published"
    return messages == told.get(f"news-{n}") == delivered + failed == len(NUMBERS)


def check(report, site, publisher, carrier, ours, window):
    """A text that was about to leave at a kill may be missing: its type is never sent twice."""
    def zero(n):
        return n == 0
    with opened(site.path("var", "result", f"{NAME}.db")) as db:
        ended = {key: row for key, *row in db.execute("SELECT key, state, messages, delivered, failed "
                                                      "FROM result WHERE final")}
        told = dict(db.execute("SELECT key, count(*) FROM result_recipient GROUP BY key"))
    report.line("items told to many", publisher.inserted)
    wrong = [f"news-{n}" for n in range(publisher.inserted) if not is_whole(n, ended, told)]
    report.line("items without their result", len(wrong), zero, wrong)
    wanted = collections.Counter((number, n) for number in NUMBERS for n in range(publisher.inserted))
    made = collections.Counter({k: len(states) for k, states in ours.news.items()})
    missing, extra = wanted - made, made - wanted
    report.line("numbers without an item", len(missing), zero, missing)
    report.line("numbers with an item twice, or a strange one", len(extra), zero, extra)
    twice = [k for k, n in carrier.news.items() if n > 1]
    report.line("items the carrier took twice", len(twice), zero, twice)
    unheard = [k for k in wanted if k not in carrier.news]
    report.line("items that never left", len(unheard), lambda n: n <= window, unheard)
    wrong = [(k, ours.news.get(k)) for k in unheard if ours.news.get(k) != ["uncertain"]]
    report.line("of them not known as uncertain", len(wrong), zero, wrong)
