// SMPP 3.4 (a 5.0 peer is fine) as ESME: the links to a carrier's SMSC.
//
//     us ── bind ────────────────► carrier       submit_sm ──►   ◄── submit_sm_resp (its id)
//        ◄── deliver_sm (receipt or text)        deliver_sm_resp ──► once it is stored
//        ◄── enquire_link, unbind ──►            cancel_sm, query_sm ──► when a person asks
//        ◄── outbind: the carrier dials          generic_nack for what nobody understands
//
//     account   options, the links, which one sends what, how many units may be open
//     link      session after session, pauses between them
//     session   one TCP connection: bind, window, answers, time limits
#include "smpp/adapter/link.hpp"
#include "smpp/codec/plain_words.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace posthorn::smpp {

namespace asio = boost::asio;

namespace {

class account final : public sdk::adapter {
public:
    account(sdk::host& host, const sdk::options& values) : state_(host, values) {
        const auto& settings = state_.settings;
        for (unsigned n = 1; n <= settings.links; ++n) {
            const auto number = " " + std::to_string(n);
            if (settings.pair) {
                add("transmitter" + number, role::transmitter, link::way::calls);
                add("receiver" + number, role::receiver, link::way::calls);
            } else {
                add("link" + number, role::transceiver, link::way::calls);
            }
        }
        if (settings.outbind_port != 0)
            add("outbind", role::receiver, link::way::is_called);
    }

    sdk::carriage carries() const override {
        const auto& settings = state_.settings;
        // A character that the carrier's alphabet lacks makes twice as many octets of the text.
        const auto whole = settings.default_alphabet == alphabet::gsm
                               ? settings.longest_payload
                               : settings.longest_payload / 2;
        return {.whole = settings.in_payload ? whole : 0, .one_receipt = settings.one_receipt};
    }

    bool one_link() const override { return links_.size() == 1; } // then it is a transceiver

    asio::awaitable<void> run() override {
        const auto executor = state_.host.executor();
        using keeping = decltype(asio::co_spawn(executor, links_[0]->run(), asio::deferred));
        std::vector<keeping> all;
        for (const auto& l : links_)
            all.push_back(asio::co_spawn(executor, l->run(), asio::deferred));
        auto group = asio::experimental::make_parallel_group(std::move(all));
        co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    }

    void submit(std::span<const sdk::unit> units) override;

    void stop() override {
        for (const auto& l : links_)
            l->stop();
    }

    std::string match_key(std::string_view ref, bool from_receipt) const override {
        return state_.ids.key(ref, from_receipt);
    }

    std::string describe(std::string_view code) const override { return plain_words(code); }

    void cancel(const sdk::accepted_part& which,
                std::function<void(sdk::cancellation)> done) override {
        if (auto* session = sending())
            return session->cancel(which, std::move(done));
        done({sdk::cancellation::kind::cannot, "not bound"});
    }

    void query(const sdk::accepted_part& which, std::function<void(sdk::inquiry)> done) override {
        if (auto* session = sending())
            return session->query(which, std::move(done));
        done({sdk::inquiry::kind::cannot, {}, "not bound"});
    }

    void probe(std::function<void(sdk::finding)> done) override {
        if (auto* session = sending())
            return session->probe(std::move(done));
        done({false, "not bound", {}});
    }

    std::vector<std::pair<std::string, std::string>> learned() const override {
        auto all = state_.ids.learned();
        if (state_.watch.on())
            all.emplace_back("bound again for want of receipts",
                             std::to_string(state_.watch.renewals()) + " times");
        return all;
    }

private:
    void add(std::string called, role as, link::way opens) {
        links_.push_back(
            std::make_shared<link>(state_, std::move(called), as, opens, [this] { announce(); }));
    }
    void announce();
    link* roomiest() const;
    session* sending() const {
        for (const auto& l : links_)
            if (l->sends())
                return l->bound_session();
        return nullptr;
    }

    account_state state_;
    std::vector<std::shared_ptr<link>> links_;
};

// How many units may be open, and how each link fares where there are several.
void account::announce() {
    unsigned open = 0;
    std::size_t up = 0;
    for (const auto& l : links_) {
        open += l->sends() ? state_.settings.window : 0;
        up += l->up() ? 1U : 0U;
    }
    if (links_.size() == 1)
        return state_.host.slots(open, links_[0]->why());
    auto why = std::to_string(up) + " of " + std::to_string(links_.size()) + " links bound to " +
               state_.settings.place();
    for (const auto& l : links_)
        if (!l->up())
            why += "; " + l->called() + ": " + l->why();
    state_.host.slots(open, why);
}

link* account::roomiest() const {
    link* best = nullptr;
    for (const auto& l : links_)
        if (l->sends() && (!best || l->room() > best->room()))
            best = l.get();
    return best;
}

// In runs, as long as a link has room: the parts of a long text leave over the same one.
void account::submit(std::span<const sdk::unit> units) {
    while (!units.empty()) {
        auto* l = roomiest();
        const auto room = l ? l->room() : 0;
        const auto run = room == 0 ? units.size() : std::min<std::size_t>(room, units.size());
        (l ? l : links_[0].get())->submit(units.first(run)); // without room it says so itself
        units = units.subspan(run);
    }
}

} // namespace

} // namespace posthorn::smpp

POSTHORN_ADAPTER("smpp", "SMPP 3.4: the usual protocol of mobile operators and aggregators.",
                 posthorn::smpp::account, posthorn::smpp::option_table, false);
