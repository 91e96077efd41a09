#include "timers/timer_file.hpp"

#include "settings/yaml_files.hpp"
#include "timers/timer_reader.hpp"

#include <algorithm>
#include <set>

namespace posthorn::timers {

namespace {

std::optional<timer> read(settings::document document, const std::filesystem::path& file,
                          std::span<const templates::event_type> types,
                          settings::problem_list& problems) {
    auto root = document.root();
    auto made = read_timer_of(root, file.stem().string(), types);
    auto found = document.finish();
    if (found.empty()) {
        try_samples(made, root, types);
        found = document.finish();
    }
    problems.insert(problems.end(), found.begin(), found.end());
    return found.empty() ? std::optional(std::move(made)) : std::nullopt;
}

// What an event of this type brings about in the end; also of timers that are off.
void follow(const std::string& type, const std::vector<timer>& all, std::set<std::string>& found) {
    for (const auto& t : all)
        if (t.begun_by(type) != nullptr)
            for (const auto& s : t.steps)
                if (found.insert(s.type).second)
                    follow(s.type, all, found);
}

// Why a timer would go on for ever; empty: it does not.
std::string circle_of(const timer& t, const std::vector<timer>& all) {
    for (const auto& s : t.steps) {
        std::set<std::string> found{s.type};
        follow(s.type, all, found);
        for (const auto& b : t.starts_with)
            if (found.contains(b.type))
                return "an event of " + s.type + " is, or brings about, one of " + b.type +
                       ", which begins this timer again, and so for ever";
    }
    return {};
}

} // namespace

std::optional<timer> read_timer(std::string text, const std::filesystem::path& file,
                                std::span<const templates::event_type> types,
                                settings::problem_list& problems) {
    return read(settings::document::parse(std::move(text), file.string()), file, types, problems);
}

loaded_timers load_timers(const std::filesystem::path& directory,
                          std::span<const templates::event_type> types) {
    loaded_timers loaded;
    std::error_code ignored; // what cannot be read is told by yaml_files()
    if (!std::filesystem::exists(directory, ignored) && !ignored)
        return loaded;
    for (const auto& file : settings::yaml_files(directory, loaded.problems))
        if (auto made = read(settings::document::load(file), file, types, loaded.problems))
            loaded.timers.push_back(std::move(*made));
    std::ranges::sort(loaded.timers, {}, &timer::name);
    for (const auto& t : loaded.timers)
        if (auto why = circle_of(t, loaded.timers); !why.empty())
            loaded.problems.push_back({.file = (directory / (t.name + ".yaml")).string(),
                                       .path = "steps",
                                       .what = std::move(why)});
    return loaded;
}

} // namespace posthorn::timers
