#!/usr/bin/env python3
"""A quota holds for outbox and HTTP together, over a restart, and changes with a reload.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: quota_test.py BUILD_DIR
"""

import concurrent.futures
import json
import pathlib
import sys
import tempfile
import time
import urllib.error
import urllib.request

from small_site import PATIENCE, comes_true, database, go_through, small_site, type_file, zone_of_noon

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = """
http: {{listen: "127.0.0.1:0"}}
sources:
  billing:
    types: [note]
    quota: {{per_day: {per_day}}}
  crm: {{types: all}}
"""

DATA = '{"text": "1"}'


class site(small_site):
    zone = zone_of_noon()

    def __init__(self, folder):
        super().__init__(BUILD, folder, {name: type_file(name) for name in ("note", "other")},
                         MAIN.format(per_day=200), ("billing", "crm"))

    def start(self):
        super().start()
        if not hasattr(self, "token"):
            self.token = self.json("token", "create", "--source", "billing")["token"]
            time.sleep(1.2)  # a new token counts within a second

    def allow(self, per_day):
        self.configure(MAIN.format(per_day=per_day))

    def json(self, *words):
        return json.loads(self.posthorn("--json", *words))

    def insert(self, source, keys):
        with database(self.outbox(source)) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, "
                           "'13800138000', ?)", [(k, DATA) for k in keys])

    def rows(self, source):
        with database(self.outbox(source)) as db:
            return db.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def post(self, body):
        ask = urllib.request.Request(
            self.url + "/v1/events", json.dumps(body).encode(),
            {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(ask, timeout=PATIENCE) as r:
                return r.status, dict(r.headers), json.load(r)
        except urllib.error.HTTPError as e:
            return e.code, dict(e.headers), json.load(e)

    def source(self, name="billing"):
        return next(s for s in self.json("sources")["sources"] if s["name"] == name)

    def used(self):
        return self.source()["quota"][0]["used"]

    def events(self):
        with database(self.folder / "state/live.db", "ro") as db:
            return db.execute("SELECT count(*) FROM event WHERE source = (SELECT id FROM name "
                              "WHERE kind = 'source' AND name = 'billing')").fetchone()[0]


def batch(prefix, n):
    return {"events": [{"key": f"{prefix}{i}", "type": "note", "to_ref": "13800138000",
                        "data": json.loads(DATA)} for i in range(n)]}


def both_ways_share_it(s):
    s.insert("billing", [f"o{i}" for i in range(150)])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: s.post(batch(f"h{n}-", 50)), range(4)))
    http = 0
    for status, headers, body in answers:
        if status == 429:
            assert int(headers["Retry-After"]) > 3600 and body["title"] == "Quota used up", body
            continue
        outcomes = [e["outcome"] for e in body["events"]]
        taken = outcomes.count("accepted")
        assert outcomes == ["accepted"] * taken + ["over_quota"] * (50 - taken), outcomes
        assert (taken < 50) == ("Retry-After" in headers), headers
        http += taken
    comes_true(lambda: http + 150 - s.rows("billing") == 200, "200 in all")
    assert s.used() == 200, s.source()
    assert s.post(batch("late", 1)["events"][0])[0] == 429
    s.insert("billing", ["o0", "late"])  # known before, and not looked at
    comes_true(lambda: s.source()["kept_back"] == 150 - (200 - http) + 2, "kept back")
    assert "has used its quota of 200 a day" in s.posthorn("status")


def nobody_else_is_delayed(s):
    s.insert("crm", [f"c{i}" for i in range(500)])
    comes_true(lambda: s.rows("crm") == 0, "rows of crm")


def a_restart_gives_no_second_one(s):
    rows = s.rows("billing")
    s.stop()
    s.start()
    assert s.used() == 200, s.source()
    assert s.post(batch("late", 1)["events"][0])[0] == 429
    comes_true(lambda: s.source()["kept_back"] == rows, "kept back")
    assert s.rows("billing") == rows


def a_reload_makes_room(s):
    rows = s.rows("billing")
    s.allow(200 + rows + 10)
    assert "source billing: changed" in s.posthorn("reload")
    comes_true(lambda: s.rows("billing") == 0, "rows of billing")
    comes_true(lambda: s.used() == 200 + rows - 1, "o0 was known")


def what_is_known_counts_for_nothing(s):
    left = 11
    status, _, body = s.post(batch("again", 30))
    assert status == 200, body
    assert [e["outcome"] for e in body["events"]] == ["accepted"] * left + ["over_quota"] * 19
    s.allow(1000)
    s.posthorn("reload")
    status, _, body = s.post(batch("again", 30))
    assert [e["outcome"] for e in body["events"]] == ["duplicate"] * left + ["accepted"] * 19
    used = s.used()
    s.allow(used + 5)
    s.posthorn("reload")
    # each round's duplicates give their places to those after them
    status, _, body = s.post(batch("again", 40))
    assert [e["outcome"] for e in body["events"]] == (
        ["duplicate"] * 30 + ["accepted"] * 5 + ["over_quota"] * 5), body


def types_hold_for_every_way_in(s):
    s.allow(10000)
    s.posthorn("reload")
    status, _, body = s.post({"key": "t", "type": "other", "to_ref": "13800138000",
                              "data": json.loads(DATA)})
    assert status == 202 and "may not" in body["reason"], body


with tempfile.TemporaryDirectory(prefix="posthorn-quota.") as scratch:
    go_through(site(pathlib.Path(scratch)), (
        both_ways_share_it, nobody_else_is_delayed, a_restart_gives_no_second_one, a_reload_makes_room,
        what_is_known_counts_for_nothing, types_hold_for_every_way_in))
