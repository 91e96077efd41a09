// routes.yaml with the table of numbers it names, and what an account's file says about routing.
#pragma once

#include "routing/rules.hpp"
#include "settings/daemon_settings.hpp"
#include "settings/problem.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace posthorn::routing {

struct loaded_routes {
    std::shared_ptr<const rules>
        read; // never null: without a file every account carries everything
    std::vector<std::filesystem::path> files;
    settings::problem_list problems;
};

// `accounts`: what routes may name.
loaded_routes load_routes(const std::filesystem::path& file, std::span<const std::string> accounts);

// What an account's file says of it; mistakes are told with the file's.
account read_account(const settings::account_settings& a);

} // namespace posthorn::routing
