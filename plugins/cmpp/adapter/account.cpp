// CMPP 2.0 and 3.0 (China Mobile) as SP: the links to a carrier's gateway (ISMG).
//
//     account   options, the links
//     session   one TCP connection: what CMPP has to say there; the rest is sdk/link
#include "cmpp/adapter/session.hpp"
#include "cmpp/codec/plain_words.hpp"
#include "sdk/link/links.hpp"

#include <memory>
#include <utility>

namespace posthorn::cmpp {

namespace {

class account final : public sdk::linked_adapter<account_state> {
public:
    account(sdk::host& host, const sdk::options& values) : linked_adapter(host, values) {
        links_.add_all([this](sdk::session::beginning how) {
            return std::make_shared<session>(state_, std::move(how));
        });
    }

    sdk::carriage carries() const override { return {.alphabet = sdk::alphabet::ascii}; }
    std::string describe(std::string_view code) const override { return plain_words(code); }

    std::vector<std::pair<std::string, std::string>> learned() const override {
        auto all = linked_adapter::learned();
        if (state_.version != state_.settings.version)
            all.emplace_back("version", "2.0: the gateway knows no later one");
        return all;
    }
};

} // namespace

} // namespace posthorn::cmpp

POSTHORN_ADAPTER("cmpp", "CMPP 2.0 and 3.0: China Mobile.", posthorn::cmpp::account,
                 posthorn::cmpp::option_table, false);
