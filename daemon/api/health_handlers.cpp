#include "api/health_handlers.hpp"

#include "api/metrics.hpp"
#include "embedded/openapi.hpp"
#include "runtime/run_on.hpp"

namespace posthorn::api {

namespace {

namespace asio = boost::asio;

constexpr duration longest_silence = std::chrono::seconds(10);

// Why the store does not make progress; empty when it does.
std::string silence(const health_figures& h) {
    if (h.store_silent < longest_silence)
        return {};
    return "the store has not answered for " +
           std::to_string(std::chrono::floor<std::chrono::seconds>(h.store_silent).count()) + " s";
}

answer verdict_of(const std::string& trouble, std::string_view word) {
    if (!trouble.empty())
        return problem(503, "Not " + std::string(word), trouble);
    return {.text_type = "text/plain; charset=utf-8", .text = std::string(word) + "\n"};
}

} // namespace

std::vector<route> health_handlers::table() {
    return {
        {"GET", "/livez", [this](request r) { return livez(std::move(r)); }, everyone},
        {"GET", "/readyz", [this](request r) { return readyz(std::move(r)); }, everyone},
        {"GET", "/metrics", [this](request r) { return metrics(std::move(r)); }, watchers},
        {"GET", "/openapi.yaml", [this](request r) { return openapi(std::move(r)); }, everyone},
    };
}

asio::awaitable<answer> health_handlers::openapi(request) {
    answer out;
    out.text_type = "application/yaml";
    out.text = embedded::openapi_yaml.substr(1); // without the line end that begins it
    co_return out;
}

asio::awaitable<answer> health_handlers::livez(request) {
    co_return verdict_of(silence(around_.health()), "alive");
}

asio::awaitable<answer> health_handlers::readyz(request) {
    const auto h = around_.health();
    co_return verdict_of(h.not_ready.empty() ? silence(h) : h.not_ready, "ready");
}

asio::awaitable<answer> health_handlers::metrics(request) {
    const auto now = around_.now();
    const auto stored = co_await runtime::run_on(pool_, [&] {
        return stored_figures{.tallies = reader_.tallies(),
                              .queue = reader_.queue(),
                              .parked_reasons = {},
                              .names = {},
                              .set_aside = reader_.set_aside(),
                              .put_off = reader_.put_off(now)};
    });
    answer out;
    out.text_type = "text/plain; version=0.0.4; charset=utf-8";
    out.text = metrics_of(around_.status(), stored, around_.health(), http_, now);
    co_return out;
}

} // namespace posthorn::api
