// From a request to the function that answers it: a table of (method, pattern, handler). A
// pattern's segment in braces takes any one segment:
//
//     POST /v1/uncertain/{message}/{part}/resend
//
// and with whom each is for: the same table serves the Unix socket and the network.
#pragma once

#include "api/answer.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <vector>

namespace posthorn::api {

using handler = std::function<boost::asio::awaitable<answer>(request)>;

// Whom a route is for; they add up.
enum audience : unsigned {
    people = 1,   // on the Unix socket
    sources = 2,  // with a token of theirs
    watchers = 4, // people, this machine, and whoever has a token
    everyone = 8,
    agents = 16,      // with a token of theirs
    in_browsers = 32, // asks for the token as browsers do
};

struct route {
    std::string method;
    std::string pattern;
    handler handle;
    unsigned whom = people;
};

class router {
public:
    explicit router(std::vector<route> table) : table_(std::move(table)) {}

    // Why `asked` (its path is still the whole target) will not be answered, whatever its body:
    // there is no such route, or it is not for this caller.
    std::optional<answer> refusal(const request& asked) const;
    // Splits `target` into asked.segments and asked.query, and answers; 401 to 405 are its own.
    boost::asio::awaitable<answer> answer_to(std::string target, request asked) const;

private:
    std::vector<route> table_;
};

// What may stand in a segment of a path, or a value of a query.
std::string url_encoded(std::string_view text);
// "%E4%B8%AD+a" → "中 a" in a query, "中+a" in a path. Nothing when an escape is broken.
std::optional<std::string> url_decoded(std::string_view text, bool in_query);

// A query, or the body of a form: name=value&name=value. Nothing when an escape is broken.
std::optional<std::map<std::string, std::string, std::less<>>> read_query(std::string_view text);

} // namespace posthorn::api
