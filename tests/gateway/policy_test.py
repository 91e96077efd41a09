#!/usr/bin/env python3
"""Quiet hours, caps and the same text twice: a reload changes what waits, a kill -9 forgets nothing.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: policy_test.py BUILD_DIR
"""

import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 120  # seconds until a test that hangs says so

TYPE = """
name: {name}
category: {category}
priority: {priority}
whom: [number]
validity: 48h
signature: {{en: X}}
default_language: en
fields: {{text: {{kind: text}}}}
texts: {{en: "{{{{ text }}}}"}}
sample: {{text: "1"}}
"""

MAIN = """
state_dir: state
plugin_dir: {plugins}
socket: posthorn.sock
zone: {zone}
http: {{listen: "127.0.0.1:0"}}
sources:
  crm: {{types: all}}
"""

NOON = time.gmtime().tm_hour - 12  # hours from UTC to a zone in which it is about noon
ZONE = f"Etc/GMT{NOON:+d}" if NOON else "UTC"
QUIET = "billing: {quiet: {hours: 06:00-22:00}}"  # there, now
CAPS = "marketing: {caps: {per_day: 1}, same_text: {within: 1h}}"
ONCE = "survey: {same_text: {within: 1h}}"


def comes_true(what, told):
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, f"not within {PATIENCE} s: {told}"
        time.sleep(0.05)
    return found


class site:
    def __init__(self, folder):
        self.folder = folder
        self.keys = 0
        (folder / "types").mkdir()
        for name, category, priority in (("bill", "billing", "normal"), ("alarm", "billing", "urgent"),
                                         ("offer", "marketing", "bulk"), ("poll", "survey", "bulk")):
            (folder / f"types/{name}.yaml").write_text(
                TYPE.format(name=name, category=category, priority=priority))
        (folder / "accounts.d").mkdir()
        (folder / "accounts.d/loop.yaml").write_text("adapter: loopback\ndelivery: live\n")
        (folder / "state/outbox").mkdir(parents=True)
        with sqlite3.connect(folder / "state/outbox/crm.db") as db:
            db.executescript((ROOT / "config/outbox.sql").read_text())
        (folder / "posthorn.yaml").write_text(MAIN.format(plugins=BUILD / "plugins", zone=ZONE))
        self.policy(QUIET, CAPS, ONCE)
        self.log = open(folder / "posthornd.log", "a")
        self.start()

    def policy(self, *categories):
        (self.folder / "policy.yaml").write_text(
            "categories:\n" + "".join(f"  {c}\n" for c in categories))

    def start(self):
        read = (self.folder / "posthornd.log").stat().st_size
        self.daemon = subprocess.Popen(
            [BUILD / "bin/posthornd", "--config", self.folder / "posthorn.yaml"], stderr=self.log)
        fresh = lambda: (self.folder / "posthornd.log").read_text()[read:]
        comes_true(lambda: "ready socket" in fresh(), "ready")
        self.url = "http://127.0.0.1:" + re.search(r"listening .*port=(\d+)", fresh())[1]

    def posthorn(self, *words, code=0):
        done = subprocess.run(
            [BUILD / "bin/posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout

    def send(self, kind, text):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        with sqlite3.connect(self.folder / "state/outbox/crm.db") as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, '13800138000', ?)",
                       (kind, key, json.dumps({"text": text})))
        return key

    def result(self, key):
        file = self.folder / "state/result/crm.db"
        if not file.exists():
            return None
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'result'").fetchone():
                return None  # it is being made
            return db.execute("SELECT state, reason FROM result WHERE key = ?", (key,)).fetchone()

    def becomes(self, key, state):
        comes_true(lambda: (self.result(key) or [None])[0] == state, f"{key} {state}")
        return self.result(key)[1]


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
    s.daemon.kill()
    s.daemon.wait()
    s.start()
    assert (s.becomes(s.send("offer", "E"), "suppressed") ==
            "cap of marketing: 1 a day; this number had 1 since midnight")
    s.again = s.send("poll", "D")
    reason = s.becomes(s.again, "suppressed")
    assert re.fullmatch(r"the same text went to this number at .* \(survey, policy\.yaml\)", reason)
    s.becomes(s.send("poll", "F"), "delivered")
    assert s.result(s.bill)[0] == "queued"


def a_person_may_send_it_again(s):
    s.posthorn("resend", s.again, "--reason", "asked for")
    s.becomes(s.again, "delivered")
    s.becomes(s.send("poll", "D"), "suppressed")


def mistakes_are_told_and_change_nothing(s):
    s.policy("biling: {quiet: {hours: 6-22}}")
    done = subprocess.run([BUILD / "bin/posthornd", "--config", s.folder / "posthorn.yaml", "--check"],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2, done
    assert ("policy.yaml:2:11: categories.biling: is no category (did you mean 'billing'?)"
            in done.stdout + done.stderr), done
    s.posthorn("reload", code=1)
    assert s.result(s.bill)[0] == "queued"


def a_reload_lets_go_what_waits(s):
    s.policy(CAPS)
    assert "policy policy.yaml: changed" in s.posthorn("reload")
    s.becomes(s.bill, "delivered")
    assert json.loads(s.posthorn("--json", "status"))["put_off"] == 0


def without_the_file_there_is_no_policy(s):
    (s.folder / "policy.yaml").unlink()
    assert "policy policy.yaml: removed" in s.posthorn("reload")
    s.becomes(s.send("offer", "G"), "delivered")


def main():
    with tempfile.TemporaryDirectory(prefix="posthorn-policy.") as folder:
        s = site(pathlib.Path(folder))
        try:
            for test in (it_waits_and_says_so, status_and_metrics_count_it, a_restart_forgets_nothing,
                         a_person_may_send_it_again, mistakes_are_told_and_change_nothing,
                         a_reload_lets_go_what_waits, without_the_file_there_is_no_policy):
                test(s)
                print("ok", test.__name__)
            s.daemon.terminate()
            code = s.daemon.wait(PATIENCE)
            assert code == 0, code
        except BaseException:
            s.daemon.kill()
            print((s.folder / "posthornd.log").read_text()[-4000:])
            raise
        finally:
            s.log.close()


main()
