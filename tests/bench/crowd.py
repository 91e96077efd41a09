"""Events for many: an outage of a whole town beside a bill run and codes, and what policy and audience cost."""

import random
import shutil
import statistics
import time

from carrier import Carrier
from cases import latencies_ms, percentile
from gateway import INSERT, Daemon, Site
from machine import Failure
from texts import texts

LANE = 1000  # parts a second by contract
TOWN = "Minghu"

OUTAGE = """name: bench.outage
category: statutory
priority: normal
whom: [area]
validity: 24h
fields:
  area: {kind: text}
signature: {en: Minghu Power}
default_language: en
texts:
  en: "Power failure in {{ area }} since 14:20. Our crew is at work. We apologise."
sample: {area: Minghu}
"""

POLICY = """zone: Asia/Shanghai
categories:
  billing:
    quiet: {hours: 23:58-23:59, messages: wait}
    caps: {per_day: 20, per_week: 50}
    same_text: {within: 1h}
"""

TO_MANY = ("INSERT INTO outbox(type, key, run, to_kind, to_ref, data) "
           "VALUES ('bench.outage', ?, 'outage', 'area', ?, ?)")
TO_ACCOUNT = "INSERT INTO outbox(type, key, run, to_kind, to_ref, data) VALUES (?, ?, 'bench', 'account', ?, ?)"


def customer(n):
    return f"8615{n:09}"


def import_people(site, rows, columns):
    """Seconds it took."""
    file = site.folder / "people.csv"
    with open(file, "w", encoding="utf-8") as out:
        out.write(columns + "\n")
        out.writelines(row + "\n" for row in rows)
    return site.import_people(file)


def outage_site(setup, folder, carrier_port):
    site = Site(setup, folder, carrier_port, setup.window, sources=("bench", "codes", "outages"))
    with open(site.folder / "accounts.d" / "carrier.yaml", "a", encoding="utf-8") as account:
        account.write(f"rate: {LANE}\n")
    (site.folder / "types" / "bench.outage.yaml").write_text(OUTAGE)
    return site


def send_codes(box, seconds):
    """A code every 20 ms. When each was committed, by number."""
    told = {}
    pick = random.Random(11)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = f"+8618{pick.randrange(10**9):09d}"
        box.execute(INSERT, ("code.verification", number, number, '{"code": "482913"}'))
        told[number] = time.time_ns() // 1000
        time.sleep(0.02)
    return told


def share_of_bills(arrivals, since, until_):
    """Of the texts that are neither outage nor bill nothing is counted."""
    bills = outages = 0
    for to, at in arrivals.items():
        if since <= at < until_:
            bills += to.startswith("8613")
            outages += to.startswith("8615")
    return bills / max(1, bills + outages)


def outage(setup):
    """One event for a town, a bill run and codes, over a lane of 1,000 parts a second."""
    folder = setup.scratch / "outage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    town, seconds = (20_000, 8) if setup.quick else (200_000, 60)
    with Carrier(setup.bin_dir, folder, log_texts=True) as carrier:
        site = outage_site(setup, folder / "site", carrier.port)
        with Daemon(site) as daemon:
            daemon.ready()
            imported = import_people(site, (f"{customer(n)},7{n:09},{TOWN}" for n in range(town)),
                                     "number,account,area")
            boxes = {source: site.outbox(source) for source in ("bench", "codes", "outages")}
            boxes["bench"].execute("BEGIN")
            boxes["bench"].executemany(INSERT, ((t.type, t.key, t.to, t.data())
                                                for t in texts(3 * LANE * seconds) if t.parts == 1))
            boxes["bench"].execute("COMMIT")
            boxes["outages"].execute(TO_MANY, ("O-1", TOWN, f'{{"area": "{TOWN}"}}'))
            announced = time.time_ns() // 1000
            codes = send_codes(boxes["codes"], seconds)
            time.sleep(2)
            memory = daemon.peak_mib()
            for db in boxes.values():
                db.close()
        carrier.alive()
    arrivals = carrier.arrivals()
    first = min((at for to, at in arrivals.items() if to.startswith("8615")), default=None)
    if first is None:
        raise Failure("nobody of the town was told")
    took = latencies_ms(codes, arrivals)
    return {
        "outage_recipients": town,
        "outage_first_text_ms": round((first - announced) / 1000, 1),
        "outage_urgent_p50_ms": round(percentile(took, 50), 2),
        "outage_urgent_p99_ms": round(percentile(took, 99), 2),
        "outage_share_of_bills": round(share_of_bills(arrivals, announced + 2_000_000,
                                                      announced + seconds * 1_000_000), 3),
        "outage_memory_mib": round(memory, 1),
        "outage_people_imported_s": round(imported, 1),
    }


def fill_run(box, people, whom):
    """What is sent to so many: a row for each number, a row for each account, or one for the town."""
    wanted = (t for t in texts(3 * people) if t.parts == 1)
    chosen = [next(wanted) for _ in range(people)]
    box.execute("BEGIN")
    if whom == "number":
        box.executemany(INSERT, ((t.type, t.key, t.to, t.data()) for t in chosen))
    elif whom == "account":
        box.executemany(TO_ACCOUNT, ((t.type, t.key, f"7{n:09}", t.data()) for n, t in enumerate(chosen)))
    else:
        box.execute(TO_MANY, ("O-1", TOWN, f'{{"area": "{TOWN}"}}'))
    box.execute("COMMIT")


def town_run(setup, people, whom):
    """Texts a second. Those to accounts and to the town are judged by policy, too."""
    folder = setup.scratch / "town"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Carrier(setup.bin_dir, folder) as carrier:
        site = Site(setup, folder / "site", carrier.port, setup.window)
        (site.folder / "types" / "bench.outage.yaml").write_text(OUTAGE.replace("statutory", "billing"))
        if whom != "number":
            (site.folder / "policy.yaml").write_text(POLICY)
            for file in (site.folder / "types").glob("bench.*.yaml"):
                file.write_text(file.read_text().replace("whom: [number]", "whom: [number, account]"))
        with Daemon(site) as daemon:
            daemon.ready()
            if whom != "number":
                import_people(site, (f"{customer(n)},7{n:09},{TOWN}" for n in range(people)),
                              "number,account,area")
            box = site.outbox("bench")
            fill_run(box, people, whom)
            seconds = carrier.watch(people, people, daemon.alive)
            box.close()
    return people / seconds


def policy(setup):
    """A town, and rows for accounts, judged by caps, hours and same text, beside plain rows in the same run."""
    people = 20_000 if setup.quick else 200_000
    rates = {whom: [] for whom in ("number", "area", "account")}
    for _ in range(setup.runs):
        for whom, seen in rates.items():
            seen.append(town_run(setup, people, whom))
    middle = {whom: statistics.median_low(seen) for whom, seen in rates.items()}
    figures = {f"to_{whom}_per_second": round(rate) for whom, rate in middle.items()}
    for whom in ("area", "account"):
        figures[f"to_{whom}_with_policy_cost_percent"] = round(100 * (1 - middle[whom] / middle["number"]))
    return figures
