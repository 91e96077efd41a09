// What texts would cost, asked of the daemon a few hundred at a time: it knows the routes, and what each
// account makes of a text.
#pragma once

#include "cli/socket_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace posthorn::cli {

class estimate {
public:
    estimate(socket_client daemon, std::string type)
        : daemon_(std::move(daemon)), type_(std::move(type)) {}

    void add(const std::string& number, const std::string& text);
    void add_unknown() { ++unknown_; } // one whose texts are made only when it is sent
    void end();                        // all are asked for

    boost::json::object told() const;

private:
    void ask();
    void merge(const boost::json::value& row);

    socket_client daemon_;
    std::string type_;
    boost::json::array waiting_;
    boost::json::array accounts_; // as the daemon tells them: of each account and currency
    std::int64_t by_no_account_ = 0, unknown_ = 0;
    std::string failed_; // why the daemon did not answer; empty: it did
};

// Lines for a person.
std::string estimate_page(const boost::json::object& told);

} // namespace posthorn::cli
