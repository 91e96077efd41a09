// What would come of a text, for a person who asks: a responder of its own reads and looks up as the
// real one, and what it would send, commit or ask back is only noted.
//
//   responder ─► persons, opted_out, last_hint, ask ─► the real surroundings
//          └───► commit, send, submit, log ──────────► noted
//
// Tries are not counted, and a PIN or code is not looked at but taken as right: nobody can guess
// here. On the loop's thread.
#pragma once

#include "answers/responder.hpp"

#include <boost/json/array.hpp>

#include <functional>

namespace posthorn::answers {

class rehearsal final : public surroundings {
public:
    // Why a reply could not be sent; empty: it could, and has its text as the phone would get it.
    using fitting = std::function<std::string(reply&)>;

    rehearsal(std::shared_ptr<const handbook> book, surroundings& real, fitting as_sent);

    // Once. What it found, as JSON: README, "Trying a query code".
    boost::asio::awaitable<boost::json::object> run(inbound_text t);
    void stop() { own_.stop(); } // it ends early

    boost::asio::any_io_executor loop() override { return real_.loop(); }
    instant now() const override { return real_.now(); }
    boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) override;
    boost::asio::awaitable<std::optional<store::binding_code>>
    code_of(std::string customer_account) override;
    boost::asio::awaitable<void> settled() override { return real_.settled(); }
    boost::asio::awaitable<std::vector<subscription>> subscriptions(std::string number) override {
        return real_.subscriptions(std::move(number));
    }
    boost::asio::awaitable<std::optional<instant>> last_hint(std::string number,
                                                             duration within) override {
        return real_.last_hint(std::move(number), within);
    }
    boost::asio::awaitable<std::vector<store::work_report>> work(store::work_query which) override {
        return real_.work(std::move(which));
    }
    category_set opted_out(const std::string& number) const override {
        return real_.opted_out(number);
    }
    boost::asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops) override;
    boost::asio::awaitable<lookups::answer> ask(std::string lookup,
                                                boost::json::object parameters) override;
    boost::asio::awaitable<bool> fits(std::string secret, std::string hash) override;
    boost::asio::awaitable<std::string> hash_of(std::string secret) override;
    std::string new_code() override;
    name_id source_numbered(const std::string& name) const override {
        return real_.source_numbered(name);
    }
    std::string send(reply& r) override;
    void submit(std::vector<store::op> ops) override { note(ops); }
    void log(level l, std::string_view what) override;

private:
    void understand(const std::string& text);
    void note(const std::vector<store::op>& ops);

    std::shared_ptr<const handbook> book_;
    surroundings& real_;
    fitting as_sent_;
    const commands::command* asked_ = nullptr; // in book_
    boost::json::object found_;
    boost::json::array lookups_, changes_, notes_, answers_;
    responder own_; // the last: it uses the others
};

} // namespace posthorn::answers
