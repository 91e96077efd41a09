#!/usr/bin/env python3
"""The same day over each carrier: texts of all lengths, refusals, reports, phones, a link that is cut.

posthornd and `posthorn` as they are built, with the simulated carrier of each adapter that has one.
Usage: carriers_test.py BUILD_DIR [ADAPTER...]
"""

import collections
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
from carriers import SECRET, Pair, with_simulator  # noqa: E402
from small_site import PATIENCE, comes_true, database, go_through, small_site, type_file  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = """
retry: {first: 1s}
sources: {crm: {types: all}}
countries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]
"""

SHORT, LONG = "hello", "尊敬的客户，您好：" * 20  # 180 characters: three parts of UCS-2


class site(small_site):
    def __init__(self, folder, adapter):
        self.pair = Pair(adapter)
        super().__init__(BUILD, folder, {"note": type_file("note") + "uncertain_wait: 1s\n"}, MAIN + self.pair.posthorn)
        self.write("accounts.d/carrier.secret", SECRET)
        (folder / "accounts.d/loop.yaml").unlink()

    def start(self):
        told = self.folder / "carrier.out"
        with open(told, "w") as out:
            self.carrier = subprocess.Popen(
                [self.bin_dir / "posthorn-sim", *self.pair.words(), "--receipt-delay", "100ms",
                 "--outcome", "0001=undelivered", "--outcome", "0002=expired",
                 "--refuse", "0009=" + self.pair.refusal, "--fault", "throttle:every 400",
                 "--control", self.folder / "carrier.sock"], stdout=out)
        port = comes_true(lambda: re.search(r"listening .*:(\d+)", told.read_text()), "the carrier listens")[1]
        sender = {self.pair.sender: "10690000"} if self.pair.sender else {}
        self.write("accounts.d/carrier.yaml", self.pair.account(port, 16, "carrier.secret", **sender))
        super().start()

    def stop(self):
        super().stop()
        self.carrier.send_signal(signal.SIGTERM)
        assert self.carrier.wait(PATIENCE) == 0

    def tell(self, word):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.folder / "carrier.sock"))
            s.sendall(word.encode() + b"\n")
            return s.makefile().readline()

    def stats(self):
        return json.loads(self.tell("stats"))

    def insert(self, prefix, count, text):
        """To 13800000000 and on."""
        with database(self.outbox()) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, ?, ?)",
                           [(f"{prefix}{n}", f"138{n:08}", json.dumps({"text": text})) for n in range(count)])

    def ended(self, prefix, count):
        """How many of them in which state, once all have one that is final."""
        def now():
            rows = self.results("SELECT state, count(*) FROM result WHERE key LIKE ? GROUP BY state", prefix + "%")
            states = collections.Counter(dict(rows))
            done = sum(states[s] for s in ("delivered", "undelivered", "expired", "rejected"))
            return states if done == count else None
        return comes_true(now, lambda: self.results("SELECT key, state, reason FROM result WHERE state NOT IN "
                                                    "('delivered', 'rejected')"))


def texts_end_as_the_carrier_says(s):
    began = time.monotonic()
    s.insert("short", 1000, SHORT)
    states = s.ended("short", 1000)
    print(f"   1000 texts in {time.monotonic() - began:.1f} s")
    assert states == {"delivered": 997, "undelivered": 1, "expired": 1, "rejected": 1}, states


def long_texts_are_whole(s):
    before = s.stats()["accepted"]
    s.insert("long", 9, LONG)
    states = s.ended("long", 9)
    assert states == {"delivered": 7, "undelivered": 1, "expired": 1}, states
    assert s.stats()["accepted"] - before == (9 if s.pair.whole else 27)


def a_link_that_is_cut_comes_back(s):
    s.tell("close")
    s.insert("later", 1, SHORT)
    assert s.ended("later", 1) == {"delivered": 1}


def a_phone_is_heard(s):
    s.tell("mo 8613800000005 10690000 您好 there")
    comes_true(lambda: "您好 there" in s.posthorn("inbound", "--number", "13800000005"), "the text is kept")
    comes_true(lambda: s.stats()["mo_answered"] == 1, s.stats)


def the_account_says_how_it_is(s):
    page = s.posthorn("accounts", "test", "carrier")
    assert SECRET not in page + (s.folder / "posthornd.log").read_text()
    s.posthorn("reconcile", "--deep")


def main():
    for adapter in sys.argv[2:] or with_simulator():
        if not (BUILD / f"plugins/{adapter}.so").exists():
            continue
        print(adapter)
        with tempfile.TemporaryDirectory() as folder:
            s = site(pathlib.Path(folder), adapter)
            try:
                go_through(s, [texts_end_as_the_carrier_says, long_texts_are_whole,
                               a_link_that_is_cut_comes_back, a_phone_is_heard, the_account_says_how_it_is])
            finally:
                if hasattr(s, "carrier") and s.carrier.poll() is None:
                    s.carrier.kill()
                    s.carrier.wait(PATIENCE)


main()
