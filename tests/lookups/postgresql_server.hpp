// A PostgreSQL of the test's own: in a folder of its own, on a socket in it, and gone with it.
#pragma once

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

class postgresql_server {
public:
    // Where its programs are; empty: it is not installed.
    static std::filesystem::path programs() {
        std::error_code none;
        std::filesystem::path newest;
        for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
            if (std::filesystem::exists(version.path() / "bin" / "initdb"))
                newest = std::max(newest, version.path() / "bin");
        return newest;
    }

    postgresql_server() {
        std::string name = "/tmp/posthorn-pg-XXXXXX"; // a socket's path must be short
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("mkdtemp");
        folder_ = name;
        if (::getuid() == 0) { // it refuses to run as root
            const auto* user = ::getpwnam("nobody");
            if (user == nullptr || ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
                throw std::runtime_error("nobody");
            as_user_ = "setpriv --reuid=" + std::to_string(user->pw_uid) +
                       " --regid=" + std::to_string(user->pw_gid) + " --clear-groups ";
        }
        run("initdb -D " + data() + " -A trust -U posthorn -E UTF8 --locale=C --no-sync");
        start();
    }
    ~postgresql_server() {
        if (runs_)
            stop();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    postgresql_server(const postgresql_server&) = delete;
    postgresql_server& operator=(const postgresql_server&) = delete;

    void start() {
        run("pg_ctl -D " + data() + " -l " + folder_ + "/log -w start -o \"-F -k " + folder_ +
            " -c listen_addresses=''\"");
        runs_ = true;
    }
    void stop() {
        run("pg_ctl -D " + data() + " -w -m fast stop");
        runs_ = false;
    }
    std::string where() const { return "host=" + folder_ + " dbname=postgres user=posthorn"; }

private:
    std::string data() const { return folder_ + "/data"; }
    void run(const std::string& command) const {
        const auto line = "cd " + folder_ + " && " + as_user_ + programs().string() + "/" +
                          command + " >/dev/null 2>&1 </dev/null";
        if (std::system(line.c_str()) != 0)
            throw std::runtime_error("cannot run: " + line);
    }

    std::string folder_, as_user_;
    bool runs_ = false;
};
