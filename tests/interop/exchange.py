"""What is exchanged with every stranger, and how its account of it is compared with ours."""

import json

from gateway import rows

SIGNATURES = {"interop.gsm": "[Minghu Power] ", "interop.chinese": "【明湖供电】"}
LANGUAGES = {"interop.gsm": "en", "interop.chinese": "zh-CN"}

TYPE_FILE = """name: {name}
category: service
priority: normal
whom: [number]
validity: 1h
fields:
  text: {{kind: text}}
signature: {signature}
default_language: {language}
texts:
  {language}: "{{{{ text }}}}"
sample: {{text: sample}}
"""

LONG_LATIN = "Planned work: the power will be off on Monday from 8:00 to 17:30 in Lakeside Road 1 to 86. " * 4
LONG_CHINESE = "尊敬的客户您好：明湖区滨河路1至86号因线路检修计划停电，请提前做好准备，不便之处敬请谅解。" * 4

TEXTS = [
    ("interop.gsm", "Your code is 482913."),
    ("interop.gsm", "Basic set: @£$¥èéùìòÇ ØøÅå ÄÖÑÜ§¿äöñüà ΔΦΓΛΩΠΨΣΘΞ ÆæßÉ"),
    ("interop.gsm", "Extension: ^{}\\[~]|€"),
    ("interop.gsm", "x" * (160 - len("[Minghu Power] ") - 2)),  # brackets cost two units each
    ("interop.gsm", "x" * (161 - len("[Minghu Power] ") - 2)),
    ("interop.gsm", LONG_LATIN.strip()),
    ("interop.chinese", "您的验证码是482913，5分钟内有效。"),
    ("interop.chinese", "短" * (70 - len("【明湖供电】"))),
    ("interop.chinese", "长" * (71 - len("【明湖供电】"))),
    ("interop.chinese", LONG_CHINESE),
    ("interop.chinese", "停电通知" * 20 + "😀" * 20 + "完"),
]

PHONES = [
    {"from": "8613900000001", "to": "10690000", "coding": 0, "text": "BALANCE"},
    {"from": "8613900000002", "to": "10690000", "coding": 8, "text": "电费余额"},
    {"from": "8613900000003", "to": "10690000", "coding": 8, "reference": 77,
     "pieces": ["请问明湖区滨河路今天为什么停电，" * 4, "什么时候恢复？谢谢。"]},
    {"from": "8613900000004", "to": "10690000", "coding": 0, "reference": 9,
     "pieces": ["When will the power be back in Lakeside Road? " * 3, "It has been off since 8:00."]},
]


def type_files():
    return {f"{name}.yaml": TYPE_FILE.format(name=name, signature=signature.strip(" []【】"),
                                             language=LANGUAGES[name])
            for name, signature in SIGNATURES.items()}


def events(repeat=1):
    """Key, number, type and text of what is sent."""
    for i in range(repeat * len(TEXTS)):
        name, text = TEXTS[i % len(TEXTS)]
        yield f"I-{i:05d}", f"+8613800{i:06d}", name, text


def insert(db, repeat=1):
    db.execute("BEGIN")
    for key, to, name, text in events(repeat):
        db.execute("INSERT INTO outbox(type, key, to_ref, data) VALUES (?, ?, ?, ?)",
                   (name, key, to, json.dumps({"text": text}, ensure_ascii=False)))
    db.execute("COMMIT")


def expected(repeat=1):
    """Text by number, as it must be read."""
    return {to.lstrip("+"): SIGNATURES[name] + text for _, to, name, text in events(repeat)}


def joined(parts):
    """Texts by number from the parts a carrier saw, with how many parts each had; and what is
    wrong with them."""
    by_number, wrong = {}, []
    for part in parts:
        by_number.setdefault(part["to"], []).append(part)
    texts = {}
    for to, some in by_number.items():
        some.sort(key=lambda p: p["n"])
        numbered = [p["n"] for p in some] == list(range(1, some[0]["total"] + 1))
        alike = len({(p["total"], p["reference"], p["coding"], p["from"]) for p in some}) == 1
        if not (numbered and alike):
            wrong.append(f"the parts for ...{to[-4:]} do not belong together: {some}")
        texts[to] = ("".join(p["text"] for p in some), len(some))
    return texts, wrong


def our_results(var):
    """Number -> (state, parts, repeats)."""
    return {to.lstrip("+"): (state, parts, repeats) for to, state, parts, repeats in
            rows(var / "result" / "bench.db", "SELECT recipient, state, parts, repeats FROM result_row")}


def our_inbound(var):
    """Text by sender and recipient, parts joined in the order they came."""
    texts = {}
    for sender, recipient, text in rows(var / "live.db",
                                        "SELECT sender, recipient, text FROM inbound ORDER BY id"):
        key = sender.lstrip("+"), recipient
        texts[key] = texts.get(key, "") + text
    return texts


def differences(report, var, repeat=1):
    """Everything in which the stranger's report and our files differ."""
    seen, wrong = joined(report["parts"])
    wrong += [f"the stranger complains: {error}" for error in report["errors"]]
    ours = our_results(var)
    for to, text in expected(repeat).items():
        read, parts = seen.pop(to, (None, 0))
        if read != text:
            wrong.append(f"...{to[-4:]} reads {read!r} and not {text!r}")
        if ours.get(to) != ("delivered", parts, 0):
            wrong.append(f"...{to[-4:]}: our result is {ours.get(to)}, the stranger saw {parts} parts")
    wrong += [f"...{to[-4:]} got a text nobody sent" for to in seen]
    phones = {(p["from"], p["to"]): "".join(p.get("pieces", [p.get("text")])) for p in PHONES}
    inbound = our_inbound(var)
    for who in phones.keys() | inbound.keys():
        if phones.get(who) != inbound.get(who):
            wrong.append(f"{who} wrote {phones.get(who)!r}, we have {inbound.get(who)!r}")
    for what in ("receipts", "phones"):
        if report[what]["sent"] != report[what]["stored"]:
            wrong.append(f"{what}: {report[what]}")
    if report["receipts"]["sent"] != len(report["parts"]):
        wrong.append(f"{len(report['parts'])} parts but {report['receipts']['sent']} receipts")
    return wrong
