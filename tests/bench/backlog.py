"""What a long queue costs: messages that wait beside five months of finished ones."""

import shutil
import time

from carrier import Carrier
from gateway import Daemon, Site
from machine import Failure, run, until


def site_with(setup, folder, port, queued):
    site = Site(setup, folder / "site", port, setup.window)
    run([setup.bin_dir / "fill_history", site.var, setup.history, queued])
    return site


def started(daemon):
    began = time.monotonic()
    daemon.ready()
    return time.monotonic() - began


def asked(daemon):
    """Seconds until `posthorn status` has its answer, the longest of ten."""
    longest = 0
    for _ in range(10):
        began = time.monotonic()
        daemon.status()
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.1)
    return longest


def one(setup, queued):
    """Cost of some that leave, while all others still wait."""
    folder = setup.scratch / "backlog"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    leave = 45_000  # of each as many: what comes of them later is in none
    with Carrier(setup.bin_dir, folder) as carrier:
        site = site_with(setup, folder, carrier.port, queued)
        with Daemon(site) as daemon:
            start = started(daemon)
            cpu, sent, began = daemon.cpu_seconds(), carrier.stats()["accepted"], time.monotonic()
            until(lambda: daemon.alive() and carrier.stats()["accepted"] >= leave, 300,
                  f"{leave} of {queued} texts do not leave: see {daemon.log}", pause=0.02)
            sent = carrier.stats()["accepted"] - sent
            seconds, cpu = time.monotonic() - began, daemon.cpu_seconds() - cpu
            status, memory = asked(daemon), daemon.peak_mib()
            if (code := daemon.stop()) != 0:
                raise Failure(f"posthornd ended with {code}: see {daemon.log}")
    shutil.rmtree(folder, ignore_errors=True)
    return {"start_s": round(start, 2), "status_ms": round(1000 * status, 1), "memory_mib": round(memory, 1),
            "cpu_us": round(1e6 * cpu / sent, 1), "per_second": round(sent / seconds)}


def backlog(setup):
    """A short queue, a million, ten million."""
    figures = {}
    sizes = {"short": 50_000, "1m": 1_000_000, "10m": 10_000_000}
    for name, queued in sizes.items():
        if setup.quick and name != "short":
            continue
        for what, value in one(setup, queued).items():
            figures[f"queued_{name}_{what}"] = value
    for name in ("1m", "10m"):
        if f"queued_{name}_cpu_us" in figures:
            figures[f"queued_{name}_cost_of_short"] = round(
                figures[f"queued_{name}_cpu_us"] / figures["queued_short_cpu_us"], 2)
    return figures
