// What comes of a question: rows, or why there are none.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/json/array.hpp>
#include <boost/system/result.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace posthorn::lookups {

enum class failure : std::uint8_t {
    timeout,       // no answer within the lookup's timeout
    down,          // the system cannot be reached, or is ill
    refused,       // it will not do what the lookup wants: a table, a right is missing
    bad_data,      // an answer that is not what the lookup declares
    too_many_rows, // more than most_rows
    breaker_open   // not asked: it has failed too often, see breaker.hpp
};

inline constexpr std::array<std::string_view, 6> failure_names{
    "timeout", "down", "refused", "bad_data", "too_many_rows", "breaker_open"};

constexpr std::string_view name_of(failure f) { return failure_names[static_cast<std::size_t>(f)]; }

struct failed {
    failure kind = failure::down;
    std::string why; // for the log: no secret, and nothing that was asked or answered
};

[[noreturn]] inline void throw_exception_from_error(const failed& f,
                                                    const boost::source_location&) {
    throw std::runtime_error(f.why);
}

// Rows: objects of the declared fields as templates::read_data() takes them; what is missing or
// NULL is left out. Empty when nothing was found.
using answer = boost::system::result<boost::json::array, failed>;

} // namespace posthorn::lookups
