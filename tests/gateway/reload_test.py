#!/usr/bin/env python3
"""A run in flight while the configuration is changed again and again.

posthornd, `posthorn` and the simulated carrier as they are built, in a folder of their own. Nothing
may be lost or sent twice, the link stays bound as long as its options stay, what is queued keeps its
text, and a refused reload changes nothing. Usage: reload_test.py BUILD_DIR
"""

import collections
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from small_site import PATIENCE, comes_true

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
MESSAGES = 10000 # more than the daemon takes in at once

TYPE = """
name: note.{name}
category: service
priority: normal
whom: [number]
validity: 1h
signature: {{en: X}}
default_language: en
fields: {{n: {{kind: text}}}}
texts: {{en: "{text} {{{{ n }}}}"}}
sample: {{n: "1"}}
"""

ACCOUNT = """
adapter: smpp
delivery: live
rate: {rate}
options: {{host: 127.0.0.1, port: {port}, system_id: {system_id}, password: "file:password", window: {window}}}
"""

MAIN = """
state_dir: {state_dir}
plugin_dir: {plugins}
socket: posthorn.sock
brake: {{enabled: off}}
sources:
  billing: {{types: all}}
{more}
"""


class site:
    def __init__(self, folder):
        self.folder = folder
        self.rows = 0
        self.log = folder / "carrier.log"
        self.types = folder / "types"
        self.types.mkdir()
        (folder / "accounts.d").mkdir()
        (folder / "password").write_text("secret\n")
        (folder / "accounts.d" / "password").write_text("secret\n")
        self.write_type("note", "first")
        self.write_main()
        self.carrier = subprocess.Popen(
            [BUILD / "bin/posthorn-sim", "smpp", "--port", "0", "--receipt-delay", "50ms",
             "--log", self.log],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.carrier.stdout.readline()
        assert line.startswith("listening"), line
        self.port = int(line.rsplit(":", 1)[1].split()[0])
        self.write_account()
        (folder / "state" / "outbox").mkdir(parents=True)
        self.make_outbox("billing")
        self.errors = open(folder / "posthornd.log", "w+")
        self.daemon = subprocess.Popen(
            [BUILD / "bin/posthornd", "--config", folder / "posthorn.yaml"], stderr=self.errors)
        comes_true(lambda: "ready socket" in self.daemon_log(), "the daemon is ready")

    def daemon_log(self):
        return (self.folder / "posthornd.log").read_text()

    def write_type(self, name, text):
        (self.types / f"note.{name}.yaml").write_text(TYPE.format(name=name, text=text))

    def write_account(self, rate=3000, system_id="one", name="sim", window=20):
        (self.folder / "accounts.d" / f"{name}.yaml").write_text(
            ACCOUNT.format(rate=rate, port=self.port, system_id=system_id, window=window))

    def write_main(self, more="", state_dir="state"):
        (self.folder / "posthorn.yaml").write_text(
            MAIN.format(state_dir=state_dir, plugins=BUILD / "plugins", more=more))

    def outbox(self, source):
        return self.folder / "state" / "outbox" / f"{source}.db"

    def make_outbox(self, source):
        with sqlite3.connect(self.outbox(source)) as db:
            db.executescript((ROOT / "config/outbox.sql").read_text())

    def insert(self, count, source="billing", kind="note.note", not_before=None):
        first = self.rows
        self.rows += count
        with sqlite3.connect(self.outbox(source), timeout=30) as db:
            db.executemany(
                "INSERT INTO outbox(type, key, to_ref, data, not_before) VALUES (?,?,?,?,?)",
                [(kind, f"k{n}", f"138{n:08}", json.dumps({"n": str(n)}), not_before)
                 for n in range(first, self.rows)])
        return range(first, self.rows)

    def waiting(self, source="billing"):
        with sqlite3.connect(self.outbox(source), timeout=30) as db:
            return db.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def results(self, source="billing"):
        file = self.folder / "state" / "result" / f"{source}.db"
        if not file.exists():
            return collections.Counter()
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as db:
            try:
                return collections.Counter(dict(
                    db.execute("SELECT state, count(*) FROM result GROUP BY state")))
            except sqlite3.OperationalError as e: # the daemon is just making it
                assert "no such table" in str(e), e
                return collections.Counter()

    def posthorn(self, *words):
        return subprocess.run(
            [BUILD / "bin/posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE)

    def reload(self, *words, refused=""):
        done = self.posthorn("reload", *words)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == bool(refused), said
        assert refused in said, f"'{refused}' is not in: {said}"
        return said

    def log_holds(self):
        """number → texts, of what the carrier has written down."""
        texts = {}
        for line in self.log.read_text().splitlines(keepends=True):
            row = json.loads(line) if line.endswith("\n") else {"ev": "half written"}
            if row["ev"] == "submit":
                text = bytes.fromhex(row["sm"]).decode("latin-1")
                texts.setdefault(row["dest"], []).append(text)
        return texts

    def submitted(self, count):
        """The carrier writes its log every 100 ms, so it may be behind a result."""
        comes_true(lambda: sum(map(len, self.log_holds().values())) >= count,
                   f"the carrier's log holds {count} texts")
        return self.log_holds()

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        assert self.daemon.wait(PATIENCE) == 0, self.daemon_log()
        self.carrier.send_signal(signal.SIGTERM)
        out, _ = self.carrier.communicate(timeout=PATIENCE)
        return json.loads(out.strip().splitlines()[-1])

    def kill(self):
        for p in (self.daemon, self.carrier):
            if p.poll() is None:
                p.kill()
                p.wait()


def nothing_lost_nothing_twice(s):
    s.insert(MESSAGES)
    reloads = 0
    while s.results()["delivered"] < MESSAGES:
        reloads += 1
        s.write_type("note", f"text{reloads}")
        s.write_account(rate=3000 + reloads % 2)
        said = s.reload()
        assert "its link stays" in said and "type note.note: changed" in said, said
    assert reloads >= 3, reloads
    texts = s.submitted(MESSAGES)
    more = {number: t for number, t in texts.items() if len(t) != 1}
    assert len(texts) == MESSAGES and not more, (len(texts), more)
    kinds = {t[0].split()[-2] for t in texts.values()}
    assert len(kinds) > 1, "no new text was ever used"
    print(f"  {reloads} reloads, {len(kinds)} texts", file=sys.stderr)
    assert s.results() == {"delivered": MESSAGES}, s.results()
    return s.results()["delivered"]


def a_queued_text_stays(s):
    s.write_type("note", "before")
    s.reload()
    later = int((time.time() + 3) * 1e6)
    rows = s.insert(20, not_before=later)
    comes_true(lambda: s.waiting() == 0, "the rows are taken in")
    s.write_type("note", "after")
    s.reload()
    total = MESSAGES + 20
    comes_true(lambda: s.results()["delivered"] == total, "they are delivered")
    texts = s.submitted(total)
    for n in rows:
        assert "before" in texts[f"86138{n:08}"][0], texts[f"86138{n:08}"]


def a_mistake_changes_nothing(s):
    s.write_main("max_part: 3\n")
    (s.types / "note.bad.yaml").write_text("name: note.bad\n")
    said = s.reload(refused="did you mean 'max_parts'?")
    assert "note.bad.yaml:1:1: missing key" in said, said
    check = subprocess.run([BUILD / "bin/posthornd", "--config", s.folder / "posthorn.yaml",
                            "--check"], capture_output=True, text=True)
    assert check.returncode == 2
    for line in check.stderr.splitlines():
        assert line in said, f"--check says '{line}', reload does not: {said}"
    (s.types / "note.bad.yaml").unlink()
    s.write_main(state_dir="elsewhere")
    s.reload(refused="state_dir needs a restart")
    s.reload("--dry-run", refused="state_dir needs a restart")
    s.write_main()
    assert "nothing has changed" in s.reload()


def a_source_and_a_type_come_and_go(s):
    s.write_main("  outages: {types: [note.more]}\n")
    s.write_type("more", "more")
    said = s.reload("--dry-run")
    assert "source outages: added" in said and "would be applied" in said, said
    s.make_outbox("outages")
    s.insert(5, source="outages", kind="note.more")
    assert s.waiting("outages") == 5, "a dry run changes nothing"
    s.reload()
    comes_true(lambda: s.results("outages")["delivered"] == 5, "the new source is served")
    comes_true(lambda: s.waiting("outages") == 0, "its rows are deleted")
    # with rows that wait, the type cannot go; drained, they come to their end
    s.insert(5, source="outages", kind="note.more", not_before=int((time.time() + 3) * 1e6))
    comes_true(lambda: s.waiting("outages") == 0, "the rows are taken in")
    (s.types / "note.more.yaml").unlink()
    s.write_main()
    s.reload(refused="type note.more has 5 live messages")
    assert "source outages: removed" in s.reload("--drain")
    comes_true(lambda: s.results("outages")["delivered"] == 10, "what was queued is delivered")
    s.insert(3, source="outages", kind="note.more")
    s.insert(1)
    comes_true(lambda: s.results()["delivered"] == MESSAGES + 21, "the others go on")
    assert s.waiting("outages") == 3, "a source that is gone is not read"


def an_account_changes_and_goes(s, delivered):
    rows = s.insert(500)
    s.write_account(window=30)
    assert "is closed after its last answer" in s.reload()
    delivered += len(rows)
    comes_true(lambda: s.results()["delivered"] == delivered, "the run ends on the new link")
    s.write_account(name="second", system_id="two")
    s.reload()
    (s.folder / "accounts.d" / "sim.yaml").unlink()
    s.reload("--drain")
    comes_true(lambda: "sim: account left" in s.daemon_log(), "the account leaves")
    rows = s.insert(100)
    delivered += len(rows)
    comes_true(lambda: s.results()["delivered"] == delivered, "the other account carries them")


def hangup_reloads_too(s):
    s.write_type("note", "hup")
    s.daemon.send_signal(signal.SIGHUP)
    comes_true(lambda: "asked by SIGHUP: applied" in s.daemon_log(), "SIGHUP reloads")
    (s.types / "note.note.yaml").write_text("name: note.note\n")
    s.daemon.send_signal(signal.SIGHUP)
    comes_true(lambda: "asked by SIGHUP: refused" in s.daemon_log(), "SIGHUP may be refused")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="posthorn-reload-"))
    s = site(folder)
    try:
        nothing_lost_nothing_twice(s)
        a_queued_text_stays(s)
        a_mistake_changes_nothing(s)
        binds = 1
        a_source_and_a_type_come_and_go(s)
        assert s.daemon_log().count("bound ") == binds, "the link was bound again"
        an_account_changes_and_goes(s, MESSAGES + 21)
        hangup_reloads_too(s)
        seen = s.stop()
        assert seen["binds"] == 3, seen
        assert seen["repeats"] == 0, seen
        assert not any(" error " in line and "reload:" not in line
                       for line in s.daemon_log().splitlines()), s.daemon_log()
    except BaseException:
        print(s.daemon_log()[-4000:], file=sys.stderr)
        raise
    finally:
        s.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
