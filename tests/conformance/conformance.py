#!/usr/bin/env python3
"""What is asked of every carrier adapter, whatever it speaks.

An adapter with a simulator is used under each of the simulator's faults: nothing may be lost, nothing may be sent
twice that is not counted as a repeat, a link must come back, and a stop must end in good order. What is not known of
an adapter from outside stands in tests/plugins/NAME/carrier.json (tests/carriers.py).

    conformance.py BUILD_DIR [NAME]      without a NAME all that the build has
"""

import collections
import contextlib
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/gateway")]
import carriers  # noqa: E402
from small_site import PATIENCE, comes_true, database, small_site  # noqa: E402

FINAL = {"delivered", "partial", "undelivered", "rejected", "expired", "unconfirmed", "uncertain"}
TEXTS, ENOUGH = 40, 3  # under each fault, which strikes so often at least
ROUNDS = 12  # of so many texts, at most, until it strikes: several may share a request
TYPE = """
name: note.{on_uncertain}
category: service
priority: normal
whom: [number]
validity: 15s
on_uncertain: {on_uncertain}
uncertain_wait: 1s
hold_for: 3s
signature: {{{language}: Minghu}}
default_language: {language}
fields: {{n: {{kind: text}}}}
texts: {{{language}: "{text} {{{{ n }}}}"}}
sample: {{n: "1"}}
"""
TYPES = {"note.hold": ("hold", "en", "Notice"), "note.resend": ("resend", "zh-CN", "通知")}
MAIN = """
receipt_wait: 2s
retry: {first: 1s, longest: 2s}
brake: {enabled: off}
sources: {crm: {types: all}}
countries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]
"""


class carrier:
    def __init__(self, build, folder, of):
        self.control = folder / "sim.sock"
        self.log = folder / "sim.jsonl"
        self.process = subprocess.Popen(
            [build / "bin/posthorn-sim", *of.words(), "--receipt-delay", "20ms", "--seed", "7", "--late", "300ms",
             "--log", self.log, "--control", self.control], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def say(self, words):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(str(self.control))
            s.sendall(words.encode() + b"\n")
            return s.makefile().readline().strip()

    def set(self, words):
        said = self.say(words)
        assert said == "ok", (words, said)

    def taken(self):
        """How often each text was."""
        submits = [json.loads(line) for line in self.log.read_text().splitlines()]
        return collections.Counter((s["dest"], s["sm"]) for s in submits if s["ev"] == "submit" and s["status"] == 0)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


class site(small_site):
    def __init__(self, build, folder, of, port):
        super().__init__(build, folder, {name: TYPE.format(on_uncertain=word, language=language, text=text)
                                         for name, (word, language, text) in TYPES.items()}, MAIN + of.posthorn)
        (folder / "accounts.d/loop.yaml").unlink()
        self.write("accounts.d/secret", carriers.SECRET + "\n")
        self.of, self.build = of, build
        self.write("accounts.d/carrier.yaml", carriers.account_file(of.adapter, of.options(port, "secret") | of.impatient))
        self.texts = 0

    def daemon_says(self, *words, code=0):
        done = subprocess.run([self.bin_dir / "posthornd", "--config", self.folder / "posthorn.yaml", *words],
                              capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done)
        return done.stdout + done.stderr

    def send(self, count):
        """The keys of so many events, of either type."""
        keys = [f"k{self.texts + i}" for i in range(count)]
        with database(self.outbox()) as db:
            db.executemany(
                "INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, ?, ?)",
                [("note.hold" if i % 2 else "note.resend", key, f"+86138{self.texts + i:08}",
                  json.dumps({"n": key})) for i, key in enumerate(keys)])
        self.texts += count
        return keys

    def states(self, keys):
        rows = self.results("SELECT key, state, repeats FROM result WHERE final")
        return {key: (state, repeats) for key, state, repeats in rows if key in set(keys)}

    def have_left(self, keys):
        """Or have ended without."""
        rows = self.results("SELECT key FROM result WHERE state NOT IN ('queued', 'sending')")
        return set(keys) <= {key for key, in rows}

    def all_end(self, keys):
        comes_true(lambda: len(self.states(keys)) == len(keys),
                   lambda: f"all of {len(keys)} end; open: {sorted(set(keys) - set(self.states(keys)))}\n"
                           f"{self.posthorn('accounts')}")
        return self.states(keys)

    def up(self):
        comes_true(lambda: json.loads(self.posthorn("accounts", "--json"))["accounts"][0]["slots"] > 0,
                   lambda: self.posthorn("accounts"))



def faults_of(build, name):
    said = subprocess.run([build / "bin/posthorn-sim", name, "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z-]+) ", re.search(r"^Faults .*?^RATE", said, re.MULTILINE | re.DOTALL)[0], re.MULTILINE)


def describes_itself(site, sim):
    """Says what it is, and what each option does."""
    said = site.daemon_says("--describe", site.of.adapter)
    first, *options = said.split("\n\n")
    assert re.match(rf"{site.of.adapter}: \S.+\.", first), first
    for option in filter(str.strip, options):
        assert option.startswith("Options of an account") or re.match(r"\s*[a-z_0-9]+: .*\[.+\]\n {6}\S", option), option


def refuses_what_it_does_not_know(site, sim):
    """An option that it does not have is a mistake with its file and line."""
    before = (site.folder / "accounts.d/carrier.yaml").read_text()
    site.write("accounts.d/carrier.yaml", before.replace("options: {}", "options:") + "  nonsense_of_mine: 1\n")
    said = site.daemon_says("--check", code=2)
    site.write("accounts.d/carrier.yaml", before)
    line = len(before.splitlines()) + 1
    assert re.search(rf"carrier\.yaml:{line}.*nonsense_of_mine", said), said


def carries_texts(site, sim):
    """What is sent arrives, once."""
    site.up()
    ends = site.all_end(site.send(TEXTS))
    assert set(ends.values()) == {("delivered", 0)}, ends


def bears_faults(site, sim):
    """Under each fault all comes to an end, and what the carrier took twice is counted as a repeat, never of a
    type that holds."""
    sent = {}
    for fault in faults_of(site.build, site.of.adapter):
        before = struck(sim, fault)
        sim.set(f"fault {fault}:every 5")
        sent[fault] = []
        for _ in range(ROUNDS):
            sent[fault] += site.send(TEXTS)
            comes_true(lambda: struck(sim, fault) >= before + ENOUGH or site.have_left(sent[fault]), fault)
            if struck(sim, fault) > before:
                break
        sim.set("clear")
        comes_true(lambda: site.have_left(sent[fault]), lambda: f"{fault}: all leave\n{site.posthorn('accounts')}")
        assert struck(sim, fault) > before, f"{fault} never struck"
        site.up()
    for fault, keys in sent.items():
        ends = site.all_end(keys)
        assert {state for state, _ in ends.values()} <= FINAL, (fault, ends)
        print("   ", fault, dict(collections.Counter(state for state, _ in ends.values())), flush=True)
    number = {f"86138{n:08}": f"k{n}" for n in range(site.texts)}
    ends = site.states(number.values())
    for (dest, _), times in sim.taken().items():
        key = number["86" + dest.removeprefix("86")]
        assert times == 1 or ends[key][1] >= times - 1, (key, times, ends[key])
        assert times == 1 or int(key[1:]) % 2 == 0, f"{key} of a type that holds was taken {times} times"


def struck(sim, fault):
    return json.loads(sim.say("stats"))["faults"].get(fault, 0)


def comes_back(site, sim):
    """After the carrier has cut all links the next texts arrive."""
    site.up()
    sim.set("close")
    ends = site.all_end(site.send(TEXTS))
    assert {state for state, _ in ends.values()} <= {"delivered", "uncertain"}, ends
    site.up()
    assert set(site.all_end(site.send(TEXTS)).values()) == {("delivered", 0)}


def stops_in_good_order(site, sim):
    """What has left when it is told to stop is answered first; the rest waits for the next start."""
    keys = site.send(TEXTS * 5)
    comes_true(lambda: site.states(keys) or sim.taken(), "texts leave")
    site.stop()
    site.start()
    ends = site.all_end(keys)
    assert set(ends.values()) == {("delivered", 0)}, ends
    site.posthorn("reconcile", "--deep")


def tells_no_secret(site, sim):
    """Neither the log nor what people are shown has the secret in it."""
    shown = [site.posthorn(*words) for words in (("accounts",), ("accounts", "--json"), ("status",))]
    for text in [(site.folder / "posthornd.log").read_text(), *shown]:
        assert carriers.SECRET not in text


def check(build, name):
    of = carriers.Pair(name)
    with tempfile.TemporaryDirectory(prefix="posthorn-conformance.") as folder, contextlib.ExitStack() as stack:
        folder = pathlib.Path(folder)
        sim = carrier(build, folder, of) if of.simulator is not None else None
        if sim:
            stack.callback(sim.stop)
        its = site(build, folder / "site", of, sim.port if sim else carriers.free_port())
        for test in (describes_itself, refuses_what_it_does_not_know):
            test(its, sim)
            print("ok", name, test.__name__, flush=True)
        its.start()
        try:
            for test in (carries_texts, comes_back, bears_faults, stops_in_good_order) if sim else ():
                test(its, sim)
                print("ok", name, test.__name__, flush=True)
            tells_no_secret(its, sim)
            print("ok", name, tells_no_secret.__name__, flush=True)
            its.stop()
        except BaseException:
            its.kill()
            print((its.folder / "posthornd.log").read_text()[-4000:])
            raise


def check_all(build):
    """At once: they wait most of the time. What each said, one after the other."""
    runs = {name: subprocess.Popen([sys.executable, "-B", __file__, build, name], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
            for name in sorted(f.stem for f in (build / "plugins").glob("*.so")) if is_adapter(name)}
    for name, run in runs.items():
        print(run.communicate()[0], end="", flush=True)
        print("good" if run.returncode == 0 else "BAD ", name, flush=True)
    return 1 if any(run.returncode for run in runs.values()) else 0


def is_adapter(name):
    """Not a handler of lookups."""
    return (ROOT / "plugins" / name / "adapter").is_dir()


if __name__ == "__main__":
    programs = pathlib.Path(sys.argv[1]).resolve()
    if len(sys.argv) == 2:
        sys.exit(check_all(programs))
    for one in sys.argv[2:]:
        check(programs, one)
