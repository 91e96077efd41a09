#!/usr/bin/env python3
"""`posthorn reconcile`: it holds when all is well, and says where when rows were changed by hand.
`posthorn explain`: what happened, in order, and why, by key, id and number.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: reconcile_test.py BUILD_DIR
"""

import json
import pathlib
import sys
import tempfile
import time

from small_site import comes_true, database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()


class site(small_site):
    def __init__(self, folder):
        super().__init__(BUILD, folder, {"bill": type_file("bill")}, "sources: {crm: {types: all}}\n")

    def reconcile(self, *words, code=0):
        return json.loads(self.posthorn("--json", "reconcile", *words, code=code))

    def send(self, *rows):
        with database(self.outbox()) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data, run) VALUES(?, ?, ?, ?, ?)", rows)

    def unfinished(self):
        with database(self.folder / "state/live.db", "ro") as db:
            return db.execute("SELECT count(*) FROM message").fetchone()[0]

    def finished(self):
        """Results that are final and not parked, by key."""
        return dict(self.results("SELECT key, event FROM result WHERE final AND state <> 'parked'"))


def sums(told):
    return {b["of"]: (b["n"], {t["what"]: t["n"] for t in b["made_of"]}) for b in told["balances"]}


def everything_is_accounted_for(s):
    s.send(*[("bill", f"k{i}", "13800138000", json.dumps({"text": str(i)}), "june") for i in range(20)],
           ("no such type", "wrong", "13800138000", "{}", "june"))
    comes_true(lambda: len(s.finished()) == 20, "20 results")
    told = comes_true(lambda: (r := s.reconcile("--deep"))["rows"]["results"] == 20 and r, "20 compared")
    assert told["holds"] and told["rows"]["differing"] == 0, told
    assert sums(told) == {
        "events": (21, {"parked": 1, "for one phone, with a message": 20}),
        "messages": (20, {"delivered": 20}),
        "parts handed to loop": (20, {"accepted": 20}),
        "parts accepted by loop": (20, {"delivered": 20})}, told
    assert "everything is accounted for" in s.posthorn("reconcile")
    assert "20 made = 20 delivered" in s.posthorn("reconcile", "--run", "june")
    assert "of a run 'jun' is known" in s.posthorn("reconcile", "--run", "jun", code=1)


def a_day_is_one_of_this_zone(s):
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    told = s.reconcile("--day", today)
    assert told["from"].endswith("T16:00:00Z") and told["holds"], told
    assert sums(told)["messages"][0] == 20 or time.gmtime().tm_hour == 16, told
    assert sums(s.reconcile("--day", "2021-01-01"))["messages"] == (0, {}), told
    s.posthorn("reconcile", "--day", "tomorrow", code=1)
    s.posthorn("reconcile", "--day", today, "--run", "june", code=2)


def in_month(s, sql, *values):
    month, = (s.folder / "state/history").glob("*.db")
    with database(month) as db:
        db.execute(sql, values)


def a_changed_row_is_named(s):
    key, event = sorted(s.finished().items())[3]
    comes_true(lambda: s.unfinished() == 0, "all is in history")
    in_month(s, "UPDATE message SET state = 6 WHERE event = ?", event)
    told = s.reconcile("--deep", code=1)
    about = [d for d in told["rows"]["differences"] if d.get("event") == str(event)]
    assert any("its parts come to delivered" in d["what"] for d in about), (key, told)
    assert any("result/crm.db says delivered" in d["what"] for d in about), (key, told)
    assert any("the books say 20, there are 19" in d["what"] for d in told["rows"]["differences"]), told
    in_month(s, "UPDATE message SET state = 3 WHERE event = ?", event)
    s.reconcile("--deep")


def a_lost_row_is_named(s):
    _, event = sorted(s.finished().items())[5]
    in_month(s, "DELETE FROM message WHERE event = ?", event)
    told = s.reconcile("--deep", code=1)
    assert {"event": str(event), "what": "it has no message, and is not parked"} in told["rows"]["differences"], told
    assert "DIFFER" in s.posthorn("reconcile", "--deep", code=1)
    s.reconcile()  # the books themselves still balance


def what_was_sent_is_explained(s):
    told = s.posthorn("explain", "k7")
    steps = ["written to the outbox of crm", "taken in as event", "its key is k7, its run june", "handed to loop",
             "accepted by loop", "it ended as delivered", "crm was told: delivered"]
    places = [told.find(step) for step in steps]
    assert -1 not in places and places == sorted(places), told
    assert "13800138000" not in told, told
    event, = json.loads(s.posthorn("--json", "explain", "k7"))["events"]
    assert s.posthorn("explain", event["messages"][0]["id"]) == told
    assert "type: 'no such type' is unknown" in s.posthorn("explain", "wrong")
    s.posthorn("explain", "no such key", code=1)


def what_was_not_sent_is_explained_by_the_word_that_forbids_it(s):
    s.posthorn("consent", "out", "13800138002", "--category", "service", "--reason", "asked on the phone")
    s.send(("bill", "unwanted", "13800138002", json.dumps({"text": "x"}), ""))
    comes_true(lambda: "unwanted" in s.finished(), "a result")
    told = s.posthorn("explain", "unwanted")
    assert "opted out of service (entry " in told and "asked on the phone" in told, told
    assert "it ended as suppressed" in told and "handed to" not in told, told
    of_number = s.posthorn("explain", "138 0013 8002")
    assert "out of service by entry" in of_number and "suppressed" in of_number, of_number
    assert "nothing was ever meant for it" in s.posthorn("explain", "13800138003")


with tempfile.TemporaryDirectory(prefix="posthorn-reconcile.") as scratch:
    go_through(site(pathlib.Path(scratch)), (
        everything_is_accounted_for, a_day_is_one_of_this_zone, a_changed_row_is_named, a_lost_row_is_named,
        what_was_sent_is_explained, what_was_not_sent_is_explained_by_the_word_that_forbids_it))
