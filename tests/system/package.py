#!/usr/bin/env python3
"""Judges the Debian package: lintian and systemd read it; installed into a scratch root it sends a
message of another user under the settings of its unit; removed it leaves nothing but settings and
state. As root, and without a change to this machine.

    package.py POSTHORN.deb
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from manager import Failure, Manager, exit_code, expect_equal, run_cases, wait_for

UNIT = "usr/lib/systemd/system/posthorn.service"
HELPER = "var/lib/systemd/deb-systemd-helper-"  # its notes for the purge
MOST_EXPOSED = 15  # tenths, as systemd-analyze takes it
BILLING = 61001    # uid and gid of a business system

BAD_BILL = "INSERT INTO outbox(type, key, to_ref) VALUES ('bill.issued', 'k-1', '13800138000');"
BILL = """INSERT INTO outbox(type, key, to_ref, data) VALUES ('bill.issued', 'k-1', '13800138000',
  '{"account_name": "张三", "account": "3100123456789", "period": "2026-11-01", "usage": "218.4",
    "amount": "128.50", "due_date": "2026-12-15"}');"""


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class ScratchRoot:
    """A root directory with nothing but what the package depends on."""

    def __init__(self, package):
        self.package = pathlib.Path(package).resolve()
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="posthorn-root."))
        self.path.chmod(0o755)
        for folder in ("etc", "run", "tmp", "var/lib/dpkg/info", "var/lib/dpkg/updates", "usr/bin", "usr/sbin",
                       "usr/lib", "usr/lib64", "dev"):
            (self.path / folder).mkdir(parents=True)
        for merged in ("bin", "lib", "lib64", "sbin"):
            (self.path / merged).symlink_to(f"usr/{merged}")
        # This machine's packages count as installed there: what the programs need of them is copied.
        shutil.copy("/var/lib/dpkg/status", self.path / "var/lib/dpkg")
        self.children = []
        self.before = self.files()

    def close(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        shutil.rmtree(self.path)

    def __truediv__(self, place):
        return self.path / place

    def dpkg(self, *words):
        return run("dpkg", f"--root={self.path}", "--force-script-chrootless", "--log=/dev/null", *words)

    def copy_libraries(self):
        ours = [self / "usr/sbin/posthornd", self / "usr/bin/posthorn", self / "usr/bin/posthorn-sim",
                *(self.path.glob("usr/lib/*/posthorn/*.so"))]
        for library in set(re.findall(r"(/\S+) \(0x", run("ldd", *ours))):
            at = self.path / library.lstrip("/")
            at.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(library), at)
            self.before.add(str(at.resolve().relative_to(self.path)))

    def number_of(self, file, name):
        for line in (self / "etc" / file).read_text().splitlines():
            words = line.split(":")
            if words[0] == name:
                return int(words[2])
        raise Failure(f"/etc/{file} has no {name}")

    def unit(self, key):
        found = re.findall(rf"^{key}=(.*)$", (self / UNIT).read_text(), re.MULTILINE)
        expect_equal(f"{key}= in the unit", 1, len(found))
        return found[0]

    def start(self, *words, **environment):
        """As the unit starts it: user, groups, umask, no new privileges, folders, credentials."""
        uid, gid = self.number_of("passwd", self.unit("User")), self.number_of("group", self.unit("Group"))
        more = self.number_of("group", self.unit("SupplementaryGroups"))
        runtime = self / "run" / self.unit("RuntimeDirectory")
        runtime.mkdir(exist_ok=True)
        runtime.chmod(int(self.unit("RuntimeDirectoryMode"), 8))
        os.chown(runtime, uid, gid)
        log = self / "tmp" / f"{pathlib.Path(words[0]).name}.log"
        with open(log, "wb") as out:
            child = subprocess.Popen(["setpriv", "--no-new-privs", "chroot", f"--userspec={uid}:{gid}",
                                      f"--groups={more}", self.path, *words], stdout=out, stderr=out,
                                     umask=int(self.unit("UMask"), 8),
                                     env={"PATH": os.environ["PATH"], **environment})
        self.children.append(child)
        return child, log

    def as_billing(self, *words, text=""):
        """As a user of the group that may write outboxes."""
        return run(*words, input=text, user=BILLING, group=BILLING, umask=0o007,
                   extra_groups=[self.number_of("group", "posthorn-sources")])

    def files(self):
        """All there is, but for dpkg's own, the users, and what a boot clears away."""
        own = re.compile(r"(var/lib/dpkg|dev|run|tmp)(/|$)|etc/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-?$")
        found = (str(p.relative_to(self.path)) for p in self.path.rglob("*") if not p.is_dir() or p.is_symlink())
        return {f for f in found if not own.match(f)}


def is_a_good_package(root):
    """lintian finds no error in it"""
    print(run("lintian", "--allow-root", "--fail-on", "error", root.package), end="")


def unpacks(root):
    """installs users, folders and settings, and starts nothing"""
    root.dpkg("--install", root.package)
    uid, gid = root.number_of("passwd", "posthorn"), root.number_of("group", "posthorn")
    sources = root.number_of("group", "posthorn-sources")
    for place, owner, group, mode in (("var/lib/posthorn", uid, gid, 0o751),
                                      ("var/lib/posthorn/outbox", uid, sources, 0o2770),
                                      ("var/lib/posthorn/result", uid, sources, 0o2770),
                                      ("etc/posthorn/credentials", 0, 0, 0o700)):
        found = (root / place).stat()
        expect_equal(place, (owner, group, oct(mode)), (found.st_uid, found.st_gid, oct(found.st_mode & 0o7777)))
    started = [f for f in root.files() if f.startswith("etc/systemd")]
    expect_equal("what was enabled", [], started)


def unit_is_sound(root):
    """systemd verifies the unit, and finds it hardened to 1.5 or better"""
    units = root.path.with_name(root.path.name + ".units")
    units.mkdir()
    try:  # verified with what it starts being there
        text = (root / UNIT).read_text()
        for program in ("/usr/sbin/posthornd", "/usr/bin/posthorn"):
            expect_equal(f"{program} in the unit", True, f"={program}" in text)
            text = text.replace(f"={program}", f"={root.path}{program}")
        (units / "posthorn.service").write_text(text)
        expect_equal("complaints", "", run("systemd-analyze", "verify", "--man=no", units / "posthorn.service"))
        run("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager",
            units / "posthorn.service")
    finally:
        shutil.rmtree(units)


def sends_what_another_user_queues(root):
    """starts under the unit's settings with a credential, and sends what a user of the sources' group queued"""
    root.copy_libraries()
    account = root / "etc/posthorn/accounts.d/sim.yaml"
    account.write_text(account.read_text().replace("file:sim.password", "credential:sim.password"))
    policy = root / "etc/posthorn/policy.yaml"
    policy.write_text("categories: {}\n")  # bills go at night, too
    credentials = root / "run/credentials"
    credentials.mkdir()
    (credentials / "sim.password").write_text("simulator")
    outbox, result = (root / f"var/lib/posthorn/{kind}/billing.db" for kind in ("outbox", "result"))
    root.as_billing("sqlite3", outbox, text=(root / "usr/share/posthorn/outbox.sql").read_text())
    root.as_billing("chmod", "660", outbox)
    root.start("/usr/bin/posthorn-sim", "smpp", "--password", "simulator")

    manager = Manager()
    daemon, log = root.start("/usr/sbin/posthornd", CREDENTIALS_DIRECTORY="/run/credentials", **manager.environment())
    try:
        manager.expect("READY=1", daemon)
        root.as_billing("sqlite3", "-cmd", ".timeout 5000", outbox,
                        text=BAD_BILL)
        asked = ("sqlite3", "-cmd", ".timeout 5000", result, "SELECT state, reason FROM result WHERE key = 'k-1'")
        made = ("sqlite3", "-cmd", ".timeout 5000", result, "SELECT count(*) FROM sqlite_master WHERE name = 'result'")
        wait_for(lambda: result.exists() and root.as_billing(*made) == "1\n", "there is no result")
        expect_equal("mode of the result file", "0o660", oct(result.stat().st_mode & 0o777))
        wait_for(lambda: root.as_billing(*asked).startswith("parked"), "the bad bill is not parked")
        root.as_billing("sqlite3", "-cmd", ".timeout 5000", outbox, text=BILL)
        wait_for(lambda: root.as_billing(*asked).startswith("delivered"), "it is not delivered")
        operator, said = root.start("/usr/bin/posthorn", "status")
        expect_equal("exit code of posthorn status", 0, exit_code(operator))
        if "all well" not in said.read_text():
            raise Failure(said.read_text())
        daemon.send_signal(signal.SIGTERM)
        manager.expect("STOPPING=1", daemon)
        expect_equal("exit code", 0, exit_code(daemon))
    except Failure as why:
        raise Failure(f"{why}\n{log.read_text()}") from None
    expect_equal("rows left in the outbox", "0\n", root.as_billing("sqlite3", outbox, "SELECT count(*) FROM outbox"))


def keeps_what_was_edited(root):
    """installed once more it keeps settings that were edited"""
    account = root / "etc/posthorn/accounts.d/sim.yaml"
    edited = account.read_text()
    root.dpkg("--install", root.package)
    expect_equal("settings", edited, account.read_text())
    if "credential:sim.password" not in edited:
        raise Failure("nothing was edited")


def goes_away(root):
    """removed it leaves its settings and state, purged only its state"""
    settings = {f for f in root.files() if f.startswith("etc/posthorn/")}
    root.dpkg("--remove", "posthorn")
    left = {f for f in root.files() if f in settings or f.startswith(("var/lib/posthorn/", HELPER))}
    expect_equal("what a removal leaves", set(), root.files() - left - root.before)
    expect_equal("settings after a removal", settings, {f for f in left if f.startswith("etc/")})
    root.dpkg("--purge", "posthorn")
    state = {f for f in root.files() if f.startswith("var/lib/posthorn/")}
    expect_equal("what a purge leaves", set(), root.files() - state - root.before)
    expect_equal("the record is kept", True, "var/lib/posthorn/live.db" in state)


def main():
    if os.getuid() != 0:
        sys.exit("package.py: needs root, for dpkg and for other users")
    root = ScratchRoot(sys.argv[1])
    try:
        return run_cases([is_a_good_package, unpacks, unit_is_sound, sends_what_another_user_queues,
                          keeps_what_was_edited, goes_away], root)
    finally:
        root.close()


if __name__ == "__main__":
    sys.exit(main())
