"""Kannel 1.4.5, the same texts through the same carrier: bearerbox and smsbox, spool store.

Kannel's spool writes a file for each text and does not fsync it, so its figure is one without
durability. The spool lies where our database lies, on the same disk; --kannel-spool /dev/shm moves it
to memory, where only Kannel has no disk to wait for. It asks for one receipt for each text, not one
for each part. In its favour, too: only final receipts are asked for, and no debug log is written.

A text from a phone is answered by a keyword with a fixed text: it looks nothing up."""

import contextlib
import statistics
import tempfile
import urllib.parse
import urllib.request

import answers
import carriers
from carrier import Carrier
from machine import Failure, Process, free_ports, last_json, until
from texts import part_count, texts

CONNECTIONS = 8

CONFIG = """group = core
admin-port = {admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
store-type = spool
store-location = {spool}
dlr-storage = internal
log-level = 4
log-file = {folder}/bearerbox.log

group = smsc
smsc = smpp
smsc-id = sim
host = 127.0.0.1
port = {carrier}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
max-pending-submits = {window}

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = 10690000
log-level = 4
log-file = {folder}/smsbox.log

group = sendsms-user
username = bench
password = bench
concatenation = true
max-messages = 10

group = sms-service
keyword = YE
text = "Balance 26.50"
"""


class AnyPassword(carriers.Pair):
    """Kannel's has eight octets at most, as SMPP wants it, and ours more."""

    def words(self):
        return [self.adapter, "--port", "0"]


def target_of(text, sink):
    """One sendsms request. Final receipts come back to a sink of ours."""
    query = {"username": "bench", "password": "bench", "to": text.to, "text": text.rendered(),
             "dlr-mask": "3",
             "dlr-url": f"http://127.0.0.1:{sink}/?key={text.key}&state=%d"}
    if text.parts > 1:
        query.update(coding="2", charset="UTF-8")
    return "/cgi-bin/sendsms?" + urllib.parse.urlencode(query)


def status_page(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.txt", timeout=2) as page:
            return page.read().decode()
    except OSError:
        return ""


@contextlib.contextmanager
def boxes_on(setup, folder, carrier):
    """bearerbox and smsbox, bound to the carrier, and the port for sendsms."""
    admin, boxes, sendsms = free_ports(3)
    config = folder / "kannel.conf"
    with tempfile.TemporaryDirectory(prefix="posthorn-bench.", dir=setup.kannel_spool or setup.scratch) as spool:
        config.write_text(CONFIG.format(admin=admin, boxes=boxes, sendsms=sendsms, folder=folder, spool=spool,
                                        carrier=carrier.port, window=setup.window))
        with Process(["/usr/sbin/bearerbox", "-v", "4", config], folder / "bearerbox.out") as bearerbox:
            until(lambda: bearerbox.alive() and "(online" in status_page(admin), 60,
                  f"bearerbox does not come online: see {folder}")
            with Process(["/usr/sbin/smsbox", "-v", "4", config], folder / "smsbox.out") as smsbox:
                until(lambda: smsbox.alive() and "smsbox" in status_page(admin), 60,
                      f"smsbox does not come up: see {folder}")
                yield bearerbox, smsbox, sendsms


def one_run(setup, messages, folder):
    folder.mkdir(parents=True)
    with Carrier(setup.bin_dir, folder, pair=AnyPassword()) as carrier, \
            Process([setup.bin_dir / "http_load", "sink"], folder / "sink.log") as sink:
        sink_port = sink.expect(r"^listening (\d+)$").group(1)
        targets = folder / "targets"
        with open(targets, "w", encoding="ascii") as file:
            file.writelines(target_of(t, sink_port) + "\n" for t in texts(messages))
        with boxes_on(setup, folder, carrier) as (bearerbox, smsbox, sendsms):
            with open(targets, "rb") as lines, \
                    Process([setup.bin_dir / "http_load", "send", sendsms, CONNECTIONS],
                            folder / "load.log", stdin=lines) as load:
                seconds = carrier.watch(part_count(messages), messages)
                load.child.wait(60)
            cpu = bearerbox.cpu_seconds() + smsbox.cpu_seconds()
            memory = bearerbox.peak_mib() + smsbox.peak_mib()
        answer = last_json(load.output())
        if answer["answered"] != messages:
            raise Failure(f"Kannel refused {answer['refused']} of {messages} requests: see {folder}")
    return {"rate": messages / seconds, "cpu_us": cpu * 1e6 / messages, "memory_mib": memory}


def replies(setup):
    """The same texts from phones, answered by a keyword."""
    folder = setup.scratch / "kannel-replies"
    folder.mkdir(parents=True)
    count = answers.count_for(setup)
    with Carrier(setup.bin_dir, folder, log_texts=True, pair=AnyPassword()) as carrier, boxes_on(setup, folder, carrier):
        answers.send_texts(carrier, 0, count)
        took = answers.answered_in_ms(carrier, count)
    return {"kannel_reply_p50_ms": round(answers.percentile(took, 50), 2),
            "kannel_reply_p99_ms": round(answers.percentile(took, 99), 2)}


def measure(setup):
    """Median of three runs."""
    runs = [one_run(setup, setup.kannel_messages, setup.scratch / f"kannel-{i}") for i in range(setup.runs)]
    rates = [r["rate"] for r in runs]
    middle = runs[rates.index(statistics.median_low(rates))]
    return {
        "kannel_per_second": round(middle["rate"]),
        "kannel_messages": setup.kannel_messages,
        "kannel_runs": [round(r) for r in rates],
        "kannel_cpu_us_per_message": round(middle["cpu_us"], 1),
        "kannel_memory_mib": round(middle["memory_mib"], 1),
        "kannel_durable": "no: its spool is never synced to disk",
    }
