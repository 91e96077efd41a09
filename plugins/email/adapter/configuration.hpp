// An e-mail account as its file has it.
#pragma once

#include "sdk/options.hpp"

#include <span>
#include <string>

namespace posthorn::email {

struct configuration {
    explicit configuration(const sdk::options& o);

    std::string url, user, password, ca;
    bool tls = true; // the connection must be encrypted
    std::string from, from_name, reply_to, return_path;
    std::string bounces; // a Maildir; empty: none
    sdk::duration look_every{}, timeout{};
    unsigned connections = 1;

    // What is wrong with it; empty: nothing.
    std::string mistake() const;
};

extern const std::span<const sdk::option> option_table;

} // namespace posthorn::email
