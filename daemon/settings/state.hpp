// What a document and its readers share; private to this room.
#pragma once

#include "settings/passage.hpp"
#include "settings/problem.hpp"

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace posthorn::settings {

struct reader_state;

struct document_state {
    std::string file;
    std::vector<std::string> lines; // of the source, without line ends
    YAML::Node root;
    bool readable = false;
    problem_list problems;
    std::vector<std::unique_ptr<reader_state>> readers; // all that were made; see finish()
    std::unordered_map<std::string, reader_state*> by_path;
    bool too_many = false; // said once

    // yaml-cpp counts octets from 0; people count characters from 1.
    position position_of(const YAML::Mark& mark) const;
};

struct entry {
    std::string key;
    position at;
    YAML::Node value;
    position value_at;
    bool asked = false;
};

struct reader_state {
    document_state* document = nullptr; // owns this
    std::string path;
    position at;
    unsigned depth = 0; // maps around it
    bool is_void = false;
    bool reported = false; // its unknown keys
    std::vector<entry> entries;
    std::vector<std::string> wanted; // asked for and not there
    std::set<std::string> missing;   // of those, required and told

    entry* find(std::string_view key);
    std::string path_of(std::string_view key) const;
    void fail(position at, std::string path, std::string what);
    void report_unknown_keys();
};

// The reader of the map at `path`, made once. Anything but a map gives a void reader and a problem;
// so does a map inside of too many others, or one too many: an alias may repeat what it stands in.
reader_state* reader_of(document_state& document, const YAML::Node& node, std::string path,
                        position at, unsigned depth);
reader_state* void_reader_of(document_state& document, std::string path);

// Finds the lines of the file again in the text that YAML made of them, whatever its style.
std::vector<passage::anchor> anchors_of(const document_state& document, const entry& e);

// What stands there, for "must be ..., is a list".
std::string kind_shown(const YAML::Node& node);

} // namespace posthorn::settings
