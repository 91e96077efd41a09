// The account: its options, and who does what.
#include "vonage/codec/vonage.hpp"

namespace posthorn::vonage {

namespace {

using sdk::option;

constexpr std::size_t longest_text = 3200;

constexpr option own_options[] = {
    {.name = "url",
     .fallback = "https://rest.nexmo.com",
     .help = "Of the API, without a slash at the end."},
    {.name = "api_key", .required = true, .help = "From the dashboard."},
    {.name = "api_secret",
     .what = option::kind::secret,
     .help = "From the dashboard; not needed where requests are signed."},
    {.name = "signature_secret",
     .what = option::kind::secret,
     .help = "Signs requests, and calls must be signed with it; empty: nothing is signed."},
    {.name = "signature_method",
     .what = option::kind::choice,
     .fallback = "sha256",
     .choices = "md5hash|md5|sha1|sha256|sha512",
     .help = "As the dashboard says."},
    {.name = "callback_secret",
     .what = option::kind::secret,
     .help = "Where calls are not signed: they come to /v1/carriers/ACCOUNT/SECRET."},
    {.name = "sender", .required = true, .help = "A number without +, or a name."},
    {.name = "entity_id", .help = "Of India's DLT."},
    {.name = "content_id", .help = "Of India's DLT."},
};
constexpr auto option_table = sdk::with_http_options(own_options);

signing method_of(const std::string& name) {
    return name == "md5hash"  ? signing::md5hash
           : name == "md5"    ? signing::md5
           : name == "sha1"   ? signing::sha1
           : name == "sha512" ? signing::sha512
                              : signing::sha256;
}

account_data data_of(const sdk::options& o) {
    return {.url = o.text("url"),
            .api_key = o.text("api_key"),
            .api_secret = o.text("api_secret"),
            .signature_secret = o.text("signature_secret"),
            .method = method_of(o.text("signature_method")),
            .callback_url = o.text("callback_url"),
            .callback_secret = o.text("callback_secret"),
            .entity_id = o.text("entity_id"),
            .content_id = o.text("content_id")};
}

class account final : public sdk::http_account {
public:
    account(sdk::host& host, const sdk::options& from)
        : http_account(host, from, from.text("url")), data_(data_of(from)) {}

    std::string describe(std::string_view code) const override { return plain_words(code); }

protected:
    std::size_t longest() const override { return longest_text; }
    std::string misconfigured() const override {
        const bool can_log_in = !data_.api_secret.empty() || !data_.signature_secret.empty();
        return can_log_in ? "" : "say how to log in: `api_secret` or `signature_secret`";
    }
    sdk::http_request make_request(std::span<const sdk::http_text> texts,
                                   const sdk::moment& at) const override {
        return request_for(data_, texts.front(), at);
    }
    std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text>,
                                                 const sdk::http_response& r) const override {
        return {vonage::read_response(r)};
    }
    sdk::http_callback read_callback(const sdk::call& c, const sdk::moment& at) const override {
        return read_call(data_, c, at);
    }

private:
    const account_data data_;
};

} // namespace

} // namespace posthorn::vonage

POSTHORN_ADAPTER("vonage", "Vonage (Nexmo) SMS API.", posthorn::vonage::account,
                 posthorn::vonage::option_table, false);
