#!/usr/bin/env python3
"""What is learned of a carrier is shown, and known to the next start. Usage: learned_test.py BUILD_DIR"""

import json
import pathlib
import sys
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file

MAIN = 'sources: {crm: {types: all}}\ncountries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]\n'
TEXTS = 60


def learned(site):
    return json.loads(site.posthorn("accounts", "--json"))["accounts"][0]["learned"]


def is_shown(site):
    with database(site.outbox()) as db:
        db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, ?, ?)",
                       [(f"k{n}", f"+86138{n:08}", json.dumps({"text": str(n)})) for n in range(TEXTS)])
    comes_true(lambda: learned(site).get("delivered", "").startswith(f"100.0 % of {TEXTS},"), lambda: learned(site))
    assert learned(site)["delivered to 86138…"].startswith(f"100.0 % of {TEXTS},"), learned(site)
    assert f"loop has learned: delivered: 100.0 % of {TEXTS}" in site.posthorn("accounts")


def is_kept(site):
    before = learned(site)
    site.stop()
    site.start()
    assert learned(site) == before, (before, learned(site))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        go_through(small_site(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(scratch), {"note": type_file("note")},
                              MAIN), [is_shown, is_kept])
