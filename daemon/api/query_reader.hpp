// What the members of a request's query say; `mistake` when one of them says nothing sensible.
#pragma once

#include "api/answer.hpp"
#include "api/number_in.hpp"
#include "model/time_text.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace posthorn::api {

class query_reader {
public:
    explicit query_reader(const request& asked) : asked_(asked) {}

    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t most) {
        const auto text = asked_.asked(name);
        if (text.empty())
            return otherwise;
        const auto n = number_in<std::int64_t>(text);
        if (!n || *n > most)
            mistake = std::string(name) + "=" + std::string(text) + " is not a number from 1 to " +
                      std::to_string(most);
        return n.value_or(otherwise);
    }
    instant time(std::string_view name, instant otherwise = {}) {
        const auto text = asked_.asked(name);
        if (text.empty())
            return otherwise;
        const auto t = time_from(text);
        if (!t)
            mistake = std::string(name) + "=" + std::string(text) +
                      " is not a time: write RFC 3339 with a zone, like 2026-11-02T09:00:00+08:00";
        return t.value_or(otherwise);
    }
    std::size_t limit() { // rows of a page
        constexpr std::size_t most = 1000, usual = 50;
        return static_cast<std::size_t>(number("limit", usual, most));
    }
    // Where the page before ended; 0: nowhere.
    std::int64_t after() { return number("after", 0, std::numeric_limits<std::int64_t>::max()); }
    std::string text(std::string_view name) const { return std::string(asked_.asked(name)); }

    std::string mistake;

private:
    const request& asked_;
};

} // namespace posthorn::api
