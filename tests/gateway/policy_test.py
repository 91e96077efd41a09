#!/usr/bin/env python3
"""Quiet hours, caps and the same text twice: a reload changes what waits, a kill -9 forgets nothing.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: policy_test.py BUILD_DIR
"""

import json
import pathlib
import re
import sys
import tempfile
import time
import urllib.request

from small_site import PATIENCE, database, go_through, small_site, type_file, zone_of_noon

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = """
http: {listen: "127.0.0.1:0"}
sources: {crm: {types: all}}
"""

ZONE = zone_of_noon()
QUIET = "billing: {quiet: {hours: 06:00-22:00}}"  # there, now
CAPS = "marketing: {caps: {per_day: 1}, same_text: {within: 1h}}"
ONCE = "survey: {same_text: {within: 1h}}"


class site(small_site):
    zone = ZONE

    def __init__(self, folder):
        super().__init__(BUILD, folder, {
            name: type_file(name, category, priority) for name, category, priority in (
                ("bill", "billing", "normal"), ("alarm", "billing", "urgent"),
                ("offer", "marketing", "bulk"), ("poll", "survey", "bulk"))}, MAIN)
        self.keys = 0
        self.policy(QUIET, CAPS, ONCE)

    def policy(self, *categories):
        self.write("policy.yaml", "categories:\n" + "".join(f"  {c}\n" for c in categories))

    def send(self, kind, text):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, '13800138000', ?)",
                       (kind, key, json.dumps({"text": text})))
        return key

    def state(self, key):
        return self.results("SELECT state FROM result WHERE key = ?", key)[0][0]


def it_waits_and_says_so(s):
    s.bill = s.send("bill", "A")
    reason = s.becomes(s.bill, "queued")
    assert re.fullmatch(rf"quiet hours of billing, 06:00-22:00 {re.escape(ZONE)} \(policy\.yaml\): "
                        r"waits until \d{4}-\d\d-\d\d 22:00", reason), reason
    assert "queued: " + reason in s.posthorn("show", s.bill), s.posthorn("show", s.bill)
    assert s.becomes(s.send("alarm", "B"), "delivered") is not None


def status_and_metrics_count_it(s):
    status = json.loads(s.posthorn("--json", "status"))
    assert status["put_off"] == 1, status
    assert status["verdict"].startswith("all well"), status
    token = json.loads(s.posthorn("--json", "token", "create", "--metrics"))["token"]
    time.sleep(1.2)  # a new token counts within a second
    ask = urllib.request.Request(s.url + "/metrics", headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(ask, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    for line in ("posthorn_put_off_messages 1",
                 'posthorn_policy_total{rule="quiet hours",outcome="put off"} 1',
                 'posthorn_policy_total{rule="cap",outcome="suppressed"} 0'):
        assert line in text, text


def a_restart_forgets_nothing(s):
    s.becomes(s.send("offer", "C"), "delivered")
    s.becomes(s.send("poll", "D"), "delivered")
    s.kill()
    s.start()
    assert (s.becomes(s.send("offer", "E"), "suppressed") ==
            "cap of marketing: 1 a day; this number had 1 since midnight")
    s.again = s.send("poll", "D")
    reason = s.becomes(s.again, "suppressed")
    assert re.fullmatch(r"the same text went to this number at .* \(survey, policy\.yaml\)", reason)
    s.becomes(s.send("poll", "F"), "delivered")
    assert s.state(s.bill) == "queued"


def a_person_may_send_it_again(s):
    s.posthorn("resend", s.again, "--reason", "asked for")
    s.becomes(s.again, "delivered")
    s.becomes(s.send("poll", "D"), "suppressed")


def mistakes_are_told_and_change_nothing(s):
    s.policy("biling: {quiet: {hours: 6-22}}")
    code, told = s.check()
    assert code == 2, told
    assert "policy.yaml:2:11: categories.biling: is no category (did you mean 'billing'?)" in told, told
    s.posthorn("reload", code=1)
    assert s.state(s.bill) == "queued"


def a_reload_lets_go_what_waits(s):
    s.policy(CAPS)
    assert "policy policy.yaml: changed" in s.posthorn("reload")
    s.becomes(s.bill, "delivered")
    assert json.loads(s.posthorn("--json", "status"))["put_off"] == 0


def without_the_file_there_is_no_policy(s):
    (s.folder / "policy.yaml").unlink()
    assert "policy policy.yaml: removed" in s.posthorn("reload")
    s.becomes(s.send("offer", "G"), "delivered")


with tempfile.TemporaryDirectory(prefix="posthorn-policy.") as scratch:
    go_through(site(pathlib.Path(scratch)), (
        it_waits_and_says_so, status_and_metrics_count_it, a_restart_forgets_nothing, a_person_may_send_it_again,
        mistakes_are_told_and_change_nothing, a_reload_lets_go_what_waits, without_the_file_there_is_no_policy))
