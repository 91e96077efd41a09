// Another process of this very program runs one test and dies in it, as by kill -9.
#pragma once

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace live_db {

// Whether it died there. `test`: one that is skipped otherwise, and works on history_of_parent().
inline bool dies_at(const std::string& where, const std::string& test,
                    const std::filesystem::path& history) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("POSTHORN_FAULT", where.c_str(), 1);
        ::setenv("TEST_HISTORY", history.c_str(), 1);
        ::execl("/proc/self/exe", "test_store", "--no-skip", ("--test-case=" + test).c_str(),
                nullptr);
        std::_Exit(1);
    }
    int how = 0;
    ::waitpid(child, &how, 0);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
}

inline const char* history_of_parent() { return std::getenv("TEST_HISTORY"); } // null: it has none

} // namespace live_db
