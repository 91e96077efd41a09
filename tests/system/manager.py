"""Plays the service manager: hears what a daemon tells it over NOTIFY_SOCKET."""

import os
import socket
import time


PATIENCE = 180  # seconds; a machine that does much else is slow


class Failure(Exception):
    """What was expected did not happen; the text says what did."""


class Manager:
    """Listens on an abstract address, which is the same in every root directory."""

    def __init__(self, watchdog_usec=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("")  # the kernel chooses an abstract name
        self.watchdog_usec = watchdog_usec
        self.heard = []

    def environment(self):
        words = {"NOTIFY_SOCKET": "@" + self.socket.getsockname()[1:].decode()}
        if self.watchdog_usec:
            words["WATCHDOG_USEC"] = str(self.watchdog_usec)
        return words

    def hear(self, seconds):
        """The next message, or None."""
        self.socket.settimeout(max(seconds, 0.001))
        try:
            message = self.socket.recv(65536).decode()
        except TimeoutError:
            return None
        self.heard.append(message)
        return message

    def forget(self):
        """What was told so far."""
        while self.hear(0):
            pass

    def expect(self, beginning, child=None, seconds=PATIENCE):
        """Waits for a message that begins so, and returns it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = self.hear(0.2)
            if message and message.startswith(beginning):
                return message
            if child and message is None and child.poll() is not None:
                raise Failure(f"the daemon ended with {child.returncode} before it said {beginning}")
        raise Failure(f"nobody said {beginning}, but {self.heard[-5:]}")


def wait_for(condition, complaint, seconds=PATIENCE):
    """Polls until the condition is true, and returns its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise Failure(complaint)
        time.sleep(0.02)
    return value


def expect_equal(what, expected, found):
    if expected != found:
        raise Failure(f"{what}: expected {expected!r}, found {found!r}")


def run_cases(cases, *arguments):
    """Calls each; prints what it says of itself; the exit code."""
    failed = 0
    for case in cases:
        try:
            case(*arguments)
            print(f"pass  {case.__doc__}", flush=True)
        except (Failure, OSError) as why:
            failed += 1
            print(f"FAIL  {case.__doc__}\n      " + str(why).replace("\n", "\n      "), flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def exit_code(child, seconds=PATIENCE):
    wait_for(lambda: child.poll() is not None, f"process {child.pid} does not end", seconds)
    return child.returncode


def thread_named(pid, name):
    """Its id, once it has begun and named itself."""
    def look():
        for tid in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{tid}/comm", encoding="ascii") as comm:
                if comm.read().strip() == name:
                    return int(tid)
        return 0

    return wait_for(look, f"process {pid} has no thread '{name}'")
