#!/usr/bin/env python3
"""Two carriers: the routes say who carries what, and the other one takes over when the first cannot.

posthornd, `posthorn` and two simulated carriers as they are built, in a folder of their own.
Usage: routing_test.py BUILD_DIR
"""

import collections
import json
import pathlib
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file
from smpp_carrier import ACCOUNT, BUILD, carrier

MAIN = "sources: {crm: {types: all}}\nbrake: {enabled: off}\n"


class site(small_site):
    def __init__(self, folder):
        types = {name: type_file(name, name) for name in ("service", "marketing")}
        super().__init__(BUILD, folder, types, MAIN)
        (folder / "accounts.d/loop.yaml").unlink()
        self.write("accounts.d/password", "secret\n")
        self.a, self.b = carrier(folder, "a"), carrier(folder, "b")
        self.accounts()
        self.rows = 0

    def accounts(self, a="", b=""):
        self.write("accounts.d/a.yaml", ACCOUNT % (a, self.a.port, "1069"))
        self.write("accounts.d/b.yaml", ACCOUNT % (b, self.b.port, "1070"))

    def use(self, routes="", a="", b=""):
        self.accounts(a, b)
        self.write("routes.yaml", "failover_after: 1s\nroutes:\n" + (routes or "  []\n"))
        return self.posthorn("reload")

    def send(self, count, type_name="service", prefix="86138"):
        """Their numbers."""
        first = self.rows
        self.rows += count
        numbers = [f"{prefix}{n:0{13 - len(prefix)}}" for n in range(first, self.rows)]
        with database(self.outbox()) as db:
            db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES(?, ?, ?, ?)",
                           [(type_name, "k" + number, "+" + number, json.dumps({"text": "x"}))
                            for number in numbers])
        return numbers

    def delivered(self, numbers):
        keys = {"k" + n for n in numbers}

        def states():
            rows = self.results("SELECT key, state FROM result")
            return collections.Counter(state for key, state in rows if key in keys)
        comes_true(lambda: states()["delivered"] == len(numbers), states)

    def by_both(self, numbers):
        """How many went by a, and by b. The carriers write their logs every 100 ms."""
        def now():
            a, b = self.a.texts(), self.b.texts()
            return sum(a[n] for n in numbers), sum(b[n] for n in numbers)
        comes_true(lambda: sum(now()) >= len(numbers), now)
        return now()

    def went(self, *what):
        numbers = self.send(*what)
        self.delivered(numbers)
        return self.by_both(numbers)

    def a_goes_down(self):
        """And the daemon knows it: what leaves before that is uncertain."""
        self.a.stop()

        def why_not():
            told = {a["account"]: a for a in self.route("+8613800000000")["accounts"]}
            return told["a"].get("why_not") or ""
        comes_true(lambda: why_not().startswith("it has no link: "), why_not)

    def route(self, number, type_name="service", *words, code=0):
        return json.loads(self.posthorn("test", "route", number, type_name, *words, "--json", code=code))


def what_an_account_does_not_carry_goes_by_the_other(s):
    s.use(a="carries: {categories: [service], not_prefixes: [86139]}")
    assert sum(s.went(10)) == 10 # whoever has room
    assert s.went(10, "marketing") == (0, 10)
    assert s.went(10, "service", "86139") == (0, 10)
    told = s.route("+8613900000000")
    assert told["pool"] == "sms service 86139", told
    assert [a["account"] for a in told["accounts"]] == ["b", "a"], told
    assert told["accounts"][1]["why_not"] == "it carries no numbers that begin with 86139", told
    assert told["would_carry"] == ["b"], told


def the_cheaper_one_comes_first(s):
    s.use("  - {order: price}\n", a='prices: {currency: CNY, other: 0.05, "86139": 0.02}',
          b="prices: {currency: CNY, other: 0.045}")
    assert s.went(20) == (0, 20)
    assert s.went(20, "service", "86139") == (20, 0)
    told = s.route("+8613800000000")
    assert [(a["account"], a["rank"], a["price"]) for a in told["accounts"]] == [("b", 1, "0.045"), ("a", 2, "0.05")]
    page = s.posthorn("test", "route", "+8613800000000", "service")
    assert "would go by" in page and "0.045" in page, page


    told = {row["account"]: row for row in json.loads(s.posthorn("cost", "--by", "account", "--json"))["cost"]}
    assert told["b"] == {"account": "b", "parts": 20, "price": "0.90", "currency": "CNY"}, told
    assert told["a"] == {"account": "a", "parts": 20, "price": "0.40", "currency": "CNY"}, told
    assert "1.30" in s.posthorn("cost"), s.posthorn("cost")


def an_estimate_says_what_a_file_would_cost(s):
    """As the accounts make the texts: a is told to leave room for what its carrier adds."""
    text = "x" * 150
    s.use("  - {order: price}\n", a='prices: {currency: CNY, other: 0.05, "86139": 0.02}\ncarrier_adds: "%s"' % ("y" * 20),
          b="prices: {currency: CNY, other: 0.045}")
    file = s.folder / "run.csv"
    numbers = ["+8613800000001", "+8613800000002", "+8613900000001", "nobody"]
    file.write_text("key,to,text\n" + "".join(f"e{n},{n},{text}\n" for n in numbers))
    words = ("import", str(file), "--type", "service", "--source", "crm", "--dry-run")
    told = json.loads(s.posthorn(*words, "--json", code=1))["estimate"]
    assert told == {"by_no_account": 0, "unknown": 0, "accounts": [
        {"account": "a", "messages": 1, "parts": 2, "price": "0.04", "currency": "CNY"},
        {"account": "b", "messages": 2, "parts": 2, "price": "0.09", "currency": "CNY"}]}, told
    page = s.posthorn(*words, code=1)
    assert "it would cost, as routes and prices are now:" in page and "0.09" in page, page
    told = json.loads(s.posthorn("test", "event", "service", "--set", "text=" + text, "--to", "+8613800000001", "--json"))
    assert [(a["account"], a["parts"], a["price"], a["cost"]) for a in told["route"]["accounts"]] == [
        ("b", 1, "0.045", "0.045"), ("a", 2, "0.05", "0.10")], told
    page = s.posthorn("test", "event", "service", "--set", "text=" + text, "--to", "+8613800000001")
    assert "would go by" in page and "0.10" in page, page


def without_the_daemon_a_dry_run_still_checks(s):
    s.stop()
    page = s.posthorn("import", str(s.folder / "run.csv"), "--type", "service", "--source", "crm", "--dry-run", code=1)
    assert "what it would cost is not known: " in page and "dry run: 4 rows read, 3 good" in page, page
    s.start()


def equals_share_by_weight(s):
    s.use("  - {order: any}\n", a="weight: 3", b="weight: 1")
    a, b = s.went(1200)
    assert abs(a - 3 * b) <= 400, (a, b) # one may be a hundred ahead of its share


def a_number_keeps_its_account(s):
    s.use("  - {sticky: yes}\n")
    numbers = s.send(60)
    s.delivered(numbers)
    first = s.a.texts()
    with database(s.outbox()) as db:
        db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('service', ?, ?, '{\"text\": \"y\"}')",
                       [("kagain" + n, "+" + n) for n in numbers])
    s.delivered(["again" + n for n in numbers])
    comes_true(lambda: sum(s.a.texts()[n] + s.b.texts()[n] for n in numbers) == 120, "both logs")
    assert 0 < sum(first[n] > 0 for n in numbers) < 60
    for n in numbers:
        assert s.a.texts()[n] in (0, 2), (n, s.a.texts()[n], s.b.texts()[n])


def when_the_first_is_down_the_second_carries(s):
    s.use("  - {accounts: [a, b]}\n")
    assert s.went(10) == (10, 0)
    s.a_goes_down()
    assert s.route("+8613800000000")["would_carry"] == ["b"]
    assert s.went(10) == (0, 10)
    s.a.start()
    comes_true(lambda: s.route("+8613800000000")["would_carry"] == ["a"], lambda: s.posthorn("accounts"))
    assert s.went(10) == (10, 0)
    number = s.send(1)
    s.delivered(number)
    assert "by the routes it comes first" in s.posthorn("explain", "k" + number[0])


def a_reload_routes_anew_what_waits(s):
    s.use("  - {accounts: [a]}\n")
    s.posthorn("pause", "--account", "a", "--reason", "test")
    numbers = s.send(700)
    comes_true(lambda: len(s.results("SELECT key FROM result WHERE state = 'queued'")) >= len(numbers),
               lambda: s.posthorn("status"))
    s.use("  - {accounts: [b]}\n")
    s.delivered(numbers)
    assert s.by_both(numbers) == (0, 700)
    s.use("", a="carries: {prefixes: [86139]}", b="carries: {prefixes: [86138]}") # other pools
    s.posthorn("resume", "--account", "a")
    assert s.went(10, "service", "86139") == (10, 0)
    assert s.route("+8613700000000", code=1)["would_carry"] == []
    s.send(1, "service", "86137")
    comes_true(lambda: "1 message waits for an account that carries sms elsewhere: none is configured" in
               s.posthorn("status"), lambda: s.posthorn("status"))


def what_needs_an_extended_sender_goes_by_who_can_extend_it(s):
    """As long as that has a link."""
    s.configure(MAIN.replace("types: all}", 'types: all, extension: "7"}'))
    s.use("  - {accounts: [b, a]}\n", a="extensions: yes")
    assert s.went(10) == (10, 0)
    told = s.route("+8613800000000", "service", "--source", "crm")
    assert told["would_carry"] == ["a"] and told["pool"] == "sms extended", told
    assert s.route("+8613800000000")["would_carry"] == ["b"]
    s.a_goes_down()
    assert s.went(10) == (0, 10)


def what_an_account_refuses_as_it_is_goes_by_the_other(s):
    """What it takes stays with it."""
    s.use("  - {accounts: [a, b]}\n")
    s.a_goes_down()
    s.a.start("--refuse", "0=0x15", "--refuse", "5=0x15") # service type invalid
    comes_true(lambda: s.route("+8613800000000")["would_carry"] == ["a"], lambda: s.posthorn("accounts"))
    numbers = s.send(10)
    s.delivered(numbers)
    refused = [n for n in numbers if n[-1] in "05"]
    comes_true(lambda: [n for n in numbers if s.b.texts()[n] > 0] == refused, s.b.texts)


def mistakes_change_nothing(s):
    s.write("routes.yaml", "routes: [{accounts: [c]}]\n")
    assert "no account is called 'c'" in s.posthorn("reload", code=1)


with tempfile.TemporaryDirectory() as name:
    site_of_two = site(pathlib.Path(name))
    try:
        go_through(site_of_two, [
            what_an_account_does_not_carry_goes_by_the_other,
            the_cheaper_one_comes_first,
            an_estimate_says_what_a_file_would_cost,
            without_the_daemon_a_dry_run_still_checks,
            equals_share_by_weight,
            a_number_keeps_its_account,
            when_the_first_is_down_the_second_carries,
            a_reload_routes_anew_what_waits,
            what_needs_an_extended_sender_goes_by_who_can_extend_it,
            what_an_account_refuses_as_it_is_goes_by_the_other,
            mistakes_change_nothing,
        ])
    finally:
        site_of_two.a.stop()
        site_of_two.b.stop()
