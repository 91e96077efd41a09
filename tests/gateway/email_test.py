#!/usr/bin/env python3
"""E-mail from an outbox to a mail server and back: what it reads, what it refuses, what bounces.

posthornd and `posthorn` as they are built, with a mail server of our own that misbehaves, in a folder of
their own. Python's email package judges what we wrote. Usage: email_test.py BUILD_DIR
"""

import csv
import json
import pathlib
import signal
import socket
import sys
import tempfile
import urllib.parse

from letters import NOTE, read, site, words
from mail_server import mail_server
from small_site import comes_true, database

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIL = """
adapter: email
delivery: live
options:
  url: smtp://127.0.0.1:{port}
  from: bills@example.com
  from_name: 明湖供电
  return_path: bounces@example.com
  bounces: {folder}/bounces
  look_every: 100ms
"""

BOUNCE = """From: MAILER-DAEMON@example.com
To: bounces@example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.test

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

{mail}
--b--
"""


def a_letter(s, server):
    key = s.send("Zhang.San@Example.NET", name="<Zhang> & \"Söhne\"\r\nBcc: x@evil.test")
    s.becomes(key, "unconfirmed")
    one, = server.to("Zhang.San@example.net")
    mail = read(one)
    assert mail["Subject"] == 'Your bill, <Zhang> & "Söhne" Bcc: x@evil.test', mail["Subject"]
    assert mail["Bcc"] is None and mail["To"] == "Zhang.San@example.net"
    assert mail["From"].addresses[0].display_name == "明湖供电"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Date"].datetime
    plain = words(mail.get_body(("plain",)))
    assert "Söhne" in plain and "\n.\nyou owe CNY" in plain, plain
    html = words(mail.get_body(("html",)))
    assert "<b>&lt;Zhang&gt; &amp; &quot;Söhne&quot;" in html, html
    page = s.posthorn("show", key)
    assert "Z********@example.net" in page and "Zhang.San@" not in page, page
    assert "Zhang.San@" not in (s.folder / "posthornd.log").read_text()
    key = s.send("zhang@example.net", language="zh-CN", name="张三")
    s.becomes(key, "unconfirmed")
    mail = read(server.to("zhang@example.net")[0])
    assert mail["Subject"] == "张三的账单"
    assert words(mail).strip() == "您好，张三，电费128.50元。" and mail.get_content_type() == "text/plain"


def what_servers_say(s, server):
    keys = {who: s.send(f"{who}@example.net") for who in ("later", "refused", "spam", "cut")}
    s.becomes(keys["later"], "unconfirmed")
    assert "550 5.1.1 no such user here" in s.becomes(keys["refused"], "rejected")
    assert "554 5.7.1 this looks like spam" in s.becomes(keys["spam"], "rejected")
    s.becomes(keys["cut"], "unconfirmed")
    first, second = server.to("cut@example.net")
    assert read(first)["Message-ID"] == read(second)["Message-ID"]
    assert s.results("SELECT repeats FROM result WHERE key = ?", keys["cut"]) == [(1,)]
    assert len(server.to("later@example.net")) == 1
    assert "450 4.2.1 the mailbox is busy" in s.posthorn("show", keys["later"])


def what_comes_back(s, server):
    key = s.send("gone@example.net")
    s.becomes(key, "unconfirmed")
    mail = server.to("gone@example.net")[0].decode().replace("\r\n", "\n")
    s.bounce("1.delayed", BOUNCE.format(to="gone@example.net", mail=mail).replace("failed", "delayed"))
    s.put_away("1.delayed", "S")
    s.bounce("2.failed", BOUNCE.format(to="gone@example.net", mail=mail))
    assert "5.1.1 smtp; 550 5.1.1 no such user" in s.becomes(key, "undelivered")
    s.put_away("2.failed", "S")
    s.bounce("3.person", "Subject: Re: Your bill\n\nWho are you?\n")
    s.put_away("3.person", "F")
    other = BOUNCE.format(to="x@y.test", mail="Message-ID: <1@elsewhere.test>\n\nx")
    s.bounce("4.other", other)
    s.put_away("4.other", "F")
    assert (s.folder / "posthornd.log").read_text().count("file=3.person") == 1
    # after a death, of a letter that has gone to history
    key = s.send("late@example.net")
    s.becomes(key, "unconfirmed")
    s.daemon.send_signal(signal.SIGKILL)
    s.daemon.wait()
    mail = server.to("late@example.net")[0].decode().replace("\r\n", "\n")
    s.bounce("5.late", BOUNCE.format(to="late@example.net", mail=mail))
    s.start()
    s.becomes(key, "undelivered")
    s.put_away("5.late", "S")


def what_is_wrong(s):
    for to, why in (("nobody", "is not NAME@DOMAIN"), ("a@b@c", "is not NAME@DOMAIN"),
                    ("张@example.com", "other than ASCII"), ("a b@example.com", "no plain name"),
                    ("a@-x.com", "no domain"), ("a@b.com\r\nRCPT TO:<c@d.com>", "bad address")):
        reason = s.becomes(s.send(to), "parked")
        assert why in reason and "to_ref: bad address" in reason, (to, reason)
    types = s.folder / "types"
    bad = NOTE.replace("name: note", "name: bad").replace("Your bill, {{ name }}", "Your bill, {{ nmae }}")
    (types / "bad.yaml").write_text(bad)
    said = s.posthorn("reload", "--dry-run", code=1)
    line = bad[:bad.index("nmae")].count("\n") + 1
    assert f"bad.yaml:{line}:" in said and "name" in said, said
    (types / "bad.yaml").unlink()


def people(s, server):
    file = s.folder / "people.csv"
    with open(file, "w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([
            ["number", "account", "name", "email", "channel", "language"],
            ["13800000001", "7100000001", "Wang", "wang@Example.net", "email", "en"],
            ["13800000002", "7100000001", "", "li@example.net", "sms", ""],
            ["13800000003", "7100000001", "", "", "email", ""],
            ["13800000004", "7100000004", "Zhao", "zhao@example.net", "email", "en"]])
    s.posthorn("people", "import", str(file), "--reason", "test")
    page = s.posthorn("people", "show", "13800000001")
    assert "wang@example.net" in page and "email" in page, page
    key = s.send("7100000001", "account")
    s.becomes(key, "partial")
    each = dict(s.results("SELECT recipient, state FROM result_recipient WHERE key = ?", key))
    assert each == {"wang@example.net": "unconfirmed", "8613800000002": "delivered",
                    "8613800000003": "delivered"}, each
    assert read(server.to("wang@example.net")[0])["Subject"] == "Your bill, Zhang"
    key = s.send("7100000001", "account", "letter", account_name="W")
    comes_true(lambda: len(s.results("SELECT 1 FROM result_recipient WHERE key = ?", key)) == 3, "three are told")
    each = {to: (state, why) for to, state, why in
            s.results("SELECT recipient, state, reason FROM result_recipient WHERE key = ?", key)}
    assert each["8613800000003"][0] == "rejected" and "no address" in each["8613800000003"][1], each
    comes_true(lambda: len(server.to("li@example.net")) == 1, "by e-mail, where there is no other way")
    # the phone's word holds for the address
    s.posthorn("consent", "out", "13800000004", "--category", "billing", "--reason", "asked")
    key = s.send("7100000004", "account")
    s.becomes(key, "suppressed")
    reason, = s.results("SELECT reason FROM result_recipient WHERE key = ?", key)
    assert "opted out of billing" in reason[0], reason
    assert not server.to("zhao@example.net")


def customer(s, number):
    """As the page for those who serve customers has it."""
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(s.folder / "posthorn.sock"))
        link.sendall(f"GET /v1/customers/{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: link.recv(65536), b""))
    return json.loads(said.split(b"\r\n\r\n", 1)[1])


def who_prefers_letters(s, server):
    """Also for an event to one number; the phone's word holds until the letter leaves."""
    key = s.send("13800000001", "number", name="Wang")
    s.becomes(key, "unconfirmed")
    assert s.results("SELECT recipient FROM result_recipient WHERE key = ?", key) == [("wang@example.net",)]
    assert any("Your bill, Wang" in read(one)["Subject"] for one in server.to("wang@example.net"))
    key = s.send("13800000002", "number")
    s.becomes(key, "delivered")  # prefers texts
    found = json.loads(s.posthorn("--json", "search", "--number", "13800000001"))["found"]
    assert any(row["recipient"] == "w*******@example.net" or "@" in row["recipient"] for row in found), found
    assert found == json.loads(s.posthorn("--json", "search", "--email", "wang@Example.net"))["found"]
    s.posthorn("search", "--email", "wang", code=1)
    texts = customer(s, "13800000001")["phones"][0]["texts"]
    assert any(t.get("email") == "wang@example.net" and t["text"].startswith("Your bill, Wang\n\nDear Wang")
               for t in texts), texts
    s.posthorn("pause", "--account", "mail", "--reason", "test")
    keys = [s.send("7100000001", "account"), s.send("13800000001", "number")]
    comes_true(lambda: all(s.results("SELECT 1 FROM result_recipient WHERE key = ? AND recipient = ?", key,
                                     "wang@example.net") for key in keys), "the letters wait")
    page = s.posthorn("explain", keys[1])
    assert "it waits for the end of a pause: account mail" in page, page
    before = len(server.to("wang@example.net"))
    s.posthorn("consent", "out", "13800000001", "--category", "billing", "--reason", "asked")
    s.posthorn("resume", "--account", "mail")
    for key in keys:
        def state():
            return s.results("SELECT state, reason FROM result_recipient WHERE key = ? AND recipient = ?", key,
                             "wang@example.net")
        comes_true(lambda: state()[0][0] == "suppressed", state)
        assert "opted out of billing" in state()[0][1], state()
    page = s.posthorn("explain", keys[1])
    assert "*001 opted out of billing" in page, page  # the phone's word
    sent_again(s, keys[1])
    assert len(server.to("wang@example.net")) == before
    s.posthorn("consent", "in", "13800000001", "--reason", "test")


def sent_again(s, key):
    """From history, where a letter's phone is known too."""
    def is_live():
        with database(s.folder / "state/live.db") as db:
            return db.execute("SELECT 1 FROM message AS m JOIN event AS e ON e.id = m.event WHERE e.key = ?",
                              (key,)).fetchone()
    comes_true(lambda: not is_live(), "it is in history")
    made = json.loads(s.posthorn("--json", "resend", key, "--reason", "test"))
    comes_true(lambda: "suppressed: " in s.posthorn("show", str(made["message"])),
               lambda: s.posthorn("show", str(made["message"])))


def opting_out_by_mail(s, server):
    key = s.send("zhang@example.net")
    s.becomes(key, "unconfirmed")
    mail = read(server.to("zhang@example.net")[-1])
    subject = "opt-out " + mail["Message-ID"].strip("<>")
    assert mail["List-Unsubscribe"] == "<mailto:bounces@example.com?subject=" + \
        urllib.parse.quote(subject, safe="") + ">", mail["List-Unsubscribe"]
    s.bounce("6.other", f"From: other@example.net\nSubject: {subject}\n\n")
    s.put_away("6.other", "F")
    assert "it does not come from whom the letter went to" in (s.folder / "posthornd.log").read_text()
    s.bounce("7.unknown", "From: zhang@example.net\nSubject: opt-out posthorn.12345@example.com\n\n")
    s.put_away("7.unknown", "F")
    s.bounce("8.out", f"From: Zhang <ZHANG@example.net>\nSubject: {subject}\n\n")
    s.put_away("8.out", "S")
    page = s.posthorn("consent", "show", "zhang@example.net")
    assert "billing" in page and "email" in page, page
    before = len(server.to("zhang@example.net"))
    reason = s.becomes(s.send("zhang@example.net"), "suppressed")
    assert "opted out of billing" in reason and "by email (entry" in reason, reason
    s.stop()
    s.start()  # it holds over a restart
    s.becomes(s.send("zhang@example.net"), "suppressed")
    s.posthorn("consent", "in", "zhang@example.net", "--reason", "asked")
    s.becomes(s.send("zhang@example.net"), "unconfirmed")
    assert len(server.to("zhang@example.net")) == before + 1


def erased(s):
    """A person's address with the number, and an address by itself."""
    s.posthorn("erase", "13800000001", "--reason", "asked", "--yes")
    s.posthorn("erase", "late@Example.net", "--reason", "asked", "--yes")
    log = lambda: s.posthorn("--json", "log").count('"erased"')
    comes_true(lambda: log() == 3, f"all are erased, {log()}")
    for file in (*s.folder.rglob("state/live.db"), *s.folder.rglob("state/history/*.db"),
                 *s.folder.rglob("state/result/*.db")):
        held = file.read_bytes()
        assert b"wang@example.net" not in held and b"late@example.net" not in held, file


def by_hand(s):
    page = s.posthorn("test", "event", "note", "--channel", "email", "--language", "en")
    assert "Your bill, n" in page and "Dear n," in page and "<p>Dear <b>n</b>" in page, page
    made = json.loads(s.posthorn("--json", "test", "event", "note", "--channel", "email"))
    assert made["subject"] == "Your bill, n" and made["language"] == "en", made
    s.posthorn("test", "event", "letter", "--channel", "sms", code=1)
    assert "250" in s.posthorn("accounts", "test", "mail")


def a_server_that_is_away(s, server):
    s.stop()
    server.shutdown()
    server.server_close()
    key = s.send("patient@example.net")
    s.start()
    comes_true(lambda: "no link to smtp://127.0.0.1" in (s.folder / "posthornd.log").read_text(), "it is told")
    assert s.becomes(key, "queued") == ""
    again = mail_server(server.port)
    s.becomes(key, "unconfirmed")
    assert len(again.to("patient@example.net")) == 1
    for n in range(20):
        last = s.send(f"many{n}@example.net")
    s.becomes(last, "unconfirmed")
    comes_true(lambda: all(again.to(f"many{n}@example.net") for n in range(20)), "all have theirs")
    assert again.links <= 6, again.links  # they are kept open
    again.shutdown()


def main():
    with tempfile.TemporaryDirectory(prefix="posthorn-email.") as scratch:
        server = mail_server()
        folder = pathlib.Path(scratch)
        s = site(BUILD, folder, MAIL.format(port=server.port, folder=folder))
        try:
            a_letter(s, server)
            what_servers_say(s, server)
            what_comes_back(s, server)
            what_is_wrong(s)
            people(s, server)
            who_prefers_letters(s, server)
            opting_out_by_mail(s, server)
            erased(s)
            by_hand(s)
            a_server_that_is_away(s, server)
            s.stop()
        except BaseException:
            print((s.folder / "posthornd.log").read_text()[-4000:], file=sys.stderr)
            raise
        finally:
            if s.daemon.poll() is None:
                s.daemon.kill()
                s.daemon.wait()
    print("letters leave, and what comes back is heard")


if __name__ == "__main__":
    main()
