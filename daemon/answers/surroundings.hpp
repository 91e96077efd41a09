// What a responder needs of the house. On the loop's thread.
#pragma once

#include "inbound/joiner.hpp"
#include "lookups/answer.hpp"
#include "model/subscription.hpp"
#include "store/ops.hpp"
#include "store/people.hpp"
#include "store/work_reports.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::answers {

enum class level : std::uint8_t { debug, info, warn, error };

// An answer on its way: over the account and from the number that its text came to.
struct reply {
    inbound_text to;
    std::string number; // the phone, E.164 without '+'
    std::string language;
    std::string text;
    bool interim = false; // "being handled": the answer itself follows
    bool beside = false;  // to another phone that what was done concerns; the answer itself follows
    // Committed with it: what became of the text, what was changed, what is asked back.
    std::vector<store::op> along;
    bool at_once = false;                      // what goes along must not wait for a link
    std::optional<store::set_consent> consent; // as this text wants it; at once
};

class surroundings {
public:
    virtual ~surroundings() = default;

    virtual boost::asio::any_io_executor loop() = 0;
    virtual instant now() const = 0;
    // Throw store::read_failed.
    virtual boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) = 0;
    virtual boost::asio::awaitable<std::vector<store::work_report>>
    work(store::work_query which) = 0;
    virtual boost::asio::awaitable<std::optional<store::binding_code>>
    code_of(std::string customer_account) = 0;
    // Returns once all is committed that was handed over before.
    virtual boost::asio::awaitable<void> settled() = 0;
    // As they are then.
    virtual boost::asio::awaitable<std::vector<subscription>> subscriptions(std::string number) = 0;
    // When the newest text left that said by which everyday word one opts out.
    virtual boost::asio::awaitable<std::optional<instant>> last_hint(std::string number,
                                                                     duration within) = 0;
    virtual category_set opted_out(const std::string& number) const = 0; // of these, now
    virtual boost::asio::awaitable<std::vector<store::outcome>>
    commit(std::vector<store::op> ops) = 0;
    virtual boost::asio::awaitable<lookups::answer> ask(std::string lookup,
                                                        boost::json::object parameters) = 0;
    // Whether a PIN or code has this hash, and the hash of one; milliseconds.
    virtual boost::asio::awaitable<bool> fits(std::string secret, std::string hash) = 0;
    virtual boost::asio::awaitable<std::string> hash_of(std::string secret) = 0;
    virtual std::string new_code() = 0;                                 // six digits
    virtual name_id source_numbered(const std::string& name) const = 0; // one that is configured

    // Why it cannot be sent, and it is left as it was; empty: it is on its way. Without a text
    // nothing is sent, and what goes along is committed.
    virtual std::string send(reply& r) = 0;
    virtual void submit(std::vector<store::op> ops) = 0;
    virtual void log(level l, std::string_view what) = 0;
};

} // namespace posthorn::answers
