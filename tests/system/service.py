#!/usr/bin/env python3
"""posthornd as a service manager sees it: told when it is ready, alive and stopping; what it ends
with; where its secrets come from.

    service.py BUILD_DIR
"""

import contextlib
import ctypes
import os
import pathlib
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

from manager import Failure, Manager, exit_code, expect_equal, run_cases, thread_named, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = (ROOT / "config" / "accounts.d" / "sim.password").read_text().strip()
BEAT = 0.2  # seconds: a third of the watchdog's time
libc = ctypes.CDLL(None, use_errno=True)


class Site:
    """A configured daemon and its carrier, which takes one password, in a folder of their own."""

    def __init__(self, build, stop_within="60s", password="file:sim.password", carrier=()):
        self.build = build
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="posthorn-service."))
        shutil.copytree(ROOT / "config", self.folder / "config")
        self.config = self.folder / "config" / "posthorn.yaml"
        self.log = self.folder / "posthornd.log"
        self.stack = contextlib.ExitStack()
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        port = self.start_carrier(carrier)
        self.edit(self.config, r"^plugin_dir:.*", f"plugin_dir: {build}/plugins")
        self.edit(self.config, r"^stop_within:.*", f"stop_within: {stop_within}")
        account = self.folder / "config" / "accounts.d" / "sim.yaml"
        self.edit(account, r"port:.*", f"port: {port}")
        self.edit(account, r"password:.*", f"password: {password}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind and self.log.exists():
            print(self.log.read_text(), end="")
        self.stack.close()

    @staticmethod
    def edit(file, pattern, replacement):
        text, found = re.subn(pattern, replacement, file.read_text(), flags=re.MULTILINE)
        expect_equal(f"lines like {pattern} in {file}", 1, found)
        file.write_text(text)

    def end(self, child):
        if child.poll() is None:
            child.kill()
        child.wait()

    def start_carrier(self, options):
        told = self.folder / "carrier.log"
        with open(told, "wb") as out:
            child = subprocess.Popen([self.build / "bin" / "posthorn-sim", "smpp", "--port", "0",
                                      "--password", PASSWORD, "--log", self.folder / "taken", *options],
                                     stdout=out)
        self.stack.callback(self.end, child)
        return wait_for(lambda: re.search(r"^listening .*:(\d+)$", told.read_text(), re.MULTILINE),
                        "the simulator does not listen")[1]

    def start(self, manager, **environment):
        with open(self.log, "wb") as out:
            child = subprocess.Popen([self.build / "bin" / "posthornd", "--config", self.config], stderr=out,
                                     env={**os.environ, **manager.environment(), **environment})
        self.stack.callback(self.end, child)
        return child

    def ready(self, manager, **environment):
        child = self.start(manager, **environment)
        manager.expect("READY=1", child)
        return child


    def send_one(self):
        """One text is with the carrier."""
        subprocess.run([self.build / "bin" / "posthorn", "--config", self.config, "enqueue", "code.verification",
                        "--source", "codes", "--key", "k-1", "--to", "13800138000", "--set", "code=482913"],
                       check=True, stdout=subprocess.DEVNULL)
        taken = self.folder / "taken"
        wait_for(lambda: taken.exists() and taken.read_text(), "the carrier gets nothing")

    def left_without_answer(self, manager):
        """How many parts the next start finds so."""
        child = self.ready(manager)
        child.send_signal(signal.SIGTERM)
        expect_equal("exit code of the next one", 0, exit_code(child))
        found = re.search(r"parts left without an answer .*: (\d+), now uncertain", self.log.read_text())
        return int(found[1]) if found else 0


FUTEX = {"x86_64": 202}.get(platform.machine(), 98)  # the number of the system call


@contextlib.contextmanager
def frozen(child, thread):
    """One thread stands still where it waits for work, and answers no more, as with a disk that does not answer:
    elsewhere it might hold a lock that others need, of the allocator's."""
    tid = thread_named(child.pid, thread)
    attach, detach, of_any_thread = 16, 17, 0x40000000
    where = pathlib.Path(f"/proc/{child.pid}/task/{tid}/syscall")

    def stands():
        if libc.ptrace(attach, tid, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")
        os.waitpid(tid, of_any_thread)
        if where.read_text().startswith(f"{FUTEX} "):
            return True
        libc.ptrace(detach, tid, None, None)
        return False
    wait_for(stands, f"the thread {thread} never waits")
    try:
        yield
    finally:
        if libc.ptrace(detach, tid, None, None) != 0:  # it was killed: its tracer has to reap it
            os.waitpid(tid, of_any_thread)


def tells_ready_and_verdict(build):
    """is ready once it is started, and says how it is in the words of `posthorn status`"""
    with Site(build) as site:
        manager = Manager()
        child = site.ready(manager)
        expect_equal("first message", "READY=1", manager.heard[0])
        manager.expect("STATUS=all well: idle", child)
        child.send_signal(signal.SIGTERM)
        expect_equal("limit it asks for", "STOPPING=1\nEXTEND_TIMEOUT_USEC=65000000",
                     manager.expect("STOPPING=1", child))
        expect_equal("exit code", 0, exit_code(child))
        if any(m.startswith("WATCHDOG") for m in manager.heard):
            raise Failure("it says that it is alive though nobody watches")


def feeds_the_watchdog_by_work(build):
    """feeds the watchdog while the store gets on, and only then"""
    with Site(build) as site:
        manager = Manager(watchdog_usec=int(3 * BEAT * 1e6))
        child = site.ready(manager)
        for _ in range(5):
            manager.expect("WATCHDOG=1", child)
        with frozen(child, "store"):
            manager.forget()
            heard = [manager.hear(BEAT) for _ in range(10)]
            # A commit begun since the last beat is told by the next one; then there is silence.
            if heard.count("WATCHDOG=1") > 1:
                raise Failure("it is alive although its store stands still")
            expect_equal("exit code so far", None, child.poll())
        manager.expect("WATCHDOG=1", child)


def is_alive_while_it_tries(build):
    """is alive while it cannot write but tries: to be started again would not help; and can be stopped"""
    with Site(build, stop_within="1s") as site:
        manager = Manager(watchdog_usec=6_000_000)  # it tries every half second
        child = site.ready(manager)
        with contextlib.closing(sqlite3.connect(site.folder / "var" / "live.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_for(lambda: "live.db cannot be written" in site.log.read_text(), "it does not say that it cannot")
            manager.forget()
            for _ in range(2):
                manager.expect("WATCHDOG=1", child)
            child.send_signal(signal.SIGTERM)
            expect_equal("exit code", 1, exit_code(child))


def stops_within_its_limit(build):
    """ends within stop_within although the store never answers"""
    with Site(build, stop_within="1s") as site:
        manager = Manager()
        child = site.ready(manager)
        with frozen(child, "store"):
            child.send_signal(signal.SIGTERM)
            wait_for(lambda: "not stopped within 1 s (`stop_within:`): leaving" in site.log.read_text(),
                     "it does not say why it leaves")
        expect_equal("exit code", 1, exit_code(child))
        expect_equal("parts without an answer", 0, site.left_without_answer(manager))


def waits_for_answers(build):
    """told to stop it waits for the answer to what it has sent"""
    with Site(build, carrier=("--response-delay", "1s")) as site:
        manager = Manager()
        child = site.ready(manager)
        site.send_one()
        child.send_signal(signal.SIGTERM)
        expect_equal("exit code", 0, exit_code(child))
        expect_equal("parts without an answer", 0, site.left_without_answer(manager))


def second_signal_ends_it(build):
    """told a second time it does not wait, and the next start knows"""
    with Site(build, stop_within="1h", carrier=("--fault", "no-response")) as site:
        manager = Manager()
        child = site.ready(manager)
        site.send_one()
        child.send_signal(signal.SIGTERM)
        manager.expect("STOPPING=1", child)
        child.send_signal(signal.SIGTERM)
        expect_equal("exit code", 1, exit_code(child))
        if "told a second time to stop: leaving" not in site.log.read_text():
            raise Failure("it does not say why it leaves")
        expect_equal("parts without an answer", 1, site.left_without_answer(manager))


def reads_credentials(build):
    """reads a carrier's password from CREDENTIALS_DIRECTORY"""
    with Site(build, password="credential:sim.password") as site:
        credentials = site.folder / "credentials"
        credentials.mkdir()
        (credentials / "sim.password").write_text(PASSWORD + "\n")
        manager = Manager()
        child = site.ready(manager, CREDENTIALS_DIRECTORY=str(credentials))
        manager.expect("STATUS=all well: idle", child)


def does_not_loop_on_mistakes(build):
    """ends with the code the unit does not restart on when the configuration is wrong"""
    unit = (ROOT / "systemd" / "posthorn.service").read_text()
    code = int(re.search(r"^RestartPreventExitStatus=(\d+)$", unit, re.MULTILINE)[1])
    with Site(build, password="credential:sim.password") as site:
        manager = Manager()
        child = site.start(manager)
        expect_equal("exit code without credentials", code, exit_code(child))
        if "there are no credentials: start with systemd and LoadCredential=" not in site.log.read_text():
            raise Failure(f"it does not say what is missing:\n{site.log.read_text()}")
        with open(site.config, "a", encoding="utf-8") as file:
            file.write("stop_withn: 3s\n")
        expect_equal("exit code", code, exit_code(site.start(manager)))
        expect_equal("messages", None, manager.hear(0))
    with Site(build) as site:  # what may pass is tried again
        (site.folder / "var").write_text("a file where the folder should be")
        expect_equal("exit code without a folder", 1, exit_code(site.start(Manager())))


if __name__ == "__main__":
    sys.exit(run_cases([tells_ready_and_verdict, feeds_the_watchdog_by_work, is_alive_while_it_tries,
                        stops_within_its_limit, waits_for_answers, second_signal_ends_it,
                        reads_credentials, does_not_loop_on_mistakes],
                       pathlib.Path(sys.argv[1]).resolve()))
