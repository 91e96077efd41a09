// All that a person who serves customers must see of a phone number or a customer account: who it
// is, what was sent and what came back, what was said about consent and subscribed to.
#pragma once

#include "model/number.hpp"
#include "store/people.hpp"
#include "store/reader.hpp"
#include "store/search.hpp"
#include "store/subscriptions.hpp"
#include "store/texts.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace posthorn::api {

struct customer_readers { // used by one thread
    store::reader& all;
    store::search& messages;
    store::people_reader& people;
    store::texts_reader& texts;
    store::subscription_reader& subscriptions;
};

struct customer_wish {
    std::optional<std::string> number;  // E.164 without '+'
    std::optional<std::string> account; // whose numbers are shown
    std::vector<country> countries;     // whose national numbers carriers write
    instant now{};
};

// {"number": {...}, "account": {...}, "phones": [{"number", "out_of", "ledger", "subscriptions",
// "texts": [...]}]}; the newest text first. An urgent text may hold a one-time code: it is shown once
// its validity is over, an answer without six digits in a row at once. Reads for some seconds at
// most; throws read_failed.
struct customer {
    boost::json::object shape;
    bool known = false; // of a number that is not its own phone is there, with nothing in it
};
customer read_customer(const customer_readers& from, const customer_wish& wish);

} // namespace posthorn::api
