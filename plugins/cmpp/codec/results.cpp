#include "cmpp/codec/results.hpp"

#include <array>

namespace posthorn::cmpp {

namespace {

using enum result_class;

constexpr std::array<meaning, 14> submit_results{{{ok, "ok"},
                                                  {permanent, "message structure error"},
                                                  {permanent, "command id error"},
                                                  {transient, "duplicate sequence"},
                                                  {permanent, "message length error"},
                                                  {config, "fee code error"},
                                                  {permanent, "message too long"},
                                                  {config, "service id error"},
                                                  {throttle, "flow control"},
                                                  {permanent, "number not served by this gateway"},
                                                  {config, "Src_Id error"},
                                                  {config, "Msg_src error"},
                                                  {permanent, "Fee_terminal_Id error"},
                                                  {permanent, "Dest_terminal_Id error"}}};

constexpr std::array<meaning, 6> connect_statuses{{{ok, "ok"},
                                                   {config, "message structure error"},
                                                   {config, "illegal source address"},
                                                   {config, "authentication error"},
                                                   {config, "version too high"},
                                                   {transient, "other error"}}};

} // namespace

meaning of_submit(std::uint32_t result) noexcept {
    return result < submit_results.size() ? submit_results[result] : meaning{};
}

meaning of_connect(std::uint32_t status) noexcept {
    return status < connect_statuses.size() ? connect_statuses[status]
                                            : meaning{.kind = transient, .words = {}};
}

} // namespace posthorn::cmpp
