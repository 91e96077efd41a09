#include "api/customer_view.hpp"

#include "api/consent_shape.hpp"
#include "api/people_shapes.hpp"
#include "api/shapes.hpp"
#include "api/subscription_shape.hpp"
#include "model/address.hpp"
#include "model/letter.hpp"
#include "subscriptions/subscribing.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t texts_shown = 30; // of a phone, each way
constexpr std::size_t phones_shown = 8; // of an account
constexpr std::size_t changes_shown = 20;
constexpr std::size_t consents_shown = 50;

struct dated {
    instant at{};
    object shape;
};

dated inbound_text_shape(const store::found_text& t) {
    object out{
        {"way", "in"}, {"at", rfc3339(t.at)}, {"id", std::to_string(t.id)}, {"state", t.outcome}};
    if (!t.command.empty())
        out["command"] = t.command;
    out["text"] = t.text;
    return {t.at, std::move(out)};
}

// Six digits in a row, as those that we send to be texted back.
bool holds_code(std::string_view text) {
    std::size_t digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if (std::exchange(digits, 0) == 6)
            return true;
    }
    return digits == 6;
}

bool may_be_shown(const message& m, std::string_view type, instant now) {
    return m.priority != priority::urgent || m.expires_at <= now ||
           (type == reply_type && !holds_code(m.text));
}

// Of a letter its subject and its plain text.
std::string shown_text(const message& m) {
    if (channel_of(m.coding) != channel::email)
        return m.text;
    const auto l = read_letter(m.text);
    return std::string(l.subject) + "\n\n" + std::string(l.plain);
}

dated message_shape(const store::search_row& row, const std::optional<store::whole_message>& whole,
                    instant now) {
    object out{{"way", "out"},
               {"at", rfc3339(row.event.received_at)},
               {"id", std::to_string(row.message != 0 ? row.message : row.event.id)},
               {"type", row.event.type},
               {"source", row.event.source},
               {"state", row.state}};
    if (is_address(row.recipient))
        out["email"] = row.recipient;
    if (!row.reason.empty())
        out["reason"] = row.reason;
    if (whole && may_be_shown(whole->message, row.event.type, now))
        out["text"] = shown_text(whole->message);
    return {row.event.received_at, std::move(out)};
}

// And letters to whose phone it is.
array texts_of(const customer_readers& from, const customer_wish& wish, const std::string& number) {
    std::vector<dated> all;
    const auto address = from.people.person_of(number).email;
    for (const auto& t :
         from.texts.find({.number = number, .countries = wish.countries}, texts_shown).texts)
        all.push_back(inbound_text_shape(t));
    for (const auto& row :
         from.messages.find({.number = number, .address = address}, {}, texts_shown).rows)
        all.push_back(message_shape(
            row, row.message != 0 ? from.all.whole(row.message) : std::nullopt, wish.now));
    std::ranges::stable_sort(all, std::ranges::greater(), &dated::at);
    array out;
    for (auto& t : all)
        out.push_back(std::move(t.shape));
    return out;
}

bool is_known(const store::person& p) { return p.known || !p.accounts.empty(); }
bool is_known(const store::account_story& a) { return a.known || !a.numbers.empty(); }

} // namespace

customer read_customer(const customer_readers& from, const customer_wish& wish) {
    object out;
    std::vector<std::string> numbers;
    bool known = false;
    if (wish.number) {
        const auto p = from.people.person_of(*wish.number);
        known = is_known(p);
        out["number"] =
            person_shape(p, from.people.changes_of_number(*wish.number, changes_shown), wish.now);
        numbers.push_back(*wish.number);
    }
    if (wish.account) {
        const auto a = from.people.by_account(*wish.account, wish.now);
        if (is_known(a)) {
            known = true;
            out["account"] =
                account_shape(a, from.people.changes_of_account(*wish.account, changes_shown));
            for (const auto& n : a.numbers)
                if (numbers.size() < phones_shown && n.number != wish.number)
                    numbers.push_back(n.number);
        }
    }
    array phones;
    for (const auto& number : numbers) {
        auto phone = consent_shape(number, from.all.consents(number, consents_shown));
        phone["subscriptions"] = subscriptions_shape(
            subscriptions::in_force(from.subscriptions.of_number(number), wish.now));
        phone["texts"] = texts_of(from, wish, number);
        known = known || !phone["subscriptions"].as_array().empty() ||
                !phone["texts"].as_array().empty() || !phone["ledger"].as_array().empty();
        phones.push_back(std::move(phone));
    }
    out["phones"] = std::move(phones);
    return {std::move(out), known};
}

} // namespace posthorn::api
