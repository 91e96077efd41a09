// SMPP 3.4 (a 5.0 peer is fine) as ESME: one transceiver link to a carrier's SMSC.
//
//     us ── bind_transceiver ──► carrier       submit_sm ──►   ◄── submit_sm_resp (its id)
//        ◄── deliver_sm (receipt or text)      deliver_sm_resp ──► once it is stored
//        ◄── enquire_link, unbind ──►          generic_nack for what nobody understands
//
//     account   options, one link, how many units may be open
//     link      session after session, pauses between them
//     session   one TCP connection: bind, window, answers, time limits
#include "sdk/adapter.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/adapter/link.hpp"

namespace posthorn::smpp {

namespace {

class account final : public sdk::adapter {
public:
    account(sdk::host& host, const sdk::options& values)
        : host_(host), settings_(values), judge_(host),
          link_(std::make_shared<link>(host, settings_, judge_,
                                       [this](bool open, const std::string& why) {
                                           host_.slots(open ? settings_.window : 0, why);
                                       })) {}

    boost::asio::awaitable<void> run() override { return link_->run(); }
    void submit(std::span<const sdk::unit> units) override { link_->submit(units); }
    void stop() override { link_->stop(); }

    std::string match_key(std::string_view ref, bool from_receipt) const override {
        return smpp::match_key(ref, from_receipt ? settings_.receipt_id : settings_.submit_id);
    }

private:
    sdk::host& host_;
    configuration settings_;
    judge judge_;
    std::shared_ptr<link> link_;
};

} // namespace

} // namespace posthorn::smpp

POSTHORN_ADAPTER("smpp", "SMPP 3.4: the usual protocol of mobile operators and aggregators.",
                 posthorn::smpp::account, posthorn::smpp::option_table, false);
