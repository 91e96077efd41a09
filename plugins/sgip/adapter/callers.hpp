// Who may dial us: addresses and networks, "10.1.2.3, 10.1.4.0/24"; empty: anybody, who then must know
// the password.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::sgip {

class callers {
public:
    // Throws std::invalid_argument.
    explicit callers(std::string_view text);

    bool may(const boost::asio::ip::address& who) const;

private:
    struct network {
        boost::asio::ip::address first;
        unsigned bits = 0; // that count
    };

    std::vector<network> networks_;
};

} // namespace posthorn::sgip
