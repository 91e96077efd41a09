#include "sgip/codec/results.hpp"

#include <array>

namespace posthorn::sgip {

namespace {

using enum result_class;

constexpr std::array<meaning, 12> answers{{{ok, "ok"},
                                           {config, "illegal login"},
                                           {transient, "repeated login"},
                                           {transient, "too many connections"},
                                           {config, "login type error"},
                                           {permanent, "parameter format error"},
                                           {permanent, "illegal phone number"},
                                           {permanent, "message id error"},
                                           {permanent, "message length error"},
                                           {transient, "illegal sequence number"},
                                           {permanent, "illegal GNS operation"},
                                           {throttle, "node busy"}}};

constexpr std::size_t first_error = 21;
constexpr std::array<meaning, 13> errors{{{transient, "destination unreachable"},
                                          {permanent, "route error"},
                                          {permanent, "no route"},
                                          {permanent, "fee number invalid"},
                                          {permanent, "phone unreachable"},
                                          {permanent, "memory of the phone is full"},
                                          {permanent, "the phone takes no texts"},
                                          {permanent, "error in the phone"},
                                          {permanent, "unknown subscriber"},
                                          {permanent, "function not provided"},
                                          {permanent, "illegal equipment"},
                                          {transient, "system failure"},
                                          {throttle, "queue of the SMSC is full"}}};

} // namespace

meaning of_submit(std::uint8_t code) noexcept {
    if (code < answers.size())
        return answers[code];
    const std::size_t at = code - first_error; // wraps round below the first
    return at < errors.size() ? errors[at] : meaning{};
}

meaning of_bind(std::uint8_t code) noexcept {
    auto out = of_submit(code);
    if (out.kind == permanent) // nothing about a login lasts for ever
        out.kind = code == format_error ? config : transient;
    return out;
}

} // namespace posthorn::sgip
