// A carrier that is called over HTTP and has no adapter of its own: its configuration describes it.
//
//     us ── url, headers, form | json | xml | text ──► carrier      accepted: its id of the text
//        ◄── /v1/carriers/ACCOUNT ──────────────────── receipts and texts, as it shapes them
//        ── status_url ──► carrier                     where it is asked instead
//
// config/accounts.d/http.yaml.sample describes one.
#include "sdk/http/account.hpp"
#include "http/adapter/configuration.hpp"

namespace posthorn::http {

namespace {

class account final : public sdk::http_account {
public:
    account(sdk::host& host, const sdk::options& from) : account(host, from, description(from)) {}

protected:
    std::size_t longest() const override { return of_.longest; }
    std::string misconfigured() const override { return of_.mistake; }

    sdk::http_request make_request(std::span<const sdk::http_text> texts,
                                   const sdk::moment& at) const override {
        return request_for(of_.carrier, texts.front(), at);
    }
    std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text>,
                                                 const sdk::http_response& r) const override {
        return {http::read_response(of_.carrier, r)};
    }
    sdk::http_callback read_callback(const sdk::call& c, const sdk::moment&) const override {
        return read_call(of_.carrier, c);
    }
    std::optional<sdk::http_request> make_inquiry(const sdk::accepted_part& p,
                                                  const sdk::moment& at) const override {
        if (of_.carrier.status_url.empty())
            return std::nullopt;
        return inquiry_for(of_.carrier, p, at);
    }
    sdk::inquiry read_inquiry(const sdk::accepted_part&,
                              const sdk::http_response& r) const override {
        return http::read_inquiry(of_.carrier, r);
    }
    sdk::inquiry_times ask_times() const override {
        return of_.carrier.status_url.empty() ? sdk::inquiry_times{} : of_.times;
    }

private:
    account(sdk::host& host, const sdk::options& from, description of)
        : http_account(host, from, of.place), of_(std::move(of)) {}

    const description of_;
};

} // namespace

} // namespace posthorn::http

POSTHORN_ADAPTER("http", "Carriers over HTTP that are described by configuration.",
                 posthorn::http::account, posthorn::http::option_table(), false);
