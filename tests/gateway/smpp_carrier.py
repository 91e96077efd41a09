"""A simulated SMPP carrier and the account that sends by it, for sites that have two."""

import collections
import json
import pathlib
import subprocess
import sys

BUILD = pathlib.Path(sys.argv[1]).resolve()
ACCOUNT = """
adapter: smpp
delivery: live
%s
options: {host: 127.0.0.1, port: %d, system_id: x, password: "file:password", window: 20, sender: "%s"}
"""


class carrier:
    """Begins on a free port, and later on the same one again. `words`: what else posthorn-sim is told."""

    def __init__(self, folder, name, *words):
        self.log, self.port = folder / f"{name}.log", 0
        self.start(*words)

    def start(self, *words):
        self.process = subprocess.Popen(
            [BUILD / "bin/posthorn-sim", "smpp", "--port", str(self.port), "--receipt-delay", "20ms",
             "--log", self.log, *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening"), line
        self.port = int(line.rsplit(":", 1)[1].split()[0])

    def stop(self):
        self.process.kill()
        self.process.wait()

    def texts(self):
        """Number → how many it was given."""
        if not self.log.exists():
            return collections.Counter()
        lines = self.log.read_text().splitlines(keepends=True)
        rows = [json.loads(line) for line in lines if line.endswith("\n")]
        return collections.Counter(row["dest"] for row in rows if row["ev"] == "submit")
