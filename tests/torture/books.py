"""What must agree at the end, whoever died when."""
import collections
import glob
import json
import os

import phones
import press
from phones import opened


def pending(stats):
    """Receipts and texts the carrier still keeps."""
    return stats["receipts_pending"] + stats["mo_pending"]


def told(site, source):
    """Final results of a source."""
    path = site.path("var", "result", f"{source}.db")
    if not os.path.exists(path):
        return 0
    with opened(path) as db:
        return db.execute("SELECT count(*) FROM result_row WHERE final").fetchone()[0]


class Carrier:
    """The simulator's log: what it took, and the receipts and texts we acknowledged."""

    def __init__(self, path):
        self.copies = collections.Counter()   # (dest, sm) -> times taken
        self.answers = collections.Counter()  # (dest, text) -> times taken, of answers to phones
        self.news = collections.Counter()     # (dest, item of the topic) -> times taken
        self.ids = {}                         # id -> dest
        self.answered = set()                 # ids of receipts acknowledged
        self.texts_answered = 0
        with open(path, encoding="utf-8") as log:
            for line in log:
                self.read(json.loads(line))

    def read(self, entry):
        if entry["ev"] == "submit" and entry["status"] == 0:
            if entry["source"] == phones.OURS:
                self.answers[entry["dest"], phones.shown(entry)] += 1
            elif (n := press.item(phones.shown(entry))) is not None:
                self.news[entry["dest"], n] += 1
            else:
                self.copies[entry["dest"], entry["sm"]] += 1
            self.ids[entry["id"]] = entry["dest"]
        elif entry["ev"] == "answered" and entry["status"] == 0:
            if entry["kind"] == "receipt":
                self.answered.add(entry["id"])
            else:
                self.texts_answered += 1


class Ours:
    """live.db and all months together; live wins."""

    def __init__(self, site):
        self.messages = {}   # recipient -> (state, type name, repeats, parts)
        self.replies = {}    # id of the text -> state
        self.news = collections.defaultdict(list)  # (recipient, item of the topic) -> states
        self.of_key = collections.Counter()
        live = site.path("var", "live.db")
        months = sorted(glob.glob(site.path("var", "history", "*.db")))
        with opened(live) as db:
            names = dict(db.execute("SELECT id, name FROM name"))
            self.inbound = db.execute("SELECT id, sender, text, outcome FROM inbound").fetchall()
            self.tallies = dict(db.execute("SELECT what, n FROM tally"))
            self.queued = db.execute("SELECT count(*) FROM queue").fetchone()[0]
        seen = set()
        for path in [live] + months:
            with opened(path) as db:
                self.read(db, names, seen)

    def read(self, db, names, seen):
        for (i, recipient, state, kind, repeats, parts, key, text) in db.execute(
                "SELECT m.id, m.recipient, m.state, m.type, m.repeats + ifnull((SELECT sum(p.repeats) "
                "FROM part AS p WHERE p.message = m.id), 0), m.parts, e.source || ':' || e.key, m.text "
                "FROM message AS m JOIN event AS e ON e.id = m.event"):
            if i in seen:
                continue
            seen.add(i)
            self.of_key[key] += 1
            if names[kind] == "reply":
                self.replies[int(key.rsplit("-", 1)[1])] = STATES[state]
                continue
            if names[kind] == press.KIND:
                self.news[recipient, press.item(text)].append(STATES[state])
                continue
            self.messages[recipient] = (state, names[kind], repeats or 0, parts)


STATES = ["queued", "sending", "submitted", "delivered", "partial", "undelivered", "rejected", "expired",
          "cancelled", "suppressed", "unconfirmed", "uncertain"]


class Report:
    def __init__(self):
        self.breaches = 0

    def line(self, what, count, promise=None, examples=()):
        good = promise is None or promise(count)
        print(f"  {what:<58} {count:>9}{'' if good else '   BREACH'}")
        for e in list(examples)[:5] if not good else ():
            print(f"      {e}")
        self.breaches += not good


def zero(n):
    return n == 0


def balance(site, writers, publisher, texts, args, died, drained, stopped, reconciled):
    carrier, ours = Carrier(site.path("sim.log")), Ours(site)
    kills = sum(died.values())
    report = Report()
    print(f"{kills} kills: " + ", ".join(f"{n} {k}" for k, n in sorted(died.items())))
    expected = {}
    for w in writers:
        for kind, key, number, _ in w.events():
            expected["86" + number] = (kind, key)
    report.line("events inserted", len(expected))
    report.line("texts the carrier took (parts)", sum(carrier.copies.values()))
    report.line("drained in time", int(drained), lambda n: n == 1)
    report.line("stopped on SIGTERM with exit status 0", int(stopped), lambda n: n == 1)
    status, words = reconciled
    report.line("exit status of posthorn reconcile --deep", status, zero, words.splitlines()[-5:])

    lost = [k for k in expected if k not in ours.messages]
    report.line("events lost", len(lost), zero, [expected[k][1] for k in lost])
    double = [k for k, n in ours.of_key.items() if n != 1 and not press.is_for_many(k)]
    report.line("events with more than one message", len(double), zero, double)
    for w in writers:
        with opened(site.path("var", "outbox", f"{w.name}.db")) as db:
            report.line(f"rows left in the outbox of {w.name}",
                        db.execute("SELECT count(*) FROM outbox").fetchone()[0], zero)
        check_results(report, site, w, ours)

    states = {**{k: STATES[m[0]] for k, m in ours.messages.items()}, **ours.replies,
              **{k: state for k, each in ours.news.items() for state in each}}
    open_ones = [k for k, state in states.items() if state in ("queued", "sending", "submitted")]
    report.line("messages without an end", len(open_ones), zero, open_ones)
    check_repeats(report, carrier, ours, args, kills)
    check_receipts(report, carrier, ours)

    report.line("texts from phones acknowledged and not stored",
                max(0, carrier.texts_answered - len(ours.inbound)), zero)
    phones.check(report, texts, carrier, ours, args.window * kills)
    press.check(report, site, publisher, carrier, ours, args.window * kills)
    print("  states: " + ", ".join(
        f"{n} {STATES[s]}" for s, n in sorted(collections.Counter(m[0] for m in ours.messages.values()).items())))
    print("balanced" if report.breaches == 0 else f"{report.breaches} promises broken")
    return 0 if report.breaches == 0 else 1


def check_results(report, site, writer, ours):
    with opened(site.path("var", "result", f"{writer.name}.db")) as db:
        rows = {key: (state, final, repeats) for key, state, final, repeats in
                db.execute("SELECT key, state, final, repeats FROM result")}
        refused = db.execute("SELECT count(*) FROM result_refused").fetchone()[0]
    wrong = []
    for _, key, number, _ in writer.events():
        message = ours.messages.get("86" + number)
        row = rows.get(key)
        if not row or not message or row[0] != STATES[message[0]] or row[1] != 1 or row[2] != message[2]:
            wrong.append(f"{key}: result {row}, message {message}")
    report.line(f"results of {writer.name} missing or wrong", len(wrong), zero, wrong)
    report.line(f"rows of {writer.name} refused (replays are silent)", refused, zero)


def check_repeats(report, carrier, ours, args, kills):
    extra = {pair: n - 1 for pair, n in carrier.copies.items() if n > 1}
    report.line("texts taken more than once", len(extra))
    report.line(f"of them beyond the window at each kill ({args.window} x {kills})",
                max(0, sum(extra.values()) - args.window * kills), zero)
    held = [d for d, _ in extra if ours.messages[d][1] == "torture.hold"]
    report.line("of them of a type that holds", len(held), zero, held)
    by_number = collections.Counter()
    for (dest, _), n in extra.items():
        by_number[dest] += n
    uncounted = [d for d, n in by_number.items() if ours.messages[d][2] < n]
    report.line("of them not counted as repeats", len(uncounted), zero, uncounted)
    report.line("resends counted", ours.tallies.get("repeats", 0))


def check_receipts(report, carrier, ours):
    """Each acknowledged receipt shows in the state of its message: numbers ending in 7 are undelivered."""
    never = [d for d, _ in carrier.copies if d not in ours.messages]
    report.line("texts the carrier took that we know nothing of", len(never), zero, never)
    report.line("receipts not acknowledged", len(set(carrier.ids) - carrier.answered), zero)
    wrong = []
    for dest in {d for d, _ in carrier.copies}:
        state = STATES[ours.messages[dest][0]] if dest in ours.messages else None
        good = ("undelivered",) if dest.endswith("7") else ("delivered",)
        if ours.messages[dest][3] > 1:  # a part may have been cut off by a kill, or by its sibling's failure
            good += ("partial", "uncertain", "undelivered" if dest.endswith("7") else "partial")
        if state not in good:
            wrong.append(f"{dest} is {state}: {ours.messages.get(dest)}")
    report.line("acknowledged receipts that do not show", len(wrong), zero, wrong)
