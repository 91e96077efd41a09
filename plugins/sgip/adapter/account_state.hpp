// What all connections of an account share.
#pragma once

#include "sdk/link/verdicts.hpp"
#include "sgip/adapter/configuration.hpp"
#include "sgip/adapter/doubtful.hpp"
#include "sgip/adapter/numbering.hpp"
#include "sgip/codec/pdu.hpp"

namespace posthorn::sgip {

inline constexpr sdk::protocol_words protocol{.name = "SGIP",
                                              .login = "BIND",
                                              .in = "bound",
                                              .not_in = "not bound",
                                              .test = {},
                                              .goodbye = "UNBIND",
                                              .check = "login_name, login_password and node_id",
                                              .frame = frame};

struct account_state {
    account_state(sdk::host& h, const sdk::options& values)
        : host(h),
          settings(values), links{h, settings, protocol, "login_name=" + settings.login_name},
          answers(h), numbers(settings.node_id, h.random()) {}

    sdk::host& host;
    configuration settings;
    sdk::link_account links;
    sdk::answer_judge answers;
    numbering numbers;
    doubtful doubts;
    std::uint64_t settled_by_reports = 0; // doubts
};

} // namespace posthorn::sgip
