// The account: its options, and who does what.
#include "aliyun/codec/aliyun.hpp"

namespace posthorn::aliyun {

namespace {

using sdk::option;

constexpr std::size_t longest_text = 1000;
constexpr std::size_t texts_at_once = 100; // of SendBatchSms

constexpr option own_options[] = {
    {.name = "url", .fallback = "https://dysmsapi.aliyuncs.com/", .help = "Of the endpoint."},
    {.name = "access_key_id", .required = true, .help = "Of a RAM user that may send texts."},
    {.name = "access_key_secret",
     .what = option::kind::secret,
     .required = true,
     .help = "Of that key."},
    {.name = "security_token", .what = option::kind::secret, .help = "With keys of STS."},
    {.name = "sign_name", .required = true, .help = "The approved signature, without 【】."},
    {.name = "templates",
     .what = option::kind::map,
     .help = "The approved templates, as the console shows them; a text must fit one.",
     .check = sdk::check_template,
     .shape = "SMS_123456: text with ${name}"},
    {.name = "extend_code", .help = "Digits behind the number that phones answer to."},
    {.name = "callback_secret",
     .what = option::kind::secret,
     .help = "Calls come to /v1/carriers/ACCOUNT/SECRET: Aliyun signs none."},
};
constexpr auto option_table = sdk::with_http_options(own_options);

account_data data_of(const sdk::options& o) {
    return {.url = o.text("url"),
            .key_id = o.text("access_key_id"),
            .key_secret = o.text("access_key_secret"),
            .security_token = o.text("security_token"),
            .sign_name = o.text("sign_name"),
            .extend_code = o.text("extend_code"),
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
    std::size_t batch() const override { return texts_at_once; }
    std::string group(const sdk::http_text& t) const override {
        const auto fits = data_.templates.find(t.text);
        return fits ? fits->of->id() : std::string();
    }
    sdk::http_request make_request(std::span<const sdk::http_text> texts,
                                   const sdk::moment& at) const override {
        return request_for(data_, texts, at);
    }
    std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                                 const sdk::http_response& r) const override {
        return aliyun::read_response(texts, r);
    }
    sdk::http_callback read_callback(const sdk::call& c, const sdk::moment&) const override {
        return read_call(data_, c);
    }
    std::optional<sdk::http_request> make_inquiry(const sdk::accepted_part& p,
                                                  const sdk::moment& at) const override {
        return inquiry_for(data_, p, at);
    }
    sdk::inquiry read_inquiry(const sdk::accepted_part&,
                              const sdk::http_response& r) const override {
        return aliyun::read_inquiry(r);
    }

private:
    const account_data data_;
};

} // namespace

} // namespace posthorn::aliyun

POSTHORN_ADAPTER("aliyun", "Aliyun SMS (阿里云短信), with approved templates.",
                 posthorn::aliyun::account, posthorn::aliyun::option_table, false);
