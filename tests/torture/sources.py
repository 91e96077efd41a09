"""A business system that never stops inserting, in a process of its own."""
import json
import multiprocessing
import os
import random
import sqlite3
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
LONG = "停电期间请关闭电器电源，注意用电安全，检修完成后将尽快恢复供电，给您带来不便敬请谅解，详情请咨询供电服务热线九五五九八。"


def event(name, seed, i):
    """The i-th event of a source; numbers and texts are never used twice."""
    number = f"1{3 if name == 'north' else 8}{seed % 10}{i:08d}"
    kind = "torture.hold" if i % 2 else "torture.resend"
    data = {"n": f"{name}-{i}"}
    if i % 3 == 0:
        data.update(more=LONG, language="zh-CN")
    return kind, f"{name}-{seed}-{i:08d}", number, json.dumps(data, ensure_ascii=False)


def write(path, name, seed, rate, stop, inserted):
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    with open(os.path.join(ROOT, "config", "outbox.sql"), encoding="utf-8") as ddl:
        db.executescript(ddl.read())
    rng = random.Random(seed)
    i = 0
    while not stop.is_set():
        batch = rng.randint(1, 60)
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES(?,?,?,?)",
                       (event(name, seed, i + k) for k in range(batch)))
        db.execute("COMMIT")
        i += batch
        inserted.value = i
        time.sleep(batch / rate)
    db.close()


class Writer:
    def __init__(self, site, name, seed, rate):
        self.name = name
        self.seed = seed
        self.stop = multiprocessing.Event()
        self.count = multiprocessing.Value("q", 0)
        self.process = multiprocessing.Process(
            target=write, args=(site.path("var", "outbox", f"{name}.db"), name, seed, rate, self.stop,
                                self.count), daemon=True)

    def start(self):
        self.process.start()

    def finish(self):
        self.stop.set()
        self.process.join()

    @property
    def inserted(self):
        return self.count.value

    def events(self):
        return (event(self.name, self.seed, i) for i in range(self.inserted))
