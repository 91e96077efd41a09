#!/usr/bin/env python3
"""A quota holds for outbox and HTTP together, over a restart, and changes with a reload.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: quota_test.py BUILD_DIR
"""

import concurrent.futures
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 120  # seconds until a test that hangs says so

TYPE = """
name: note
category: service
priority: normal
whom: [number]
validity: 1h
signature: {en: X}
default_language: en
fields: {n: {kind: text}}
texts: {en: "{{ n }}"}
sample: {n: "1"}
"""

MAIN = """
state_dir: state
plugin_dir: {plugins}
socket: posthorn.sock
zone: {zone}
http: {{listen: "127.0.0.1:{port}"}}
sources:
  billing:
    types: [note]
    quota: {{per_day: {per_day}}}
  crm: {{types: all}}
"""

DATA = '{"n": "1"}'


def noonish():
    """A zone in which it is about noon, so that no midnight comes in between."""
    east = 12 - time.gmtime().tm_hour
    return f"Etc/GMT{-east:+d}" if east else "UTC"


def comes_true(what, told):
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, f"not within {PATIENCE} s: {told}"
        time.sleep(0.05)


class site:
    def __init__(self, folder):
        self.folder = folder
        self.port = 0
        (folder / "types").mkdir()
        (folder / "types/note.yaml").write_text(TYPE)
        (folder / "types/other.yaml").write_text(TYPE.replace("name: note", "name: other"))
        (folder / "accounts.d").mkdir()
        (folder / "accounts.d/loop.yaml").write_text("adapter: loopback\ndelivery: live\n")
        (folder / "state/outbox").mkdir(parents=True)
        for source in ("billing", "crm"):
            with sqlite3.connect(self.outbox(source)) as db:
                db.executescript((ROOT / "config/outbox.sql").read_text())
        self.write(200)
        self.log = open(folder / "posthornd.log", "a")
        self.start()
        self.token = self.json("token", "create", "--source", "billing")["token"]
        time.sleep(1.2)  # a new token counts within a second

    def outbox(self, source):
        return self.folder / f"state/outbox/{source}.db"

    def write(self, per_day):
        (self.folder / "posthorn.yaml").write_text(MAIN.format(
            plugins=BUILD / "plugins", zone=noonish(), port=self.port, per_day=per_day))

    def start(self):
        read = (self.folder / "posthornd.log").stat().st_size
        self.daemon = subprocess.Popen(
            [BUILD / "bin/posthornd", "--config", self.folder / "posthorn.yaml"], stderr=self.log)
        fresh = lambda: (self.folder / "posthornd.log").read_text()[read:]
        comes_true(lambda: "ready socket" in fresh(), "ready")
        self.url = "http://127.0.0.1:" + re.search(r"listening .*port=(\d+)", fresh())[1]

    def stop(self):
        self.daemon.terminate()
        code = self.daemon.wait(PATIENCE)
        assert code == 0, code

    def posthorn(self, *words):
        done = subprocess.run(
            [BUILD / "bin/posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def json(self, *words):
        return json.loads(self.posthorn("--json", *words))

    def insert(self, source, keys):
        with sqlite3.connect(self.outbox(source)) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, "
                           "'13800138000', ?)", [(k, DATA) for k in keys])

    def rows(self, source):
        with sqlite3.connect(self.outbox(source)) as db:
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
        with sqlite3.connect(f"file:{self.folder / 'state/live.db'}?mode=ro", uri=True) as db:
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
    s.write(200 + rows + 10)
    assert "source billing: changed" in s.posthorn("reload")
    comes_true(lambda: s.rows("billing") == 0, "rows of billing")
    comes_true(lambda: s.used() == 200 + rows - 1, "o0 was known")


def what_is_known_counts_for_nothing(s):
    left = 11
    status, _, body = s.post(batch("again", 30))
    assert status == 200, body
    assert [e["outcome"] for e in body["events"]] == ["accepted"] * left + ["over_quota"] * 19
    s.write(1000)
    s.posthorn("reload")
    status, _, body = s.post(batch("again", 30))
    assert [e["outcome"] for e in body["events"]] == ["duplicate"] * left + ["accepted"] * 19
    used = s.used()
    s.write(used + 5)
    s.posthorn("reload")
    # each round's duplicates give their places to those after them
    status, _, body = s.post(batch("again", 40))
    assert [e["outcome"] for e in body["events"]] == (
        ["duplicate"] * 30 + ["accepted"] * 5 + ["over_quota"] * 5), body


def types_hold_for_every_way_in(s):
    s.write(10000)
    s.posthorn("reload")
    status, _, body = s.post({"key": "t", "type": "other", "to_ref": "13800138000",
                              "data": json.loads(DATA)})
    assert status == 202 and "may not" in body["reason"], body


def main():
    with tempfile.TemporaryDirectory(prefix="posthorn-quota.") as folder:
        s = site(pathlib.Path(folder))
        try:
            for test in (both_ways_share_it, nobody_else_is_delayed, a_restart_gives_no_second_one,
                         a_reload_makes_room, what_is_known_counts_for_nothing,
                         types_hold_for_every_way_in):
                test(s)
                print("ok", test.__name__)
            s.stop()
        except BaseException:
            s.daemon.kill()
            print((s.folder / "posthornd.log").read_text()[-4000:])
            raise
        finally:
            s.log.close()


main()
