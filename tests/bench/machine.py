"""Processes, what they cost, and what the machine is."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something the bench needs did not work; the text says what and where to look."""


class Process:
    """A child with its output in a file; ended with its block."""

    def __init__(self, words, log, stdin=None):
        self.name = pathlib.Path(words[0]).name
        self.log = pathlib.Path(log)
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen([str(w) for w in words], stdin=stdin, stdout=out,
                                          stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, patience=60):
        """SIGTERM, and SIGKILL for who does not listen. Returns the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                self.child.kill()
        return self.child.wait()

    def output(self):
        return self.log.read_text(errors="replace")

    def expect(self, pattern, patience=60):
        """Waits for a line of output and returns the match."""
        return until(lambda: self.alive() and re.search(pattern, self.output(), re.MULTILINE),
                     patience, f"{self.name} did not print /{pattern}/ (see {self.log})")

    def alive(self):
        if self.child.poll() is not None:
            raise Failure(f"{self.name} ended with {self.child.returncode}:\n"
                          + "\n".join(self.output().splitlines()[-20:]))
        return True

    def cpu_seconds(self):
        """User and system time so far, all threads."""
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mib(self):
        text = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024


def until(condition, patience, complaint, pause=0.02):
    """Polls until the condition is true, and returns its value."""
    end = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise Failure(complaint)
        time.sleep(pause)
    return value


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def run(words, **more):
    """Runs a program to its end and returns its output."""
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise Failure(f"{words[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def last_json(text):
    return json.loads(text.strip().splitlines()[-1])


def fdatasync_ms(folder, times=200):
    """Median of appending 4 KiB and making it durable."""
    path = pathlib.Path(folder) / "fdatasync"
    took = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return sorted(took)[times // 2]


def describe(folder):
    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {
        "cpu": cpu.group(1) if cpu else os.uname().machine,
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory.group(1)) / 2**20, 1),
        "kernel": os.uname().release,
        "fdatasync_ms": round(fdatasync_ms(folder), 3),
        "load_before": round(os.getloadavg()[0], 2),
    }
