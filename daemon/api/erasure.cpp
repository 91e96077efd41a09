// POST /v1/erase {"number": "13800138000", "reason": "...", "sure": "yes"}: 202 once it has begun, and
// goes on whatever happens; 409 with the reason when it has not.
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/handlers.hpp"
#include "model/address.hpp"
#include "model/number_spelling.hpp"
#include "runtime/answer_of.hpp"

namespace posthorn::api {

namespace asio = boost::asio;

asio::awaitable<answer> handlers::erase(request asked) {
    const auto body = read_body(asked.body, {"number", "reason", "sure"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto countries = around_.countries();
    const auto written = body.at("number");
    const auto number = is_address(written) ? to_email(written) : to_e164(written, countries);
    if (!number)
        co_return bad_request(number.error().reason);
    const auto reason = body.at("reason");
    if (reason.empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    if (number_spellings(*number, countries).in(reason))
        co_return bad_request("the reason is kept, so it must not name the number");
    if (body.at("sure") != "yes")
        co_return problem(409, "Not sure",
                          "all that names " + masked(*number) +
                              " is erased, in live.db, history and results, and nothing brings it "
                              "back: --yes, if that is meant");
    auto by = deed(asked, around_.now(), "erase", "", reason);
    const auto done = co_await runtime::answer_of<erasure_answer>(
        [&](auto begun) { around_.erase(*number, std::move(by), begun); });
    if (!done.refused.empty())
        co_return problem(409, "Not erased", done.refused);
    co_return answer{.status = 202,
                     .body = boost::json::object{{"called", done.called}, {"again", done.again}}};
}

} // namespace posthorn::api
