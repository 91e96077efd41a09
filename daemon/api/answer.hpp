// A request as a handler sees it, and what it answers: JSON, a text, or a problem (RFC 9457).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::api {

// Who asks.
struct caller {
    bool person = false; // on the Unix socket
    unsigned uid = 0;    // of a person
    bool near = false;   // on this machine
    bool shown_token = false;
    std::string token;      // its id; empty: none, or not one of ours
    std::string token_name; // for people; may be empty
    std::string source;     // whose token it is; empty: nobody's, or for something else
    bool agent = false;     // it is the token of a person who serves customers
};

struct request {
    std::string method; // GET, POST
    std::string path;
    std::vector<std::string> segments; // what stood for the pattern's braces, decoded
    std::map<std::string, std::string, std::less<>> query;
    std::string idempotency_key;                              // the header of that name
    std::string query_text;                                   // `query` as it came
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case; of a carrier
    std::string address;                                      // from where, on the network
    bool from_elsewhere = false; // a browser says that another site had it sent
    std::string body;
    std::string user; // who asks to change something, for the log of operations
    caller who;

    std::string_view asked(std::string_view name) const {
        const auto found = query.find(name);
        return found == query.end() ? std::string_view() : std::string_view(found->second);
    }
};

struct answer {
    unsigned status = 200;
    boost::json::value body = boost::json::object();
    std::vector<std::pair<std::string, std::string>> headers; // beside the usual ones
    std::string text_type; // the content type of `text`; empty: `body` is the answer
    std::string text;

    bool is_problem() const { return status >= 400; }
};

inline answer problem(unsigned status, std::string_view title, std::string_view detail) {
    return {.status = status,
            .body = boost::json::object{{"title", title}, {"detail", detail}, {"status", status}}};
}

inline answer bad_request(std::string_view what) { return problem(400, "Bad request", what); }

// What a source asks of another's, and of an event that is not there.
inline answer of_another_source(const caller& who) {
    return problem(403, "Forbidden",
                   "the token " + who.token + " is of source '" + who.source + "'");
}
inline answer no_such_key(const std::string& source) {
    return problem(404, "Not found", "'" + source + "' has handed in no event with this key");
}

} // namespace posthorn::api
