#include "api/consent_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/consent_shape.hpp"
#include "model/address.hpp"
#include "model/number.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

constexpr std::size_t most_entries = 200;

answer no_number(const std::string& written) {
    return bad_request("'" + written + "' is no phone number and no e-mail address");
}

// Whose consent it is: a number's or an address's; empty: it is neither.
std::string whose(const surroundings& around, const std::string& written) {
    if (is_address(written)) {
        const auto address = to_email(written);
        return address ? *address : std::string();
    }
    auto number = around.number(written);
    return digits_of(number) == 0 ? std::string() : number;
}

} // namespace

std::vector<route> consent_handlers::table() {
    return {{"GET", "/v1/consent/{number}", [this](request r) { return show(std::move(r)); },
             people | agents},
            {"POST", "/v1/consent/{number}", [this](request r) { return set(std::move(r)); },
             people | agents}};
}

asio::awaitable<answer> consent_handlers::show(request asked) {
    const auto number = whose(around_, asked.segments[0]);
    if (number.empty())
        co_return no_number(asked.segments[0]);
    const auto entries =
        co_await runtime::run_on(pool_, [&] { return reader_.consents(number, most_entries); });
    co_return answer{.body = consent_shape(number, entries)};
}

asio::awaitable<answer> consent_handlers::set(request asked) {
    const auto body = read_body(asked.body, {"what", "category", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto what = body.at("what"), named = body.at("category"), reason = body.at("reason");
    const auto which = value_named<category>(category_names, named);
    const bool all = named.empty() || named == all_categories;
    if (what != "out" && what != "in")
        co_return bad_request("what: out or in");
    if (!all && (!which || categories_of(which).empty()))
        co_return problem(400, "Bad request",
                          "category: service, billing, marketing, survey or all");
    if (reason.empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    const auto number = whose(around_, asked.segments[0]);
    if (number.empty())
        co_return no_number(asked.segments[0]);
    store::set_consent word{.number = number,
                            .out = what == "out",
                            .which = which,
                            .how = consent_way::agent,
                            .who = asked.user,
                            .reason = reason,
                            .at = around_.now()};
    const auto told = co_await runtime::answer_of<store::outcome>(
        [&](auto done) { around_.set_consent(std::move(word), done); });
    if (told.what != store::outcome::code::applied)
        co_return problem(409, "Nothing changed",
                          masked(number) + (what == "out" ? " is out" : " has not opted out") +
                              " of " + std::string(category_or_all(which)) +
                              (what == "out" ? " already" : ""));
    co_return answer{.body = object{{"number", number},
                                    {"what", what},
                                    {"category", category_or_all(which)},
                                    {"entry", std::to_string(told.event)}}};
}

} // namespace posthorn::api
