// What all links of one account share; outlives them.
#pragma once

#include "sdk/adapter.hpp"
#include "smgp/adapter/configuration.hpp"
#include "smgp/adapter/verdicts.hpp"

namespace posthorn::smgp {

inline const sdk::protocol_words words{.name = "SMGP",
                                       .login = "Login",
                                       .test = "Active_Test",
                                       .goodbye = "Exit",
                                       .check = "client_id, secret and the address it is sent from",
                                       .frame = frame};

struct account_state {
    account_state(sdk::host& h, const sdk::options& values)
        : host(h), settings(values),
          answers(h, settings.status_classes), links{h, settings, words,
                                                     "client_id=" + settings.client_id} {}

    sdk::host& host;
    const configuration settings;
    judge answers;
    sdk::link_account links;
};

} // namespace posthorn::smgp
