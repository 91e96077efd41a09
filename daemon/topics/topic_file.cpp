#include "topics/topic_file.hpp"

#include "commands/word_key.hpp"
#include "settings/yaml_files.hpp"
#include "topics/topic_reader.hpp"

#include <algorithm>

namespace posthorn::topics {

namespace {

struct read_file {
    settings::document document;
    topic read;
    bool good;
};

read_file read(settings::document document, const std::string& name, const known_things& known,
               settings::problem_list& problems) {
    auto root = document.root();
    auto made = read_topic(root, name, known);
    auto found = document.finish();
    if (found.empty()) {
        try_items(made, root, known);
        found = document.finish();
    }
    problems.insert(problems.end(), found.begin(), found.end());
    return {std::move(document), std::move(made), found.empty()};
}

// The words of one file against those of another, told where the word stands.
void find_same_words(read_file& one, const topic& other) {
    auto words = one.document.root().map("words");
    for (const auto& mine : one.read.words) {
        const auto key = commands::key_of(mine.text).letters;
        for (const auto& theirs : other.words)
            if (key == commands::key_of(theirs.text).letters)
                words.fail(mine.language, "'" + mine.text + "' is also a word of " + other.name);
        if (key == commands::key_of(other.name).letters)
            words.fail(mine.language, "'" + mine.text + "' is the name of another topic");
    }
}

} // namespace

loaded_topics load_topics(const std::filesystem::path& directory, const known_things& known) {
    loaded_topics loaded;
    std::error_code ignored; // what cannot be read is told by yaml_files()
    if (!std::filesystem::exists(directory, ignored) && !ignored)
        return loaded;
    std::vector<read_file> files;
    for (const auto& file : settings::yaml_files(directory, loaded.problems))
        files.push_back(
            read(settings::document::load(file), file.stem().string(), known, loaded.problems));
    for (auto& one : files) {
        for (const auto& other : files)
            if (&one != &other)
                find_same_words(one, other.read);
        const auto found = one.document.finish();
        loaded.problems.insert(loaded.problems.end(), found.begin(), found.end());
        if (one.good && found.empty())
            loaded.topics.push_back(one.read);
    }
    std::ranges::sort(loaded.topics, {}, &topic::name);
    return loaded;
}

} // namespace posthorn::topics
