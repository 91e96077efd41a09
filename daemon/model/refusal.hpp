// Why something was not accepted, in words for the person who can change it.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace posthorn {

struct refusal {
    std::string reason;

    refusal() = default; // result::error() asks for it

private: // not constructible from a string: result<std::string> must tell value and reason apart
    explicit refusal(std::string why, bool) : reason(std::move(why)) {}
    friend refusal refuse(std::string why);
};

inline refusal refuse(std::string why) { return refusal(std::move(why), true); }

// Called by result::value() on a result that holds a refusal.
[[noreturn]] inline void throw_exception_from_error(const refusal& r,
                                                    const boost::source_location&) {
    throw std::runtime_error(r.reason);
}

template <class T>
using result = boost::system::result<T, refusal>;

} // namespace posthorn
