// Where in a response or a call something stands, as an operator writes it:
//
//     /data/0/id              JSON pointer
//     field:MessageSid        a field of a form, in the body or the query
//     header:X-Request-Id     a header
//     regex:ID=([0-9]+)       the first group (or all of it) of a POSIX extended expression in the body
//
// Pure.
#pragma once

#include "sdk/http/escape.hpp"
#include "sdk/http/message.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::http {

// What is looked through: each view of it is made once.
struct document {
    document(std::string_view body, std::string_view query, const sdk::http_headers& headers);

    std::string_view body;
    std::optional<boost::json::value> json;
    sdk::form_fields fields; // of the body where it is a form, and of the query
    const sdk::http_headers& headers;
};

class selector {
public:
    selector() = default;
    explicit selector(std::string_view written);

    bool empty() const { return what_ == kind::none; }
    const std::string& mistake() const { return mistake_; } // empty: it is understood

    // An empty text where there is nothing. `at`: JSON pointers begin there.
    std::string find(const document& in, const boost::json::value* at = nullptr) const;

private:
    enum class kind : std::uint8_t { none, pointer, field, header, regex };
    struct expression; // compiled

    kind what_ = kind::none;
    std::string name_;
    std::string mistake_;
    std::shared_ptr<const expression> expression_;
};

} // namespace posthorn::http
