// policy.yaml, and the file of holidays it names.
#pragma once

#include "policy/rules.hpp"
#include "settings/problem.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace posthorn::policy {

struct loaded_policy {
    std::shared_ptr<const policy::rules> rules; // null: there is no such file
    std::vector<std::filesystem::path> files;
    settings::problem_list problems;
};

// `zone`: where policy.yaml names none.
loaded_policy load_policy(const std::filesystem::path& file, const templates::zone& zone);

} // namespace posthorn::policy
