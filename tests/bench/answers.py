"""A text from a phone to the carrier's receipt of its answer, with a look-up of the bound account."""

import json
import pathlib
import shutil
import socket
import sqlite3
import time

from carrier import Carrier
from gateway import Daemon, Site, StoreWatch
from machine import Failure
from texts import part_count

ROOT = pathlib.Path(__file__).resolve().parents[2]
PER_SECOND = 1000

SETTINGS = """
systems: {billing: {sqlite: var/billing.db}}
inbound: {per_minute: 1000000, per_hour: 1000000, per_second: 0}
"""

LOOKUP = """name: balance
system: billing
query: SELECT balance FROM customers WHERE account = :account
takes: [account]
fields: {balance: {kind: money, currency: CNY, in: minor}}
sample: {balance: 2650}
"""

COMMAND = """name: balance
words: {zh-CN: [YE]}
who: bound
lookup: balance
answer:
  zh-CN: 户号{{ account }}余额{{ balance | money("plain") }}元
empty: {zh-CN: 没有查到}
help: {zh-CN: 余额：YE}
default_language: zh-CN
"""


def phone(n):
    return f"86199{n:08}"


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def serve_texts(site, phones):
    """The site answers balance queries of so many phones, each bound to an account of its own."""
    for name, text in (("lookups", LOOKUP), ("commands", COMMAND)):
        (site.folder / name).mkdir()
        (site.folder / name / "balance.yaml").write_text(text)
    shutil.copy(ROOT / "config" / "phrases.yaml", site.folder)
    shutil.copy(ROOT / "config" / "types" / "reply.yaml", site.folder / "types")
    with open(site.config, "a", encoding="utf-8") as config:
        config.write(SETTINGS)
    with sqlite3.connect(site.var / "billing.db") as db:
        db.execute("CREATE TABLE customers(account TEXT PRIMARY KEY, balance INTEGER) WITHOUT ROWID")
        db.executemany("INSERT INTO customers VALUES (?, ?)",
                       ((f"31{n:08}", 1000 + n) for n in range(phones)))
    (site.folder / "phones.csv").write_text(
        "number,account\n" + "".join(f"{phone(n)},31{n:08}\n" for n in range(phones)))


def send_texts(carrier, first, count):
    """One from each phone, PER_SECOND of them a second."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect(str(carrier.control))
        lines = talk.makefile("rw")
        began = time.monotonic()
        for n in range(count):
            wait = began + n / PER_SECOND - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            lines.write(f"mo {phone(first + n)} 106900001 YE\n")
            lines.flush()
            if (answer := lines.readline().strip()) != "ok":
                raise Failure(f"the simulator takes no text: {answer}")


def read_log(carrier):
    """When each text was sent, and when its answer came, once each."""
    sent, came = [], {}
    for line in carrier.journal.read_text().splitlines():
        row = json.loads(line)
        if row["ev"] == "sent" and row["kind"] == "mo":
            sent.append(row)
        elif row["ev"] == "submit" and row["dest"].startswith("86199"):
            if row["dest"] in came:
                raise Failure(f"...{row['dest'][-3:]} was answered twice")
            came[row["dest"]] = row["t"]
    sent.sort(key=lambda row: row["n"])
    return [row["t"] for row in sent], came


def answered_in_ms(carrier, count):
    end = time.monotonic() + 60
    while True:
        sent, came = read_log(carrier)
        if len(came) >= count:
            break
        if time.monotonic() > end:
            raise Failure(f"{len(came)} of {count} texts were answered")
        time.sleep(0.2)
    return [(came[phone(n)] - at) / 1000 for n, at in enumerate(sent)]


def count_for(setup):
    return 2_000 if setup.quick else 10_000


def run(setup, name, messages):
    folder = setup.scratch / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    count = count_for(setup)
    with Carrier(setup.bin_dir, folder, log_texts=True) as carrier:
        site = Site(setup, folder / "site", carrier.port, setup.window)
        serve_texts(site, count)
        if messages:
            site.fill(messages)
        with Daemon(site) as daemon:
            daemon.ready()
            site.import_people(site.folder / "phones.csv")
            with StoreWatch(daemon) as store:
                send_texts(carrier, 0, count)
                took = answered_in_ms(carrier, count)
            if messages:
                parts = part_count(messages) + count
                carrier.watch(parts, parts, daemon.alive)
    shutil.rmtree(folder, ignore_errors=True)
    return took, store.mean("commit_ms")


def answers(setup):
    """1,000 texts a second, with nothing else to do and while a run drains."""
    figures = {"texts_per_second": PER_SECOND}
    for name, messages in (("answer", 0), ("answer_in_run", min(setup.messages, 100_000))):
        took, commit_ms = run(setup, name, messages)
        figures[f"{name}_p50_ms"] = round(percentile(took, 50), 2)
        figures[f"{name}_p99_ms"] = round(percentile(took, 99), 2)
        figures[f"{name}_commit_ms"] = round(commit_ms, 2)
    return figures
