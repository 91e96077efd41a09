"""A million customers imported into a running daemon, and once more with one in a hundred changed."""

import random

from carrier import Carrier
from gateway import Daemon, Site
from machine import Failure

COLUMNS = "number,account,name,area,language,customer\n"


def write(file, rows, changed):
    """As a billing system exports them: by account; households have two, and phones are as they come."""
    numbers = list(range(rows))
    random.Random(7).shuffle(numbers)
    with open(file, "w", encoding="utf-8") as out:
        out.write(COLUMNS)
        for i, n in enumerate(numbers):
            name = "李四" if i % 100 < changed else "张三"
            out.write(f"138{n:08d},31{i:010d},{name}{i % 997},台区{i // 150},zh-CN,C{i // 2}\n")


def imported(daemon, site, file):
    """Seconds, and how many of the daemon's processor."""
    before = daemon.cpu_seconds()
    return site.import_people(file), daemon.cpu_seconds() - before


def people(setup):
    rows = 20_000 if setup.quick else 1_000_000
    folder = setup.scratch / "people"
    folder.mkdir()
    figures = {"people_rows": rows}
    with Carrier(setup.bin_dir, folder) as carrier:
        site = Site(setup, folder / "site", carrier.port, setup.window)
        with Daemon(site) as daemon:
            daemon.ready()
            memory = daemon.peak_mib()
            for name, changed in (("first", 0), ("again", 1)):
                write(folder / f"{name}.csv", rows, changed)
                seconds, cpu = imported(daemon, site, folder / f"{name}.csv")
                figures[f"people_{name}_s"] = round(seconds, 1)
                figures[f"people_{name}_cpu_us"] = round(cpu * 1e6 / rows)
            figures["people_memory_grew_mib"] = round(daemon.peak_mib() - memory)
            if (code := daemon.stop()) != 0:
                raise Failure(f"posthornd ended with {code}: see {daemon.log}")
        known = site.count("live.db", "SELECT count(*) FROM binding")
        if known != rows:
            raise Failure(f"{known} of {rows} numbers are bound")
    return figures
