"""The carriers' protocols beside each other: codecs alone, and a bill run over each."""

import json
import shutil
import subprocess

import carriers
from cases import drain

ADAPTERS = ("smpp", "cmpp", "sgip", "smgp")


def codecs(setup):
    """A text written and read, and Debian's libsmpp34 in turns with ours."""
    words = [setup.bin_dir / "codec_speed", *(["--quick"] if setup.quick else [])]
    rates = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    figures = {f"{name}_{what}": rate for name, both in rates.items() for what, rate in both.items()}
    if peer := rates.get("libsmpp34"):
        for what in peer:
            figures[f"times_libsmpp34_{what.removesuffix('_per_second')}"] = round(rates["smpp"][what] / peer[what], 1)
    return figures


def protocols(setup):
    """The same run over each, in turns; how each compares with SMPP."""
    rates = {name: [] for name in ADAPTERS}
    for turn in range(setup.runs):
        for name in ADAPTERS:
            last = drain(setup, f"{name}-{turn}", setup.window, setup.messages, pair=carriers.Pair(name))
            shutil.rmtree(last["site"].folder.parent, ignore_errors=True)
            rates[name].append(last["rate"])
    middle = {name: sorted(each)[(len(each) - 1) // 2] for name, each in rates.items()}
    return {f"{name}_per_second": round(rate) for name, rate in middle.items()} | \
        {f"{name}_of_smpp": round(middle[name] / middle["smpp"], 3) for name in ADAPTERS[1:]}
