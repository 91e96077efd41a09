#!/usr/bin/env python3
"""A carrier adapter that lives outside of this tree: built with the installed sdk alone, from what README
says, and then used.

    sdk.py BUILD_DIR
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from manager import Failure, expect_equal, run_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/gateway"))
from small_site import small_site, type_file  # noqa: E402

SOURCES = "sources: {crm: {types: all}}\n"
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(acme LANGUAGES CXX)
find_package(posthorn-sdk REQUIRED)
posthorn_adapter(acme acme.cpp)
"""

# Those of ours that use more of the sdk than its headers, as if they were somebody else's.
OTHERS = """cmake_minimum_required(VERSION 3.25)
project(others LANGUAGES CXX)
find_package(posthorn-sdk REQUIRED)
foreach(pair cmpp:link twilio:http)
    string(REGEX REPLACE ":.*" "" name ${pair})
    string(REGEX REPLACE ".*:" "" library ${pair})
    file(GLOB sources ${name}/codec/*.cpp ${name}/adapter/*.cpp)
    posthorn_adapter(${name} ${sources})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE posthorn::${library} OpenSSL::Crypto)
endforeach()
"""


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build_outside(build, scratch, folder):
    """A project that knows no more than the installed sdk; its adapters are in scratch/plugins."""
    run("cmake", "--install", build, "--component", "sdk", "--prefix", scratch / "prefix")
    run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={scratch / 'prefix'}",
        f"-DPOSTHORN_PLUGIN_DIR={scratch / 'plugins'}")
    run("cmake", "--build", folder / "build", "-j2")
    run("cmake", "--install", folder / "build")


def describe(build, site, name):
    said = run(build / "bin/posthornd", "--config", site.folder / "posthorn.yaml", "--describe", name)
    expect_equal(f"the beginning of --describe {name}", True, said.startswith(name + ":"))


def an_adapter_outside_of_the_tree(build):
    """a copy of loopback builds with the installed sdk, is described, and carries a text"""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        acme = scratch / "acme"
        acme.mkdir()
        (acme / "CMakeLists.txt").write_text(PROJECT)
        source = (ROOT / "plugins/loopback/adapter/loopback.cpp").read_text()
        (acme / "acme.cpp").write_text(source.replace("loopback", "acme"))
        build_outside(build, scratch, acme)
        site = small_site(build, scratch / "site", {"news": type_file("news")}, SOURCES)
        site.plugins = scratch / "plugins"
        site.configure(SOURCES)
        site.write("accounts.d/loop.yaml", "adapter: acme\ndelivery: live\noptions: {slots: 3}\n")
        describe(build, site, "acme")
        site.start()
        try:
            site.posthorn("enqueue", "news", "--source", "crm", "--key", "1", "--to", "+8613800000001",
                          "--data", '{"text": "hello"}')
            site.becomes("1", "delivered")
            site.stop()
        except BaseException:
            site.kill()
            raise


def adapters_on_the_kits(build):
    """adapters with links, and over HTTP, build with the installed libraries"""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        others = scratch / "others"
        for name in ("cmpp", "twilio"):
            for part in ("codec", "adapter"):
                shutil.copytree(ROOT / "plugins" / name / part, others / name / part)
        (others / "CMakeLists.txt").write_text(OTHERS)
        build_outside(build, scratch, others)
        site = small_site(build, scratch / "site", {}, SOURCES)
        site.plugins = scratch / "plugins"
        site.configure(SOURCES)
        (scratch / "site/accounts.d/loop.yaml").unlink()
        for name in ("cmpp", "twilio"):
            describe(build, site, name)


if __name__ == "__main__":
    sys.exit(run_cases([an_adapter_outside_of_the_tree, adapters_on_the_kits], pathlib.Path(sys.argv[1]).resolve()))
