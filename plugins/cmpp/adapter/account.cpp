// CMPP 2.0 and 3.0 (China Mobile) as SP: the links to a carrier's gateway (ISMG).
//
//     account   options, the links
//     session   one TCP connection: what CMPP has to say there; the rest is sdk/link
#include "cmpp/adapter/session.hpp"
#include "cmpp/codec/plain_words.hpp"
#include "sdk/link/links.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace posthorn::cmpp {

namespace asio = boost::asio;

namespace {

class account final : public sdk::adapter {
public:
    account(sdk::host& host, const sdk::options& values)
        : state_(host, values), links_(state_.links) {
        links_.add_all([this](sdk::session::beginning how) {
            return std::make_shared<session>(state_, std::move(how));
        });
    }

    sdk::carriage carries() const override { return {.alphabet = sdk::alphabet::ascii}; }
    bool one_link() const override { return links_.size() == 1; }

    asio::awaitable<void> run() override { return links_.run(); }
    void submit(std::span<const sdk::unit> units) override { links_.submit(units); }
    void stop() override { links_.stop(); }

    void cancel(const sdk::accepted_part& which,
                std::function<void(sdk::cancellation)> done) override {
        links_.cancel(which, std::move(done));
    }
    void query(const sdk::accepted_part& which, std::function<void(sdk::inquiry)> done) override {
        links_.query(which, std::move(done));
    }
    void probe(std::function<void(sdk::finding)> done) override { links_.probe(std::move(done)); }

    std::string describe(std::string_view code) const override { return plain_words(code); }

    std::vector<std::pair<std::string, std::string>> learned() const override {
        if (state_.version == state_.settings.version)
            return {};
        return {{"version", "2.0: the gateway knows no later one"}};
    }

private:
    account_state state_;
    sdk::links links_;
};

} // namespace

} // namespace posthorn::cmpp

POSTHORN_ADAPTER("cmpp", "CMPP 2.0 and 3.0: China Mobile.", posthorn::cmpp::account,
                 posthorn::cmpp::option_table, false);
