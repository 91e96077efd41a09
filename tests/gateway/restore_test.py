#!/usr/bin/env python3
"""A backup is taken under load, everything else is lost, and what comes back sends nothing by itself.
With the carrier's list a person brings it to its end: each phone has heard each thing once.

posthornd, `posthorn` and the simulated carrier as they are built. Usage: restore_test.py BUILD_DIR
"""

import collections
import json
import shutil
import signal
import sys
import time

sys.dont_write_bytecode = True
from answers_test import OUTAGE, comes_true, phone, site  # noqa: E402

ROWS = 300
BEFORE = range(ROWS)          # inserted before the backup
AFTER = range(ROWS, ROWS + 50)  # and while it is made, or later


def key(n):
    return f"O-{n}"


def insert(s, rows):
    for n in rows:
        s.insert("outages", "outage.planned", key(n), phone(n), OUTAGE)


def at_carrier(s):
    """How often it took each number's text; whole texts."""
    return collections.Counter({number: len(texts) for number, texts in s.answers().items()})


def restore(s):
    var = s.folder / "var"
    shutil.move(var, s.folder / "var.broken")
    shutil.copytree(s.folder / "backup", var)


def states(s):
    listed = json.loads(s.posthorn("search", "--source", "outages", "--limit", "500", "--json"))
    return {row["key"]: row["state"] for row in listed["found"]}


def main():
    with site.made("restore") as s:
        s.stop()
        s.change("accounts.d/sim.yaml", r"(?m)^adapter: smpp", "adapter: smpp\nrate: 40")
        s.change("types/outage.planned.yaml", r"(?m)^category: statutory", "category: statutory\nuncertain_wait: 1s")
        s.start()
        insert(s, BEFORE)
        comes_true(lambda: len(at_carrier(s)) > 30, "it is at work")
        insert(s, AFTER[:10])
        s.posthorn("backup", str(s.folder / "backup"), "--reason", "nightly")
        insert(s, AFTER[10:])
        comes_true(lambda: len(at_carrier(s)) == ROWS + 50, "all of it has left")
        s.daemon.send_signal(signal.SIGKILL)
        s.dies()
        heard = at_carrier(s)
        assert set(heard.values()) == {1}, heard

        restore(s)
        began = time.monotonic()
        s.start()
        assert "restored from a backup of" in s.posthorn("status")
        # What is of no interest to it is taken in all the while, and does not leave either.
        s.insert("outages", "outage.planned", "later", phone(ROWS + 50), OUTAGE)
        comes_true(lambda: states(s).get("later") == "queued", "it is taken in")
        comes_true(lambda: s.query("SELECT count(*) FROM message WHERE state = 0")[0][0] > 50, "much of it is open")
        comes_true(lambda: time.monotonic() > began + 3, "uncertain_wait of what was under way is over")
        assert at_carrier(s) == heard, "nothing left by itself"

        # The carrier's list says that all of it has arrived; of `later` it says nothing.
        for part in json.loads(s.posthorn("uncertain", "list", "--json"))["uncertain"]:
            s.posthorn("uncertain", "accept", f"{part['message']}/{part['part']}", "--reason", "on the carrier's list")
        for name, state in states(s).items():
            if state == "queued" and name != "later":
                s.posthorn("cancel", name, "--reason", "on the carrier's list")
        s.posthorn("resume", "--everything", "--reason", "compared with the carrier's list")
        assert s.result("outages", "later")[0] == "delivered"
        # A source hands in again what has no row: the same keys are told apart.
        insert(s, [n for n in (*BEFORE, *AFTER[:10]) if n % 7 == 0])
        s.insert("outages", "outage.planned", "last", phone(ROWS + 51), OUTAGE)
        assert s.result("outages", "last")[0] == "delivered"
        assert "duplicate" in s.posthorn("status")
        heard.update({phone(ROWS + 50): 1, phone(ROWS + 51): 1})
        assert at_carrier(s) == heard, at_carrier(s) - heard
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=60)


main()
