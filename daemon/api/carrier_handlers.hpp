// Carriers call us over HTTP, each its account:
//
//     /v1/carriers/ACCOUNT        without a token: the account's adapter finds out whether it is
//     /v1/carriers/ACCOUNT/WORD   the carrier; an answer of success comes once all is stored
//
// An address from which strangers call is not listened to for a while, but where a carrier was seen
// at it lately (a proxy before us).
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <map>
#include <string>

namespace posthorn::api {

// Counts calls by address that turned out to be nobody's.
class stranger_limit {
public:
    static constexpr unsigned most = 20; // within `while_counted`
    static constexpr duration while_counted = std::chrono::minutes(1);
    static constexpr duration trusted_for = std::chrono::hours(1);
    static constexpr std::size_t addresses = 4096; // more are counted as one

    bool listens_to(const std::string& address, instant now);
    void heard(const std::string& address, bool known, instant now);

private:
    struct visits {
        unsigned strange = 0;
        instant since{};
        instant trusted_until{};
    };
    visits& of(const std::string& address, instant now);

    std::map<std::string, visits, std::less<>> by_address_;
};

class carrier_handlers {
public:
    explicit carrier_handlers(const surroundings& around) : around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> called(request asked);

    const surroundings& around_;
    stranger_limit strangers_;
};

} // namespace posthorn::api
