#include "gateway/state_lock.hpp"

#include "cli/scratch.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace state_lock_test {

using posthorn::gateway::state_lock;

namespace {

std::string refusal_of(const std::filesystem::path& folder) {
    try {
        const state_lock lock(folder);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("state lock: a second daemon on the same state is told who has it") {
    const scratch dir;
    const auto state = dir.path / "not/there/yet";
    {
        const state_lock first(state);
        CHECK(refusal_of(state) == "state_dir " + state.string() +
                                       ": another posthornd uses it (process " +
                                       std::to_string(::getpid()) +
                                       "): stop it first, or give this one a state_dir of its own");
        CHECK(refusal_of(dir.path / "other").empty());
    }
    CHECK(refusal_of(state).empty());
}

TEST_CASE("state lock: a daemon that was killed leaves none behind") {
    const scratch dir;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const auto child = ::fork();
    if (child == 0) {
        const state_lock held(dir.path);
        if (::write(ready[1], "x", 1) != 1)
            ::_exit(1);
        ::pause();
        ::_exit(0);
    }
    char octet = 0;
    REQUIRE(::read(ready[0], &octet, 1) == 1);
    CHECK(refusal_of(dir.path).find("(process " + std::to_string(child) + ")") !=
          std::string::npos);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(refusal_of(dir.path).empty());
    ::close(ready[0]);
    ::close(ready[1]);
}

} // namespace state_lock_test
