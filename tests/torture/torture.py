"""The run behind scripts/torture: start, write, kill, drain; books.py balances."""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import books
import carriers
import phones
import press
import sources

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("POSTHORN_BUILD", os.path.join(ROOT, "build", "debug"))

# Where the daemon can be killed, and how often it passes there before it is (at most).
FAULTS = {
    "drained": 6, "texts arrived": 20, "texts committed": 20, "answer ready": 40, "after drain": 6,
    "before commit": 120, "after commit": 120, "intent committed": 60, "bytes left": 60,
    "receipts committed": 40, "chunk ready": 3, "chunk committed": 3,
    "expansion chunk ready": 2, "expansion chunk committed": 2, "results told": 6, "history copied": 3, "history committed": 3,
    "before checkpoint": 1, "after checkpoint": 1,
}

TYPES = {
    "torture.resend": ("service", "resend"),
    "torture.hold": ("billing", "hold"),
}


class Site:
    """A scratch directory with a configuration of its own, the carrier and the daemon."""

    def __init__(self, args):
        self.dir = tempfile.mkdtemp(prefix="posthorn-torture.")
        self.window = args.window
        self.pair = carriers.Pair(args.adapter)
        self.port = None
        self.sim = None
        self.daemon = None
        self.write_configuration()

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def write_configuration(self):
        for name, (category, on_uncertain) in TYPES.items():
            self.write(f"config/types/{name}.yaml", f"""name: {name}
category: {category}
priority: normal
whom: [number]
validity: 24h
on_uncertain: {on_uncertain}
uncertain_wait: 2s
hold_for: 20s
fields:
  n: {{kind: text}}
  more: {{kind: text, required: false}}
signature: {{zh-CN: 明湖供电, en: Minghu}}
default_language: en
texts:
  en: 'Notice {{{{ n }}}}.{{% if more %}} {{{{ more }}}}{{% endif %}}'
  zh-CN: '第{{{{ n }}}}号通知。{{% if more %}}{{{{ more }}}}{{% endif %}}'
sample: {{n: "1", more: "and more"}}
""")
        self.write(f"config/types/{press.KIND}.yaml", f"""name: {press.KIND}
category: service
priority: normal
whom: [number, topic, group]
validity: 24h
on_uncertain: hold
uncertain_wait: 2s
hold_for: 20s
fields:
  n: {{kind: text}}
signature: {{en: Minghu}}
default_language: en
texts: {{en: 'News {{{{ n }}}}.'}}
sample: {{n: "1"}}
""")
        self.write("config/topics/news.yaml", press.TOPIC)
        self.write("config/accounts.d/sim.password", carriers.SECRET + "\n")
        self.write("config/posthorn.yaml", f"""state_dir: ../var
outbox_dir: ../var/outbox
result_dir: ../var/result
plugin_dir: {BUILD}/plugins
socket: ../var/posthorn.sock
types_dir: types
accounts_dir: accounts.d
sources:
  north: {{types: all}}
  south: {{types: all}}
  press: {{types: all}}
zone: Asia/Shanghai
countries:
  - {{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}}
retry: {{first: 1s, longest: 5s}}
brake: {{enabled: off}}
systems: {{billing: {{sqlite: ../var/billing.db}}}}
inbound: {{per_minute: 100000, per_hour: 100000, nuisance_after: 0}}
""")
        os.makedirs(self.path("var", "outbox"))
        phones.make_system(self.path("var", "billing.db"))
        for name in phones.SHIPPED:
            os.makedirs(os.path.dirname(self.path("config", name)), exist_ok=True)
            shutil.copy(os.path.join(ROOT, "config", name), self.path("config", name))
        kept = pathlib.Path(self.path("config/types/reply.yaml"))
        shipped = kept.read_text(encoding="utf-8")
        kept.write_text(shipped.replace("hold_for: 30m", "uncertain_wait: 2s\nhold_for: 20s"), encoding="utf-8")

    def start_carrier(self, seed):
        # numbers that end in 7 are undelivered; nothing echoes our reference
        self.sim = subprocess.Popen(
            [f"{BUILD}/bin/posthorn-sim", *self.pair.words(), "--seed", str(seed), "--outcome", "7=undelivered",
             "--receipt-delay", "50ms", "--log", self.path("sim.log"), "--control",
             self.path("sim.sock")], stdout=subprocess.PIPE, text=True)
        self.port = int(self.sim.stdout.readline().rsplit(":", 1)[1])
        self.write("config/accounts.d/sim.yaml", self.pair.account(self.port, self.window, "sim.password"))

    def carrier(self, command):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(self.path("sim.sock"))
            s.sendall(command.encode() + b"\n")
            return s.makefile().readline().strip()

    def start_daemon(self, fault=None):
        env = dict(os.environ)
        env.pop("POSTHORN_FAULT", None)
        if fault:
            env["POSTHORN_FAULT"] = fault
        log = open(self.path("posthornd.log"), "a", encoding="utf-8")
        self.daemon = subprocess.Popen(
            [f"{BUILD}/bin/posthornd", "--config", self.path("config/posthorn.yaml")], stderr=log,
            env=env)

    def reconcile(self):
        """Exit status and words of `posthorn reconcile --deep`: whether the books hold, whoever died when."""
        done = subprocess.run([f"{BUILD}/bin/posthorn", "--config", self.path("config/posthorn.yaml"),
                               "reconcile", "--deep"], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def kill_daemon(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def died(self, within):
        try:
            self.daemon.wait(timeout=within)
            return True
        except subprocess.TimeoutExpired:
            return False


def text_in(site, stop, sent):
    """Texts from phones, all the time."""
    n = 0
    while not stop.wait(0.02):
        # Before the first bind the carrier has nobody to keep a text for, and says so.
        if site.carrier(phones.text(n)) == "ok":
            sent.append(n)
        n += 1


def subscribe(site):
    """The daemon makes its store first."""
    site.start_daemon()
    if not until_true(lambda: os.path.exists(site.path("var", "posthorn.sock"))):
        raise SystemExit(f"posthornd does not start: see {site.path('posthornd.log')}")
    site.daemon.send_signal(signal.SIGTERM)
    site.daemon.wait(timeout=45)
    press.subscribe(site)


def until_true(what, limit=30):
    end = time.monotonic() + limit
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def kill_many(site, args, rng):
    """Returns how many died where they should, by fault point; 'random' for the others."""
    died = {}
    names = list(FAULTS)
    for i in range(args.kills):
        name = names[(i // 2) % len(names)] if i % 2 == 0 else None
        if name:
            site.start_daemon(f"{name}:{rng.randint(1, FAULTS[name])}")
            if site.died(within=6 if FAULTS[name] > 1 else 1.5):
                if site.daemon.returncode != -signal.SIGKILL:
                    raise SystemExit(f"posthornd ended with {site.daemon.returncode}: "
                                     f"see {site.path('posthornd.log')}")
                died[name] = died.get(name, 0) + 1
                continue
        else:
            site.start_daemon()
            time.sleep(rng.uniform(0.15, 1.5))
            if site.daemon.poll() is not None:
                raise SystemExit(f"posthornd ended by itself with {site.daemon.returncode}: "
                                 f"see {site.path('posthornd.log')}")
        site.kill_daemon()
        died["random"] = died.get("random", 0) + 1
    return died


def drain(site, writers, limit=240):
    """Lets the daemon finish; true when everything has come to its end."""
    site.start_daemon()
    until = time.monotonic() + limit
    while time.monotonic() < until:
        time.sleep(0.5)
        stats = json.loads(site.carrier("stats"))
        if (books.pending(stats) == 0 and phones.waiting(site) == 0
                and all(books.told(site, w.name) >= w.inserted for w in writers)):
            return True
        if site.daemon.poll() is not None:
            raise SystemExit(f"posthornd ended by itself with {site.daemon.returncode}")
    return False


def run(args):
    rng = random.Random(args.seed)
    site = Site(args)
    began = time.monotonic()
    result = 1
    try:
        site.start_carrier(args.seed)
        writers = [sources.Writer(site, name, args.seed, args.rate // 2) for name in ("north", "south")]
        subscribe(site)
        publisher = press.Publisher(site)
        for w in [*writers, publisher]:
            w.start()
        stop, texts = threading.Event(), []
        phone = threading.Thread(target=text_in, args=(site, stop, texts))
        phone.start()
        died = kill_many(site, args, rng)
        stop.set()
        phone.join()
        for w in [*writers, publisher]:
            w.finish()
        drained = drain(site, [*writers, publisher])
        reconciled = site.reconcile()
        site.daemon.send_signal(signal.SIGTERM)
        stopped = site.died(within=45) and site.daemon.returncode == 0
        site.sim.send_signal(signal.SIGTERM)
        site.sim.wait(timeout=10)
        result = books.balance(site, writers, publisher, texts, args, died, drained, stopped, reconciled)
        print(f"{time.monotonic() - began:.0f} s")
    finally:
        for process in (site.daemon, site.sim):
            if process and process.poll() is None:
                process.kill()
        if result == 0 and not args.keep:
            shutil.rmtree(site.dir)
        else:
            print(f"left for you in {site.dir}", file=sys.stderr)
    return result
