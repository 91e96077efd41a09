// What claims to be a carrier's call, or its response: read by every adapter over HTTP. The first
// octet chooses the adapter; then a line of a query, then the body.
#include "fuzz/fuzz.hpp"

#include "aliyun/codec/aliyun.hpp"
#include "http/codec/carrier.hpp"
#include "tencent/codec/tencent.hpp"
#include "twilio/codec/twilio.hpp"
#include "vonage/codec/vonage.hpp"

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

const std::vector<std::pair<std::string, std::string>> approved{{"A", "code ${x} for ${y}."}};

http::carrier described() {
    http::carrier c;
    c.callback_secret = "s";
    c.success_at = c.code_at = http::selector("/code");
    c.success_is = "0";
    c.id_at = http::selector("regex:id=([0-9a-z]+)");
    c.receipt_id = http::selector("/id");
    c.receipt_state = http::selector("/state");
    c.text_from = http::selector("field:from");
    c.text_body = http::selector("field:text");
    c.list_at = "/list";
    c.status_state = http::selector("/state");
    return c;
}

const http::carrier generic = described();
const twilio::account_data of_twilio{.auth_token = "s", .callback_url = "https://x/y"};
const vonage::account_data of_vonage{.callback_secret = "s"};
const aliyun::account_data of_aliyun{.callback_secret = "s",
                                     .templates = sdk::approved_templates(approved, "S")};
const tencent::account_data of_tencent{.callback_secret = "s",
                                       .templates = sdk::approved_templates(approved, "S")};

sdk::http_callback read(char which, sdk::call c) {
    switch (which) {
    case 'a':
        return aliyun::read_call(of_aliyun, c);
    case 'n':
        return tencent::read_call(of_tencent, c);
    case 'v':
        return vonage::read_call(of_vonage, c, {});
    case 't':
        if (const auto fields = sdk::read_form(c.body))
            c.headers.emplace_back("x-twilio-signature",
                                   twilio::signature_of("s", "https://x/y/s", *fields));
        c.query.clear();
        return twilio::read_call(of_twilio, c);
    default:
        return http::read_call(generic, c);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = posthorn::fuzz::octets_of(data, size);
    if (input.empty())
        return 0;
    const char which = input.front();
    input.remove_prefix(1);
    const auto line = input.substr(0, input.find('\n'));
    const auto body = input.substr(std::min(input.size(), line.size() + 1));

    const auto got = read(which, {"POST", "/s", std::string(line), {}, std::string(body)});
    for (const auto& r : got.receipts)
        require(!r.ref.empty(), "a receipt has an id");
    for (const auto& t : got.texts)
        require(!t.sender.empty() && (!t.text.empty() || t.udh), "a text has a phone and words");

    const sdk::http_response r{200, {}, std::string(body)};
    const std::vector<sdk::http_text> two(2);
    for (const auto& said :
         {http::read_response(generic, r), twilio::read_response(r), vonage::read_response(r)})
        require(said.what != sdk::http_meaning::accepted || !said.ref.empty(),
                "what is accepted has an id");
    require(aliyun::read_response(two, r).size() == 2, "each text has its reading");
    require(tencent::read_response(two, r).size() == 2, "each text has its reading");
    http::read_inquiry(generic, r);
    aliyun::read_inquiry(r);
    twilio::read_inquiry(r);

    // a text that fits a template is that template again
    if (const auto fits = of_aliyun.templates.find(body)) {
        const auto bare = *sdk::without_signature(body, "S");
        require(bare == "code " + fits->parameters[0].second + " for " +
                            fits->parameters[1].second + ".",
                "what is sent is the text");
    } else {
        require(!of_aliyun.templates.mistake(body).empty(), "why it does not fit");
    }
    return 0;
}
