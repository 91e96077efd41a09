// SMPP 3.4 (a 5.0 peer is fine) as ESME: the links to a carrier's SMSC.
//
//     us ── bind ────────────────► carrier       submit_sm ──►   ◄── submit_sm_resp (its id)
//        ◄── deliver_sm (receipt or text)        deliver_sm_resp ──► once it is stored
//        ◄── enquire_link, unbind ──►            cancel_sm, query_sm ──► when a person asks
//        ◄── outbind: the carrier dials          generic_nack for what nobody understands
//
//     account   options, the links, what is learned
//     session   one TCP connection: what SMPP has to say there; the rest is sdk/link
#include "sdk/link/links.hpp"
#include "smpp/adapter/session.hpp"
#include "smpp/codec/plain_words.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace posthorn::smpp {

namespace {

class account final : public sdk::linked_adapter<account_state> {
public:
    account(sdk::host& host, const sdk::options& values) : linked_adapter(host, values) {
        const auto& settings = state_.settings;
        for (unsigned n = 1; n <= settings.links; ++n) {
            const auto number = " " + std::to_string(n);
            if (settings.pair) {
                add("transmitter" + number, role::transmitter);
                add("receiver" + number, role::receiver);
            } else {
                add("link" + number, role::transceiver);
            }
        }
        if (settings.outbind_port != 0)
            add("outbind", role::receiver,
                sdk::listening_place{settings.outbind_address, settings.outbind_port,
                                     "outbind_address"});
    }

    sdk::carriage carries() const override {
        const auto& settings = state_.settings;
        // A character that the carrier's alphabet lacks makes twice as many octets of the text.
        const auto whole = settings.default_alphabet == sdk::alphabet::gsm7
                               ? settings.longest_payload
                               : settings.longest_payload / 2;
        return {.whole = settings.in_payload ? whole : 0,
                .one_receipt = settings.one_receipt,
                .alphabet = settings.default_alphabet};
    }

    std::string match_key(std::string_view ref, bool from_receipt) const override {
        return state_.ids.key(ref, from_receipt);
    }

    std::string describe(std::string_view code) const override { return plain_words(code); }

    std::vector<std::pair<std::string, std::string>> learned() const override {
        auto all = state_.ids.learned();
        std::ranges::move(linked_adapter::learned(), std::back_inserter(all));
        return all;
    }

private:
    void add(std::string called, role as, std::optional<sdk::listening_place> is_called = {}) {
        links_.add({.called = std::move(called),
                    .make =
                        [this, as](sdk::session::beginning how) {
                            return std::make_shared<session>(state_, as, std::move(how));
                        },
                    .sends = may_submit(as),
                    .is_called = std::move(is_called)});
    }
};

} // namespace

} // namespace posthorn::smpp

POSTHORN_ADAPTER("smpp", "SMPP 3.4: the usual protocol of mobile operators and aggregators.",
                 posthorn::smpp::account, posthorn::smpp::option_table, false);
