#!/usr/bin/env python3
"""Customers text in and get answers: each text once, from the number that was texted, whoever dies when.

posthornd, `posthorn` and the simulated carrier as they are built, with the shipped configuration and
the sample billing system in a folder of their own. Usage: answers_test.py BUILD_DIR
"""

import collections
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from small_site import PATIENCE, comes_true

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
OURS = "106900001"
NO_NUMBER = ""  # what is no answer leaves without one: the carrier sets it

BILL = {"account_name": "张三", "account": "3100000001", "period": "2026-10-01", "usage": "10",
        "amount": "5.00", "due_date": "2026-12-01"}
OUTAGE = {"area": "解放路", "from": "2026-12-01T08:00:00+08:00", "until": "2026-12-01T17:00:00+08:00"}


def phone(n):
    return f"86138{n:08}"


def staff(n):
    return f"86139{n:08}"


def shown(entry):
    """Reference and total of parts, and text, of what the carrier took."""
    octets, part = bytes.fromhex(entry["sm"]), (0, 1)
    if entry["esm_class"] & 0x40:
        part, octets = (octets[3], octets[4]), octets[octets[0] + 1:]
    text = octets.decode("utf-16-be") if entry["data_coding"] == 8 else octets.decode("latin-1")
    return part, text


class site:
    def __init__(self, folder):
        self.folder = folder
        self.asked = collections.Counter()  # answers that must have come, by number
        shutil.copytree(ROOT / "config", folder / "config")
        self.config = folder / "config/posthorn.yaml"
        self.change("posthorn.yaml", r"(?m)^plugin_dir:.*", f"plugin_dir: {BUILD / 'plugins'}")
        (folder / "config/policy.yaml").write_text("categories: {}\n")  # bills go at night, too
        self.change("posthorn.yaml", r"per_minute: 10 ", "per_minute: 1000 ")
        self.change("posthorn.yaml", r"per_hour: 60 ", "per_hour: 1000 ")
        self.change("posthorn.yaml", r"patience: 3s ", "patience: 1m ")  # a machine may stand still
        (folder / "var/outbox").mkdir(parents=True)
        for source in ("billing", "outages"):
            with sqlite3.connect(folder / f"var/outbox/{source}.db") as db:
                db.executescript((ROOT / "config/outbox.sql").read_text())
        self.log, self.read_until = folder / "carrier.log", 0
        self.whole, self.parts = collections.defaultdict(list), {}  # texts in it, and those not yet whole
        self.carrier = subprocess.Popen(
            [BUILD / "bin/posthorn-sim", "smpp", "--port", "0", "--receipt-delay", "50ms", "--log",
             self.log, "--control", folder / "sim.sock"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.carrier.stdout.readline()
        assert line.startswith("listening"), line
        self.change("accounts.d/sim.yaml", r"port: \d+", f"port: {line.rsplit(':', 1)[1].split()[0]}")
        self.daemon = None
        self.start()

    @classmethod
    def made(cls, name):
        return cls(pathlib.Path(tempfile.mkdtemp(prefix=f"posthorn-{name}-")))

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        if failed:
            print(self.daemon_log()[-4000:], file=sys.stderr)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def change(self, name, pattern, by):
        file = self.folder / "config" / name
        text, changes = re.subn(pattern, by, file.read_text())
        assert changes == 1, (name, pattern, changes)
        file.write_text(text)

    def make_billing(self):
        """The utility's system comes up."""
        with sqlite3.connect(self.folder / "billing.new") as db:
            db.executescript((ROOT / "config/sample/billing.sql").read_text())
        db.close()
        (self.folder / "billing.new").rename(self.folder / "var/billing.db")

    def daemon_log(self):
        return (self.folder / "posthornd.log").read_text()

    def start(self, fault=None):
        env = {k: v for k, v in os.environ.items() if k != "POSTHORN_FAULT"}
        if fault:
            env["POSTHORN_FAULT"] = fault
        (self.folder / "posthornd.log").touch()
        before = self.daemon_log().count(" bound ")
        with open(self.folder / "posthornd.log", "a") as log:
            self.daemon = subprocess.Popen([BUILD / "bin/posthornd", "--config", self.config],
                                           stderr=log, env=env)
        comes_true(lambda: self.daemon_log().count(" bound ") > before or
                   self.daemon.poll() is not None, "the daemon is bound")

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        assert self.daemon.wait(PATIENCE) == 0, "it stops well"

    def dies(self):
        assert self.daemon.wait(PATIENCE) == -signal.SIGKILL, "it dies as by kill -9"

    def posthorn(self, *words, refused=False):
        done = subprocess.run([BUILD / "bin/posthorn", "--config", self.config, *words],
                              capture_output=True, text=True, timeout=PATIENCE)
        assert (done.returncode != 0) == refused, done.stdout + done.stderr
        return done.stdout + done.stderr

    def people(self, *rows):
        """Rows of columns number, account, name, role, area; the last may be left out."""
        with open(self.folder / "people.csv", "w", newline="") as f:
            csv.writer(f).writerows([("number", "account", "name", "role", "area"),
                                     *[(*row, *("",) * (5 - len(row))) for row in rows]])
        self.posthorn("people", "import", str(self.folder / "people.csv"), "--reason", "test")

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(str(self.folder / "sim.sock"))
            s.sendall(line.encode() + b"\n")
            answer = s.makefile().readline().strip()
        assert answer == "ok", answer

    def answers(self):
        """number → [(our number, text)], whole ones, in their order. What was read before is not read again."""
        with open(self.log, encoding="utf-8") as log:
            log.seek(self.read_until)
            while (line := log.readline()).endswith("\n"):
                self.read_until = log.tell()
                self.take(json.loads(line))
        return self.whole

    def take(self, entry):
        """A line of the carrier's log."""
        if entry["ev"] != "submit":
            return
        (reference, total), text = shown(entry)
        so_far = self.parts.setdefault((entry["dest"], reference), [])
        so_far.append(text)
        if len(so_far) == total:
            self.whole[entry["dest"]].append((entry["source"], "".join(so_far)))
            del self.parts[entry["dest"], reference]

    def text(self, number, words, to=OURS):
        self.control(f"mo {number} {to} {words}")

    def hears(self, number, to=OURS):
        """The next answer to this number."""
        n = self.asked[number]
        self.asked[number] += 1
        comes_true(lambda: len(self.answers()[number]) > n, f"{number} is answered")
        sender, text = self.answers()[number][n]
        assert sender == to, f"it came from {sender}, {to} was texted"
        return text

    def ask(self, number, words, says, to=OURS):
        self.text(number, words, to)
        text = self.hears(number, to)
        assert says in text, f"{words}: '{says}' is not in '{text}'"
        return text

    def announce(self, source, kind, key, to_kind, to, data, subject="", at=0):
        with sqlite3.connect(self.folder / f"var/outbox/{source}.db", timeout=30) as db:
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data, subject, occurred_at) "
                       "VALUES (?,?,?,?,?,?,?)", (kind, key, to_kind, to, json.dumps(data), subject, at))

    def insert(self, source, kind, key, number, data):
        self.announce(source, kind, key, "number", "+" + number, data)

    def result(self, source, key):
        """State and reason of its end."""
        row = None

        def ended():
            nonlocal row
            file = self.folder / f"var/result/{source}.db"
            if file.exists():
                with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as db:
                    try:
                        row = db.execute("SELECT state, reason FROM result WHERE key = ? AND final",
                                         (key,)).fetchone()
                    except sqlite3.OperationalError as e:  # the daemon is just making it
                        assert "no such table" in str(e), e
            return row
        comes_true(ended, f"{key} has come to its end")
        return row

    def inbox(self, source):
        """Rows as the source reads them."""
        file = self.folder / f"var/result/{source}.db"
        if not file.exists():
            return []
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as db:
            try:
                return db.execute("SELECT kind, number, recipient, text, data FROM inbox ORDER BY id").fetchall()
            except sqlite3.OperationalError as e:  # the daemon is just making it
                assert "no such table" in str(e), e
                return []

    def query(self, sql, *values):
        with sqlite3.connect(f"file:{self.folder / 'var/live.db'}?mode=ro", uri=True, timeout=30) as db:
            return db.execute(sql, values).fetchall()

    def kill(self):
        for p in (self.daemon, self.carrier):
            if p and p.poll() is None:
                p.kill()
                p.wait()


def a_system_that_is_down(s):
    """Not there yet, then there, then locked, then free again."""
    s.people((phone(1), "3100000001", "张三", ""))
    s.ask(phone(1), "YE", "暂时无法查询")
    s.make_billing()
    s.ask(phone(1), "YE", "余额26.50元")
    busy = sqlite3.connect(s.folder / "var/billing.db", isolation_level=None)
    busy.execute("BEGIN EXCLUSIVE")
    s.ask(phone(1), "BAL", "We cannot look it up just now")
    busy.execute("ROLLBACK")
    busy.close()
    s.ask(phone(1), "BAL", "balance CNY 26.50")
    assert [row[0] for row in s.query("SELECT outcome FROM inbound ORDER BY id")] == \
        ["failed", "answered", "failed", "answered"]


def whom_it_knows(s):
    """Bound, bound to several, not bound, staff; each from the number that was texted."""
    s.people(*[(phone(11), f"31000000{n}", "明湖面粉厂", "") for n in (11, 12, 13)],
             (staff(1), "", "", "sales"), (staff(3), "", "", "driver"))
    s.ask(phone(1), "查余额", "【明湖供电】张*您好，户号尾号0001余额26.50元", to="106900002")
    s.ask(phone(1), "df", "用电")
    s.ask(phone(1), "YE 3100000002", "户号3100000002未与本号码绑定")
    assert "3100000013" in s.ask(phone(11), "YE", "1 3100000011", to="106900003")
    s.ask(phone(11), "２", "户号尾号0012余额33.00元", to="106900003")
    s.ask(phone(99), "YE", "尚未绑定户号")
    s.ask(phone(99), "BAL", "is not bound to an account yet")
    s.ask(staff(1), "XS", "本月累计")
    s.ask(staff(3), "LX", "1.城东营业厅")
    s.ask(staff(3), "XS", "无权查询")
    s.ask(phone(1), "XS", "无权查询")
    help_text = s.ask(phone(98), "你们几点开门", "没有看懂")
    assert "余额：YE" in help_text and "销售" not in help_text, help_text


def binding_and_proof(s):
    s.people(("", "3100000014", "孙志强", ""))
    code = re.match(r"\d{6}", s.posthorn("people", "code", "3100000014", "--reason", "test"))[0]
    wrong = f"{(int(code) + 1) % 1000000:06}"
    s.ask(phone(14), f"BD 3100000014 {wrong}", "绑定码不正确")
    s.ask(phone(14), f"BD 3100000014 {code}", "已绑定户号3100000014")
    s.ask(phone(14), "YE", "余额15.75元")
    s.ask(phone(15), f"BD 3100000014 {code}", "绑定码不正确")
    asks = s.ask(phone(14), "JF", "请勿告诉他人")
    code = re.search(r"\d{6}", asks)[0]
    s.ask(phone(14), f"{(int(code) + 1) % 1000000:06}", "还可再试2次")
    s.ask(phone(14), code, "最近缴费")
    assert code not in s.daemon_log()


def a_nuisance(s):
    s.posthorn("nuisance", "add", phone(16), "--for", "30d", "--reason", "a hundred texts a night")
    listed = s.posthorn("nuisance", "list")
    assert phone(16) in listed and "a hundred texts a night" in listed, listed
    s.stop()
    s.start()  # the list is kept
    s.text(phone(16), "CD")
    comes_true(lambda: s.query("SELECT 1 FROM inbound WHERE sender = ? AND outcome = 'ignored'",
                               "+" + phone(16)), "it is kept and not answered")
    s.posthorn("nuisance", "remove", phone(16), "--reason", "she called")
    assert "not on the list" in s.posthorn("nuisance", "remove", phone(16), "--reason", "x", refused=True)
    s.ask(phone(16), "CD", "YE")
    assert s.posthorn("log").count("nuisance remove") == 1, "what changes nothing is no act"


def long_texts(s):
    """In parts, the last one first; of another phone with the same reference between them."""
    words = "停电" + " " * 70 + "3100000001"
    pieces = [words[:60], words[60:]]

    def part(number, n, piece):
        s.control(f"mo-udh {number} {OURS} 8 0500032a02{n:02x} {piece.encode('utf-16-be').hex()}")
    part(phone(1), 2, pieces[1])
    part(phone(97), 2, "查询")
    part(phone(1), 1, pieces[0])
    assert "变压器故障抢修" in s.hears(phone(1))
    part(phone(97), 1, "停电")
    assert "尚未绑定户号" in s.hears(phone(97))
    rows = s.query("SELECT id, outcome, head FROM inbound WHERE udh AND sender = ? ORDER BY id", "+" + phone(1))
    assert [r[1:] for r in rows] == [("answered", 0), ("part", rows[0][0])], rows


def opting_out(s):
    s.ask(phone(1), "退订 账单", "您已退订账单短信")
    s.insert("billing", "bill.issued", "out", phone(1), BILL)
    state, reason = s.result("billing", "out")
    assert state == "suppressed", (state, reason)
    ledger = s.posthorn("consent", "show", phone(1))
    entry = re.search(r"entry (\d+)", reason)[1]
    assert entry in ledger and "退订 账单" in ledger, (reason, ledger)
    s.ask(phone(1), "YE", "余额26.50元")
    s.ask(phone(1), "恢复", "您已恢复接收")
    s.insert("billing", "bill.issued", "in", phone(1), BILL)
    assert s.result("billing", "in")[0] == "delivered"
    assert "电费5.00元" in s.hears(phone(1), to=NO_NUMBER)
    s.ask(phone(1), "TD", "您已退订全部短信")
    s.insert("outages", "outage.planned", "law", phone(1), OUTAGE)
    assert s.result("outages", "law")[0] == "delivered"
    assert "计划停电" in s.hears(phone(1), to=NO_NUMBER)
    s.ask(phone(1), "退订 停电通知", "不能退订")
    s.ask(phone(1), "恢复", "您已恢复接收")


def subscriptions(s):
    """By text and by an agent; each change has its row in the log, and a death loses none."""
    s.people(("", "3100000001", "", "", "城东"))
    s.ask(phone(1), "SUB OUTAGES", "subscribed to outages in your area (城东)")
    s.ask(phone(1), "我的订阅", "1 所在区域停电信息（城东）")
    s.ask(phone(1), "时段 8点到20点", "“所在区域停电信息”08:00-20:00发送")
    assert "add is done" in s.posthorn("subscriptions", "add", phone(1), "TARIFF", "--reason", "called")
    said = s.posthorn("subscriptions", "add", phone(1), "OUTAGES", "--parameter", "城东", "--reason", "x",
                      refused=True)
    assert "so already" in said, said
    said = s.posthorn("subscriptions", "add", phone(1), "sales.daily", "--reason", "x", refused=True)
    assert "for the role sales" in said, said
    s.posthorn("subscriptions", "pause", phone(1), "电价", "--reason", "on holiday")
    listed = s.posthorn("subscriptions", "list", phone(1))
    assert "outage.area" in listed and "paused" in listed and "on holiday" in listed, listed
    assert "subscriptions pause" in s.posthorn("log"), "an agent's act is in the log"
    topics = s.posthorn("topics")
    assert re.search(r"tariff\.new .*1 +1", topics), topics
    s.ask(phone(1), "退订 停电信息", "已退订：所在区域停电信息（城东）")
    s.ask(phone(1), "STOP OUTAGES", "always sent")
    s.ask(phone(1), "退订 电价", "已退订：电价调整通知")
    s.ask(phone(1), "SUBS", "no subscriptions")
    changes = [what for what, in s.query("SELECT what FROM subscription_log WHERE number = ? ORDER BY id", phone(1))]
    assert changes == ["subscribed", "changed", "subscribed", "paused", "unsubscribed", "unsubscribed"], changes


def proves(s, number, words):
    """Asks for what a code must come back for; the answer to the code."""
    code = re.search(r"\d{6}", s.ask(number, words, "请勿告诉他人"))[0]
    s.text(number, code)
    return s.hears(number)


def a_changed_contact_number(s):
    """Both phones hear it, the owner is told, an import does not undo it; agreed, or refused."""
    s.people((phone(5), "3100000005", "陈晓红", ""))
    s.ask(phone(5), "HM 12345", "不是可用的新手机号码")
    assert "尾号0051" in proves(s, phone(5), "HM 138 0000 0051")
    assert "已登记为户号尾号0005的联系号码" in s.hears(phone(51))
    s.ask(phone(51), "YE", "余额50.75元")
    s.ask(phone(5), "YE", "尚未绑定户号")
    comes_true(lambda: s.inbox("billing"), "its owner is told")
    kind, number, _, words, data = s.inbox("billing")[0]
    assert (kind, number, words) == ("contact_change", phone(5), "HM 138 0000 0051"), (kind, words)
    change = json.loads(data)
    assert (change["account"], change["to"]) == ("3100000005", "+" + phone(51)), change
    s.people((phone(5), "3100000005", "陈晓红", ""))  # older than the change
    s.ask(phone(5), "YE", "尚未绑定户号")
    assert change["change"] in s.posthorn("people", "changes", "--state", "waiting")
    said = s.posthorn("people", "refuse", change["change"], "--reason", "no such customer")
    assert "old number is bound again" in said, said
    s.ask(phone(5), "YE", "余额50.75元")
    s.ask(phone(51), "YE", "尚未绑定户号")
    assert "refused" in s.posthorn("people", "changes")
    assert "does not wait any more" in s.posthorn("people", "agree", change["change"], "--reason", "x",
                                                  refused=True)
    proves(s, phone(5), "HM 13800000051")
    s.hears(phone(51))
    s.people((phone(51), "3100000005", "陈晓红", ""))  # the owner has it now
    assert "import" in s.posthorn("people", "changes", "--state", "agreed")


def a_crew_at_work(s):
    s.people((staff(4), "", "王师傅", "crew", "城东"))
    report = "报工 和平路2号，更换变压器，今天9:30，今天14:00"
    s.ask(staff(4), report, "还没有设置查询密码")
    s.posthorn("people", "pin", staff(4), "--pin", "4711", "--reason", "test")
    s.ask(phone(1), report, "无权查询")
    s.ask(staff(4), report, "请回复您的查询密码")
    s.ask(staff(4), "4711", "已登记：城东和平路2号，更换变压器")
    s.ask(phone(1), "TDCX", "抢修人员上报：和平路2号更换变压器")
    listed = s.posthorn("work", "--area", "城东")
    assert "和平路2号" in listed and "王师傅" in listed, listed
    assert "no work goes on" in s.posthorn("work", "--area", "城西")
    s.ask(staff(4), "收工", "请回复您的查询密码")
    s.ask(staff(4), "4711", "已收工：和平路2号")
    assert "和平路2号" not in s.ask(phone(1), "TDCX", "变压器故障抢修")
    said = s.posthorn("work", "add", staff(4), "人民路", "巡线", "--begins", "2020-01-01T00:00:00Z",
                      refused=True)
    assert "more than 31 days away" in said, said


def a_handler(s):
    """Answers by code; what it does wrong is a failure of one text."""
    lists = s.folder / "config/lists"
    lists.mkdir()
    (s.folder / "config/lookups/branches.yaml").write_text(
        "name: branches\nsystem: lists\nquery: branches\ntakes: [area]\n"
        "fields: {place: {kind: text}}\nsample: {place: 解放路18号}\n")
    (s.folder / "config/commands/branches.yaml").write_text(
        "name: branches\nwords: {zh-CN: [营业厅]}\ntakes: [{name: area, kind: area}]\nwho: public\n"
        "lookup: branches\nanswer: {zh-CN: \"{{ place }}\"}\nempty: {zh-CN: 那里没有}\n"
        "help: {zh-CN: 营业厅 区域}\ndefault_language: zh-CN\n")
    s.change("posthorn.yaml", r"(?m)^systems:$", "systems:\n  lists:\n    handler: tables\n    foldr: lists")
    said = s.posthorn("reload", refused=True)
    assert "foldr: is no option of the handler tables (did you mean 'folder'?)" in said, said
    s.change("posthorn.yaml", r"foldr: lists", "folder: lists")
    s.posthorn("reload")
    s.ask(phone(1), "营业厅 城东", "暂时无法查询")  # there is no such file yet
    (lists / "branches.csv").write_text("area,place\n城东,解放路18号\n")
    s.ask(phone(1), "营业厅 城东", "解放路18号")
    s.ask(phone(1), "营业厅 城西", "那里没有")
    assert "area=城东" in s.posthorn("test", "command", "营业厅 城东", "--offline")


def a_reload(s):
    s.change("commands/balance.yaml", "余额{{ balance", "剩余{{ balance")
    assert "command balance: changed" in s.posthorn("reload")
    s.ask(phone(1), "YE", "剩余26.50元")
    s.change("phrases.yaml", "没有看懂您的短信。", "看不懂。")
    assert "phrases: changed" in s.posthorn("reload")
    s.ask(phone(98), "几点开门", "看不懂。")
    s.change("commands/balance.yaml", "who: bound", "who: nobody")
    assert "balance.yaml" in s.posthorn("reload", refused=True)
    s.ask(phone(1), "YE", "剩余26.50元")
    s.change("commands/balance.yaml", "who: nobody", "who: bound")


def a_death(s, n, point, words, says):
    """Before the reply is committed: the text is answered after the restart, or brought again."""
    s.stop()
    s.start(f"{point}:1")
    s.text(phone(n), words, to=f"10690{n}")
    s.dies()
    s.start()
    text = s.hears(phone(n), to=f"10690{n}")
    assert says in text, text
    s.ask(phone(n), "YE", "剩余", to=f"10690{n}")  # nothing else came between


def what_waits_outlives_a_death(s):
    """Half of a long text, and a question that was asked."""
    s.ask(phone(11), "YE", "1 3100000011")
    s.control(f"mo-udh {phone(96)} {OURS} 8 050003070202 {'查询'.encode('utf-16-be').hex()}")
    comes_true(lambda: s.query("SELECT 1 FROM inbound WHERE sender = ?", "+" + phone(96)), "it is stored")
    s.daemon.kill()
    s.dies()
    s.start()
    s.control(f"mo-udh {phone(96)} {OURS} 8 050003070201 {'停电'.encode('utf-16-be').hex()}")
    assert "尚未绑定户号" in s.hears(phone(96))
    s.ask(phone(11), "2", "户号尾号0012剩余33.00元")


def a_death_of_the_reply(s):
    """Its reply may have left: it is not sent again, and says so."""
    for n, point, left in ((6, "intent committed", 0), (7, "bytes left", 1)):
        s.stop()
        s.start(f"{point}:1")
        s.text(phone(n), "CJ FP20260002")
        s.dies()
        s.start()
        comes_true(lambda n=n: s.query("SELECT 1 FROM inbound WHERE sender = ? AND outcome = 'answered'",
                                       "+" + phone(n)), "the text is known as answered")
        if left:
            assert "已寄出" in s.hears(phone(n))
        s.ask(phone(n), "CJ FP20260001", "已开具")


def main():
    with site.made("answers") as s:
        a_system_that_is_down(s)
        whom_it_knows(s)
        binding_and_proof(s)
        a_nuisance(s)
        long_texts(s)
        opting_out(s)
        subscriptions(s)
        a_changed_contact_number(s)
        a_crew_at_work(s)
        a_handler(s)
        a_reload(s)
        s.people(*[(phone(n), f"31000000{n:02}", "", "") for n in (2, 3, 4)])
        a_death(s, 2, "texts arrived", "YE", "剩余")
        a_death(s, 3, "texts committed", "BAL", "balance CNY 188.00")
        a_death(s, 4, "answer ready", "退订", "您已退订")
        what_waits_outlives_a_death(s)
        a_death_of_the_reply(s)
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=PATIENCE)
        heard = {number: len(texts) for number, texts in s.answers().items()}
        assert heard == dict(s.asked), (heard, dict(s.asked))
        waiting = s.query("SELECT count(*) FROM inbound WHERE outcome IS NULL")
        assert waiting == [(0,)], waiting


if __name__ == "__main__":
    main()
