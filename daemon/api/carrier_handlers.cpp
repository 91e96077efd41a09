#include "api/carrier_handlers.hpp"

#include "runtime/answer_of.hpp"

namespace posthorn::api {

namespace asio = boost::asio;

stranger_limit::visits& stranger_limit::of(const std::string& address, instant now) {
    if (by_address_.size() >= addresses && !by_address_.contains(address))
        std::erase_if(by_address_, [&](const auto& entry) {
            const auto& v = entry.second;
            return v.trusted_until <= now && v.since + while_counted <= now;
        });
    auto& v = by_address_[by_address_.size() < addresses || by_address_.contains(address)
                              ? address
                              : std::string()];
    if (v.since + while_counted <= now || v.since > now)
        v = {.since = now, .trusted_until = v.trusted_until};
    return v;
}

bool stranger_limit::listens_to(const std::string& address, instant now) {
    const auto& v = of(address, now);
    return v.strange < most || v.trusted_until > now;
}

void stranger_limit::heard(const std::string& address, bool known, instant now) {
    auto& v = of(address, now);
    if (known)
        v.trusted_until = now + trusted_for;
    else
        ++v.strange;
}

std::vector<route> carrier_handlers::table() {
    std::vector<route> all;
    for (const char* method : {"GET", "POST"})
        for (const char* pattern : {"/v1/carriers/{account}", "/v1/carriers/{account}/{word}"})
            all.push_back(
                {method, pattern, [this](request r) { return called(std::move(r)); }, everyone});
    return all;
}

asio::awaitable<answer> carrier_handlers::called(request asked) {
    const auto account = asked.segments[0];
    const auto address = asked.address;
    if (!strangers_.listens_to(address, around_.now())) {
        auto later =
            problem(429, "Too many requests", "too many calls from here were no carrier's");
        later.headers.emplace_back("Retry-After", "60");
        co_return later;
    }
    const sdk::call what{std::move(asked.method),
                         asked.segments.size() > 1 ? "/" + asked.segments[1] : std::string(),
                         std::move(asked.query_text), std::move(asked.headers),
                         std::move(asked.body)};
    auto said = co_await runtime::answer_of<sdk::answer>([&](auto done) {
        if (!around_.called_back(account, what, done))
            done(sdk::answer{404, {}, {}, false});
    });
    strangers_.heard(address, said.known, around_.now());
    if (!said.known) // one answer, whatever is wrong: nobody learns which accounts there are
        co_return problem(403, "Forbidden", "this is not a call that the account takes");
    answer out{.status = said.status, .text_type = "text/plain; charset=utf-8"};
    if (!said.type.empty())
        out.text_type = std::move(said.type);
    out.text = std::move(said.body);
    co_return out;
}

} // namespace posthorn::api
