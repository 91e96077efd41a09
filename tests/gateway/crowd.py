"""A site whose phones are told things unasked: each must have as many texts as it was told, and no more."""

import collections

from answers_test import comes_true, site


class crowd(site):
    def __init__(self, folder):
        super().__init__(folder)
        self.heard = collections.Counter()  # texts that must have come, by number

    def slow_down(self, fault):
        """50 parts a second, so that something can happen in the middle."""
        self.stop()
        self.change("accounts.d/sim.yaml", r"(?m)^delivery: live", "delivery: live\nrate: 50")
        self.start(fault)

    def full_speed(self):
        self.stop()
        self.change("accounts.d/sim.yaml", r"(?m)^rate: 50\n", "")
        self.start()

    def texts(self):
        """How many each has."""
        return {n: len(texts) for n, texts in self.answers().items()}

    def some_have_it(self, before):
        comes_true(lambda: sum(self.texts().values()) > sum(before.values()) + 100, "some have it")

    def told_since(self, numbers, before):
        """Some of these, and not all."""
        now = self.texts()
        told = [n for n in numbers if now.get(n, 0) > before.get(n, 0)]
        assert 100 <= len(told) < len(numbers), len(told)
        return told

    def all_have(self, numbers):
        """One text more each, and nobody else has one."""
        self.heard.update(numbers)
        def have_it():
            heard = self.answers()
            return all(len(heard[n]) >= self.heard[n] for n in numbers)
        comes_true(have_it, "all have it")
        self.nobody_has_more()

    def nobody_has_more(self):
        counts = self.texts()
        wrong = {n: (counts.get(n, 0), self.heard[n]) for n in set(counts) | set(self.heard)
                 if counts.get(n, 0) != self.heard[n]}
        assert not wrong, wrong
