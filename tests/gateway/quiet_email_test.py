#!/usr/bin/env python3
"""At quiet hours a message goes to a mailbox instead, once, where it can: and to the phone in the morning where not.

posthornd and `posthorn` as they are built, with a mail server of our own and the loopback carrier, in a folder
of their own. Usage: quiet_email_test.py BUILD_DIR
"""

import csv
import os
import pathlib
import re
import signal
import sys
import tempfile

from letters import read, site, words
from mail_server import mail_server
from small_site import PATIENCE, comes_true, database, type_file, zone_of_noon

BUILD = pathlib.Path(sys.argv[1]).resolve()
ZONE = zone_of_noon()
QUIET = "categories:\n  billing: {quiet: {hours: 06:00-22:00, messages: email}}\n"  # there, now
WHY = f"by e-mail: quiet hours of billing, 06:00-22:00 {ZONE} (policy.yaml)"
MAIL = """
adapter: email
delivery: live
options: {{url: "smtp://127.0.0.1:{port}", from: bills@example.com, return_path: bounces@example.com}}
"""
PHONES = {"13800000001": "one@example.net", "13800000002": "", "13800000003": "three@example.net"}


class night(site):
    zone = ZONE

    def write(self, name, text):
        super().write(name, text.replace("validity: 1h", "validity: 24h"))  # longer than the night

    def letter(self, key, server, to):
        """The only one to this address since the last."""
        assert self.becomes(key, "unconfirmed") == WHY
        mails = [read(mail) for mail in server.to(to)]
        mine = [mail for mail in mails if f"Dear {key}," in words(mail.get_body(("plain",)))]
        assert len(mine) == 1, (key, len(mine), len(mails))
        return mine[0]

    def bill(self, to="13800000001", to_kind="number", **data):
        return self.send(to, to_kind, name=f"k{self.keys + 1}", **data)


def to_the_mailbox(s, server):
    key = s.bill()
    mail = s.letter(key, server, "one@example.net")
    assert mail["Subject"] == f"Your bill, {key}", mail["Subject"]
    page = s.posthorn("show", key)
    assert "unconfirmed: " + WHY in page and "o**@example.net" in page, page
    told = s.posthorn("explain", key)
    assert "put off" in told and "by e-mail instead" in told and told.count(WHY) >= 1, told
    key = s.bill(language="zh-CN")  # in the language of the text
    assert s.becomes(key, "unconfirmed") == WHY
    comes_true(lambda: [m for m in server.to("one@example.net") if read(m)["Subject"] == f"{key}的账单"], "it came")


def for_an_account(s, server):
    """With what is known of who reads it, as the text would have had."""
    key = s.bill("A-1", "account")
    s.becomes(key, "unconfirmed")
    each = s.results("SELECT recipient, state, reason FROM result_recipient WHERE key = ?", key)
    assert each == [("three@example.net", "unconfirmed", WHY)], each
    comes_true(lambda: server.to("three@example.net"), "it came")


def without_a_mailbox_it_waits(s, server):
    keys = [s.bill("13800000002"), s.send("13800000001", "number", kind="sms", text="x")]
    for key in keys:
        assert "by e-mail, or waits until" in s.becomes(key, "queued")
    late = s.bill("13800000002")
    with database(s.outbox()) as db:
        db.execute("INSERT INTO outbox(type, key, to_ref, data, expires_at) VALUES('note', 'soon', '13800000002', "
                   "'{\"name\": \"n\", \"amount\": \"1.00\"}', (strftime('%s') + 1800) * 1000000)")
    why = s.becomes("soon", "expired")
    assert "before quiet hours end" in why and "no address of" in why and "13800000002" not in why, why
    return [*keys, late]


def whoever_dies(s, server, point):
    s.stop()
    os.environ["POSTHORN_FAULT"] = point
    s.start()
    del os.environ["POSTHORN_FAULT"]
    key = s.bill()
    assert s.daemon.wait(PATIENCE) == -signal.SIGKILL
    s.start()
    s.letter(key, server, "one@example.net")


def many_are_one_commit(s, server):
    """A second one would kill it."""
    s.write("policy.yaml", QUIET.replace("email", "wait"))
    s.posthorn("reload")
    keys = [s.bill() for _ in range(30)]
    for key in keys:
        s.becomes(key, "queued")
    s.stop()
    os.environ["POSTHORN_FAULT"] = "letter ready:2"
    s.start()
    del os.environ["POSTHORN_FAULT"]
    s.write("policy.yaml", QUIET)
    s.posthorn("reload")
    for key in keys:
        s.letter(key, server, "one@example.net")
    assert s.daemon.poll() is None


def by_day_texts_go_again(s, waiting):
    s.write("policy.yaml", "categories: {}\n")
    s.posthorn("reload")
    for key in [*waiting, s.bill()]:
        assert s.becomes(key, "delivered") == ""


def main():
    with tempfile.TemporaryDirectory(prefix="posthorn-quiet.") as scratch, mail_server() as server:
        folder = pathlib.Path(scratch)
        (folder / "policy.yaml").write_text(QUIET)
        (folder / "types").mkdir()
        (folder / "types/sms.yaml").write_text(type_file("sms", "billing"))
        s = night(BUILD, folder, MAIL.format(port=server.port))
        try:
            with open(folder / "people.csv", "w", newline="") as f:
                csv.writer(f).writerows([("number", "account", "name", "email"),
                                         *[(n, "A-1" if "three" in mail else "", "张三", mail)
                                           for n, mail in PHONES.items()]])
            s.posthorn("people", "import", str(folder / "people.csv"), "--reason", "test")
            to_the_mailbox(s, server)
            for_an_account(s, server)
            waiting = without_a_mailbox_it_waits(s, server)
            for point in ("letter ready:1", "letter committed:1", "before commit:3"):
                whoever_dies(s, server, point)
            many_are_one_commit(s, server)
            by_day_texts_go_again(s, waiting)
            said = s.posthorn("reconcile", "--deep")
            assert re.match("everything is accounted for", said), said
            s.stop()
        except BaseException:
            s.kill()
            print((folder / "posthornd.log").read_text()[-4000:])
            raise


main()
