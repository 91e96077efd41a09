"""A site that sends letters: a type that goes by both channels, an e-mail account, an outbox `crm`, and the
Maildir of its bounces. Python's email package judges what we wrote."""

import email
import email.policy
import json
import pathlib
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds until a test that hangs says so

NOTE = """
name: note
category: billing
priority: normal
whom: [email, number, account]
channels: [sms, email]
validity: 1h
on_uncertain: resend
uncertain_wait: 1s
signature: {zh-CN: X, en: X}
default_language: en
fields: {name: {kind: text}, amount: {kind: money, currency: CNY}}
texts: {zh-CN: "短信 {{ name }}", en: "By SMS, {{ name }}"}
emails:
  en:
    subject: "Your bill, {{ name }}"
    plain: |
      Dear {{ name }},
      .
      you owe {{ amount | money("code") }}.
    html: "<p>Dear <b>{{ name }}</b>, you owe {{ amount | money(\\"code\\") }}</p>"
  zh-CN:
    subject: "{{ name }}的账单"
    plain: "您好，{{ name }}，电费{{ amount | money(\\"plain\\") }}元。"
sample: {name: n, amount: 1.00}
"""

LETTER = """
name: letter
category: service
priority: normal
whom: [account]
channels: [email]
validity: 1h
default_language: en
fields: {account_name: {kind: text}}
emails: {en: {subject: Hello, plain: "Dear {{ account_name }}"}}
sample: {account_name: n}
"""

MAIN = """
state_dir: state
plugin_dir: {plugins}
socket: posthorn.sock
zone: Asia/Shanghai
retry: {{first: 1s}}
sources: {{crm: {{types: all}}}}
countries: [{{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}}]
"""


def comes_true(what, told):
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, f"not within {PATIENCE} s: {told}"
        time.sleep(0.05)
    return found


class site:
    def __init__(self, build, folder, mail):
        self.bin_dir = build / "bin"
        self.folder = folder
        self.keys = 0
        for name in ("types", "accounts.d", "state/outbox", "bounces/new", "bounces/cur"):
            (folder / name).mkdir(parents=True)
        (folder / "types/note.yaml").write_text(NOTE)
        (folder / "types/letter.yaml").write_text(LETTER)
        (folder / "accounts.d/loop.yaml").write_text("adapter: loopback\ndelivery: live\n")
        (folder / "accounts.d/mail.yaml").write_text(mail)
        with sqlite3.connect(folder / "state/outbox/crm.db") as db:
            db.executescript((ROOT / "config/outbox.sql").read_text())
        (folder / "posthorn.yaml").write_text(MAIN.format(plugins=build / "plugins"))
        self.log = open(folder / "posthornd.log", "a")
        self.start()

    def start(self):
        read = (self.folder / "posthornd.log").stat().st_size
        self.daemon = subprocess.Popen(
            [self.bin_dir / "posthornd", "--config", self.folder / "posthorn.yaml"], stderr=self.log)
        comes_true(lambda: "ready socket" in (self.folder / "posthornd.log").read_text()[read:], "ready")

    def stop(self):
        self.daemon.terminate()
        code = self.daemon.wait(PATIENCE)
        assert code == 0, code

    def posthorn(self, *words, code=0):
        done = subprocess.run(
            [self.bin_dir / "posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def send(self, to, to_kind="email", kind="note", **data):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        data = {"name": "Zhang", "amount": "128.50", **data} if kind == "note" else data
        with sqlite3.connect(self.folder / "state/outbox/crm.db") as db:
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data) VALUES(?, ?, ?, ?, ?)",
                       (kind, key, to_kind, to, json.dumps(data)))
        return key

    def rows(self, sql, *values):
        file = self.folder / "state/result/crm.db"
        if not file.exists():
            return []
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'result_recipient'").fetchone():
                return []  # it is being made
            return db.execute(sql, values).fetchall()

    def becomes(self, key, state):
        """The reason beside it."""
        def now():
            return self.rows("SELECT state, reason FROM result WHERE key = ?", key)
        comes_true(lambda: now() and now()[0][0] == state, f"{key} {state}, is {now()}")
        return now()[0][1]

    def bounce(self, name, text):
        (self.folder / "bounces" / name).write_bytes(text.replace("\n", "\r\n").encode())
        (self.folder / "bounces" / name).rename(self.folder / "bounces/new" / name)

    def put_away(self, name, flag):
        comes_true((self.folder / f"bounces/cur/{name}:2,{flag}").exists, f"{name} is put away as {flag}")


def read(mail):
    found = email.message_from_bytes(mail, policy=email.policy.default)
    assert not found.defects and not any(p.defects for p in found.walk()), mail
    return found


def words(part):
    """A text with its lines as we wrote them."""
    return part.get_content().replace("\r\n", "\n")
