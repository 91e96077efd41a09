"""Debian's exim as our mail server, in a folder and on a port of its own: TLS, a Maildir, a bounce."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gateway"))

from letters import read, site  # noqa: E402
from small_site import comes_true  # noqa: E402
from machine import Process, run  # noqa: E402

CONFIG = """
primary_hostname = mail.test
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path =
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
tls_advertise_hosts = *
host_lookup =
acl_smtp_rcpt = all
acl_smtp_data = all
never_users =
{user}

begin acl
all:
  accept

begin routers
here:
  driver = accept
  domains = mail.test
  local_parts = zhang : bounces
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {folder}/boxes/$local_part_data
  maildir_format
  create_directory
  return_path_add
  {owner}
"""

MAIL = """
adapter: email
delivery: live
options:
  url: smtp://localhost:{port}
  tls: on
  tls_ca: file:{ca}
  from: bills@mail.test
  from_name: 明湖供电
  return_path: bounces@mail.test
  bounces: {folder}/boxes/bounces
  look_every: 100ms
"""


def certificate(folder, name):
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
         "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
         folder / ("key.pem" if name == "certificate.pem" else "other.key"), "-out", folder / name])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def mail_server(folder, port):
    """Runs as its own user where we are root: exim delivers nothing as root."""
    for name in ("spool", "log", "boxes"):
        (folder / name).mkdir()
    user = owner = ""
    if os.geteuid() == 0:
        own = pwd.getpwnam("Debian-exim")
        user, owner = "", "user = Debian-exim"
        for at in (folder, *folder.rglob("*")):
            os.chown(at, own.pw_uid, own.pw_gid)
        for above in folder.parents[:2]:
            above.chmod(above.stat().st_mode | 0o011)
    else:
        user = f"exim_user = {os.getuid()}\nexim_group = {os.getgid()}"
    (folder / "exim.conf").write_text(CONFIG.format(folder=folder, user=user, owner=owner))
    return Process(["exim4", "-C", folder / "exim.conf", "-bdf", "-oX", f"127.0.0.1.{port}"], folder / "exim.log")


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def letters(s, folder):
    key = s.send("zhang@mail.test", name="张三")
    s.becomes(key, "unconfirmed")
    box = folder / "boxes/zhang/new"
    comes_true(lambda: box.exists() and list(box.iterdir()), "zhang has it")
    mail = read(next(box.iterdir()).read_bytes())
    wrong = []
    if mail["Subject"] != "Your bill, 张三" or "张三" not in mail.get_body(("plain",)).get_content():
        wrong.append(f"zhang reads {mail}")
    if "with esmtps" not in mail["Received"] or mail["Return-Path"] != "<bounces@mail.test>":
        wrong.append(f"it came {mail['Received']}, return path {mail['Return-Path']}")
    key = s.send("nobody@mail.test")
    why = s.becomes(key, "undelivered")
    if "nrouteable" not in why and "5." not in why:
        wrong.append(f"the bounce says {why}")
    comes_true(lambda: [f for f in (folder / "boxes/bounces/cur").iterdir() if f.name.endswith(":2,S")],
               "the bounce is put away")
    return wrong


def a_stranger_with_its_name(s, folder, port):
    """Another certificate: nothing leaves, and it is said why."""
    certificate(folder, "other.pem")
    (s.folder / "accounts.d/mail.yaml").write_text(MAIL.format(port=port, folder=folder, ca=folder / "other.pem"))
    s.posthorn("reload")
    key = s.send("zhang@mail.test")
    comes_true(lambda: "SSL" in s.posthorn("accounts") or "certificate" in s.posthorn("accounts"), "it is said")
    s.becomes(key, "queued")
    had = len(list((folder / "boxes/zhang/new").iterdir()))
    return [] if had == 1 else [f"zhang has {had} letters: one left to a stranger"]


def exim(setup):
    """Debian's exim as the mail server: TLS, a letter in a mailbox, a bounce that comes back."""
    if shutil.which("exim4") is None:
        return ["there is no exim4: scripts/setup interop"]
    folder = setup.scratch / "exim"
    folder.mkdir(parents=True)
    certificate(folder, "certificate.pem")
    port = free_port()
    with mail_server(folder, port):
        comes_true(lambda: listens(port), "exim listens")
        ours = setup.scratch / "exim-site"
        s = site(setup.build, ours, MAIL.format(port=port, folder=folder, ca=folder / "certificate.pem"))
        try:
            wrong = letters(s, folder) + a_stranger_with_its_name(s, folder, port)
            s.stop()
        finally:
            if s.daemon.poll() is None:
                s.daemon.kill()
                s.daemon.wait()
    return wrong
