// SGIP 1.2, China Unicom: an SP's connections to and from the carrier's SMG.
//
//     we dial      BIND 1 ──►   SUBMIT ──►   ◄── SUBMIT_RESP
//     it dials     ◄── BIND 2   ◄── REPORT (what became of a SUBMIT)   ◄── DELIVER (a text)
//
//     account   options, our connections and those of the carrier
//     session   one connection, of either kind
//
// A SUBMIT has no id but the number of its packet, which we choose: a REPORT that names it tells even
// of one whose answer was lost.
#include "sdk/link/links.hpp"
#include "sgip/adapter/codes.hpp"
#include "sgip/adapter/session.hpp"

#include <utility>

namespace posthorn::sgip {

namespace {

class account final : public sdk::adapter {
public:
    account(sdk::host& host, const sdk::options& values)
        : state_(host, values), links_(state_.links) {
        const auto& settings = state_.settings;
        links_.add_all([this](sdk::session::beginning how) {
            return std::make_shared<session>(state_, std::move(how));
        });
        if (!settings.listen_address.empty())
            links_.listen({settings.listen_address, settings.listen_port, "listen_address"},
                          [this](sdk::session::beginning how) { return called(std::move(how)); });
    }

    sdk::carriage carries() const override { return {.alphabet = sdk::alphabet::ascii}; }

    boost::asio::awaitable<void> run() override {
        if (state_.settings.receipts && state_.settings.listen_address.empty())
            state_.host.log(sdk::level::warn,
                            "no listen_address: the carrier cannot dial us, so most gateways will "
                            "have no way to bring reports and texts");
        return links_.run();
    }
    void submit(std::span<const sdk::unit> units) override { links_.submit(units); }
    void stop() override { links_.stop(); }
    void probe(std::function<void(sdk::finding)> done) override { links_.probe(std::move(done)); }
    std::string describe(std::string_view code) const override { return words_of(code); }

    std::vector<std::pair<std::string, std::string>> learned() const override {
        auto all = state_.links.watch.learned();
        if (state_.settled_by_reports > 0)
            all.emplace_back("texts without an answer that a report has settled",
                             std::to_string(state_.settled_by_reports));
        return all;
    }

private:
    std::shared_ptr<sdk::session> called(sdk::session::beginning how) {
        boost::system::error_code error;
        const auto who = how.from_carrier->remote_endpoint(error).address();
        if (!error && state_.settings.listen_from.may(who))
            return std::make_shared<session>(state_, std::move(how));
        state_.host.log(std::exchange(told_, true) ? sdk::level::debug : sdk::level::warn,
                        "turned away a caller from=" + who.to_string() +
                            ": listen_from does not name it");
        return nullptr;
    }

    account_state state_;
    sdk::links links_;
    bool told_ = false; // that a stranger calls
};

} // namespace

} // namespace posthorn::sgip

POSTHORN_ADAPTER("sgip", "SGIP 1.2: China Unicom.", posthorn::sgip::account,
                 posthorn::sgip::option_table, false);
