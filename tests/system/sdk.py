#!/usr/bin/env python3
"""A carrier adapter that lives outside of this tree: built with the installed sdk alone, from what README
says, and then used.

    sdk.py BUILD_DIR
"""

import pathlib
import subprocess
import sys
import tempfile

from manager import Failure, expect_equal, run_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/gateway"))
from small_site import small_site, type_file  # noqa: E402

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(acme LANGUAGES CXX)
find_package(posthorn-sdk REQUIRED)
posthorn_adapter(acme acme.cpp)
"""


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def an_adapter_outside_of_the_tree(build):
    """a copy of loopback builds with the installed sdk, is described, and carries a text"""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        run("cmake", "--install", build, "--component", "sdk", "--prefix", scratch / "prefix")
        acme = scratch / "acme"
        acme.mkdir()
        (acme / "CMakeLists.txt").write_text(PROJECT)
        source = (ROOT / "plugins/loopback/adapter/loopback.cpp").read_text()
        (acme / "acme.cpp").write_text(source.replace("loopback", "acme"))
        run("cmake", "-S", acme, "-B", acme / "build", f"-DCMAKE_PREFIX_PATH={scratch / 'prefix'}",
            f"-DPOSTHORN_PLUGIN_DIR={scratch / 'prefix/plugins'}")
        run("cmake", "--build", acme / "build")
        run("cmake", "--install", acme / "build")

        site = small_site(build, scratch / "site", {"news": type_file("news")}, "")
        site.plugins = scratch / "prefix/plugins"
        site.configure("")
        site.write("accounts.d/loop.yaml", "adapter: acme\ndelivery: live\noptions: {slots: 3}\n")
        said = run(build / "bin/posthornd", "--config", scratch / "site/posthorn.yaml", "--describe", "acme")
        expect_equal("the first line of --describe", True, said.startswith("acme"))
        site.start()
        try:
            site.posthorn("enqueue", "news", "--source", "crm", "--key", "1", "--to", "+8613800000001",
                          "--data", '{"text": "hello"}')
            site.becomes("1", "delivered")
            site.stop()
        except BaseException:
            site.kill()
            raise


if __name__ == "__main__":
    sys.exit(run_cases([an_adapter_outside_of_the_tree], pathlib.Path(sys.argv[1]).resolve()))
