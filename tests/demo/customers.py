#!/usr/bin/env python3
"""What customers text in scripts/demo, and what they must hear. Phones and accounts are those of
config/sample/billing.sql.

  customers.py CONTROL LOG POSTHORN [--quiet]

CONTROL and LOG are the simulated carrier's, POSTHORN the command. Fails unless each was answered as
it must, and who had subscribed to a topic was told.
"""

import json
import socket
import subprocess
import sys
import time
import unicodedata

OURS = "106900001"
NO_NUMBER = ""  # what is sent unasked leaves the sender to the carrier
ASKED = [  # phone, text, what the answer must hold
    ("8613800000003", "YE", "余额188.00元"),
    ("8613800000006", "BAL", "balance CNY 120.00"),
    ("8613800000004", "DF", "用电"),
    ("8613800000005", "停电查询", "变压器故障抢修"),
    ("8613800000088", "YE", "尚未绑定户号"),
    ("8613800000007", "退订 账单", "您已退订账单短信"),
]
REPORTED = [  # then a crew tells what it works on, and proves who it is
    ("8613900000004", "报工 和平路2号，更换变压器，0930，14:00", "请回复您的查询密码"),
    ("8613900000004", "4711", "已登记：城东和平路2号"),
]
HEARD = [("8613800000002", "TDCX", "抢修人员上报：和平路2号更换变压器")]  # by who lives there
SUBSCRIBED = [
    ("8613800000008", "订阅 停电信息 城东", "已订阅“所在区域停电信息”（城东）"),
    ("8613800000011", "SUB OUTAGES 城西", "subscribed to outages in your area (城西)"),
]
OUTAGE = {"area": "城东", "from": "2026-12-01T08:00:00+08:00", "until": "2026-12-01T17:00:00+08:00"}
TOLD = [("8613800000008", "", "计划停电")]  # what is announced for 城东
PATIENCE = 30  # seconds


def ask(control, number, text):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(PATIENCE)
        s.connect(control)
        s.sendall(f"mo {number} {OURS} {text}\n".encode())
        answer = s.makefile().readline().strip()
    if answer != "ok":
        sys.exit(f"customers: the simulator says: {answer}")


def shown(entry):
    octets = bytes.fromhex(entry["sm"])
    if entry["esm_class"] & 0x40:  # a part: its header is not shown
        octets = octets[octets[0] + 1:]
    if entry["data_coding"] == 8:
        return octets.decode("utf-16-be")
    return octets.decode("latin-1").replace("\x1b<", "[").replace("\x1b>", "]")


def heard(log, sender):
    """number → what came from this number of ours; the parts of a long text as one."""
    texts = {}
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            if '"submit"' in line and line.endswith("\n"):  # the last may be half written
                entry = json.loads(line)
                if entry["source"] == sender and entry["status"] == 0:
                    texts[entry["dest"]] = texts.get(entry["dest"], "") + shown(entry)
    return texts


def padded(text, columns):
    return text + " " * (columns - sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text))


def all_hear(log, texts, quiet, sender=OURS):
    """Whether each hears what it must."""
    until = time.monotonic() + PATIENCE
    while True:
        answers = heard(log, sender)  # it is written every 100 ms
        missing = [a for a in texts if a[2] not in answers.get(a[0], "")]
        if not missing or time.monotonic() > until:
            break
        time.sleep(0.05)
    if not quiet:
        for number, text, _ in texts:
            print(f"    {number}  {padded(text, 10)} → {answers.get(number, 'no answer')}")
    for number, text, must in missing:
        print(f"customers: {number} texted '{text}': '{must}' is not in "
              f"'{answers.get(number, '')}'", file=sys.stderr)
    return not missing


def announce(posthorn):
    subprocess.run([posthorn, "enqueue", "outage.planned", "--source", "outages", "--key", "demo-outage",
                    "--to-kind", "topic", "--to", "outage.area", "--data", json.dumps(OUTAGE)],
                   check=True, stdout=subprocess.DEVNULL)


def main(control, log, posthorn, *words):
    quiet = "--quiet" in words
    for texts in (ASKED, REPORTED, HEARD, SUBSCRIBED):
        for number, text, _ in texts:
            ask(control, number, text)
        if not all_hear(log, texts, quiet):
            return 1
    announce(posthorn)
    if not quiet:
        print("    an outage in 城东 is announced to the topic outage.area:")
    return 0 if all_hear(log, TOLD, quiet, NO_NUMBER) else 1


sys.exit(main(*sys.argv[1:]))
