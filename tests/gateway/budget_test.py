#!/usr/bin/env python3
"""A budget that is used up keeps its messages back, over a kill -9, until a reload raises it.

posthornd and `posthorn` as they are built, with the loopback carrier, in a folder of their own.
Usage: budget_test.py BUILD_DIR
"""

import json
import pathlib
import sys
import tempfile
import urllib.error
import urllib.request

from small_site import PATIENCE, comes_true, database, go_through, small_site, type_file, zone_of_noon

BUILD = pathlib.Path(sys.argv[1]).resolve()

MAIN = 'http: {listen: "127.0.0.1:0"}\nsources: {crm: {types: all}}\n'
ACCOUNT = """
adapter: loopback
delivery: live
prices: {currency: CNY, "86138": 0.04, other: 0.05}
"""
OFFERS = ("budgets:\n  - {{name: offers, sources: [crm], categories: [marketing], per: month, amount: {amount}, "
          "currency: CNY, warn_at: 50}}\n")
CHEAP, DEAR = "13800138000", "13900139000"


class site(small_site):
    zone = zone_of_noon()

    def __init__(self, folder):
        super().__init__(BUILD, folder, {
            name: type_file(name, category, priority) for name, category, priority in (
                ("offer", "marketing", "bulk"), ("alarm", "marketing", "urgent"),
                ("bill", "billing", "normal"))}, MAIN)
        self.write("accounts.d/loop.yaml", ACCOUNT)
        self.budget("0.40")
        self.keys = 0

    def budget(self, amount):
        self.write("policy.yaml", OFFERS.format(amount=amount))

    def send(self, kind, to, text="x"):
        """The key of its event."""
        self.keys += 1
        key = f"k{self.keys}"
        with database(self.outbox()) as db:
            db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, ?, ?)",
                       (kind, key, to, json.dumps({"text": text})))
        return key

    def went(self, kind, to):
        self.becomes(self.send(kind, to), "delivered")

    def used(self):
        (budget,) = json.loads(self.posthorn("cost", "--json"))["budgets"]
        return budget["used"], budget["step"], budget["on_its_way"]

    def log(self):
        return (self.folder / "posthornd.log").read_text()


def it_warns_before_it_stops(s):
    for _ in range(4):
        s.went("offer", CHEAP)
    assert s.used() == ("0.16", "fine", "0.00"), s.used()
    assert s.posthorn("status").startswith("all well"), s.posthorn("status")
    s.went("offer", DEAR)
    assert s.used() == ("0.21", "nearly", "0.00"), s.used()
    assert "budget offers (0.40 CNY a month) is used to 52 %" in s.posthorn("status")
    comes_true(lambda: s.log().count("0.21 CNY of budget offers (0.40 CNY a month) are spent") == 1, s.log)


def what_is_over_it_waits(s):
    for _ in range(4):
        s.went("offer", DEAR)
    assert s.used() == ("0.41", "used_up", "0.00"), s.used()
    s.late = [s.send("offer", DEAR) for _ in range(3)]
    for key in s.late:
        reason = s.becomes(key, "queued")
        assert reason.startswith("budget offers (0.40 CNY a month) is used up (policy.yaml): waits until "), reason
        assert reason.endswith(", or until it is raised"), reason
    for verb in ("show", "explain"):
        assert reason in s.posthorn(verb, s.late[0]), s.posthorn(verb, s.late[0])
    status = s.posthorn("status")
    assert "budget offers (0.40 CNY a month) is used up: its messages wait until " in status, status
    assert "used up: its messages wait" in s.posthorn("cost")
    comes_true(lambda: s.log().count("0.41 CNY of budget offers (0.40 CNY a month) are spent: ") == 1, s.log)


def all_else_goes_on(s):
    s.went("bill", DEAR)
    s.went("alarm", DEAR) # urgent, and counted
    assert s.used() == ("0.46", "used_up", "0.00"), s.used()


def a_crash_forgets_nothing(s):
    s.kill()
    s.start()
    assert s.used() == ("0.46", "used_up", "0.00"), s.used()
    s.late.append(s.send("offer", CHEAP))
    s.becomes(s.late[-1], "queued")


def raised_it_lets_them_go(s):
    s.budget("5.00")
    assert "policy" in s.posthorn("reload")
    for key in s.late:
        s.becomes(key, "delivered")
    assert s.used() == ("0.65", "fine", "0.00"), s.used()
    comes_true(lambda: "budget offers (5.00 CNY a month) has room again" in s.log(), s.log)
    s.posthorn("reconcile", "--deep")


def the_alert_has_its_figure(s):
    token = s.posthorn("token", "create", "--metrics", "--json")
    ask = urllib.request.Request(s.url + "/metrics", headers={"Authorization": "Bearer " + json.loads(token)["token"]})

    def figures():
        try:
            with urllib.request.urlopen(ask, timeout=PATIENCE) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as e:
            assert e.code == 401, e # a new token counts within a second
    text = comes_true(figures, "metrics")
    assert 'posthorn_budget_used_ratio{budget="offers"} 0.13' in text, text
    assert 'posthorn_policy_total{rule="budget",outcome="put off"} ' in text, text


def mistakes_are_told(s):
    s.write("policy.yaml", OFFERS.format(amount="1").replace("crm", "crn").replace("CNY", "EUR"))
    code, told = s.check()
    assert code != 0, told
    assert "no source is called 'crn'" in told, told
    assert "no account has `prices` in EUR, so that budget offers would count nothing" in told, told
    s.budget("5.00")


with tempfile.TemporaryDirectory(prefix="posthorn-budget.") as scratch:
    go_through(site(pathlib.Path(scratch)), (
        it_warns_before_it_stops, what_is_over_it_waits, all_else_goes_on, a_crash_forgets_nothing,
        raised_it_lets_them_go, the_alert_has_its_figure, mistakes_are_told))
