"""nghttpd, the HTTP/2 server of nghttp2, as a provider: many calls at once over one connection."""

import json
import pathlib
import re
import shutil
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / name) for name in ("gateway", "")]

from carriers import account_file, free_port  # noqa: E402
from exim import certificate, listens  # noqa: E402
from small_site import comes_true, database, small_site, type_file  # noqa: E402
from machine import Process  # noqa: E402

TEXTS, AT_ONCE = 200, 40
MAIN = """
brake: {enabled: off}
sources: {crm: {types: all}}
countries: [{name: CN, calling_code: 86, trunk_prefix: 0, mobile: "1[3-9]xxxxxxxxx"}]
"""


def account(folder, port):
    """It answers each text with the same file, so that no receipt could name one."""
    return account_file("http", {
        "url": f"https://localhost:{port}/taken.json", "tls_ca": f"file:{folder}/certificate.pem",
        "json": '{"to":"{{recipient}}","text":"{{text}}"}', "success_at": "/code", "success_is": "0",
        "id_at": "/data/id", "receipts": "off", "connections": AT_ONCE})


def send(s):
    with database(s.outbox()) as db:
        db.executemany("INSERT INTO outbox(type, key, to_ref, data) VALUES('note', ?, ?, ?)",
                       [(f"k{n}", f"138{n:08}", json.dumps({"text": "hello"})) for n in range(TEXTS)])
    comes_true(lambda: s.results("SELECT count(*) FROM result WHERE state = 'unconfirmed'") == [(TEXTS,)],
               lambda: s.results("SELECT state, reason, count(*) FROM result GROUP BY 1, 2"))


def read(log):
    """How many texts each connection brought, and how many were open on one at most."""
    texts, open_now, most = {}, {}, 0
    for line in log.splitlines():
        if not (event := re.match(r"\[id=(\d+)\] .* (recv|send) (HEADERS|DATA) frame <.*stream_id=(\d+)>", line)):
            continue
        connection, way, frame, stream = event.groups()
        streams = open_now.setdefault(connection, set())
        if (way, frame) == ("recv", "HEADERS"):
            texts[connection] = texts.get(connection, 0) + 1
            streams.add(stream)
        elif way == "send":
            streams.discard(stream)
        most = max(most, len(streams))
    return texts, most


def http2(setup):
    """nghttpd as a provider: HTTP/2, one connection, many calls at once."""
    if shutil.which("nghttpd") is None:
        return ["there is no nghttpd: scripts/setup interop"]
    folder = setup.scratch / "http2"
    folder.mkdir(parents=True)
    certificate(folder, "certificate.pem")
    (folder / "taken.json").write_text('{"code":"0","data":{"id":"1"}}')
    port = free_port()
    words = ["nghttpd", "-v", "-a", "127.0.0.1", "-d", folder, port, folder / "key.pem", folder / "certificate.pem"]
    with Process(words, folder / "nghttpd.log") as server:
        comes_true(lambda: listens(port), "nghttpd listens")
        s = small_site(setup.build, setup.scratch / "http2-site", {"note": type_file("note")}, MAIN)
        (s.folder / "accounts.d/loop.yaml").unlink()
        s.write("accounts.d/carrier.yaml", account(folder, port))
        s.start()
        try:
            send(s)
            s.stop()
        finally:
            if s.daemon.poll() is None:
                s.kill()
    texts, most = read(server.output())
    print(f"      texts by connection {texts}, at once {most}")
    wrong = []
    if "The negotiated protocol: h2" not in server.output():
        wrong.append("HTTP/2 was not agreed upon")
    if list(texts.values()) != [TEXTS]:
        wrong.append(f"{TEXTS} texts came over {len(texts)} connections: {texts}")
    if most < 2:
        wrong.append("no two calls were under way at once")
    return wrong
