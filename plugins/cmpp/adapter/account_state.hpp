// What all links of one account share; outlives them.
#pragma once

#include "cmpp/adapter/configuration.hpp"
#include "sdk/link/verdicts.hpp"

namespace posthorn::cmpp {

inline const sdk::protocol_words words{.name = "CMPP",
                                       .login = "login",
                                       .test = "ACTIVE_TEST",
                                       .goodbye = "TERMINATE",
                                       .check = "source_addr, secret and version",
                                       .frame = frame};

struct account_state {
    account_state(sdk::host& h, const sdk::options& values)
        : host(h), settings(values), answers(h),
          version(settings.version), links{h, settings, words,
                                           "source_addr=" + settings.source_addr} {}

    sdk::host& host;
    const configuration settings;
    sdk::answer_judge answers;
    dialect version;           // 2.0 too once the gateway has said that it knows no later one
    bool proof_warned = false; // of a gateway that proves nothing
    sdk::link_account links;
};

} // namespace posthorn::cmpp
