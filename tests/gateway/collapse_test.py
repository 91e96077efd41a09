#!/usr/bin/env python3
"""A storm of events for one household is one text, whoever dies; and the others say which one covers them.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: collapse_test.py BUILD_DIR
"""

import json
import pathlib
import re
import sys
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = "sources: {crm: {types: all}}\n"
METERS = 30
CUSTOMERS = 3


def storm_file(more):
    text = type_file("storm", "service").replace("fields: {text: {kind: text}}",
                                                 "fields: {text: {kind: text}, customer: {kind: text, required: no}}")
    return text + more


class site(small_site):
    def __init__(self, folder):
        super().__init__(BUILD, folder, {"storm": storm_file("collapse: {by: customer, hold: 10m}\n")}, MAIN)

    def storm(self, name):
        """One event for each meter, to a number of its own: of three customers."""
        with database(self.outbox()) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('storm', ?, ?, ?)",
                           [(f"{name}-{n}", f"138{n:08}", json.dumps({"text": "x", "customer": f"C{n % CUSTOMERS}"}))
                            for n in range(METERS)])

    def ended(self, name):
        """State and reason of each of its events, once all have ended."""
        rows = comes_true(lambda: (found := self.results(
            "SELECT key, state, reason FROM result WHERE key LIKE ? AND final", name + "-%")) and
            len(found) == METERS and found, "all have ended")
        return {key: (state, reason) for key, state, reason in rows}


def one_text_each(s):
    s.storm("a")
    ended = s.ended("a")
    s.told = [key for key, (state, _) in ended.items() if state == "delivered"]
    assert len(s.told) == CUSTOMERS, ended
    for key, (state, reason) in ended.items():
        if key in s.told:
            continue
        assert state == "suppressed", (key, state)
        by = re.fullmatch(r"covered by (a-\d+|message \d+): storm goes once to each customer within 10m", reason)
        assert by, reason
        if by[1].startswith("a-"):
            assert by[1] in s.told and int(by[1][2:]) % CUSTOMERS == int(key[2:]) % CUSTOMERS, (key, reason)
    other = next(key for key in ended if key not in s.told)
    assert "covered by" in s.posthorn("show", other)
    assert "suppressed" in s.posthorn("explain", other)


def a_death_forgets_nothing(s):
    s.kill()
    s.start()
    s.storm("b")
    ended = s.ended("b")
    assert all(state == "suppressed" and "covered by message" in reason for state, reason in ended.values()), ended


def without_it_all_go(s):
    s.write("types/storm.yaml", storm_file(""))
    s.posthorn("reload")
    s.storm("c")
    assert {state for state, _ in s.ended("c").values()} == {"delivered"}
    said = s.posthorn("reconcile", "--deep")
    assert re.match("everything is accounted for", said), said


with tempfile.TemporaryDirectory(prefix="posthorn-collapse.") as scratch:
    go_through(site(pathlib.Path(scratch)), (one_text_each, a_death_forgets_nothing, without_it_all_go))
