#!/usr/bin/env python3
"""When people want to be told, and who is spared: imported, obeyed, remembered over a kill -9, erased.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: wishes_test.py BUILD_DIR
"""

import json
import pathlib
import sys
import tempfile
import time

from small_site import comes_true, database, go_through, small_site, type_file, zone_of_noon

BUILD = pathlib.Path(sys.argv[1]).resolve()
MAIN = "sources: {crm: {types: all}}\n"
NOON = zone_of_noon()
MIDNIGHT = f"Etc/GMT{time.gmtime().tm_hour:+d}" if time.gmtime().tm_hour < 13 else \
    f"Etc/GMT{time.gmtime().tm_hour - 24:+d}"  # where it is about midnight

CUT_OFF = """
name: cut_off
category: service
priority: normal
whom: [number, account]
validity: 48h
vulnerable: never
signature: {en: X}
default_language: en
fields: {account: {kind: text}}
texts: {en: "{{ account }}"}
sample: {account: "1"}
"""

ALICE, BOB, EVE, NOBODY = (f"1380013800{n}" for n in range(4))

PEOPLE = f"""number,account,zone,hours,vulnerable
{ALICE},31,,01:00-04:00,
{BOB},32,{MIDNIGHT},,no
{EVE},33,,,yes
{ALICE},34,Asia/Shanghay,,
{ALICE},34,,evenings,
,35,,,perhaps
"""


class site(small_site):
    zone = NOON

    def __init__(self, folder):
        super().__init__(BUILD, folder, {"news": type_file("news"), "bill": type_file("bill", "billing"),
                                         "law": type_file("law", "statutory"), "cut_off": CUT_OFF}, MAIN)
        self.write("policy.yaml", "categories: {billing: {quiet: {hours: 06:00-22:00}}}\n")
        self.keys = 0

    def take_in(self, text, code=0):
        self.write("people.csv", text)
        return self.posthorn("people", "import", str(self.folder / "people.csv"), "--reason", "test", code=code)

    def send(self, kind, to, data, to_kind="number"):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data) VALUES(?, ?, ?, ?, ?)",
                       (kind, key, to_kind, to, json.dumps(data)))
        return key

    def text(self, kind, to):
        return self.send(kind, to, {"text": f"text {self.keys}"})


def bad_wishes_are_rejected_with_their_line(s):
    s.take_in(PEOPLE, code=1)
    rejects = (s.folder / "people.csv.rejects.csv").read_text()
    for line, reason in ((5, "zone: is no time zone like Asia/Shanghai (did you mean 'Asia/Shanghai'?)"),
                         (6, "hours: are no hours like 09:00-20:00"),
                         (7, "vulnerable: is neither yes nor no")):
        assert any(row.startswith(f"{line},") and reason in row for row in rejects.splitlines()), rejects


def they_are_shown(s):
    for who, words in ((ALICE, "hours 01:00-04:00"), (BOB, f"zone {MIDNIGHT}"), ("33", "is vulnerable")):
        page = s.posthorn("people", "show", who)
        assert words in page, page
    assert "vulnerable" not in s.posthorn("people", "show", "32")


def what_is_not_urgent_waits_for_preferred_hours(s):
    s.news = s.text("news", ALICE)
    reason = s.becomes(s.news, "queued")
    assert reason.startswith(f"preferred hours of this number, 01:00-04:00 {NOON}: waits until "), reason
    s.becomes(s.text("news", NOBODY), "delivered")
    s.becomes(s.text("law", ALICE), "delivered")


def quiet_hours_are_those_of_the_number(s):
    assert s.becomes(s.text("bill", NOBODY), "queued").startswith("quiet hours of billing, 06:00-22:00 " + NOON)
    s.becomes(s.text("bill", BOB), "delivered")


def vulnerable_accounts_are_spared(s):
    why = "account 33 is vulnerable, and cut_off is never sent for such accounts (vulnerable: never)"
    assert s.becomes(s.send("cut_off", EVE, {"account": "33"}), "suppressed") == why
    to_account = s.send("cut_off", "33", {}, "account")
    comes_true(lambda: s.results("SELECT 1 FROM result_recipient WHERE key = ? AND state = 'suppressed' "
                                 "AND reason = ?", to_account, why), lambda: s.posthorn("show", to_account))
    s.becomes(s.send("cut_off", "32", {}, "account"), "delivered")
    s.becomes(s.text("news", EVE), "delivered")  # which is not of that type


def all_of_it_survives_a_kill(s):
    s.kill()
    s.start()
    s.becomes(s.text("bill", BOB), "delivered")
    s.becomes(s.send("cut_off", EVE, {"account": "33"}), "suppressed")
    assert s.becomes(s.text("news", ALICE), "queued").startswith("preferred hours")


def wishes_end_with_another_word(s):
    s.take_in(f"number,account,hours,vulnerable\n{ALICE},,0-24,\n,33,,no\n")
    s.becomes(s.text("news", ALICE), "delivered")
    s.becomes(s.send("cut_off", EVE, {"account": "33"}), "delivered")


def erasing_a_number_forgets_its_wishes(s):
    s.take_in(f"number,hours\n{NOBODY},01:00-04:00\n")
    s.posthorn("erase", NOBODY, "--reason", "letter", "--yes", code=1)  # a bill to it waits
    for (key,) in s.results("SELECT key FROM result WHERE state = 'queued'"):
        s.posthorn("cancel", key, "--reason", "test")
    s.posthorn("erase", NOBODY, "--reason", "letter", "--yes")
    comes_true(lambda: "rows named it" in s.posthorn("log"), lambda: s.posthorn("log"))
    s.becomes(s.text("news", NOBODY), "delivered")


def the_books_agree(s):
    comes_true(lambda: "everything is accounted for" in s.posthorn("reconcile", "--deep"),
               lambda: s.posthorn("reconcile", "--deep", code=1))


with tempfile.TemporaryDirectory(prefix="posthorn-wishes.") as scratch:
    go_through(site(pathlib.Path(scratch)), (
        bad_wishes_are_rejected_with_their_line, they_are_shown,
        what_is_not_urgent_waits_for_preferred_hours, quiet_hours_are_those_of_the_number,
        vulnerable_accounts_are_spared, all_of_it_survives_a_kill, wishes_end_with_another_word,
        erasing_a_number_forgets_its_wishes, the_books_agree))
