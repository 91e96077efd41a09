"""What is measured. Each case takes the setup and returns its figures."""

import os
import random
import shutil
import statistics
import time

import carriers
from carrier import Carrier
from gateway import INSERT, Daemon, Site, StoreWatch
from machine import Failure, last_json, run
from texts import part_count, texts


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def drain(setup, name, window, messages, history=0, pair=carriers.Pair()):
    """A full outbox, sent to its last receipt. Returns figures and the site, daemon stopped."""
    folder = setup.scratch / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Carrier(setup.bin_dir, folder, pair=pair) as carrier:
        site = Site(setup, folder / "site", carrier.port, window, pair=pair)
        if history:
            began = time.monotonic()
            run([setup.bin_dir / "fill_history", site.var, history])
            setup.say(f"history of {history:,} messages made in {time.monotonic() - began:.0f} s")
        site.fill(messages, first_id=history + 1)
        os.sync()  # what was prepared is not to be written back while the run is measured
        with Daemon(site) as daemon, StoreWatch(daemon) as store:
            parts = part_count(messages)
            seconds = carrier.watch(parts, parts, daemon.alive)
            cpu, memory = daemon.cpu_seconds(), daemon.peak_mib()
            archived = site.archived()
            ended = time.monotonic()
            site.expect_final(messages)
            results_after = time.monotonic() - ended
            store.over.set()
            site.expect_archived()
            memory = max(memory, daemon.peak_mib())
            if (code := daemon.stop()) != 0:
                raise Failure(f"posthornd ended with {code}: see {daemon.log}")
        seen = carrier.stats()
    if seen["accepted"] != parts or seen["repeats"] != 0:
        raise Failure(f"the carrier took {seen['accepted']} of {parts} texts, {seen['repeats']} of them twice")
    return {
        "rate": messages / seconds, "seconds": seconds, "cpu_us": cpu * 1e6 / messages,
        "memory_mib": memory, "archived": archived, "results_after_s": results_after,
        "operations": store.mean("operations_per_commit"), "commit_ms": store.mean("commit_ms"),
        "commits_per_second": store.mean("commits_per_second"), "site": site,
    }


def median_of(setup, name, window, messages):
    """The middle run, the rates of all, and the last run, whose files are still there."""
    runs = []
    for i in range(setup.runs):
        shutil.rmtree(setup.scratch / f"{name}-{i - 1}", ignore_errors=True)
        runs.append(drain(setup, f"{name}-{i}", window, messages))
    rates = [r["rate"] for r in runs]
    return runs[rates.index(statistics.median_low(rates))], [round(r) for r in rates], runs[-1]


def end_to_end(setup):
    middle, rates, last = median_of(setup, "drain", setup.window, setup.messages)
    setup.finished = last | {"median": middle["rate"]}
    return {
        "end_to_end_per_second": round(middle["rate"]),
        "end_to_end_runs": rates,
        "cpu_us_per_message": round(middle["cpu_us"], 1),
        "memory_mib": round(middle["memory_mib"], 1),
        "operations_per_commit": round(middle["operations"], 1),
        "commit_ms": round(middle["commit_ms"], 2),
        "results_final_after_s": round(middle["results_after_s"], 2),
        "archived_while_measured_percent": round(100 * middle["archived"] / setup.messages),
    }


def windows(setup):
    """The same with few and with many texts unanswered."""
    figures = {}
    for window, messages in ((10, setup.messages // 3), (1000, setup.messages)):
        middle, rates, last = median_of(setup, f"window-{window}", window, messages)
        shutil.rmtree(last["site"].folder.parent, ignore_errors=True)
        figures[f"end_to_end_per_second_window_{window}"] = round(middle["rate"])
        figures[f"end_to_end_runs_window_{window}"] = rates
    return figures


def history(setup):
    """The same beside five months of finished messages."""
    figures = drain(setup, "history", setup.window, setup.messages, setup.history)
    shutil.rmtree(setup.scratch / "history", ignore_errors=True)
    return {
        "with_history_per_second": round(figures["rate"]),
        "with_history_memory_mib": round(figures["memory_mib"], 1),
        "history_messages": setup.history,
    }


def raw(setup):
    """The same rows by SQLite alone."""
    last = setup.finished or drain(setup, "drain-raw", setup.window, setup.messages)
    ours = last.get("median", last["rate"])
    into = setup.scratch / "raw"
    rates, answers = [], []
    for _ in range(setup.runs):
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        os.sync()
        operations = max(1, round(last["operations"]))
        answers.append(last_json(run([setup.bin_dir / "raw_store", last["site"].var, into, operations,
                                      round(last["rate"]), last["archived"]])))
        rates.append(answers[-1]["per_second"])
    shutil.rmtree(into, ignore_errors=True)
    middle = statistics.median_low(rates)
    return {
        "raw_store_per_second": middle,
        "raw_store_runs": rates,
        "fraction_of_raw": round(ours / middle, 3),
        "rows_per_commit": answers[0]["live_rows_per_commit"],
        "raw_store_rows": answers[0]["rows"],
    }


def insert(db, text):
    """One event by itself, committed. Returns when it was."""
    db.execute(INSERT, (text.type, text.key, text.to, text.data()))
    return time.time_ns() // 1000


def latencies_ms(told, arrivals):
    """From each INSERT's commit to the carrier's receipt of the text."""
    missing = [to for to in told if to.lstrip("+") not in arrivals]
    if missing:
        raise Failure(f"{len(missing)} of {len(told)} texts never arrived, the first to ...{missing[0][-3:]}")
    return [(arrivals[to.lstrip("+")] - at) / 1000 for to, at in told.items()]


def latency(setup):
    """One event at a time, nothing else to do."""
    folder = setup.scratch / "latency"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    count = 100 if setup.quick else 1000
    pick = random.Random(7)
    told = {}
    with Carrier(setup.bin_dir, folder, log_texts=True) as carrier:
        site = Site(setup, folder / "site", carrier.port, setup.window)
        with Daemon(site) as daemon:
            daemon.ready()
            db = site.outbox("bench")
            for text in (t for t in texts(count * 3) if t.parts == 1):
                if len(told) == count:
                    break
                time.sleep(pick.uniform(0.01, 0.05))
                told[text.to] = insert(db, text)
            carrier.watch(count, count, daemon.alive)
            db.close()
    took = latencies_ms(told, carrier.arrivals())
    return {
        "insert_to_wire_p50_ms": round(percentile(took, 50), 2),
        "insert_to_wire_p99_ms": round(percentile(took, 99), 2),
    }


def urgent(setup):
    """A code every 20 ms, from the busy source and from another one, while the source's run drains."""
    folder = setup.scratch / "urgent"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = {"codes": {}, "bench": {}}
    numbers = random.Random(11).sample(range(10**9), 100_000)
    with Carrier(setup.bin_dir, folder, log_texts=True) as carrier:
        site = Site(setup, folder / "site", carrier.port, setup.window)
        site.fill(setup.messages)
        with Daemon(site) as daemon:
            daemon.ready()
            boxes = {source: site.outbox(source) for source in told}
            while carrier.stats()["accepted"] < part_count(setup.messages) * 9 // 10:
                daemon.alive()
                for source, db in boxes.items():
                    number = f"+8615{numbers.pop():09d}"
                    db.execute(INSERT, ("code.verification", number, number, '{"code": "482913"}'))
                    told[source][number] = time.time_ns() // 1000
                time.sleep(0.02)
            codes = sum(len(some) for some in told.values())
            parts = part_count(setup.messages) + codes
            carrier.watch(parts, parts, daemon.alive)
            for db in boxes.values():
                db.close()
    arrivals = carrier.arrivals()
    figures = {"urgent_texts": codes}
    for source, name in (("codes", "urgent"), ("bench", "urgent_same_source")):
        took = latencies_ms(told[source], arrivals)
        figures[f"{name}_p50_ms"] = round(percentile(took, 50), 2)
        figures[f"{name}_p99_ms"] = round(percentile(took, 99), 2)
    return figures
