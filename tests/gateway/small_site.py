"""A site in a folder of its own: posthornd and `posthorn` as they are built, the loopback carrier, and what
files a test adds."""

import contextlib
import pathlib
import re
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds until a test that hangs says so

# What all of these sites say; a test says its sources and more.
MAIN = """
state_dir: state
plugin_dir: {plugins}
socket: posthorn.sock
zone: {zone}
"""

# Of one field, `text`, which is all it says.
TYPE = """
name: {name}
category: {category}
priority: {priority}
whom: [number]
validity: 48h
signature: {{en: X}}
default_language: en
fields: {{text: {{kind: text}}}}
texts: {{en: "{{{{ text }}}}"}}
sample: {{text: "1"}}
"""


def type_file(name, category="service", priority="normal"):
    return TYPE.format(name=name, category=category, priority=priority)


def comes_true(what, told):
    """What it came to. `told`: what was waited for, as text or as what makes it."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, f"not within {PATIENCE} s: {told() if callable(told) else told}"
        time.sleep(0.05)
    return found


def zone_of_noon():
    """A zone in which it is about noon, so that no midnight comes in between."""
    west = time.gmtime().tm_hour - 12
    return f"Etc/GMT{west:+d}" if west else "UTC"


@contextlib.contextmanager
def database(file, mode="rw"):
    """A transaction. Closed at its end, which Python leaves to chance: a connection that is still open to an
    older -shm would show that to all later ones of this process."""
    db = sqlite3.connect(f"file:{file}?mode={mode}", uri=True, timeout=30)
    with contextlib.closing(db), db:
        yield db


class small_site:
    zone = "Asia/Shanghai"

    def __init__(self, build, folder, types, more, sources=("crm",)):
        """`types`: their files by name. `more`: of posthorn.yaml."""
        self.bin_dir, self.plugins, self.folder = build / "bin", build / "plugins", folder
        for name, text in types.items():
            self.write(f"types/{name}.yaml", text)
        self.write("accounts.d/loop.yaml", "adapter: loopback\ndelivery: live\n")
        self.configure(more)
        (folder / "state/outbox").mkdir(parents=True)
        for source in sources:
            with database(self.outbox(source), "rwc") as db:
                db.executescript((ROOT / "config/outbox.sql").read_text())

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def configure(self, more):
        self.write("posthorn.yaml", MAIN.format(plugins=self.plugins, zone=self.zone) + more)

    def outbox(self, source="crm"):
        return self.folder / f"state/outbox/{source}.db"

    def start(self):
        log = self.folder / "posthornd.log"
        with open(log, "a") as to:
            read = log.stat().st_size
            self.daemon = subprocess.Popen(
                [self.bin_dir / "posthornd", "--config", self.folder / "posthorn.yaml"], stderr=to)
        comes_true(lambda: "ready socket" in log.read_text()[read:], log.read_text)
        if port := re.search(r"listening .*port=(\d+)", log.read_text()[read:]):
            self.url = "http://127.0.0.1:" + port[1]

    def stop(self):
        self.daemon.terminate()
        code = self.daemon.wait(PATIENCE)
        assert code == 0, code

    def kill(self):
        self.daemon.kill()
        self.daemon.wait(PATIENCE)

    def posthorn(self, *words, code=0):
        done = subprocess.run(
            [self.bin_dir / "posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout if "--json" in words else done.stdout + done.stderr

    def check(self):
        """How `posthornd --check` ends, and what it tells."""
        done = subprocess.run([self.bin_dir / "posthornd", "--config", self.folder / "posthorn.yaml", "--check"],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        return done.returncode, done.stdout + done.stderr

    def results(self, sql, *values, source="crm"):
        """Rows of its result file; none while that is being made."""
        file = self.folder / f"state/result/{source}.db"
        if not file.exists():
            return []
        with database(file, "ro") as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'result_recipient'").fetchone():
                return []
            return db.execute(sql, values).fetchall()

    def becomes(self, key, state):
        """The reason beside it."""
        def now():
            return self.results("SELECT state, reason FROM result WHERE key = ?", key)
        comes_true(lambda: now() and now()[0][0] == state, lambda: f"{key} {state}, is {now()}")
        return now()[0][1]


def go_through(site, tests):
    """One after the other, of a site that is not started yet."""
    try:
        site.start()
        for test in tests:
            test(site)
            print("ok", test.__name__)
        site.stop()
    except BaseException:
        if hasattr(site, "daemon"):
            site.kill()
        print((site.folder / "posthornd.log").read_text()[-4000:])
        raise
