// The options of an adapter, declared as data so that the daemon can validate, document and mask
// them.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk/unit.hpp"

namespace posthorn::sdk {

struct option {
    enum class kind : std::uint8_t { text, integer, interval, flag, choice, secret, map };
    std::string_view name = {};
    option::kind what = kind::text;
    std::string_view fallback = {}; // as one would write it in YAML
    bool required = false;          // then there is no fallback
    std::string_view choices = {};  // kind::choice: "a|b|c"
    std::int64_t least = 0;         // kind::integer, and kind::interval in milliseconds
    std::int64_t most = 0;          // 0: no limit
    std::string_view help = {};     // one sentence
    // What is wrong with a text or secret that is not empty, or with an entry of a kind::map, which is
    // a YAML map of scalars without a fallback; or "".
    std::string (*check)(std::string_view key, std::string_view text) = nullptr;
    std::string_view shape = {}; // kind::map: an entry as a person writes it, "STATUS: a|b"
};

// An account's values after the daemon has checked them against the declared options. Asking for a
// name that was not declared throws std::logic_error.
class options {
public:
    struct value {
        std::string text;
        std::int64_t number = 0; // integer, flag 0 or 1, duration in microseconds
        std::vector<std::pair<std::string, std::string>> entries = {}; // map, as in the file
        bool operator==(const value&) const = default;
    };

    bool operator==(const options&) const = default;

    void set(std::string name, value v) { values_[std::move(name)] = std::move(v); }

    const std::string& text(std::string_view name) const { return at(name).text; }
    std::int64_t integer(std::string_view name) const { return at(name).number; }
    bool flag(std::string_view name) const { return at(name).number != 0; }
    const std::vector<std::pair<std::string, std::string>>& entries(std::string_view name) const {
        return at(name).entries;
    }
    sdk::duration duration(std::string_view name) const { return sdk::duration{at(name).number}; }

private:
    const value& at(std::string_view name) const {
        const auto found = values_.find(name);
        if (found == values_.end())
            throw std::logic_error("option not declared: " + std::string(name));
        return found->second;
    }
    std::map<std::string, value, std::less<>> values_;
};

} // namespace posthorn::sdk
