#!/usr/bin/env python3
"""The manual pages render without a complaint and have every command and option; the completion
offers them.

    documents.py BUILD_DIR
"""

import os
import pathlib
import re
import subprocess
import sys

from manager import Failure, expect_equal, run_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = {"posthorn": "posthorn.1", "posthornd": "posthornd.8", "posthorn-sim": "posthorn-sim.1"}


def output(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0 or done.stderr.strip():
        raise Failure(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def told_of(program, *command):
    """Each command with the options its own --help shows, found without the help of make_page.py."""
    said = output(program, *command, "--help")
    yield command, re.findall(r"^ +(--[a-z][a-z-]*)", said, re.MULTILINE)
    below = re.search(r"^(?:Subcommands|Protocols):\n((?:  .*\n)+)", said, re.MULTILINE)
    for name in re.findall(r"^  (\S+)", below[1] if below else "", re.MULTILINE):
        yield from told_of(program, *command, name)


def pages_have_everything(build):
    """each manual page has every command and every option under it"""
    for name, page in PAGES.items():
        text = output("man", "--warnings", "-l", build / "systemd" / f"{page}.gz",
                      env={**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8"})
        sections = re.split(r"^ {0,3}(?=\S)", text, flags=re.MULTILINE)
        commands = list(told_of(build / "bin" / name))
        for command, options in commands:
            title = " ".join(command)
            own = [s for s in sections if s.startswith(title if command else "OPTIONS")
                   and re.match(rf"{re.escape(title or 'OPTIONS')}(\n| [^a-z])", s)]
            expect_equal(f"sections of '{title}' in {page}", 1, len(own))
            for option in options:
                if not re.search(rf"^\s+{option}\b", own[0], re.MULTILINE):
                    raise Failure(f"{page}: '{title}' lacks {option}")
        if not any(options for _, options in commands):
            raise Failure(f"{name} --help shows no options")


def completed(build, line):
    """What is offered after this much of a command line."""
    words = line.split(" ")
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '_posthorn "$1" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"; printf "%s\\n" "${COMPREPLY[@]}"')
    return output("bash", "-c", script, "bash", ROOT / "systemd" / "completion.bash", *words,
                  env={**os.environ, "PATH": f"{build}/bin:{os.environ['PATH']}",
                       "POSTHORN_CONFIG": str(ROOT / "config" / "posthorn.yaml")}).split()


def completion_offers(build):
    """the completion offers commands, options, choices, types; where it knows nothing, nothing"""
    for line, offered in (
            ("posthorn stat", ["status"]),
            ("posthorn uncertain r", ["resend"]),
            ("posthorn import --dr", ["--dry-run"]),
            ("posthorn --json import --dr", ["--dry-run"]),
            ("posthorn import --encoding gb", ["gbk", "gb2312", "gb18030"]),
            ("posthorn import --type bill", ["bill.issued", "bill.overdrawn"]),
            ("posthorn import --rejects ", []),
            ("posthorn-sim sm", ["smgp", "smpp"]),
            ("posthorn-sim smpp --echo", ["--echo-reference"]),
            ("posthornd --log-level ", ["debug", "info", "warn", "error"]),
            ("posthornd --he", ["--help"])):
        expect_equal(f"after '{line}'", offered, completed(build, line))


if __name__ == "__main__":
    sys.exit(run_cases([pages_have_everything, completion_offers], pathlib.Path(sys.argv[1]).resolve()))
