#include "commands/command_file.hpp"

#include "commands/command_reader.hpp"
#include "commands/overlaps.hpp"
#include "settings/yaml_files.hpp"

#include <algorithm>
#include <tuple>

namespace posthorn::commands {

namespace {

struct read_file {
    settings::document document;
    command read;
    bool good;
};

read_file read(settings::document document, const std::filesystem::path& file,
               const templates::zone& zone, std::span<const lookup_shape> lookups,
               settings::problem_list& problems) {
    auto root = document.root();
    auto made = read_command(root, file.stem().string(), zone, lookups);
    auto found = document.finish();
    if (found.empty()) {
        try_answers(made, root, lookups);
        found = document.finish();
    }
    problems.insert(problems.end(), found.begin(), found.end());
    return {std::move(document), std::move(made), found.empty()};
}

// The words of one file against those of another, told where the word stands that is not clear.
void find_confusions(read_file& one, const command& other) {
    auto words = one.document.root().map("words");
    for (const auto& mine : one.read.words)
        for (const auto& theirs : other.words)
            if (const auto reason = confusion(mine.text, theirs.text, other))
                words.fail(mine.language, *reason);
}

} // namespace

std::optional<command> read_command(std::string text, const std::filesystem::path& file,
                                    const templates::zone& zone,
                                    std::span<const lookup_shape> lookups,
                                    settings::problem_list& problems) {
    auto made = read(settings::document::parse(std::move(text), file.string()), file, zone, lookups,
                     problems);
    return made.good ? std::optional(std::move(made.read)) : std::nullopt;
}

loaded_commands load_commands(const std::filesystem::path& directory, const templates::zone& zone,
                              std::span<const lookup_shape> lookups) {
    loaded_commands loaded;
    std::vector<read_file> files;
    for (const auto& file : settings::yaml_files(directory, loaded.problems))
        files.push_back(read(settings::document::load(file), file, zone, lookups, loaded.problems));
    for (auto& one : files) {
        for (const auto& other : files)
            if (&one != &other)
                find_confusions(one, other.read);
        const auto found = one.document.finish();
        loaded.problems.insert(loaded.problems.end(), found.begin(), found.end());
        one.good = one.good && found.empty();
    }
    for (auto& one : files)
        if (one.good)
            loaded.commands.push_back(std::move(one.read));
    std::ranges::sort(loaded.commands, {}, [](const command& c) {
        return std::tuple(c.order, std::string_view(c.name));
    });
    return loaded;
}

} // namespace posthorn::commands
