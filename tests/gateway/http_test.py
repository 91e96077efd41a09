#!/usr/bin/env python3
"""A carrier over HTTP that only configuration describes: texts, receipts and texts from phones; what goes wrong.

posthornd and `posthorn` as they are built, with a carrier of this file's own, in a folder of their own.
Usage: http_test.py BUILD_DIR
"""

import http.server
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

from small_site import PATIENCE, ROOT, comes_true, database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = """
http: {listen: "127.0.0.1:0"}
sources:
  crm: {types: all}
"""

ACCOUNT = """
adapter: http
delivery: live
options:
  url: {url}/send
  auth: bearer
  secret: file:acme.key
  json: '{{"to": "+{{{{recipient}}}}", "text": "{{{{text}}}}", "ref": "{{{{message}}}}", "type": "{{{{type}}}}"}}'
  success_at: /code
  success_is: "0"
  id_at: /id
  code_at: /code
  codes: {{"17": throttle, "40": permanent, "50": opted_out}}
  callback_secret: file:acme.secret
  callback_answer: '{{"ok":true}}'
  callback_answer_type: application/json
  receipt_id_at: /id
  receipt_state_at: /state
  receipt_code_at: /err
  states: {{DELIVRD: delivered, UNDELIV: undelivered}}
  text_from_at: /from
  text_to_at: /to
  text_body_at: /text
"""


class carrier(http.server.BaseHTTPRequestHandler):
    """Misbehaves towards some numbers, by their last digit: 1 closes without an answer, 2 throttles the first
    try, 3 refuses, 4 has opted out."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.asked.append((asked, self.headers["Authorization"]))
            tries = sum(a["to"] == asked["to"] for a, _ in self.server.asked)
            n = len(self.server.asked)
        if asked["to"].endswith("1"):
            self.close_connection = True
            return
        if asked["to"].endswith("2") and tries == 1:
            self.say({"code": 17})
        elif asked["to"].endswith("3"):
            self.say({"code": 40})
        elif asked["to"].endswith("4"):
            self.say({"code": 50})
        else:
            self.say({"code": 0, "id": f"m-{n}"})

    def say(self, what):
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


SECURE = """
adapter: http
enabled: off
delivery: live
options:
  url: https://127.0.0.1:{port}/send
  text: "{{{{text}}}}"
"""


def secure_port(folder):
    """A listener with a certificate of its own making, secure.pem in `folder`."""
    pem = folder / "accounts.d/secure.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=carrier", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", pem], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem, folder / "key.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), carrier)
    server.handle_error = lambda *_: None  # those that do not trust it hang up
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


class site(small_site):
    def __init__(self, folder, url):
        super().__init__(BUILD, folder, {"note": type_file("note")}, MAIN)
        (folder / "accounts.d/loop.yaml").unlink()
        self.write("accounts.d/acme.yaml", ACCOUNT.format(url=url))
        self.write("accounts.d/acme.key", "k3y\n")
        self.write("accounts.d/acme.secret", "s3cret\n")
        port = secure_port(folder)
        for name, more in (("vouched", "  tls_ca: file:secure.pem\n"), ("strange", "")):
            self.write(f"accounts.d/{name}.yaml", SECURE.format(port=port) + more)

    def insert(self, key, number, text="50% & \"您好\""):
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, ?, ?)",
                       (key, number, json.dumps({"text": text})))

    def call(self, body, word="s3cret", account="acme"):
        ask = urllib.request.Request(f"{self.url}/v1/carriers/{account}/{word}", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(ask, timeout=PATIENCE) as r:
                return r.status, r.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    def texts(self):
        with database(self.folder / "state/live.db", "ro") as db:
            return [row[0] for row in db.execute("SELECT text FROM inbound ORDER BY id")]


def a_text_arrives(s):
    s.insert("a", "13800138000", "x" * 170 + " 50% & \"您好\"")
    comes_true(lambda: s.server.asked, "the carrier is asked")
    asked, login = s.server.asked[0]
    assert asked["to"] == "+8613800138000" and asked["text"].endswith(' 50% & "您好"'), asked
    assert len(s.server.asked) == 1, "a long text goes whole"
    assert login == "Bearer k3y", login
    s.becomes("a", "submitted")
    assert s.call([{"id": "m-1", "state": "ACCEPTD"}, {"id": "m-1", "state": "DELIVRD", "err": "000"}]) == \
        (200, '{"ok":true}')
    s.becomes("a", "delivered")


def no_answer_is_uncertain_and_not_repeated(s):
    s.insert("b", "13800138001")
    shown = comes_true(lambda: json.loads(s.posthorn("--json", "uncertain", "list"))["uncertain"], "it is uncertain")
    assert len(shown) == 1
    assert sum(a["to"].endswith("1") for a, _ in s.server.asked) == 1


def throttling_is_waited_out_and_a_refusal_is_final(s):
    s.insert("c", "13800138002")
    s.insert("d", "13800138003")
    s.becomes("c", "submitted")
    reason = s.becomes("d", "rejected")
    assert "40" in reason, reason


def who_has_opted_out_at_the_carrier_gets_no_more(s):
    s.insert("o1", "13800138004")
    assert "50" in s.becomes("o1", "rejected")
    comes_true(lambda: "acme: 50" in s.posthorn("consent", "show", "13800138004"), "the ledger has it")
    s.insert("o2", "13800138004")
    reason = s.becomes("o2", "suppressed")
    assert "by carrier" in reason, reason
    assert sum(a["to"].endswith("4") for a, _ in s.server.asked) == 1
    s.posthorn("reconcile", "--deep")


def a_text_from_a_phone_is_stored_before_it_is_acknowledged(s):
    assert s.call({"from": "+8613800138009", "to": "1069", "text": "你好"})[0] == 200
    assert s.texts() == ["你好"], s.texts()


def strangers_are_not_heard(s):
    for word, account in (("guess", "acme"), ("s3cret", "nobody")):
        status, said = s.call({"from": "+8613800138009", "to": "1069", "text": "forged"}, word, account)
        assert status == 403, said
        assert "not a call that the account takes" in said
    assert len(s.texts()) == 1
    log = (s.folder / "posthornd.log").read_text()
    assert "s3cret" not in log and "k3y" not in log and "guess" not in log


def the_account_is_shown_and_tried(s):
    shown = s.posthorn("accounts")
    assert "acme" in shown and "http" in shown, shown
    assert "connected to" in s.posthorn("accounts", "test", "acme")


def a_certificate_that_nobody_vouches_for_is_refused(s):
    tried = s.posthorn("accounts", "test", "strange", code=1)
    assert "certificate" in tried, tried
    tried = s.posthorn("accounts", "test", "vouched")
    assert "yes, and verified" in tried, tried


def the_samples_are_understood(s):
    for name in ("http", "twilio", "vonage", "aliyun", "tencent"):
        text = (ROOT / f"config/accounts.d/{name}.yaml.sample").read_text()
        s.write(f"accounts.d/sample-{name}.yaml", text)
        for secret in re.findall(r"file:(\S+)", text):
            s.write(f"accounts.d/{secret}", "x\n")
    code, told = s.check()
    assert code == 0, told
    file = "accounts.d/sample-tencent.yaml"
    s.write(file, (s.folder / file).read_text().replace("{1}的电费为{2}", "{1}{2}"))
    code, told = s.check()
    assert code != 0 and "sample-tencent.yaml" in told and "between two gaps" in told, told


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), carrier)
    server.lock, server.asked = threading.Lock(), []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="posthorn-http.") as folder:
        s = site(pathlib.Path(folder), f"http://127.0.0.1:{server.server_port}")
        s.server = server
        go_through(s, (a_text_arrives, no_answer_is_uncertain_and_not_repeated,
                       throttling_is_waited_out_and_a_refusal_is_final, who_has_opted_out_at_the_carrier_gets_no_more,
                       a_text_from_a_phone_is_stored_before_it_is_acknowledged, strangers_are_not_heard,
                       the_account_is_shown_and_tried, a_certificate_that_nobody_vouches_for_is_refused,
                       the_samples_are_understood))
    server.shutdown()


if __name__ == "__main__":
    main()
