#!/usr/bin/env python3
"""Makes a manual page: what a person wrote, and in place of its line @COMMANDS@ what the program's
own --help says of each command and option. So a page cannot know less than its program.

    make_page.py PAGE PROGRAM OUTPUT.gz
"""

import gzip
import pathlib
import re
import subprocess
import sys

COMMAND_LISTS = ("Subcommands", "Protocols")
LISTS = ("Positionals", "Options", *COMMAND_LISTS)


class Help:
    """What `PROGRAM COMMAND... --help` says: an introduction, lists of entries, and the rest."""

    def __init__(self, program, command):
        self.command = command
        done = subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True)
        self.about, self.lists, self.rest = [], {name: [] for name in LISTS}, []
        taking = "about"
        for line in done.stdout.splitlines():
            heading = re.fullmatch(r"(\w+):", line)
            if line.startswith("Usage: "):
                taking = "usage"
            elif heading and heading[1] in LISTS:
                taking = heading[1]
            elif taking in LISTS and line and not line.startswith("  "):
                taking = "rest"  # faults, examples
            self._take(taking, line)

    def _take(self, taking, line):
        if taking in LISTS:
            entry = re.fullmatch(r"  (\S.*?)(?:\s{2,}(\S.*))?", line)
            if entry:
                self.lists[taking].append([entry[1], entry[2] or ""])
            elif line.strip() and self.lists[taking]:
                self.lists[taking][-1][1] += line.strip()
        elif taking == "about":
            self.about.append(line)
        elif taking == "rest":
            self.rest.append(line)

    def commands(self):
        return [entry[0] for name in COMMAND_LISTS for entry in self.lists[name]]


def roff(text):
    """As plain words: nothing in it is an instruction."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + text if text.startswith((".", "\\(aq")) else text


def entry(spec, text):
    """`--port UINT=2775` → its name, what follows it, and what it is without being given."""
    name, _, value = spec.partition(" ")
    notes = []
    if value.endswith("REQUIRED"):
        value = value[: -len("REQUIRED")].strip()
        notes.append("(required)")
    kind = re.fullmatch(r"(\w+)(?::(\{[^}]*\}|[^=]*))?(?:=(\S*))?( \.\.\.)?", value)
    if kind:
        choices = kind[2] if kind[2] and kind[2].startswith("{") else None
        value = (choices or kind[1]) + (kind[4] or "")
        if kind[3]:
            notes.append(f"[{kind[3]}]")
    if not name.startswith("-"):
        value = ""
    name = re.sub(r"\{false\}$", "", name).replace(",", ", ")
    words = " ".join([text, *notes]).strip()
    return [".TP", f"\\fB{roff(name)}\\fR" + (f" \\fI{roff(value)}\\fR" if value else ""), roff(words) or "\\&"]


def entries(found, name):
    return [line for spec, text in found.lists[name] if spec != "-h,--help" for line in entry(spec, text)]


def rest_of(found):
    if not any(line.strip() for line in found.rest):
        return []
    return [".PP", ".nf", *map(roff, found.rest), ".fi"]


def command_pages(program, command):
    """Of a command and all below it."""
    found = Help(program, command)
    lines = []
    if command:
        places = " ".join(e[0].split(" ")[0] for e in found.lists["Positionals"])
        lines += [f".SS {roff(' '.join(command))}" + (f" {roff(places)}" if places else "")]
        lines += [roff(line) for line in found.about if line.strip()]
        lines += entries(found, "Positionals")
    lines += entries(found, "Options") + (rest_of(found) if command or not found.commands() else [])
    if not command and found.commands():
        lines.append(".SH COMMANDS")
    for name in found.commands():
        lines += command_pages(program, [*command, name])
    return lines


def main():
    page, program, output = sys.argv[1:]
    told = "\n".join(command_pages(program, []))
    text = pathlib.Path(page).read_text().replace("@COMMANDS@", told)
    with open(output, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


if __name__ == "__main__":
    main()
