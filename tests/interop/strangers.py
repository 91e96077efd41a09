"""The strangers: each makes one exchange with posthornd and returns what was wrong."""

import collections
import csv
import json
import pathlib
import re
import shutil
import socket
import subprocess
import time

import carriers
import exchange
from carrier import Carrier
from gateway import ROOT, Daemon, Site, UnixConnection, rows
from machine import Failure, Process, run, until

HERE = pathlib.Path(__file__).resolve().parent
REPEAT = 20
PHONE = "8613800138000"
HOSTILE = "<script>document.title='taken'</script>\"'><img src=x onerror=\"document.title='taken'\">"


def site_for(setup, folder, port, window, pair=carriers.Pair()):
    site = Site(setup, folder / "site", port, window, pair=pair)
    for name, text in exchange.type_files().items():
        (site.folder / "types" / name).write_text(text)
    with site.outbox("bench") as db:
        exchange.insert(db, REPEAT)
    return site


def settle(site, daemon, phones):
    """Until every event is final and every text from a phone is stored; then stops."""
    total = REPEAT * len(exchange.TEXTS)

    def done():
        daemon.alive()
        states = [state for state, _, _ in exchange.our_results(site.var).values()]
        stored = len(rows(site.var / "live.db", "SELECT id FROM inbound"))
        return states.count("delivered") == total and stored >= phones
    until(done, 60, f"not all {total} events are delivered after 60 s: see {site.folder}", pause=0.1)
    if (code := daemon.stop()) != 0:
        raise Failure(f"posthornd ended with {code}: see {daemon.log}")


def talk_to(setup, name, words):
    """A stranger in another language as the carrier."""
    folder = setup.scratch / name
    folder.mkdir(parents=True)
    phones, report = folder / "phones.json", folder / "report.json"
    phones.write_text(json.dumps(exchange.PHONES))
    pieces = sum(len(p.get("pieces", "1")) for p in exchange.PHONES)
    with Process([*words, phones, report], folder / f"{name}.log") as stranger:
        port = stranger.expect(r"^listening (\d+)$").group(1)
        site = site_for(setup, folder, port, 20)
        with Daemon(site) as daemon:
            daemon.ready()
            settle(site, daemon, pieces)
        stranger.stop()
    return exchange.differences(json.loads(report.read_text()), site.var, REPEAT)


def promtool(setup):
    """Prometheus' promtool on our metrics after a run, and on our alert rules."""
    folder = setup.scratch / "promtool"
    folder.mkdir(parents=True)
    with Carrier(setup.bin_dir, folder, receipt_delay="50ms") as carrier:
        site = site_for(setup, folder, carrier.port, 100)
        with Daemon(site) as daemon:
            daemon.ready()
            talk = UnixConnection(site.folder / "posthorn.sock")
            until(lambda: daemon.status()["totals"].get("delivered", 0) > 0, 60, "nothing is delivered")
            talk.request("GET", "/metrics")
            page = talk.getresponse().read()
            talk.close()
            daemon.stop()
    wrong = []
    for words, given in ((["check", "metrics"], page),
                         (["check", "rules", ROOT / "config" / "monitoring" / "alerts.yaml"], b"")):
        said = subprocess.run(["promtool", *words], input=given, capture_output=True, check=False)
        if said.returncode != 0:
            wrong += [f"promtool {words[1]}: {line}" for line in
                      (said.stdout + said.stderr).decode().splitlines()]
    rules = (ROOT / "config" / "monitoring" / "alerts.yaml").read_text()
    board = (ROOT / "config" / "monitoring" / "grafana.json").read_text()
    for name in sorted(set(re.findall(r"posthorn_[a-z_]+", rules + board))):
        if name not in page.decode():
            wrong.append(f"alerts.yaml or grafana.json uses {name}, which /metrics does not have")
    return wrong


def postgresql(setup):
    """PostgreSQL, a server of our own, as a system that lookups ask."""
    said = subprocess.run([setup.bin_dir / "test_lookups", "--test-case=postgresql*", "--no-colors"],
                          capture_output=True, text=True, check=False)
    if said.returncode != 0 or "skipped:" in said.stdout:
        return said.stdout.splitlines()
    return []


def chromium(setup):
    """Chromium on the page where agents serve a customer."""
    folder = setup.scratch / "chromium"
    config = folder / "config" / "posthorn.yaml"
    (folder / "var").mkdir(parents=True)
    shutil.copytree(ROOT / "config", config.parent)
    (config.parent / "accounts.d" / "sim.yaml").unlink()
    config.write_text(config.read_text() + "http: {listen: '127.0.0.1:0'}\n")
    posthorn = [setup.bin_dir / "posthorn", "--config", config]
    token = run([*posthorn, "token", "create", "--agent", "--name", "Li Wei"]).strip()
    with open(folder / "phones.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["number", "account", "name"], [PHONE, "", HOSTILE]])
    with Process([setup.bin_dir / "posthornd", "--config", config], folder / "posthornd.log") as daemon:
        port = daemon.expect(r"listening address=\S+ port=(\d+)").group(1)
        daemon.expect(r" ready ")
        run([*posthorn, "people", "import", folder / "phones.csv", "--reason", "interop"])
        said = subprocess.run(["/usr/bin/python3", HERE / "browser.py", port, token, PHONE, HOSTILE, folder],
                              capture_output=True, text=True, check=False)
    return [] if said.returncode == 0 else (said.stdout + said.stderr).splitlines()


def npm(setup):
    """npm package smpp 0.5.1 as the carrier."""
    modules = setup.build / "interop"
    modules.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, modules)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=modules)
    return talk_to(setup, "npm", ["node", HERE / "npm_smsc.js", modules])


def net_smpp(setup):
    """Net::SMPP 1.19 as the carrier."""
    return talk_to(setup, "perl", ["perl", HERE / "perl_smsc.pl"])


FIELDS = ["smpp.command_id", "smpp.command_status", "smpp.destination_addr", "smpp.data_coding",
          "gsm_sms.udh.mm.msg_id", "smpp.message_text", "_ws.malformed"]
SEPARATOR = "\x1f"
SUBMIT, DELIVER, RESPONSE = 0x4, 0x5, 0x80000000
CMPP_FIELDS = ["cmpp.Command_Id", "cmpp.submit_resp.Result", "cmpp.deliver_resp.Result", "_ws.malformed"]


def call_phones(setup, carrier):
    """Texts from phones through posthorn-sim, which cuts them itself. Returns how many parts."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect(str(carrier.control))
        answers = talk.makefile()
        for p in exchange.PHONES:
            text = "".join(p.get("pieces", [p.get("text")]))
            talk.sendall(f"mo {p['from']} {p['to']} {text}\n".encode())
            answers.readline()
    return carrier.stats()["mo_made"]


def capture(setup, folder, pair=carriers.Pair()):
    """A run with posthorn-sim, with everything on its port in a file."""
    folder.mkdir(parents=True)
    file = folder / "run.pcapng"
    with Carrier(setup.bin_dir, folder, receipt_delay="50ms", pair=pair) as carrier, \
            Process(["dumpcap", "-q", "-i", "lo", "-B", "64", "-f", f"tcp port {carrier.port}", "-w", file],
                    folder / "dumpcap.log") as dumpcap:
        dumpcap.expect(r"^File: ")
        site = site_for(setup, folder, carrier.port, 100, pair)
        with Daemon(site) as daemon:
            daemon.ready()
            until(lambda: carrier.stats()["binds"] > 0, 30, "posthornd does not bind")
            settle(site, daemon, call_phones(setup, carrier))
        port, seen = carrier.port, carrier.stats()
        time.sleep(1)  # dumpcap hands on what it has once a second
        dumpcap.stop()
        if not re.search(r"interface '.*': (\d+)/0 ", dumpcap.output()):
            raise Failure(f"the capture is not complete: see {dumpcap.log}")
    return file, port, seen


def paired(octets):
    """tshark writes the halves of a surrogate pair one by one."""
    halves = octets.decode("utf-8", "surrogatepass")
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def decoded(file, port, protocol, fields):
    """What tshark makes of each frame of a capture: the values of each field."""
    words = ["tshark", "-r", str(file), "-d", f"tcp.port=={port},{protocol}",
             "-Y", protocol, "-T", "fields", "-E", "occurrence=a", "-E", f"aggregator={SEPARATOR}"]
    for field in fields:
        words += ["-e", field]
    said = subprocess.run(words, capture_output=True, check=False)
    if said.returncode != 0:
        raise Failure(f"tshark: {said.stderr[-1000:]!r}")
    for line in paired(said.stdout).splitlines():
        yield {field: [v for v in cell.split(SEPARATOR) if v]
               for field, cell in zip(fields, line.split("\t"), strict=True)}


def tshark(setup):
    """tshark's decoding of a run between posthornd and posthorn-sim."""
    file, port, seen = capture(setup, setup.scratch / "tshark")
    return judge(decoded(file, port, "smpp", FIELDS), seen)


def tshark_cmpp(setup):
    """The same over CMPP."""
    file, port, seen = capture(setup, setup.scratch / "tshark_cmpp", carriers.Pair("cmpp"))
    commands, results, wrong = collections.Counter(), collections.Counter(), []
    for frame in decoded(file, port, "cmpp", CMPP_FIELDS):
        commands.update(int(c, 0) for c in frame["cmpp.Command_Id"])
        results.update(int(r, 0) for r in frame["cmpp.submit_resp.Result"] + frame["cmpp.deliver_resp.Result"])
        if frame["_ws.malformed"]:
            wrong.append(f"tshark calls a frame malformed: {frame}")
    wrong += miscounted(commands, {SUBMIT: seen["accepted"], SUBMIT | RESPONSE: seen["accepted"],
                                   DELIVER: seen["receipts_sent"] + seen["mo_sent"],
                                   DELIVER | RESPONSE: seen["receipts_answered"] + seen["mo_answered"]})
    if set(results) != {0}:
        wrong.append(f"results other than 0: {dict(results)}")
    return wrong


def miscounted(commands, counts):
    return [f"tshark counts {commands[command]} of command {command:#x}, the simulator {count}"
            for command, count in counts.items() if commands[command] != count]


def made_of(text, pieces):
    """Whether the text is some of these pieces, one after the other."""
    while text:
        piece = max((p for p in pieces if text.startswith(p)), key=len, default="")
        if not piece:
            return False
        text = text[len(piece):]
    return True


def judge(frames, seen):
    """A frame holds several PDUs: each column lists the values of all of them."""
    commands, statuses, wrong, headers, pieces = collections.Counter(), collections.Counter(), [], 0, set()
    for cells in frames:
        commands.update(int(c, 0) for c in cells["smpp.command_id"])
        statuses.update(int(c, 0) for c in cells["smpp.command_status"])
        headers += len(cells["gsm_sms.udh.mm.msg_id"])
        pieces.update(cells["smpp.message_text"])
        if cells["_ws.malformed"]:
            wrong.append(f"tshark calls a frame malformed: {cells}")
    wrong += miscounted(commands, {SUBMIT: seen["accepted"], SUBMIT | RESPONSE: seen["accepted"],
                                   DELIVER: seen["receipts_sent"] + seen["mo_sent"],
                                   DELIVER | RESPONSE: seen["receipts_answered"] + seen["mo_answered"]})
    if set(statuses) != {0}:
        wrong.append(f"statuses other than 0: {dict(statuses)}")
    # tshark leaves the default alphabet to us; what is in UCS-2 it reads.
    chinese = {text for text in exchange.expected(REPEAT).values() if text.startswith("【")}
    wrong += [f"tshark does not read {text!r}" for text in chinese if not made_of(text, pieces)]
    if headers == 0:
        wrong.append("tshark saw no part of a long text")
    return wrong
