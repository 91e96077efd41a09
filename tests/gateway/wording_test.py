#!/usr/bin/env python3
"""Versions of what a type says, and what `explain` and `show` tell of them, of the account and of what a message
waits for. posthornd and `posthorn` as they are built, over the loopback carrier. Usage: wording_test.py BUILD_DIR
"""

import json
import pathlib
import sys
import tempfile

from small_site import comes_true, database, go_through, small_site, type_file

BUILD = pathlib.Path(sys.argv[1]).resolve()
MORE = """
sources: {crm: {types: all}}
countries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]
"""


def send(s, key, **columns):
    row = {"type": "note", "key": key, "to_ref": "13800000001", "data": json.dumps({"text": key}), **columns}
    with database(s.outbox()) as db:
        db.execute(f"INSERT INTO outbox({','.join(row)}) VALUES({','.join('?' * len(row))})", list(row.values()))


def versions(s):
    return json.loads(s.posthorn("--json", "types", "note", "--versions"))["versions"]


def reword(s, text):
    s.write("types/note.yaml", type_file("note").replace('"{{ text }}"', f'"{text} {{{{ text }}}}"'))
    s.posthorn("reload")


def a_first_version(s):
    send(s, "K-1")
    s.becomes("K-1", "delivered")
    one, = versions(s)
    assert one["version"] == 1 and one["texts"] == {"en": "[X] {{ text }}"} and "who" not in one, one
    page = s.posthorn("explain", "K-1")
    assert "en, gsm7, 1 part, version 1 of note, in use since " in page, page
    assert "it is the only account that carries sms" in page, page
    assert ", wording 1" in s.posthorn("show", "K-1")


def a_change_is_another_version(s):
    reword(s, "Second:")
    new, old = versions(s)
    assert (new["version"], old["version"]) == (2, 1) and new["texts"]["en"] == "[X] Second: {{ text }}", new
    assert new["who"], new  # who had it reloaded
    send(s, "K-2")
    s.becomes("K-2", "delivered")
    assert "version 2 of note" in s.posthorn("explain", "K-2")
    assert "version 1 of note" in s.posthorn("explain", "K-1")  # from its month, perhaps
    s.write("types/note.yaml", (s.folder / "types/note.yaml").read_text().replace("48h", "47h"))
    s.posthorn("reload")  # another validity is no other wording
    assert len(versions(s)) == 2
    s.posthorn("resend", "K-1", "--reason", "test", "--force")
    comes_true(lambda: s.posthorn("show", "K-1").count(", wording 1") == 2, "the same text, of the same version")


def versions_are_listed_and_printed(s):
    page = s.posthorn("types", "note", "--versions")
    assert page.startswith("VERSION") and "a start" in page, page
    assert "[X] {{ text }}" in s.posthorn("types", "note", "--print", "1")
    assert "[X] Second: {{ text }}" in s.posthorn("types", "note", "--print", "2")
    assert "has no version 9" in s.posthorn("types", "note", "--print", "9", code=1)
    assert "there was never a type 'nothing'" in s.posthorn("types", "nothing", "--versions", code=1)
    s.posthorn("types", "note", code=1)
    s.posthorn("types", "--versions", code=1)


def a_restart_keeps_them(s):
    s.stop()
    s.start()
    assert len(versions(s)) == 2
    s.stop()
    s.write("types/note.yaml", type_file("note"))
    s.start()
    assert [v["version"] for v in versions(s)] == [3, 2, 1]  # as the first, and another all the same


def what_is_waited_for(s):
    s.posthorn("pause", "--run", "r", "--reason", "wrong amounts")
    send(s, "K-3", run="r")
    s.becomes("K-3", "queued")
    for verb in ("explain", "show"):
        page = s.posthorn(verb, "K-3")
        assert "it waits for the end of a pause: run r was paused by " in page, page
        assert "(wrong amounts); `posthorn resume --run r` ends it" in page, page
    s.posthorn("resume", "--run", "r")
    s.becomes("K-3", "delivered")
    assert "it waits for" not in s.posthorn("explain", "K-3")


def an_account_that_was_ordered(s):
    told = json.loads(s.posthorn("--json", "send", "13800000001", "x", "--account", "loop", "--reason", "test",
                                 "--wait"))
    page = s.posthorn("explain", str(told["id"]))
    assert "it is bound to it" in page, page


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="posthorn-wording.") as scratch:
        types = {"note": type_file("note"), "manual": (pathlib.Path(__file__).resolve().parent.parent.parent /
                                                       "config/types/manual.yaml").read_text()}
        go_through(small_site(BUILD, pathlib.Path(scratch), types, MORE),
                   [a_first_version, a_change_is_another_version, versions_are_listed_and_printed,
                    a_restart_keeps_them, what_is_waited_for, an_account_that_was_ordered])
