"""Phones that ask, each text with a mark of its own that its answer repeats."""
import collections
import re
import sqlite3

OURS = "10690000"
EACH = 3  # texts of one phone
SHIPPED = ("types/reply.yaml", "commands/tracking.yaml", "lookups/tracking.yaml", "phrases.yaml")
MARK = re.compile(r"TX\d{7}")


def opened(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def make_system(path):
    """What the lookup asks: documents with even numbers are known, the others are not."""
    with sqlite3.connect(path) as db:
        db.executescript("""
CREATE TABLE documents (document TEXT PRIMARY KEY, state TEXT NOT NULL, updated_on TEXT NOT NULL) STRICT;
WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 2 FROM n WHERE n < 200000)
INSERT INTO documents SELECT printf('TX%07d', n), '已寄出', '2026-11-24' FROM n;
""")


def mark(n):
    return f"TX{n:07d}"


def phone(n):
    """Whose the n-th text is."""
    return f"8613900{n // EACH:06d}"


def text(n):
    """The simulator's command for the n-th text."""
    return f"mo {phone(n)} {OURS} CJ {mark(n)}"


def is_answer(n, number, words):
    return number == phone(n) and ("已寄出" if n % 2 == 0 else "没有查到") in words


def shown(entry):
    """The text of an answer that the carrier took; answers here have one part."""
    octets = bytes.fromhex(entry["sm"])
    return octets.decode("utf-16-be" if entry["data_coding"] == 8 else "latin-1")


def waiting(site):
    """Texts that are not handled, and what was made of them and of topics and has not come to an end."""
    with opened(site.path("var", "live.db")) as db:
        return db.execute("SELECT (SELECT count(*) FROM inbound WHERE outcome IS NULL) + "
                          "(SELECT count(*) FROM message WHERE state < 3)").fetchone()[0]


def check(report, texts, carrier, ours, window):
    """Each text is answered once; an answer that was about to leave at a kill may be missing."""
    def zero(n):
        return n == 0
    handled = collections.defaultdict(list)  # mark -> (id, outcome) of what is no repetition
    outcomes = collections.Counter()
    for i, _, words, outcome in ours.inbound:
        outcomes[outcome] += 1
        if outcome != "duplicate":
            handled[words.removeprefix("CJ ")].append((i, outcome))
    heard = collections.Counter()   # mark -> answers
    apologies = collections.Counter()
    strange = []
    for (number, words), n in carrier.answers.items():
        found = MARK.search(words)
        if found:
            heard[found[0]] += n
            if not is_answer(int(found[0][2:]), number, words):
                strange.append((number, words))
        else:
            apologies[number] += n
    report.line("texts from phones", len(texts))
    report.line("  brought again and known", outcomes["duplicate"])
    report.line("  told that it cannot be looked up now", outcomes["failed"])
    lost = [mark(n) for n in texts if mark(n) not in handled]
    report.line("texts from phones lost", len(lost), zero, lost)
    other = {o: n for o, n in outcomes.items() if o not in ("answered", "failed", "duplicate")}
    report.line("texts without an answer", sum(other.values()), zero, other.items())
    twice = [(m, ids) for m, ids in handled.items() if len(ids) > 1]
    report.line("texts handled twice", len(twice), zero, twice)
    twice = [(m, n) for m, n in heard.items() if n > 1]
    report.line("texts answered twice", len(twice), zero, twice)
    report.line("answers that say something else, or to somebody else", len(strange), zero, strange)
    failed = collections.Counter(sender.lstrip("+") for _, sender, _, outcome in ours.inbound if outcome == "failed")
    twice = [(number, n) for number, n in apologies.items() if n > failed[number]]
    report.line("phones with more apologies than texts that failed", len(twice), zero, twice)
    missing = [(m, i) for m, ids in handled.items() for i, outcome in ids
               if outcome == "answered" and m not in heard]
    report.line("answers that never left", len(missing), lambda n: n <= window, missing)
    wrong = [(m, i, ours.replies.get(i)) for m, i in missing if ours.replies.get(i) != "uncertain"]
    report.line("of them not known as uncertain", len(wrong), zero, wrong)
