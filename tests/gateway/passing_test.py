#!/usr/bin/env python3
"""What belongs to a source reaches it: extensions, its inbox, its callback; once, whoever dies when.

posthornd, the simulated carrier, a callback server of the test's own and a source that reads its inbox.
Usage: passing_test.py BUILD_DIR
"""

import base64
import collections
import hashlib
import hmac
import http.server
import json
import signal
import sqlite3
import sys
import threading

sys.dont_write_bytecode = True
from answers_test import BILL, OURS, OUTAGE, comes_true, phone, site  # noqa: E402

SECRET = b"s" * 32
CRM = OURS + "01"  # billing's


class callback_server:
    """Keeps what it takes: while `down`, nothing."""

    def __init__(self):
        self.down = False
        self.refused = 0
        self.taken = []  # type and data, in their order
        self.ids = collections.Counter()
        owner = self

        class handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(owner.hear(self.headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hear(self, headers, body):
        mine = hmac.new(SECRET, f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body,
                        hashlib.sha256)
        if headers["webhook-signature"] != "v1," + base64.b64encode(mine.digest()).decode():
            return 401
        if self.down:
            self.refused += 1
            return 500
        self.ids[headers["webhook-id"]] += 1
        said = json.loads(body)
        self.taken.append((said["type"], said["data"]))
        return 204

    def texts(self, number=None):
        return [d["text"] for t, d in self.taken if t == "inbound.text" and number in (None, d["number"])]


def configure(s, server):
    s.stop()
    s.change("accounts.d/sim.yaml", r"(?m)^# extensions: yes.*$", "extensions: yes")
    s.change("accounts.d/sim.yaml", r"(?m)^  system_id:", f'  sender: "{OURS}"\n  system_id:')
    (s.folder / "config/billing.secret").write_text("whsec_" + base64.b64encode(SECRET).decode() + "\n")
    s.change("posthorn.yaml", r"(?m)^  billing:\n    types:",
             '  billing:\n    extension: "01"\n'
             f"    callback: {{url: '{server.url}', secret: 'file:billing.secret'}}\n    types:")
    s.change("posthorn.yaml", r"question_extensions: \[\]", 'question_extensions: ["71", "72"]')
    s.change("posthorn.yaml", r"(?m)^  destinations: \[\]$",
             '  destinations: [{number: "10695*", source: outages, acknowledge: {zh-CN: 已收到}}]')
    s.start()


def texts_of_a_source_leave_from_its_number(s):
    s.insert("billing", "bill.issued", "B-1", phone(1), BILL)
    assert "电费5.00元" in s.hears(phone(1), to=CRM)
    s.insert("outages", "outage.planned", "O-1", phone(1), OUTAGE)
    assert "计划停电" in s.hears(phone(1), to=OURS)
    s.change("posthorn.yaml", r'extension: "01"', 'extension: "02"')
    assert "source billing: changed" in s.posthorn("reload")
    s.insert("billing", "bill.issued", "B-2", phone(1), BILL)
    assert "电费5.00元" in s.hears(phone(1), to=OURS + "02")
    s.change("posthorn.yaml", r'extension: "02"', 'extension: "01"')
    s.posthorn("reload")


def what_comes_there_is_the_source_s(s, server):
    s.text(phone(1), "YE", to=CRM)
    comes_true(lambda: server.texts() == ["YE"], "it is posted")
    assert s.inbox("billing") == [("text", phone(1), CRM, "YE", "{}")]
    kind, data = next(one for one in server.taken if one[0] != "result")
    assert (kind, data["source"], data["recipient"], data["data"]) == ("inbound.text", "billing", CRM, {})
    s.ask(phone(2), "很好", "已收到", to="106951234")
    comes_true(lambda: s.inbox("outages") == [("text", phone(2), "106951234", "很好", "{}")], "it is passed")
    s.ask(phone(1), "TD", "您已退订", to=CRM)  # that is ours, wherever it comes
    s.ask(phone(1), "恢复", "您已恢复", to=CRM)
    listed = s.posthorn("inbound", "--outcome", "passed")
    assert "passed to billing" in listed and "passed to outages" in listed, listed


def a_topic_has_its_own_number(s):
    s.change("topics/outage.area.yaml", r"(?m)^type: outage.planned.*$", 'type: outage.planned\nextension: "55"')
    s.posthorn("reload")
    s.people((phone(6), "", "刘", "", ""))
    s.ask(phone(6), "DY 城东", "已订阅“所在区域停电信息”（城东）", to=OURS + "55")
    s.insert("outages", "outage.planned", "O-T", phone(7), {**OUTAGE, "area": "城东"})
    assert "计划停电" in s.hears(phone(6), to=OURS + "55")
    assert "计划停电" in s.hears(phone(7), to=OURS)
    s.ask(phone(6), "暂停", "暂停", to=OURS + "55")
    s.change("topics/outage.area.yaml", 'extension: "55"', 'extension: "015"')
    said = s.posthorn("reload", refused=True)
    assert "extension of topic outage.area: 015 and 01 of source billing begin alike" in said, said
    s.change("topics/outage.area.yaml", 'extension: "015"', 'extension: "55"')


def a_callback_that_is_down(s, server):
    """Nothing is lost, each phone's order is kept, and other sources hear of their results."""
    server.down = True
    before = server.refused
    for n in range(1, 6):
        s.text(phone(3), f"A{n}", to=CRM)
        s.text(phone(4), f"B{n}", to=CRM)
        comes_true(lambda n=n: len(s.inbox("billing")) == 1 + 2 * n, "it is in the inbox meanwhile")
    comes_true(lambda: server.refused > before, "it was tried")
    s.insert("outages", "outage.planned", "O-2", phone(1), OUTAGE)
    assert s.result("outages", "O-2")[0] == "delivered"
    s.hears(phone(1), to=OURS)
    comes_true(lambda: s.query("SELECT count(*) FROM passed") == [(0,)], "nothing of it waits in live.db")
    s.stop()
    s.start()
    server.down = False
    for number, letter in ((phone(3), "A"), (phone(4), "B")):
        comes_true(lambda number=number: len(server.texts(number)) == 5, "they come in the end")
        assert server.texts(number) == [f"{letter}{n}" for n in range(1, 6)], server.texts(number)


def deaths(s, server):
    points = ("texts arrived", "texts committed", "inbox written")
    for n, point in enumerate(points, start=20):
        s.stop()
        s.start(f"{point}:1")
        s.text(phone(n), f"T{n}", to=CRM)
        s.dies()
        s.start()
        comes_true(lambda n=n: server.texts(phone(n)), f"{point}: it is posted")
    passed = [(row[1], row[3]) for row in s.inbox("billing")][11:]
    assert passed == [(phone(n), f"T{n}") for n in range(20, 20 + len(points))], passed
    s.stop()
    s.start("answer ready:1")
    s.text(phone(30), "好", to="106955")
    s.dies()
    s.start()
    assert "已收到" in s.hears(phone(30), to="106955")
    comes_true(lambda: [row[3] for row in s.inbox("outages")] == ["很好", "好"], "passed once")


def questions_at_numbers_of_their_own(s):
    s.make_billing()
    s.people(*[(phone(11), f"31000000{n}", "明湖面粉厂", "") for n in (11, 12, 13)])
    s.text(phone(11), "YE")
    assert "3100000013" in s.hears(phone(11), to=OURS + "71")
    s.text(phone(11), "DF")
    assert "3100000013" in s.hears(phone(11), to=OURS + "72")
    s.daemon.kill()
    s.dies()
    s.start()
    s.ask(phone(11), "2", "户号尾号0012余额33.00元", to=OURS + "71")
    s.ask(phone(11), "1", "用电", to=OURS + "72")
    s.text(phone(11), "几点开门", to=OURS + "72")
    assert "没有看懂" in s.hears(phone(11), to=OURS)


def old_texts_lie_in_their_months(s):
    """All of it as if it had come three days ago; the daemon dies while it moves them."""
    listed = s.posthorn("inbound", "--limit", "500").count("\n")
    s.stop()
    ago = 3 * 86400 * 1_000_000
    with sqlite3.connect(s.folder / "var/live.db") as db:
        db.execute("UPDATE inbound SET id = id - (?1 << 12), received_at = received_at - ?1, "
                   "head = CASE WHEN head = 0 THEN 0 ELSE head - (?1 << 12) END", (ago,))
    db.close()
    for point in ("texts copied", "texts in their month"):
        s.start(f"{point}:1")
        s.dies()
    s.start()
    comes_true(lambda: s.query("SELECT count(*) FROM inbound") == [(0,)], "they have left live.db")
    assert s.posthorn("inbound", "--limit", "500").count("\n") == listed
    a = s.posthorn("inbound", "--number", phone(3))
    assert all(f"A{n}" in a for n in range(1, 6)) and "B1" not in a, a


def main():
    server = callback_server()
    with site.made("passing") as s:
        configure(s, server)
        texts_of_a_source_leave_from_its_number(s)
        what_comes_there_is_the_source_s(s, server)
        a_topic_has_its_own_number(s)
        a_callback_that_is_down(s, server)
        deaths(s, server)
        questions_at_numbers_of_their_own(s)
        comes_true(lambda: s.query("SELECT count(*) FROM passed") == [(0,)], "all of it has left live.db")
        assert s.query("SELECT count(*) FROM inbound WHERE outcome IS NULL") == [(0,)]
        old_texts_lie_in_their_months(s)
        s.stop()
        s.carrier.send_signal(signal.SIGTERM)
        s.carrier.communicate(timeout=60)
        heard = {number: len(texts) for number, texts in s.answers().items()}
        assert heard == dict(s.asked), (heard, dict(s.asked))


main()
