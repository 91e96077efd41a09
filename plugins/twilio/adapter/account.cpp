// The account: its options, and who does what.
#include "twilio/codec/twilio.hpp"

namespace posthorn::twilio {

namespace {

using sdk::option;

constexpr std::size_t longest_text = 1600;

constexpr option own_options[] = {
    {.name = "url",
     .fallback = "https://api.twilio.com",
     .help = "Of the API, without a slash at the end."},
    {.name = "account_sid", .required = true, .help = "AC..., from the console."},
    {.name = "auth_token",
     .what = option::kind::secret,
     .required = true,
     .help = "From the console; also what calls are signed with."},
    {.name = "key_sid", .help = "SK... of an API key to send with; empty: the auth token."},
    {.name = "key_secret", .what = option::kind::secret, .help = "Of that key."},
    {.name = "sender", .help = "A number of the account, with +, or a sender id."},
    {.name = "messaging_service",
     .help = "MG... that chooses the sender; then `sender` is unused."},
};
constexpr auto option_table = sdk::with_http_options(own_options);

account_data data_of(const sdk::options& o) {
    return {.url = o.text("url"),
            .account_sid = o.text("account_sid"),
            .key_sid = o.text("key_sid"),
            .key_secret = o.text("key_secret"),
            .auth_token = o.text("auth_token"),
            .sender = o.text("sender"),
            .messaging_service = o.text("messaging_service"),
            .callback_url = o.text("callback_url")};
}

class account final : public sdk::http_account {
public:
    account(sdk::host& host, const sdk::options& from)
        : http_account(host, from, from.text("url")), data_(data_of(from)) {}

    std::string describe(std::string_view code) const override { return plain_words(code); }

protected:
    std::size_t longest() const override { return longest_text; }
    std::string misconfigured() const override {
        const bool has_sender = !data_.sender.empty() || !data_.messaging_service.empty();
        return has_sender ? "" : "say from whom: `sender` or `messaging_service`";
    }
    sdk::http_request make_request(std::span<const sdk::http_text> texts,
                                   const sdk::moment&) const override {
        return request_for(data_, texts.front());
    }
    std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text>,
                                                 const sdk::http_response& r) const override {
        return {twilio::read_response(r)};
    }
    sdk::http_callback read_callback(const sdk::call& c, const sdk::moment&) const override {
        return read_call(data_, c);
    }
    std::optional<sdk::http_request> make_inquiry(const sdk::accepted_part& p,
                                                  const sdk::moment&) const override {
        return inquiry_for(data_, p.ref);
    }
    sdk::inquiry read_inquiry(const sdk::accepted_part&,
                              const sdk::http_response& r) const override {
        return twilio::read_inquiry(r);
    }

private:
    const account_data data_;
};

} // namespace

} // namespace posthorn::twilio

POSTHORN_ADAPTER("twilio", "Twilio Programmable Messaging.", posthorn::twilio::account,
                 posthorn::twilio::option_table, false);
