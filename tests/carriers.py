"""How posthorn-sim and an account are told of each other: tests/plugins/NAME/carrier.json, for each adapter.

    options     of the account, which is called `carrier`. In their texts PORT is the simulator's port, BACK a free one
                that the carrier dials, SECRET_FILE the file with the secret, SECRET itself
    impatient   more options, with which it soon sees that a link is dead
    refusal     the carrier's word for a number that is none
    window      the option that says how many texts may be unanswered; absent: window
    sender      the option that says from which number; absent: sender; empty: it has none
    whole       a long text goes as one
    posthorn    more of posthorn.yaml
    simulator   words for `posthorn-sim NAME`, with BACK, and SECRET itself; absent: it has none
"""
import json
import pathlib
import re
import socket

SECRET = "s3cret-Word"
HERE = pathlib.Path(__file__).resolve().parent


def with_simulator():
    """The adapters that one can try."""
    return sorted(file.parent.name for file in HERE.glob("plugins/*/carrier.json")
                  if "simulator" in json.loads(file.read_text()))


def free_port():
    """For a listener of posthornd's: nobody else asks for it meanwhile, most likely."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pair:
    """A simulator and the account that sends to it."""

    def __init__(self, adapter="smpp"):
        file = HERE / f"plugins/{adapter}/carrier.json"
        said = json.loads(file.read_text()) if file.exists() else {}
        self.adapter = adapter
        self.said_options, self.impatient = said.get("options", {}), said.get("impatient", {})
        self.simulator, self.refusal = said.get("simulator"), said.get("refusal")
        self.window, self.whole = said.get("window", "window"), said.get("whole", False)
        self.sender = said.get("sender", "sender")
        self.back = free_port() if "BACK" in json.dumps(said) else 0
        self.posthorn = self.filled(said.get("posthorn", "")) + "\n"

    def filled(self, what, **words):
        """With the words in the places of their names."""
        if not isinstance(what, str):
            return what
        words |= {"BACK": self.back}
        text = re.sub(r"\b(" + "|".join(words) + r")\b", lambda m: str(words[m[0]]), what)
        return int(text) if text != what and text.isdigit() else text

    def words(self):
        """The first of posthorn-sim's command line."""
        return [self.adapter, "--port", "0", *(str(self.filled(w, SECRET=SECRET)) for w in self.simulator)]

    def options(self, port, file):
        """`file` is beside the account's and holds SECRET."""
        return {key: self.filled(value, PORT=port, SECRET_FILE=f"file:{file}", SECRET=SECRET)
                for key, value in self.said_options.items()}

    def account(self, port, window, file, **more):
        """accounts.d/carrier.yaml."""
        return account_file(self.adapter, self.options(port, file) | {self.window: window} | more)


def account_file(adapter, options):
    lines = "".join(f"  {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in options.items())
    return f"adapter: {adapter}\ndelivery: live\noptions:{'' if options else ' {}'}\n{lines}"
