#!/usr/bin/env python3
"""How texts leave is said by their account: who signs, what is forbidden, which tables; and by their type:
whether it is transliterated. The parts of each text are counted in the source's result.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: account_texts_test.py BUILD_DIR
"""

import json
import pathlib
import sys
import tempfile

from small_site import database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()

ACCOUNT = "adapter: loopback\ndelivery: live\n"
TYPES = {
    "note": type_file("note").replace("{en: ", "{zh-CN: ").replace("language: en", "language: zh-CN"),
    "letters": type_file("letters"),
    "plain": type_file("plain") + "transliterate: yes\n",
}


class site(small_site):
    def __init__(self, folder):
        super().__init__(BUILD, folder, TYPES, "sources: {crm: {types: all}}\n")

    def send(self, key, text, kind="note"):
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, '13800138000', ?)",
                       (kind, key, json.dumps({"text": text})))

    def parts(self, key):
        self.becomes(key, "delivered")
        return self.results("SELECT parts FROM result_recipient WHERE key = ?", key)[0][0]

    def account(self, more):
        self.write("accounts.d/loop.yaml", ACCOUNT + more)
        self.posthorn("reload")


def as_they_are(s):
    s.send("a1", "中" * 67)  # 70 with 【X】
    s.send("a2", "中" * 68)
    assert (s.parts("a1"), s.parts("a2")) == (1, 2)


def carrier_signs(s):
    """Its signature is longer than ours, which is cut off."""
    s.account("signature: carrier\ncarrier_adds: 【XYZ】\n")
    s.send("c1", "中" * 65)
    s.send("c2", "中" * 66)
    assert (s.parts("c1"), s.parts("c2")) == (1, 2)


def forbidden(s):
    s.account("forbidden_characters: ★\nreplace_characters: {◆: '*'}\n")
    s.send("f1", "中★")
    s.send("f2", "中◆")
    why = s.becomes("f1", "suppressed")
    assert why == "account loop cannot carry the text: it has U+2605 ★, which the carrier does not take", why
    assert s.parts("f2") == 1
    s.account("")
    s.send("f3", "中★")
    assert s.parts("f3") == 1


def tables(s):
    """155 and 149 septets with one table; else 70 characters and 67."""
    text = "ş" * 140
    s.send("t1", text, "plain")  # but for its signature, [X] , of ASCII: 146
    assert s.parts("t1") == 1  # transliterated
    s.send("t2", text + "中", "plain")
    assert s.parts("t2") == 3
    s.account("national_tables: [turkish]\n")
    s.send("t3", "İ" * 130 + "ğ", "letters")
    assert s.parts("t3") == 1


def a_crash_and_reconcile(s):
    s.kill()
    s.start()
    s.send("z1", "中" * 68)
    assert s.parts("z1") == 2
    s.posthorn("reconcile", "--deep")


def mistakes_are_told(s):
    s.write("accounts.d/loop.yaml", ACCOUNT + "signature: theirs\nnational_tables: [klingon]\n"
            "replace_characters: {ab: c}\n")
    code, told = s.check()
    assert code != 0 and all(line in told for line in ("loop.yaml:3:12", "loop.yaml:4:", "loop.yaml:5:")), told
    s.write("accounts.d/loop.yaml", ACCOUNT)


with tempfile.TemporaryDirectory(prefix="posthorn-account-texts-") as there:
    go_through(site(pathlib.Path(there)), [as_they_are, carrier_signs, forbidden, tables,
                                           a_crash_and_reconcile, mistakes_are_told])
