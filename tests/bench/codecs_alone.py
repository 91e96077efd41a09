"""How fast the codecs alone are, and beside Debian's libsmpp34 where that is installed."""

from machine import last_json, run


def codecs(setup):
    return last_json(run([setup.bin_dir / "codecs", 100_000 if setup.quick else 1_000_000]))
