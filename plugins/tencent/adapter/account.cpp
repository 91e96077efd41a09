// The account: its options, and who does what.
#include "tencent/codec/tencent.hpp"

namespace posthorn::tencent {

namespace {

using sdk::option;

constexpr std::size_t longest_text = 1000;
constexpr std::size_t phones_at_once =
    50; // Tencent takes 200; others of them wait for a connection

constexpr option own_options[] = {
    {.name = "url", .fallback = "https://sms.tencentcloudapi.com/", .help = "Of the endpoint."},
    {.name = "region", .fallback = "ap-guangzhou", .help = "Which the endpoint wants to hear."},
    {.name = "secret_id", .required = true, .help = "Of an API key that may send texts."},
    {.name = "secret_key", .what = option::kind::secret, .required = true, .help = "Of that key."},
    {.name = "token", .what = option::kind::secret, .help = "With keys of STS."},
    {.name = "app_id", .required = true, .help = "SmsSdkAppId, 1400..., from the console."},
    {.name = "sign_name", .required = true, .help = "The approved signature, without 【】."},
    {.name = "templates",
     .what = option::kind::map,
     .help = "The approved templates, as the console shows them; a text must fit one.",
     .check = sdk::check_template,
     .shape = "1110: text with {1}"},
    {.name = "extend_code", .help = "Digits behind the number that phones answer to."},
    {.name = "sender_id", .help = "To other countries: what the recipient sees."},
    {.name = "callback_secret",
     .what = option::kind::secret,
     .help = "Calls come to /v1/carriers/ACCOUNT/SECRET: Tencent signs none."},
};
constexpr auto option_table = sdk::with_http_options(own_options);

account_data data_of(const sdk::options& o) {
    return {.url = o.text("url"),
            .region = o.text("region"),
            .secret_id = o.text("secret_id"),
            .secret_key = o.text("secret_key"),
            .token = o.text("token"),
            .app_id = o.text("app_id"),
            .sign_name = o.text("sign_name"),
            .extend_code = o.text("extend_code"),
            .sender_id = o.text("sender_id"),
            .callback_secret = o.text("callback_secret"),
            .templates = sdk::approved_templates(o.entries("templates"), o.text("sign_name"))};
}

class account final : public sdk::http_account {
public:
    account(sdk::host& host, const sdk::options& from)
        : http_account(host, from, from.text("url")), data_(data_of(from)) {}

    std::string describe(std::string_view code) const override { return plain_words(code); }

protected:
    std::size_t longest() const override { return longest_text; }
    std::string mistake(const sdk::http_text& t) const override {
        return data_.templates.mistake(t.text);
    }
    // Only what is the same to all goes together, and only within a country.
    std::size_t batch() const override { return phones_at_once; }
    std::string group(const sdk::http_text& t) const override {
        const auto fits = data_.templates.find(t.text);
        if (!fits)
            return {};
        auto name = (t.recipient.starts_with("86") ? "86\n" : "\n") + fits->of->id();
        for (const auto& [gap, value] : fits->parameters)
            name += "\n" + value;
        return name;
    }
    sdk::http_request make_request(std::span<const sdk::http_text> texts,
                                   const sdk::moment& at) const override {
        return request_for(data_, texts, at);
    }
    std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                                 const sdk::http_response& r) const override {
        return tencent::read_response(texts, r);
    }
    sdk::http_callback read_callback(const sdk::call& c, const sdk::moment&) const override {
        return read_call(data_, c);
    }

private:
    const account_data data_;
};

} // namespace

} // namespace posthorn::tencent

POSTHORN_ADAPTER("tencent", "Tencent Cloud SMS (腾讯云短信), with approved templates.",
                 posthorn::tencent::account, posthorn::tencent::option_table, false);
