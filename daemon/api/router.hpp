// From a request to the function that answers it: a table of (method, pattern, handler). A
// pattern's segment in braces takes any one segment:
//
//     POST /v1/uncertain/{message}/{part}/resend
#pragma once

#include "api/answer.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <vector>

namespace posthorn::api {

using handler = std::function<boost::asio::awaitable<answer>(request)>;

struct route {
    std::string method;
    std::string pattern;
    handler handle;
};

class router {
public:
    explicit router(std::vector<route> table) : table_(std::move(table)) {}

    // Splits `target` into asked.segments and asked.query, and answers; 404 and 405 are its own.
    boost::asio::awaitable<answer> answer_to(std::string target, request asked) const;

private:
    std::vector<route> table_;
};

// "%E4%B8%AD+a" → "中 a" in a query, "中+a" in a path. Nothing when an escape is broken.
std::optional<std::string> url_decoded(std::string_view text, bool in_query);

} // namespace posthorn::api
