#!/usr/bin/python3
"""Holds posthornd to daemon/api/openapi.yaml: starts it, asks every route for every answer it can be
brought to give, and checks status, content type and body against the file.

    openapi_test.py BUILD_DIR

The last line is "N answers checked". Needs Debian's python3-yaml and python3-jsonschema.
"""

import base64
import datetime
import http.client
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "daemon" / "api" / "openapi.yaml").read_text())
METHODS = {"get", "post", "put", "delete", "patch"}


class Daemon:
    """posthornd in a folder of its own, with the shipped configuration and no carrier."""

    def __init__(self, build, folder):
        self.bin = pathlib.Path(build) / "bin"
        config = folder / "config"
        (folder / "var").mkdir()
        subprocess.run(["cp", "-r", ROOT / "config", config], check=True)
        (config / "accounts.d" / "sim.yaml").unlink()
        (config / "accounts.d" / "acme.yaml").write_text(
            "adapter: http\ndelivery: live\noptions:\n  url: http://127.0.0.1:1/\n  text: '{{text}}'\n"
            "  callback_secret: file:acme.secret\n  receipt_id_at: field:id\n  receipt_state_at: field:state\n"
            "  callback_answer: OK\n")
        (config / "accounts.d" / "acme.secret").write_text("s3cret\n")
        self.file = config / "posthorn.yaml"
        settings = re.sub(r"(?m)^plugin_dir: \S+", f"plugin_dir: {pathlib.Path(build).resolve()}/plugins",
                          self.file.read_text())
        self.file.write_text(settings + "http:\n  listen: 127.0.0.1:0\n  body: 64KiB\n"
                             "  header_wait: 1s\n  body_wait: 1s\n")
        self.billing = self.token("--source", "billing")
        self.metrics = self.token("--metrics")
        self.agent = self.token("--agent", "--name", "Li Wei")
        self.process = subprocess.Popen([self.bin / "posthornd", "--config", self.file],
                                        stderr=subprocess.PIPE, text=True)
        seen = ""
        for line in self.process.stderr:
            seen += line
            if match := re.search(r"listening address=\S+ port=(\d+)", line):
                self.port = int(match.group(1))
            if " ready " in line:
                return
        sys.exit("posthornd did not start:\n" + seen)

    def token(self, *options):
        made = subprocess.run([self.bin / "posthorn", "--config", self.file, "token", "create", *options],
                              check=True, capture_output=True, text=True)
        return made.stdout.strip()

    def moved_contact(self):
        """A crew is known, and a contact number was changed as by a text; the change's id."""
        people = self.file.parent / "people.csv"
        people.write_text("number,role,area\n13900000004,crew,城东\n")
        subprocess.run([self.bin / "posthorn", "--config", self.file, "people", "import", people,
                        "--reason", "test"], check=True, capture_output=True)
        with sqlite3.connect(self.file.parent.parent / "var/live.db", timeout=30) as db:
            db.execute("INSERT INTO contact_change SELECT 7, 1760000000000000, '3100000001', '8613800000001', "
                       "'8613800000002', 5, '8613800000001', 'text', id, 'waiting', 0, '', '' FROM name "
                       "WHERE kind = 'source' AND name = 'billing'")
        return "7"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class Judge:
    def __init__(self):
        self.checked, self.wrong, self.seen = 0, [], set()

    def schema(self, content):
        return {"$ref": content["schema"]["$ref"], "components": SPEC["components"]} \
            if "$ref" in content["schema"] else {**content["schema"], "components": SPEC["components"]}

    def look(self, path, method, wanted, answer, body):
        self.checked += 1
        where = f"{method.upper()} {path} → {answer.status}"
        if answer.status != wanted:
            self.wrong.append(f"{where}, expected {wanted}: {body[:200]}")
            return
        stated = SPEC["paths"][path][method]["responses"].get(str(answer.status))
        if stated is None:
            self.wrong.append(f"{where}: the file does not know this answer")
            return
        self.seen.add((path, method, str(answer.status)))
        if "$ref" in stated:
            stated = SPEC["components"]["responses"][stated["$ref"].rsplit("/", 1)[1]]
        if "content" not in stated:
            return
        kind = answer.getheader("Content-Type").split(";")[0]
        if kind not in stated["content"]:
            self.wrong.append(f"{where}: is {kind}, the file says {', '.join(stated['content'])}")
            return
        if not kind.endswith("json"):
            return
        checker = jsonschema.Draft202012Validator(self.schema(stated["content"][kind]),
                                                  format_checker=jsonschema.FormatChecker())
        for mistake in checker.iter_errors(json.loads(body)):
            self.wrong.append(f"{where}: {mistake.json_path}: {mistake.message}")


def event(**changes):
    data = {"account_name": "张三", "account": "3100123456789", "period": "2026-11-01", "usage": "218.4",
            "amount": "128.50", "due_date": "2026-12-15"}
    return {"type": "bill.issued", "to_ref": "13800138000", "run": "r", "subject": "s", "data": data,
            "occurred_at": "2026-11-01T08:00:00+08:00", **changes}


def ask(daemon, judge, path, wanted, method="get", body=None, token=None, headers=None, asked="", **places):
    link = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
    target = path + asked
    for name, value in places.items():
        target = target.replace("{" + name + "}", value)
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = "Bearer " + token
    text = body if isinstance(body, (str, bytes, type(None))) else json.dumps(body)
    link.request(method.upper(), target, text, sent)
    answer = link.getresponse()
    got = answer.read().decode()
    judge.look(path, method, wanted, answer, got)
    link.close()
    return got


def exercise(daemon, judge):
    def events(wanted, body, token=daemon.billing, **headers):
        return ask(daemon, judge, "/v1/events", wanted, "post", body, token, headers)
    key = {"Idempotency-Key": "K 1"}
    first = json.loads(events(202, event(), **key))
    events(200, event(), **key)
    events(409, event(subject="other"), **key)
    events(202, event(key="parked", type="no.such"))
    events(200, {"events": [event(key="a"), event(key="b", to_ref="x"), event(), event(key="a"),
                            event(key="K 1", subject="other")]})
    events(400, "{")
    events(400, event(key="k", unknown=1))
    events(401, event(), None)
    events(403, event(), daemon.metrics)
    events(413, json.dumps(event(key="k", subject="x" * 70_000)))

    one = "/v1/events/{source}/{key}"
    story = ask(daemon, judge, one, 200, token=daemon.billing, source="billing", key="K%201")
    if json.loads(story)["id"] != first["event"]:
        judge.wrong.append("the event found is not the one that was handed in: " + story)
    ask(daemon, judge, one, 200, token=daemon.billing, source="billing", key="parked")
    ask(daemon, judge, one, 404, token=daemon.billing, source="billing", key="none")
    ask(daemon, judge, one, 403, token=daemon.billing, source="codes", key="K")
    ask(daemon, judge, one, 401, source="billing", key="K")
    message = "/v1/messages/{id}"
    ask(daemon, judge, message, 200, token=daemon.billing, id=first["message"])
    for wrong in (first["event"], "1", "x"):
        ask(daemon, judge, message, 404, token=daemon.billing, id=wrong)
    ask(daemon, judge, message, 401, id="1")
    cancel, cancel_message = one + "/cancel", message + "/cancel"

    def take_back(path, wanted, body=None, token=daemon.billing, **places):
        ask(daemon, judge, path, wanted, "post", body, token, **places)
    take_back(cancel, 200, {"reason": "wrong amount"}, source="billing", key="K%201")
    take_back(cancel_message, 200, id=first["message"])  # it is
    take_back(cancel, 409, source="billing", key="parked")
    take_back(cancel, 404, source="billing", key="none")
    take_back(cancel, 403, source="codes", key="K")
    take_back(cancel, 400, {"why": "?"}, source="billing", key="a")
    take_back(cancel, 401, token=None, source="billing", key="a")
    take_back(cancel_message, 404, id="1")
    take_back(cancel_message, 400, "[", id=first["message"])
    take_back(cancel_message, 403, token=daemon.metrics, id=first["message"])
    take_back(cancel_message, 401, token=None, id=first["message"])
    changes, one_change = "/v1/contact-changes", "/v1/contact-changes/{id}"
    ask(daemon, judge, changes, 200, token=daemon.billing)
    ask(daemon, judge, changes, 401)
    ask(daemon, judge, changes, 403, token=daemon.metrics)
    ask(daemon, judge, changes, 400, token=daemon.billing, asked="?state=open")
    moved = daemon.moved_contact()
    settled = {"agreed": False, "reason": "not hers"}
    ask(daemon, judge, changes, 200, token=daemon.billing, asked="?state=waiting&limit=1")
    for wanted, body, token, which in ((404, settled, daemon.billing, "1"), (400, {}, daemon.billing, moved),
                                       (401, settled, None, moved), (403, settled, daemon.metrics, moved),
                                       (200, settled, daemon.billing, moved),
                                       (409, settled, daemon.billing, moved)):
        ask(daemon, judge, one_change, wanted, "post", body, token, id=which)
    ask(daemon, judge, changes, 200, token=daemon.billing)
    work, over = "/v1/work", "/v1/work/{id}/end"
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    report = {"number": "13900000004", "place": "解放路18号", "work": "更换变压器", "begins_at": now}
    made = json.loads(ask(daemon, judge, work, 201, "post", report, daemon.billing))
    for wanted, body, token in ((400, {}, daemon.billing), (401, report, None), (403, report, daemon.metrics),
                                (404, {**report, "number": "13900000099"}, daemon.billing),
                                (403, {**report, "area": "城西"}, daemon.billing)):
        ask(daemon, judge, work, wanted, "post", body, token)
    for wanted, body, token in ((400, "[", daemon.billing), (401, None, None), (403, None, daemon.metrics),
                                (200, None, daemon.billing), (404, None, daemon.billing)):
        ask(daemon, judge, over, wanted, "post", body, token, id=made["id"])
    serve_customers(daemon, judge, first["message"])
    carriers_call(daemon, judge)
    for path in ("/livez", "/readyz", "/metrics"):
        ask(daemon, judge, path, 200)
    if ask(daemon, judge, "/openapi.yaml", 200) != (ROOT / "daemon" / "api" / "openapi.yaml").read_text():
        judge.wrong.append("/openapi.yaml is not the file")


def carriers_call(daemon, judge):
    # without the secret, or to no account, everybody hears the same
    plain, with_word = "/v1/carriers/{account}", "/v1/carriers/{account}/{word}"
    for method in ("get", "post"):
        body = "id=1&state=delivered" if method == "post" else None
        query = "" if body else "?id=1&state=delivered"
        for account, word in (("acme", "guess"), ("nobody", "s3cret")):
            ask(daemon, judge, with_word, 403, method, body, account=account, word=word, asked=query)
            ask(daemon, judge, plain, 403, method, body, account=account, asked=query)
        said = ask(daemon, judge, with_word, 200, method, body, account="acme", word="s3cret", asked=query)
        if said != "OK":
            judge.wrong.append("a carrier hears " + said)


def serve_customers(daemon, judge, message):
    """What agents do; the number has a text that was taken back, and subscribes to a topic."""
    phone = "13900000004"
    basic = {"Authorization": "Basic " + base64.b64encode(f"li:{daemon.agent}".encode()).decode()}
    one, page, consent = "/v1/customers/{who}", "/customers", "/v1/consent/{number}"
    topics, has, again = "/v1/topics", "/v1/subscriptions/{number}", "/v1/resend"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def agent(path, wanted, method="get", body=None, token=daemon.agent, headers=None, **places):
        return ask(daemon, judge, path, wanted, method, body, token, headers, **places)
    opt = {"what": "out", "category": "marketing", "reason": "by phone"}
    for wanted in (200, 409):
        agent(consent, wanted, "post", opt, number=phone)
    agent(consent, 400, "post", {**opt, "what": "away"}, number=phone)
    agent(consent, 400, number="x")
    agent(consent, 200, number=phone)
    agent(topics, 200)
    want = {"do": "add", "topic": "OUTAGES", "parameter": "城东", "reason": "by phone"}
    for wanted in (200, 409):
        agent(has, wanted, "post", want, number=phone)
    agent(has, 403, "post", {**want, "topic": "DAILY SALES", "parameter": ""}, number=phone)
    agent(has, 400, "post", {**want, "topic": ""}, number=phone)
    agent(has, 400, number="x")
    agent(has, 200, number=phone)
    nuisances, nuisance = "/v1/nuisances", "/v1/nuisances/{number}"
    bother = {"do": "add", "for": "7d", "reason": "a hundred texts a night"}
    agent(nuisance, 200, "post", bother, number=phone)
    agent(nuisance, 400, "post", {**bother, "for": "x"}, number=phone)
    agent(nuisances, 200)
    agent(nuisances, 400, asked="?limit=x")
    for wanted in (200, 409):
        agent(nuisance, wanted, "post", {"do": "remove", "reason": "she called"}, number=phone)
    resend = {"what": message, "reason": "the customer asks"}
    agent(again, 400, "post", {"what": message}, token=daemon.agent)
    agent(again, 404, "post", {**resend, "what": "none"})
    fresh = json.loads(agent(again, 200, "post", resend))
    agent(again, 409, "post", {**resend, "what": fresh["message"]})
    for who in (phone, "13800138000", "3100000001"):
        agent(one, 200, who=who)
    agent(one, 404, who="13700000000")
    ask(daemon, judge, page, 200, headers=basic)
    ask(daemon, judge, page, 200, headers=basic, asked="?who=" + phone)
    agent(page, 303, "post", f"who={phone}&act=resume&number={phone}&topic=outage.area&parameter=%E5%9F%8E"
                             "%E4%B8%9C&reason=r", headers=form)
    agent(page, 400, "post", "act=nothing", headers=form)
    for path, method in ((one, "get"), (page, "get"), (page, "post"), (consent, "get"), (consent, "post"),
                         (topics, "get"), (has, "get"), (has, "post"), (again, "post"),
                         (nuisances, "get"), (nuisance, "post")):
        body = {} if method == "post" else None
        ask(daemon, judge, path, 401, method, body, who=phone, number=phone)
        ask(daemon, judge, path, 403, method, body, daemon.metrics, who=phone, number=phone)


def not_brought_about(seen):
    """Answers to whole requests that nothing above led to: each must have a reason here."""
    known = {("/livez", "503"), ("/readyz", "503"), ("/metrics", "401")}
    for path, methods in SPEC["paths"].items():
        for method in METHODS & set(methods):
            for status in methods[method]["responses"]:
                carrier = path.endswith("/cancel") and status == "202" or \
                    (path, status) == ("/v1/messages/{id}/cancel", "409")  # there is none
                rare = carrier or status in ("429", "503") or (path, status) in known or \
                    (path, status) in (("/v1/messages/{id}", "403"), ("/v1/carriers/{account}", "200"))
                if (path, method, status) not in seen and not rare:
                    yield f"{method.upper()} {path} {status}: nothing led to it"


def main():
    judge = Judge()
    with tempfile.TemporaryDirectory(prefix="posthorn-openapi.") as folder:
        with Daemon(sys.argv[1], pathlib.Path(folder)) as daemon:
            exercise(daemon, judge)
    judge.wrong += not_brought_about(judge.seen)
    for line in judge.wrong:
        print(line)
    print(f"{judge.checked} answers checked")
    return 1 if judge.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
