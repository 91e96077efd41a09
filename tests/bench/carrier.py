"""posthorn-sim as the carrier: started, watched over its control socket, its log read."""

import json
import pathlib
import socket
import time

import carriers
from machine import Failure, Process, until


class Carrier(Process):
    """Answers at once, with random-looking ids, and sends receipts after a second."""

    def __init__(self, bin_dir, folder, log_texts=False, receipt_delay="1s", pair=carriers.Pair()):
        folder = pathlib.Path(folder)
        self.control = folder / "sim.control"
        self.journal = folder / "sim.jsonl"
        words = [bin_dir / "posthorn-sim", *pair.words(), "--receipt-delay", receipt_delay, "--control", self.control]
        if pair.adapter == "smpp":
            words += ["--id", "uuid"]
        if log_texts:
            words += ["--log", self.journal, "--log-fields", "minimal"]
        super().__init__(words, folder / "sim.log")
        self.port = int(self.expect(r"^listening .*:(\d+)$").group(1))
        until(self.control.exists, 10, f"posthorn-sim opens no control socket: see {self.log}")

    def stats(self):
        self.alive()
        with socket.socket(socket.AF_UNIX) as talk:
            talk.connect(str(self.control))
            talk.sendall(b"stats\n")
            return json.loads(talk.makefile().readline())

    def watch(self, submits, receipts, alive=lambda: True, stall=60):
        """Until so many texts were taken and so many receipts answered. Returns seconds from
        the first submit to the last answer, known to 50 ms."""
        first = None
        seen, changed = None, time.monotonic()
        while True:
            stats = self.stats()
            now = time.monotonic()
            progress = (stats["accepted"], stats["receipts_answered"])
            if first is None and stats["submits"] > 0:
                first = now
            if progress[0] >= submits and progress[1] >= receipts:
                return now - first
            if progress != seen:
                seen, changed = progress, now
            if now - changed > stall or not alive():
                raise Failure(f"nothing moves any more: {progress[0]} of {submits} texts and "
                              f"{progress[1]} of {receipts} receipts after {stall} s")
            time.sleep(0.05)

    def arrivals(self):
        """When the first text for each number came, in microseconds since 1970."""
        first = {}
        for line in self.journal.read_text().splitlines():
            entry = json.loads(line)
            if entry["ev"] == "submit":
                first.setdefault(entry["dest"], entry["t"])
        return first
