// SMGP 3.0, of China Telecom, as SP: the links to a carrier's gateway (SMGW).
//
//     us ── Login ───────────────► gateway       Submit ──►   ◄── Submit_Resp (its MsgID)
//        ◄── Deliver (report or text)            Deliver_Resp ──► once it is stored
//        ◄── Active_Test, Exit ──►
//
// Its Query asks for numbers of a day, not for a text; nothing takes a text back.
//
//     account   options, the links
//     session   one TCP connection: what SMGP has to say there; the rest is sdk/link
#include "sdk/link/links.hpp"
#include "smgp/adapter/session.hpp"
#include "smgp/codec/plain_words.hpp"

#include <memory>
#include <string>
#include <utility>

namespace posthorn::smgp {

namespace {

class account final : public sdk::linked_adapter<account_state> {
public:
    account(sdk::host& host, const sdk::options& values) : linked_adapter(host, values) {
        for (unsigned n = 1; n <= state_.settings.links; ++n) {
            const auto number = " " + std::to_string(n);
            if (state_.settings.pair) {
                add("sender" + number, login_mode::send);
                add("receiver" + number, login_mode::receive);
            } else {
                add("link" + number, login_mode::both);
            }
        }
    }

    sdk::carriage carries() const override { return {.alphabet = sdk::alphabet::ascii}; }
    std::string describe(std::string_view code) const override { return plain_words(code); }

private:
    void add(std::string called, login_mode mode) {
        links_.add({.called = std::move(called),
                    .make =
                        [this, mode](sdk::session::beginning how) {
                            return std::make_shared<session>(state_, mode, std::move(how));
                        },
                    .sends = mode != login_mode::receive});
    }
};

} // namespace

} // namespace posthorn::smgp

POSTHORN_ADAPTER("smgp", "SMGP 3.0: China Telecom's protocol.", posthorn::smgp::account,
                 posthorn::smgp::option_table, false);
