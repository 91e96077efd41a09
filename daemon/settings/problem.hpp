// What is wrong with a settings file, told so that a person finds the place and knows what to
// write.
//
//     config/accounts.d/a.yaml:12:3: window: must be 1..1000, is 0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::settings {

// A place in a file, counted from 1 in lines and characters; 0 is unknown.
struct position {
    int line = 0;
    int column = 0;

    bool operator==(const position&) const = default;
};

struct problem {
    std::string file;
    int line = 0;
    int column = 0;
    std::string path; // keys joined by dots, list items as [0]; empty for the file itself
    std::string what;

    bool operator==(const problem&) const = default;
};

using problem_list = std::vector<problem>;

// file:line:column: path: what, leaving out what is unknown.
std::string format(const problem& p);

// One line for each problem.
std::string format(const problem_list& all);

// The known name a person most likely meant; empty when none is near. Case is ignored.
std::string_view nearest(std::string_view wanted, std::span<const std::string_view> known);

// "(did you mean 'window'?)" with a space before it, or nothing.
std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> known);

} // namespace posthorn::settings
