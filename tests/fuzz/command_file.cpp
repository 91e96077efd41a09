// The file of a query code: a command that answers, or mistakes with their places.
#include "fuzz/fuzz.hpp"

#include "commands/command_file.hpp"
#include "commands/help.hpp"
#include "commands/matcher.hpp"
#include "encoding/utf8.hpp"

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

const std::vector<commands::lookup_shape>& lookups() {
    using templates::kind;
    static const std::vector<commands::lookup_shape> known{
        {"l",
         {"account", "month"},
         {{.name = "name"}, {.name = "day", .kind = kind::date, .required = false}},
         {{"name", "n"}, {"day", "2026-11-23"}}}};
    return known;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    settings::problem_list problems;
    auto made = commands::read_command(std::string(fuzz::octets_of(data, size)), "c.yaml",
                                       templates::zone::utc(), lookups(), problems);
    require(made.has_value() == problems.empty(), "a command is good or has mistakes");
    for (const auto& p : problems)
        require(p.line >= 0 && p.column >= 0 && !settings::format(p).empty(),
                "a mistake has its place and is explained");
    if (!made)
        return 0;
    require(!made->words.empty() && !made->help.empty(), "a command can be asked and has help");
    const auto word = made->words.front().text;
    std::vector<commands::command> one;
    one.push_back(std::move(*made));
    const commands::matcher all(std::move(one));
    require(all.named(word) != nullptr, "a command is found by its word");
    const auto asked = all.match(word, std::chrono::year(2026) / 11 / 26);
    require(std::holds_alternative<commands::matched>(asked) ||
                std::holds_alternative<commands::misused>(asked),
            "its word is its question");
    require(!commands::help_line_of(all.commands().front(), "en").empty(), "there is a help line");
    return 0;
}
