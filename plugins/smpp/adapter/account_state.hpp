// What all links of one account share; outlives them.
#pragma once

#include "sdk/adapter.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/adapter/habits.hpp"
#include "smpp/adapter/receipt_watch.hpp"
#include "smpp/adapter/tls.hpp"
#include "smpp/adapter/verdicts.hpp"

namespace posthorn::smpp {

struct account_state {
    account_state(sdk::host& h, const sdk::options& values)
        : host(h), settings(values), answers(h, settings.status_classes), ids(h, settings),
          watch(settings.receipts ? settings.rebind_without_receipts : std::chrono::microseconds{}),
          tls(make_tls(settings)) {}

    sdk::host& host;
    const configuration settings;
    judge answers;
    habits ids;
    receipt_watch watch;
    tls_context tls;
};

} // namespace posthorn::smpp
