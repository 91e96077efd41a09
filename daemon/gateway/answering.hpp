// Texts from phones and their answers: the rooms for it in one object, and what they need of the
// house.
//
//   desk ─► receiver ─► responder ─► desk
//                          │ people, lookups, store
//
// On the loop's thread; reads and hashes on threads of its own.
#pragma once

#include "answers/rehearsal.hpp"
#include "answers/responder.hpp"
#include "api/surroundings.hpp"
#include "delivery/desk.hpp"
#include "gateway/gateway.hpp"
#include "inbound/receiver.hpp"
#include "lookups/asker.hpp"
#include "store/last_text.hpp"
#include "store/people.hpp"
#include "store/subscriptions.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace posthorn::gateway {

struct answering_surroundings {
    boost::asio::io_context& loop;
    store::store& store;
    delivery::desk& desk;
    std::filesystem::path live, history; // live.db, the folder of the months
    std::function<instant()> now;
    std::function<void(sdk::level, std::string_view what)> log;
    // An event of our own with its message, or why not.
    std::function<store::add_event(event)> prepared;
    std::function<name_id(const std::string& name)> source_numbered; // of one that is configured
    // The pool of this account alone; none when it is not in use any more.
    std::function<std::optional<name_id>(name_id account)> own_pool;
    // Whether this account has one link only, see sdk::adapter.
    std::function<bool(name_id account)> one_link;
};

class answering final : public answers::surroundings {
public:
    answering(const configuration& c, answering_surroundings around);
    ~answering() override;

    void use(const configuration& c);
    void recover(store::recovered& found); // once, when the loop is about to run
    store::add_inbound admit(inbound_text t);
    void came(std::vector<inbound_text> texts);
    void link_lost(name_id account, instant proven) { receiver_.link_lost(account, proven, now()); }
    void pulse();
    boost::asio::awaitable<void> stop();
    api::answering_figures figures() const;
    void use(const nuisance& n); // it is committed
    bool answers_texts() const { return responder_ != nullptr; }
    // What would come of it, when texts are answered: nothing is sent or changed.
    boost::asio::awaitable<boost::json::object> rehearse(inbound_text t);

    // answers::surroundings
    boost::asio::any_io_executor loop() override { return around_.loop.get_executor(); }
    instant now() const override { return around_.now(); }
    boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) override;
    boost::asio::awaitable<std::optional<store::binding_code>>
    code_of(std::string customer_account) override;
    boost::asio::awaitable<void> settled() override;
    boost::asio::awaitable<std::vector<subscription>> subscriptions(std::string number) override;
    boost::asio::awaitable<std::optional<instant>> last_hint(std::string number,
                                                             duration within) override;
    boost::asio::awaitable<std::vector<store::work_report>> work(store::work_query which) override;
    category_set opted_out(const std::string& number) const override {
        return around_.desk.opted_out().of(number);
    }
    boost::asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops) override;
    boost::asio::awaitable<lookups::answer> ask(std::string lookup,
                                                boost::json::object parameters) override;
    boost::asio::awaitable<bool> fits(std::string secret, std::string hash) override;
    boost::asio::awaitable<std::string> hash_of(std::string secret) override;
    std::string new_code() override;
    name_id source_numbered(const std::string& name) const override {
        return around_.source_numbered(name);
    }
    std::string send(answers::reply& r) override;
    void submit(std::vector<store::op> ops) override;
    void log(answers::level l, std::string_view what) override;

private:
    store::add_event made(const answers::reply& r);
    void consent_and_answer(answers::reply& r, store::add_event op);
    void keep(const std::vector<inbound_text>& texts);
    std::vector<inbound_text> unproven(std::vector<store::last_text> texts) const;

    answering_surroundings around_;
    boost::asio::thread_pool reads_{1};
    boost::asio::thread_pool hints_{1}, secrets_{1}; // these take long, and hold up nobody else
    store::people_reader people_;
    store::subscription_reader subscriptions_;
    store::work_reader work_;
    store::search search_;
    std::vector<std::string> hinted_; // types whose texts say how to opt out
    lookups::asker asker_;
    inbound::receiver receiver_;
    std::unique_ptr<answers::responder> responder_; // null: texts are only kept
    std::shared_ptr<const answers::handbook> book_;
    std::set<answers::rehearsal*> rehearsals_; // under way
    std::vector<question> questions_;          // of the start, until somebody answers
    std::vector<nuisance> nuisances_;          // likewise
};

} // namespace posthorn::gateway
