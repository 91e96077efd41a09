"""A site whose phones are told things unasked: each must have as many texts as it was told, and no more."""

import collections

from answers_test import comes_true, site


class crowd(site):
    def __init__(self, folder):
        super().__init__(folder)
        self.heard = collections.Counter()  # texts that must have come, by number

    def all_have(self, numbers):
        """One text more each, and nobody else has one."""
        self.heard.update(numbers)
        def have_it():
            heard = self.answers()
            return all(len(heard[n]) >= self.heard[n] for n in numbers)
        comes_true(have_it, "all have it")
        self.nobody_has_more()

    def nobody_has_more(self):
        counts = {n: len(texts) for n, texts in self.answers().items()}
        wrong = {n: (counts.get(n, 0), self.heard[n]) for n in set(counts) | set(self.heard)
                 if counts.get(n, 0) != self.heard[n]}
        assert not wrong, wrong
