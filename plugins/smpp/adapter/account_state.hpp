// What all links of one account share; outlives them.
#pragma once

#include "sdk/adapter.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/adapter/habits.hpp"
#include "smpp/adapter/tls.hpp"
#include "smpp/adapter/verdicts.hpp"
#include "smpp/codec/framer.hpp"

namespace posthorn::smpp {

inline const sdk::protocol_words words{.name = "SMPP",
                                       .packet = "PDU",
                                       .login = "bind",
                                       .login_limit = "bind_timeout",
                                       .in = "bound",
                                       .not_in = "not bound",
                                       .test = "enquire_link",
                                       .goodbye = "unbind",
                                       .check = "system_id, password and system_type",
                                       .frame = framer::shape_of(framer::default_limit)};

struct account_state {
    account_state(sdk::host& h, const sdk::options& values)
        : host(h), settings(values), answers(h, settings.status_classes), ids(h, settings),
          tls(make_tls(settings)), links{h, settings, words, "system_id=" + settings.system_id} {}

    sdk::host& host;
    const configuration settings;
    judge answers;
    habits ids;
    tls_context tls;
    sdk::link_account links;
};

} // namespace posthorn::smpp
