#!/usr/bin/env python3
"""Makes the bill files of the demo beside itself. The same files each time.

    bills.csv               1,000 rows, 14 of them bad in ways an import tells
    bills-gbk.csv           40 good rows as a spreadsheet on a Chinese Windows saves them
    bills-unchecked.csv     12 rows, 10 of them bad in ways the daemon tells (import --no-check)
    bills-unknown-type.csv  5 good rows, to be imported under a type that does not exist

Numbers that end in 0001, 0002 and 0009 are for the simulator: undelivered, expired, refused.
"""

import csv
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = ["key", "to", "account_name", "account", "period", "usage", "amount", "balance",
           "due_date", "language"]
SPECIAL = ("0001", "0002", "0009")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "秀英", "建国", "志强", "晓明", "海燕", "文博"]
FIRMS = ["明湖纸业", "东城机械厂", "和顺餐饮", "新华书店", "长青物业"]
ENGLISH = ["Miller, Ann", "John Smith", "Maria \"Mia\" Lopez", "O'Brien, Pat"]

rng = random.Random(20260731)
used = set()
number_of_key = 0


def number(suffix=None):
    """A mobile number of its own; without a suffix, one the simulator delivers to."""
    while True:
        last = suffix or f"{rng.randrange(10000):04}"
        digits = f"1{rng.choice('3578')}{rng.randrange(10)}{rng.randrange(10000):04}{last}"
        if digits not in used and (suffix or last not in SPECIAL):
            used.add(digits)
            return digits


def written(digits):
    """As people write it."""
    return rng.choice([digits, digits, digits, f"+86 {digits}", f"0086{digits}", f"86{digits}",
                       f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"])


def name(language):
    if language == "en":
        return rng.choice(ENGLISH)
    if rng.random() < 0.06:
        return rng.choice(FIRMS)
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def bill(prefix, suffix=None, **changes):
    global number_of_key
    number_of_key += 1
    language = "en" if rng.random() < 0.08 else ""
    tenths = rng.randrange(150, 9000)
    cents = tenths * 532 // 100
    row = {
        "key": f"{prefix}-{number_of_key:05}",
        "to": written(number(suffix)),
        "account_name": name(language),
        "account": f"3100{rng.randrange(10 ** 9):09}",
        "period": "2026-07-01",
        "usage": f"{tenths // 10}.{tenths % 10}",
        "amount": f"{cents // 100}.{cents % 100:02}",
        "balance": f"{rng.randrange(1, 80)}.00" if rng.random() < 0.2 else "",
        "due_date": "2026-08-15",
        "language": language,
    }
    row.update(changes)
    return [row[c] for c in COLUMNS]


def save(file, rows, encoding="utf-8", end="\n"):
    with open(HERE / file, "w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, lineterminator=end)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def main():
    fates = ["0001"] * 30 + ["0002"] * 10 + ["0009"] * 10 + [None] * 936
    rng.shuffle(fates)
    rows = [bill("B-202607", fate) for fate in fates]
    bad = [bill("B-202607", to=to) for to in ("1380013", "0571-8800 1234", "call me", "12345678901")]
    bad += [bill("B-202607", amount="") for _ in range(3)]
    bad += [bill("B-202607", amount=amount) for amount in ("128,50", "1e2", "12.345")]
    bad += [bill("B-202607")[:-2], bill("B-202607") + ["paid?"]]
    bad += [bill("B-202607", key=""), bill("B-202607", due_date="2026-02-30")]
    for row in bad:
        rows.insert(rng.randrange(len(rows)), row)
    save("bills.csv", rows)

    gbk = [bill("B-GBK", language="", account_name=name("zh")) for _ in range(40)]
    save("bills-gbk.csv", gbk, encoding="gbk", end="\r\n")

    unchecked = [bill("B-RAW", to=to) for to in ("1380013", "+86 571 8800 1234", "unknown")]
    unchecked += [bill("B-RAW", amount="") for _ in range(3)]
    unchecked += [bill("B-RAW", amount="128,50"), bill("B-RAW", amount="12.345")]
    good = [bill("B-RAW"), bill("B-RAW")]
    table = [[*row, "number"] for row in unchecked + good]
    table += [[*bill("B-RAW", to=to), "customer"] for to in ("C-1001", "C-1002")]
    COLUMNS.append("to_kind")
    save("bills-unchecked.csv", table)
    COLUMNS.pop()

    save("bills-unknown-type.csv", [bill("B-TYPE") for _ in range(5)])


if __name__ == "__main__":
    main()
