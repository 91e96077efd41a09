// Leads a text from a phone to its answer.
//
//   text ─► no phone? blocked? too many? ─► opt-out word ─► its owner ─► open question ─► command
//                                                    reply ◄─ lookup ◄─ who may ask? ◄─────────┘
//
// Every text gets one, but those of machines; texts of one phone are handled one after the other.
// What an answer changes is committed with it, and a text whose answer is not committed is handled
// again at the next start. On the loop's thread.
#pragma once

#include "answers/handbook.hpp"
#include "answers/limits.hpp"
#include "answers/nuisances.hpp"
#include "answers/questions.hpp"
#include "answers/surroundings.hpp"
#include "dialogues/exchange.hpp"
#include "model/pacing.hpp"
#include "runtime/task_group.hpp"
#include "templates/renderer.hpp"

#include <deque>
#include <memory>
#include <unordered_map>

namespace posthorn::answers {

class responder {
public:
    responder(std::shared_ptr<const handbook> book, surroundings& around);

    void recover(std::vector<question> open, const std::vector<nuisance>& known);
    void use(std::shared_ptr<const handbook> book);
    void use(const nuisance& n) { nuisances_.put(n); } // it is committed
    void handle(std::vector<inbound::whole_text> texts);
    void pulse(instant now); // now and then: what is over is forgotten
    // Nothing more is answered; what is in hand and waits for somebody is left for the next start.
    void stop() { stopping_ = true; }
    boost::asio::awaitable<void> wait() { return tasks_.wait(); } // until nothing is in hand
    std::size_t in_hand() const { return tasks_.size(); }
    std::size_t open_questions() const { return questions_.size(); }
    std::size_t held() const { return held_.size(); } // too many came from all phones
    std::size_t nuisances_known() const { return nuisances_.size(); }

private:
    // A text in hand.
    struct visit {
        std::shared_ptr<const handbook> book; // as it was when the text's turn came
        inbound::whole_text text;
        std::string number;
        store::person who;
        policy::opt_wish wish{};      // when it is a word to opt out or back in
        std::vector<store::op> along; // what its answer carries
        bool secret = false;          // a PIN or a code stands in the text
        bool unanswered = false;      // as of `waiting`
    };
    // A command, as far as it is understood.
    struct request {
        const commands::command* asked = nullptr;
        std::string language;
        boost::json::object arguments;
        bool proven = false;      // its PIN or code was right
        posthorn::id inbound = 0; // the text that asked
        std::string words;        // what it said; empty: a secret was in it
        bool agreed = false;      // to the fee
    };
    struct waiting {
        inbound::whole_text text;
        std::string number; // E.164 without '+'
        policy::opt_wish wish;
        bool say_so = false;     // only that it is too much
        bool unanswered = false; // passed on without a word to the phone: it is too much
    };
    using step = boost::asio::awaitable<void>;
    enum class proof : std::uint8_t { right, wrong, locked }; // of a PIN or code

    // responder.cpp
    std::optional<std::string> admit(waiting& w);
    void put_on_list(const std::string& number, instant now);
    void take_in_hand(std::vector<waiting> texts);
    void let_go(instant now);
    step serve(std::vector<std::string> numbers);
    boost::asio::awaitable<std::vector<store::person>> persons(std::vector<std::string> numbers);
    step serve_one(std::string number, store::person who);
    step answer(visit& v, bool say_so);
    step answer_text(visit& v);
    void apologise(visit& v, const std::string& trouble);
    std::string language_of(const visit& v) const;
    void say(visit& v, const std::string& language, phrase p, const boost::json::object& data = {},
             const std::string& command = {});
    void send(visit& v, const std::string& language, std::string text, const std::string& command,
              inbound_outcome what = inbound_outcome::answered, bool at_once = false);
    void send_failed(const visit& v, reply& r, const std::string& why);
    void ignore(const inbound::whole_text& t, const std::string& why);
    std::string rendered(const templates::wording_set& set, const std::string& language,
                         const boost::json::object& data);

    // responder_consent.cpp
    boost::asio::awaitable<bool> heed_consent(visit& v, bool question_open);

    // responder_passing.cpp
    void pass_on(visit& v, const owner& to);

    // responder_questions.cpp
    std::optional<question> open_question(visit& v) const;
    void choose_asker(visit& v) const;
    step answer_question(visit& v, question q, dialogues::exchange e, std::string digits);
    step choose(visit& v, question q, dialogues::exchange e, std::string digits);
    step prove_by_answer(visit& v, question q, dialogues::exchange e, std::string digits);
    boost::asio::awaitable<proof> check(visit& v, std::string language, std::string secret,
                                        std::string hash, const char* what);
    static unsigned pin_tries_left(const visit& v);
    void tell_wrong(visit& v, question q, const std::string& language, unsigned left);
    step go_on(visit& v, const question& q, dialogues::exchange e, bool proven);
    void ask_back(visit& v, const request& r, dialogues::asked what, dialogues::exchange e,
                  phrase p, const boost::json::object& data);
    void ask_again(visit& v, question q, const std::string& language, phrase p,
                   const boost::json::object& data);
    void close_question(visit& v, const question& q);
    void tell_locked(visit& v, const std::string& language);

    // responder_commands.cpp
    step run(visit& v, request r);
    bool is_entitled(visit& v, const request& r);
    bool settle_account(visit& v, request& r);
    step prove(visit& v, request r);
    step prove_by(visit& v, request r, std::string pin);
    step act(visit& v, const request& r);
    step bind(visit& v, const request& r);
    void unbind(visit& v, const request& r);
    void help(visit& v, const request& r);

    // responder_reports.cpp
    bool is_sensible(visit& v, request& r);
    bool read_new_number(visit& v, request& r);
    bool read_times(visit& v, request& r);
    step change_contact(visit& v, const request& r);
    void tell_new_contact(const visit& v, const request& r, const std::string& number);
    void report_work(visit& v, const request& r);
    step end_work(visit& v, const request& r);
    step tell_with_work(visit& v, const request& r, const boost::json::array& rows);

    step look_up(visit& v, const request& r);
    void send_interim(const handbook& book, const inbound_text& to, const std::string& number,
                      const std::string& language);
    void tell(visit& v, const request& r, const boost::json::array& rows, bool found,
              bool at_once = false);
    void tell_failure(visit& v, const request& r, const std::string& why);

    // responder_topics.cpp
    boost::asio::awaitable<bool> means_a_topic(visit& v);
    static void name_topic_of_number(const visit& v, request& r);
    step about_topics(visit& v, request r);
    step subscribe(visit& v, const request& r);
    void offer_topics(visit& v, const request& r);
    void ask_topic(visit& v, const request& r, std::vector<std::string> choices);
    void refuse_topic(visit& v, const request& r, const topics::topic& t);
    step choose_topic(visit& v, question q, dialogues::exchange e, std::string digits);
    step agree(visit& v, const question& q, const dialogues::exchange& e, bool yes);
    void change_subscriptions(visit& v, const request& r, std::vector<subscription> named);
    void tell_subscriptions(visit& v, const request& r, const std::vector<subscription>& which);

    std::shared_ptr<const handbook> book_;
    surroundings& around_;
    limits limits_;
    nuisances nuisances_;
    pacing pace_;              // of all phones
    std::deque<waiting> held_; // beyond it
    questions questions_;
    templates::renderer render_;
    std::unordered_map<std::string, std::deque<waiting>> phones_; // with texts in hand
    instant next_look_{};                                         // for what is over
    bool stopping_ = false;
    runtime::task_group tasks_;
};

inline constexpr unsigned most_tries = 3; // of a number or a one-time code

// The accounts a phone is bound to, as phrases list them.
boost::json::array numbered(const std::vector<store::customer_account>& accounts);

} // namespace posthorn::answers
