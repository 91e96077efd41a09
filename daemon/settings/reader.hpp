// Reading a YAML file key by key, so that every mistake in it is reported at once with its line.
//
//     auto file = document::load(path);
//     auto root = file.root();
//     account.window = root.integer("window", {1, 1000}, 50);   // with a fallback: may be absent
//     account.password = root.secret("password");               // without one: must be there
//     if (auto problems = file.finish(); !problems.empty()) ...  // also: keys nobody asked for
//
// A getter never throws for what the file says: it records the problem and returns its fallback,
// or an empty value. Readers are handles and may be copied; a document and its readers belong to
// one thread.
#pragma once

#include "model/time.hpp"
#include "settings/passage.hpp"
#include "settings/problem.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::settings {

struct integer_range {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct duration_range {
    duration least{0};
    duration most = std::chrono::days(36525);
};

enum class node_kind : std::uint8_t { missing, empty, scalar, list, map };

struct document_state;
struct reader_state;

// One map of the file. A reader of a map that is missing or is no map is void: it answers every
// question with the fallback and records nothing more.
class reader {
public:
    explicit reader(std::shared_ptr<reader_state> state);

    const std::string& path() const; // "fields.amount"; empty for the root
    bool is_void() const;

    node_kind kind(std::string_view key);       // counts as asked for
    bool has(std::string_view key);             // there, even if empty
    std::vector<std::string> keys() const;      // in the order of the file, each once
    position where(std::string_view key) const; // of the value; of the map where there is none

    std::string text(std::string_view key); // not empty
    std::string text(std::string_view key, std::string fallback);
    std::string text_or_none(std::string_view key); // '' is right too
    passage passage_text(std::string_view key);     // not empty
    bool flag(std::string_view key);                // true/false, yes/no, on/off
    bool flag(std::string_view key, bool fallback);
    std::int64_t integer(std::string_view key, integer_range range);
    std::int64_t integer(std::string_view key, integer_range range, std::int64_t fallback);
    // A whole number with a unit: 500ms 60s 5m 24h 90d.
    posthorn::duration duration(std::string_view key, duration_range range = {});
    posthorn::duration duration(std::string_view key, posthorn::duration fallback,
                                duration_range range = {});
    // Octets: 4096, 64KiB, 512MiB, 10GiB, 1TiB; KB, MB, GB, TB are powers of ten.
    std::int64_t bytes(std::string_view key, integer_range range = {0});
    std::int64_t bytes(std::string_view key, integer_range range, std::int64_t fallback);
    std::vector<std::string> texts(std::string_view key); // a list of scalars
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback);
    // "file:PATH" (relative to this file), "env:NAME" or "credential:NAME" (systemd), loaded,
    // without its line end. A secret written into the file itself is a problem.
    std::string secret(std::string_view key);
    std::string secret(std::string_view key, std::string fallback);

    // One of the names; the value is the place of the name, as in model/words.hpp.
    template <class Enum, std::size_t Count>
    Enum choice(std::string_view key, const std::array<std::string_view, Count>& names) {
        return static_cast<Enum>(choose(key, names, true).value_or(0));
    }
    template <class Enum, std::size_t Count>
    Enum choice(std::string_view key, const std::array<std::string_view, Count>& names,
                Enum fallback) {
        const auto index = choose(key, names, false);
        return index ? static_cast<Enum>(*index) : fallback;
    }
    // A list of such names, each once; empty when it is missing.
    template <class Enum, std::size_t Count>
    std::vector<Enum> choices(std::string_view key,
                              const std::array<std::string_view, Count>& names) {
        std::vector<Enum> values;
        for (const auto index : choose_list(key, names))
            values.push_back(static_cast<Enum>(index));
        return values;
    }

    reader map(std::string_view key);               // must be there
    reader optional_map(std::string_view key);      // void if missing
    std::vector<reader> maps(std::string_view key); // a list of maps; empty if missing

    // Records a problem found by the caller at a key's value, at this map, or at a place.
    void fail(std::string_view key, std::string what);
    void fail(std::string what);
    void fail_at(std::string_view key, position place, std::string what);

private:
    std::optional<std::size_t> choose(std::string_view key, std::span<const std::string_view> names,
                                      bool required);
    std::vector<std::size_t> choose_list(std::string_view key,
                                         std::span<const std::string_view> names);

    std::shared_ptr<reader_state> state_;
};

class document {
public:
    // A file that cannot be read or is not YAML gives one problem and a void root.
    static document load(const std::filesystem::path& file);
    static document parse(std::string text, std::string file);

    reader root();

    // Adds keys nobody asked for, and returns all problems since the last call in the order of the
    // file. Call it when everything has been asked for.
    problem_list finish();

    // Every key somebody asked for, there or not: "retry.first", "countries[0].name".
    std::vector<std::string> asked() const;
    // The keys of the root with their values in one spelling, whatever their style in the file.
    std::map<std::string, std::string> values() const;

private:
    explicit document(std::shared_ptr<document_state> state);

    std::shared_ptr<document_state> state_;
};

} // namespace posthorn::settings
