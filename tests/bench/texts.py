"""What is sent: random keys and numbers; every third text is Chinese and takes two parts."""

import dataclasses
import json
import random

SHORT = "Your bill {n} is ready: CNY {amount}, due by 15 August. Please pay in time. Thank you."
LONG = ("尊敬的客户您好，您的第{n}号电费账单已出，本期电费{amount}元，请于8月15日前通过网上营业厅、"
        "手机客户端或就近的营业网点缴纳，以免影响正常用电。如已缴费请忽略本通知，如有疑问请致电服务热线。")
SIGNATURES = {"bench.short": "[Minghu Power] ", "bench.long": "【明湖供电】"}

TYPE_FILE = """name: {name}
category: billing
priority: normal
whom: [number]
validity: 24h
fields:
  n: {{kind: text}}
  amount: {{kind: text}}
signature: {signature}
default_language: {language}
texts:
  {language}: "{text}"
sample: {{n: "00000000", amount: "128.50"}}
"""


@dataclasses.dataclass(slots=True)
class Text:
    key: str
    to: str
    type: str
    n: str
    amount: str

    @property
    def parts(self):
        return 2 if self.type == "bench.long" else 1

    def data(self):
        return json.dumps({"n": self.n, "amount": self.amount})

    def rendered(self):
        body = LONG if self.type == "bench.long" else SHORT
        return SIGNATURES[self.type] + body.format(n=self.n, amount=self.amount)


def texts(count, seed=1):
    """The same `count` texts for the same seed, each with a key and a number of its own."""
    pick = random.Random(seed)
    numbers = pick.sample(range(10**9), count)
    for i, number in enumerate(numbers):
        yield Text(key=f"{pick.getrandbits(64):016x}", to=f"+8613{number:09d}",
                   type="bench.long" if i % 3 == 2 else "bench.short",
                   n=f"{i:08d}", amount=f"{pick.randrange(1000, 99999) / 100:.2f}")


def part_count(count):
    return count + count // 3


def type_files():
    """File names and contents."""
    fields = {"n": "{{ n }}", "amount": "{{ amount }}"}
    return {
        "bench.short.yaml": TYPE_FILE.format(name="bench.short", signature="Minghu Power",
                                             language="en", text=SHORT.format(**fields)),
        "bench.long.yaml": TYPE_FILE.format(name="bench.long", signature="明湖供电",
                                            language="zh-CN", text=LONG.format(**fields)),
    }
