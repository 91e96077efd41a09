#!/usr/bin/env python3
"""The operator's first hour: an account is tried, a text is sent by hand, and each says what came of it.

posthornd, `posthorn` and the simulated carrier as they are built, in a folder of their own.
Usage: first_hour_test.py BUILD_DIR
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 120  # seconds until a test that hangs says so

MAIN = """
state_dir: state
plugin_dir: {plugins}
types_dir: {types}
socket: posthorn.sock
sources:
  billing: {{types: all}}
"""

ACCOUNT = """
adapter: smpp
enabled: {enabled}
delivery: {delivery}
allow: ["13800138000"]
options: {{host: 127.0.0.1, port: {port}, system_id: {system_id}, password: "file:password"}}
"""

LOOPBACK = "adapter: loopback\ndelivery: live\n"


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class site:
    def __init__(self, folder):
        self.folder = folder
        accounts = folder / "accounts.d"
        accounts.mkdir()
        (accounts / "password").write_text("secret\n")
        (folder / "posthorn.yaml").write_text(
            MAIN.format(plugins=BUILD / "plugins", types=ROOT / "config/types"))
        self.carrier_log = folder / "carrier.log"
        self.carrier = subprocess.Popen(
            [BUILD / "bin/posthorn-sim", "smpp", "--port", "0", "--receipt-delay", "50ms",
             "--log", self.carrier_log],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.carrier.stdout.readline()
        assert line.startswith("listening"), line
        port = int(line.rsplit(":", 1)[1].split()[0])

        def write(name, **differs):
            values = {"enabled": "on", "delivery": "test", "port": port, "system_id": name}
            (accounts / f"{name}.yaml").write_text(ACCOUNT.format(**{**values, **differs}))

        write("mobile")
        write("later", enabled="off")
        write("nobody", enabled="off", port=closed_port())
        (accounts / "loop.yaml").write_text(LOOPBACK)
        self.errors = open(folder / "posthornd.log", "w")
        self.daemon = subprocess.Popen(
            [BUILD / "bin/posthornd", "--config", folder / "posthorn.yaml"], stderr=self.errors)
        self.wait_for_log("ready socket")
        self.wait_for_log("bound host")

    def wait_for_log(self, what):
        end = time.monotonic() + PATIENCE
        while what not in (self.folder / "posthornd.log").read_text():
            assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
            time.sleep(0.05)

    def posthorn(self, *words, code=0):
        done = subprocess.run(
            [BUILD / "bin/posthorn", "--config", self.folder / "posthorn.yaml", *words],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stdout + done.stderr

    def json(self, *words, code=0):
        return json.loads(self.posthorn("--json", *words, code=code))

    def end(self):
        self.daemon.terminate()
        code = self.daemon.wait(PATIENCE)
        self.carrier.terminate()
        self.carrier.wait(PATIENCE)
        self.errors.close()
        return code


def an_account_is_tried(s):
    up = s.json("accounts", "test", "mobile")
    assert up["works"] and up["over"] == "the link that is up", up
    assert up["learned"]["interface version"] == "3.4", up
    assert up["learned"]["answer to enquire_link"].endswith(" ms"), up
    assert up["learned"]["TLS"] == "no" and up["delivery"] == "test", up
    off = s.json("accounts", "test", "later")
    assert off["works"] and not off["enabled"], off
    assert off["over"] == "a link of its own, closed again", off
    gone = s.json("accounts", "test", "nobody", code=1)
    assert not gone["works"] and "cannot connect" in gone["why"], gone
    assert "next try" not in gone["why"], gone
    assert s.json("accounts", "test", "loop")["works"]
    # a file that is changed counts from the next reload on, also of an account that is off
    (s.folder / "accounts.d/nobody.yaml").write_text(LOOPBACK + "enabled: off\n")
    assert not s.json("accounts", "test", "nobody", code=1)["works"]
    assert "disabled account nobody: changed" in s.posthorn("reload")
    assert s.json("accounts", "test", "nobody")["works"]
    assert "no account is called 'mobil'" in s.posthorn("accounts", "test", "mobil", code=1)
    assert "up" in s.posthorn("accounts") # the live link was not disturbed


def a_text_is_sent(s):
    page = s.posthorn("send", "13800138000", "你好", "--account", "mobile", "--reason", "first",
                      "--wait")
    assert "delivered, account mobile" in page, page
    told = s.json("send", "+8613800138000", "x" * 200, "--language", "en", "--account", "loop",
                  "--priority", "urgent", "--reason", "long", "--wait")
    assert told["state"] == "delivered" and told["account"] == "loop", told
    assert told["coding"] == "gsm7" and len(told["parts"]) == 2, told
    # delivery: test holds for it as for all others
    page = s.posthorn("send", "13900139000", "no", "--account", "mobile", "--reason", "x",
                      "--wait", code=1)
    assert "suppressed" in page and "test mode" in page, page


def what_cannot_be_sent_is_refused(s):
    for words, why in [(["138", "x", "--reason", "x"], "to_ref"),
                       (["13800138000", "x", "--reason", "x", "--account", "b"], "no account"),
                       (["13800138000", "x", "--reason", "x", "--priority", "fast"], "priority")]:
        assert why in s.posthorn("send", *words, code=1), words
    assert "--reason" in s.posthorn("send", "13800138000", "x", code=2)


def a_pause_holds_it(s):
    s.posthorn("pause", "--type", "manual", "--reason", "lunch")
    told = s.json("send", "13800138000", "later", "--account", "loop", "--reason", "x")
    assert s.json("show", told["message"])["events"][0]["state"] == "queued"
    s.posthorn("resume", "--type", "manual")
    end = time.monotonic() + PATIENCE
    while s.json("show", told["message"])["events"][0]["state"] != "delivered":
        assert time.monotonic() < end
        time.sleep(0.05)


def it_is_recorded(s):
    log = s.json("log", "--what", "send")["operations"]
    assert len(log) == 4, log
    assert "13800138000" not in json.dumps(log) and log[-1]["reason"] == "first", log
    found = s.json("search", "--source", "posthorn")["found"]
    assert {f["type"] for f in found} == {"manual"} and len(found) == 4, found
    assert not (s.folder / "state/result/posthorn.db").exists()


def main():
    with tempfile.TemporaryDirectory(prefix="posthorn-first-hour.") as folder:
        s = site(pathlib.Path(folder))
        try:
            for test in (an_account_is_tried, a_text_is_sent, what_cannot_be_sent_is_refused,
                         a_pause_holds_it, it_is_recorded):
                test(s)
                print("ok", test.__name__)
        except BaseException:
            print((s.folder / "posthornd.log").read_text()[-4000:])
            raise
        finally:
            code = s.end()
        assert code == 0, code


main()
