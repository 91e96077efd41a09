// posthornd: reads its configuration, says what is wrong with it, or runs.
#include "accounts/loader.hpp"
#include "gateway/configuration.hpp"
#include "gateway/gateway.hpp"
#include "settings/key_table.hpp"
#include "settings/problem.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include <sys/stat.h>

namespace {

using namespace posthorn;

constexpr int bad_configuration = 2; // also wrong usage; systemd does not start again on this

spdlog::level::level_enum level_of(sdk::level l) {
    switch (l) {
    case sdk::level::debug:
        return spdlog::level::debug;
    case sdk::level::info:
        return spdlog::level::info;
    case sdk::level::warn:
        return spdlog::level::warn;
    case sdk::level::error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
}

gateway::logger to_stderr(const std::string& level) {
    auto sink = spdlog::stderr_logger_mt("posthornd");
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    sink->set_level(spdlog::level::from_str(level));
    sink->flush_on(spdlog::level::info);
    return [sink](sdk::level l, std::string_view room, std::string_view what) {
        sink->log(level_of(l), "{}: {}", room, what);
    };
}

int describe_all(const gateway::configuration& c) {
    std::cout << settings::describe_keys()
              << "\nAdapters and handlers (posthornd --describe PLUGIN):\n";
    for (const auto& name : accounts::available(c.settings.plugin_dir))
        std::cout << "  " << name << '\n';
    return 0;
}

int describe(const gateway::configuration& c, const std::string& name) {
    if (name.empty())
        return describe_all(c);
    if (const auto handler = accounts::load_handler(c.settings.plugin_dir, name)) {
        std::cout << accounts::describe(**handler);
        return 0;
    }
    const auto plugin = accounts::load(c.settings.plugin_dir, name);
    if (!plugin.has_value()) {
        if (!c.catalogue) // then plugin_dir is a guess
            std::cerr << settings::format(c.problems);
        std::cerr << "posthornd: " << plugin.error().what << '\n';
        return bad_configuration;
    }
    std::cout << accounts::describe(*plugin.value());
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Posthorn, the SMS and notification gateway daemon."};
    std::filesystem::path file = "/etc/posthorn/posthorn.yaml";
    std::string plugin, level = "info";
    bool check = false;
    app.add_option("--config", file, "Main settings file")
        ->envname("POSTHORN_CONFIG")
        ->capture_default_str();
    app.add_flag("--check", check, "Read everything, report every mistake with its line, and exit");
    auto* described =
        app.add_option("--describe", plugin,
                       "Print every key with its default, or every option of a plugin, and exit")
            ->expected(0, 1)
            ->option_text("[PLUGIN]");
    app.add_option("--log-level", level, "debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.set_version_flag("--version", "posthornd " POSTHORN_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : bad_configuration;
    }

    ::umask(0007); // what we write is for us and our group
    try {
        auto c = gateway::read_configuration(file);
        if (described->count() > 0)
            return describe(c, plugin);
        if (!c.problems.empty()) {
            std::cerr << settings::format(c.problems);
            return bad_configuration;
        }
        if (check) {
            std::cout << file.string() << ": in order; " << c.catalogue->types.size() << " types, "
                      << c.accounts.size() << " accounts, " << c.catalogue->sources.size()
                      << " sources\n";
            return 0;
        }
        gateway::run(std::move(c), to_stderr(level));
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "posthornd: " << e.what() << '\n';
        return 1;
    }
}
