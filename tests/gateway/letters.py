"""A site that sends letters: a type that goes by both channels, an e-mail account, an outbox `crm`, and the
Maildir of its bounces. Python's email package judges what we wrote."""

import email
import email.policy
import json

from small_site import comes_true, database, small_site

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
retry: {first: 1s}
sources: {crm: {types: all}}
countries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]
"""


class site(small_site):
    def __init__(self, build, folder, mail):
        super().__init__(build, folder, {"note": NOTE, "letter": LETTER}, MAIN)
        self.keys = 0
        for name in ("new", "cur"):
            (folder / "bounces" / name).mkdir(parents=True)
        self.write("accounts.d/mail.yaml", mail)
        self.start()

    def send(self, to, to_kind="email", kind="note", **data):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        data = {"name": "Zhang", "amount": "128.50", **data} if kind == "note" else data
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_kind, to_ref, data) VALUES(?, ?, ?, ?, ?)",
                       (kind, key, to_kind, to, json.dumps(data)))
        return key

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
