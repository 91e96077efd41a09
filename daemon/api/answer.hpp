// A request as a handler sees it, and what it answers: JSON, or a problem (RFC 9457).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::api {

struct request {
    std::string method; // GET, POST
    std::string path;
    std::vector<std::string> segments; // what stood for the pattern's braces, decoded
    std::map<std::string, std::string, std::less<>> query;
    std::string body;
    std::string user; // who asks, for the log of operations

    std::string_view asked(std::string_view name) const {
        const auto found = query.find(name);
        return found == query.end() ? std::string_view() : std::string_view(found->second);
    }
};

struct answer {
    unsigned status = 200;
    boost::json::value body = boost::json::object();
    std::string allow; // for 405: the methods there are

    bool is_problem() const { return status >= 400; }
};

inline answer problem(unsigned status, std::string_view title, std::string_view detail) {
    return {.status = status,
            .body = boost::json::object{{"title", title}, {"detail", detail}, {"status", status}}};
}

} // namespace posthorn::api
