#!/usr/bin/env python3
"""A number is erased: no file of the state directory holds it afterwards, whoever dies when; what must
stay is told by another name, and who has opted out hears nothing again. And codes are forgotten.

posthornd, `posthorn` and the simulated carrier as they are built. Usage: erasure_test.py BUILD_DIR
"""

import json
import re
import signal
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
from answers_test import BILL, OUTAGE, comes_true, phone, site  # noqa: E402

ERASED, OTHER = phone(1), phone(2)


def files_with(s, octets):
    """Of the state directory; raw, whatever SQLite makes of them. The utility's own does not count. By
    another process: who closes a file loses the locks that SQLite holds on it here."""
    found = subprocess.run(["grep", "-rlaF", "--exclude=billing.db", octets, "var"], cwd=s.folder,
                           capture_output=True, text=True).stdout
    own = subprocess.run(["grep", "-laF", octets, "var/result/billing.db"], cwd=s.folder,
                         capture_output=True, text=True).stdout
    return sorted((found + own).split())


def what_waits_for_its_time(s):
    """Bills that are due in many years, with their ladders."""
    s.change("timers/arrears.yaml", "enabled: no", "enabled: yes")
    s.posthorn("reload")
    with sqlite3.connect(s.folder / "var/outbox/billing.db", timeout=30) as db:
        db.executemany("INSERT INTO outbox(type, key, subject, to_kind, to_ref, data) "
                       "VALUES ('bill.issued', ?, ?, 'number', ?, ?)",
                       [(f"T-{number[-1]}", f"S-{number[-1]}", "+" + number,
                         json.dumps({**BILL, "due_date": "2199-12-01"})) for number in (ERASED, OTHER)])
    comes_true(lambda: waiting(s, "T-1") == waiting(s, "T-2") == 4, "both ladders wait")


def waiting(s, key):
    return s.query("SELECT count(*) FROM timer_step WHERE began_key = ?", key)[0][0]


def everywhere(s):
    """The number gets to all places that can hold one."""
    what_waits_for_its_time(s)
    s.make_billing()
    s.people((ERASED, "3100000001", "张三", ""), (OTHER, "3100000002", "李四", ""))
    for n in range(20):
        for number in (ERASED, OTHER):
            s.insert("billing", "bill.issued", f"B-{number[-1]}-{n}", number, BILL)
            s.insert("outages", "outage.planned", f"O-{number[-1]}-{n}", number, OUTAGE)
    s.posthorn("groups", "add", "vip", "--number", ERASED, "--reason", "test")
    s.posthorn("groups", "add", "vip", "--number", OTHER, "--reason", "test")
    s.announce("outages", "outage.planned", "O-vip", "group", "vip", OUTAGE)
    for source, key in (("outages", "O-vip"), ("billing", "B-1-19"), ("outages", "O-1-19"), ("billing", "B-2-19")):
        assert s.result(source, key)[0] == "delivered"
    for number in (ERASED, OTHER):
        s.asked[number] = 42
        comes_true(lambda: len(s.answers()[number]) == s.asked[number], "the carrier's log has all of them")
        s.ask(number, "YE", "余额")
        s.ask(number, "DY", "2 电价调整通知")
        s.ask(number, "2", "已订阅")
        s.ask(number, "TD", "您已退订全部短信")
    s.text(ERASED, f"请回电 {ERASED[2:5]} {ERASED[5:9]} {ERASED[9:]}")
    s.hears(ERASED)
    s.posthorn("nuisance", "add", ERASED, "--reason", "night after night")
    s.posthorn("pause", "--type", "bill.issued", "--reason", f"asked by {ERASED}")
    s.posthorn("resume", "--type", "bill.issued", "--reason", f"0{ERASED[2:]} is content")
    s.insert("billing", "bill.issued", "wrong", ERASED, {"nothing": "fits"})
    comes_true(lambda: s.query("SELECT 1 FROM event WHERE parked IS NOT NULL"), "one is parked")


def what_is_under_way_is_not_erased(s):
    s.posthorn("pause", "--everything", "--reason", "test")
    s.insert("outages", "outage.planned", "open", ERASED, OUTAGE)
    comes_true(lambda: s.query("SELECT 1 FROM message AS m JOIN event AS e ON e.id=m.event WHERE e.key='open'"),
               "it is taken in")
    said = s.posthorn("erase", ERASED, "--reason", "she asked for it", "--yes", refused=True)
    assert "1 messages to it are under way" in said, said
    s.posthorn("cancel", "open", "--reason", "test")
    s.result("outages", "open")
    s.posthorn("resume", "--everything", "--reason", "test")


def erased(s, times=1):
    comes_true(lambda: s.posthorn("log", "--limit", "500").count(" rows named it") == times, "it is done")
    comes_true(lambda: not files_with(s, ERASED[2:]), lambda: files_with(s, ERASED[2:]))


def it_is_gone(s):
    said = s.posthorn("erase", ERASED, "--reason", f"asked by {ERASED[2:]}", "--yes", refused=True)
    assert "must not name the number" in said, said
    said = s.posthorn("erase", ERASED, "--reason", "she asked for it", refused=True)
    assert "--yes" in said, said
    assert files_with(s, ERASED[2:])
    said = s.posthorn("erase", "0" + ERASED[2:], "--reason", "she asked for it", "--yes")
    name = re.search(r"erased:[a-p]{32}", said)[0]
    erased(s)
    return name


def what_stays(s, name):
    assert waiting(s, "T-1") == 0 and waiting(s, "T-2") == 4
    with sqlite3.connect(f"file:{s.folder}/var/result/outages.db?mode=ro", uri=True) as db:
        assert db.execute("SELECT DISTINCT recipient FROM result_row WHERE key LIKE 'O-1-%'").fetchall() == [(name,)]
        assert db.execute("SELECT count(*) FROM result WHERE key LIKE 'O-1-%' AND state='delivered'").fetchone() == (20,)
    with sqlite3.connect(f"file:{s.folder}/var/result/billing.db?mode=ro", uri=True) as db:
        assert db.execute("SELECT DISTINCT recipient FROM result_row WHERE key LIKE 'B-1-%'").fetchall() == [("erased",)]
    shown = s.posthorn("show", "O-1-3")
    assert name in shown and "delivered" in shown, shown
    assert s.query("SELECT count(*) FROM consent WHERE number = ?", name) == [(1,)]
    assert s.query("SELECT count(*) FROM consent WHERE number = ?", OTHER) == [(1,)]
    log = s.posthorn("log", "--limit", "500", "--json")
    assert name in log and "she asked for it" in log, log
    assert (s.folder / "var/erasure.key").stat().st_mode & 0o777 == 0o600
    assert "B-1-" not in s.posthorn("search", "--number", ERASED)
    assert "B-2-7" in s.posthorn("search", "--number", OTHER, "--limit", "500")
    # She stays opted out, also after a restart; statutory notices still come.
    s.stop()
    s.start()
    s.insert("billing", "bill.issued", "again", ERASED, BILL)
    assert s.result("billing", "again")[0] == "suppressed"
    s.insert("outages", "outage.planned", "law", ERASED, OUTAGE)
    assert s.result("outages", "law")[0] == "delivered"


def deaths(s):
    """Its number came again: erased again, dying on the way."""
    for times, point in enumerate(("number erased in a month:1", "number erased in results:1",
                                   "number erased in results:2"), start=2):
        s.insert("outages", "outage.planned", f"law-{times}", ERASED, OUTAGE)
        s.insert("billing", "bill.issued", f"bill-{times}", ERASED, BILL)
        s.result("outages", f"law-{times}")
        s.result("billing", f"bill-{times}")
        s.stop()
        s.start(point)
        s.posthorn("erase", ERASED, "--reason", "once more", "--yes")
        s.dies()
        assert files_with(s, ERASED[2:]), "it was not done"
        s.start()
        erased(s, times)
    s.posthorn("erase", ERASED, "--reason", "nothing is left", "--yes")
    erased(s, 5)


def codes_are_forgotten(s):
    s.change("posthorn.yaml", r"types: \[bill\.issued,", "types: [code.verification, bill.issued,")
    s.posthorn("reload")
    s.insert("billing", "code.verification", "C-1", phone(3), {"code": "735024"})
    assert s.result("billing", "C-1")[0] == "delivered"
    assert "735024" in s.hears(phone(3), to="")
    comes_true(lambda: "redacted" in s.posthorn("show", "C-1"), "it is redacted")
    comes_true(lambda: not s.query("SELECT 1 FROM event WHERE key='C-1'"), "it has left for its month")
    with sqlite3.connect(s.folder / "var/outbox/billing.db", timeout=30) as db:
        comes_true(lambda: db.execute("SELECT count(*) FROM outbox").fetchone() == (0,), "its row is gone")
    said = s.posthorn("resend", "C-1", "--reason", "test", "--force", refused=True)
    assert "not kept any more" in said, said
    s.stop()
    checkpoint = "import sqlite3, sys\nfor f in sys.argv[1:]: sqlite3.connect(f).execute('PRAGMA wal_checkpoint(TRUNCATE)')"
    subprocess.run([sys.executable, "-c", checkpoint, *(s.folder / "var").rglob("*.db")], check=True)
    found = files_with(s, "735024")
    assert found == [], found


def main():
    with site.made("erasure") as s:
        everywhere(s)
        what_is_under_way_is_not_erased(s)
        what_stays(s, it_is_gone(s))
        deaths(s)
        codes_are_forgotten(s)
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=60)


main()
