#include "sgip/adapter/callers.hpp"

#include "sdk/numerals.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace posthorn::sgip {

namespace {

using boost::asio::ip::address;

std::vector<unsigned char> octets_of(const address& a) {
    if (a.is_v6()) {
        const auto all = a.to_v6().to_bytes();
        return {all.begin(), all.end()};
    }
    const auto all = a.to_v4().to_bytes();
    return {all.begin(), all.end()};
}

// A caller by IPv4 on a socket of IPv6.
address plain(const address& a) {
    if (a.is_v6() && a.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, a.to_v6());
    return a;
}

bool same_beginning(const address& a, const address& b, unsigned bits) {
    const auto x = octets_of(a), y = octets_of(b);
    if (x.size() != y.size())
        return false;
    for (std::size_t i = 0; i < x.size() && bits > 0; ++i) {
        const auto count = std::min(bits, 8U);
        if (((x[i] ^ y[i]) >> (8 - count)) != 0)
            return false;
        bits -= count;
    }
    return true;
}

} // namespace

callers::callers(std::string_view text) {
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto word = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
        word = word.substr(0, word.find_last_not_of(' ') + 1);
        const auto slash = std::min(word.find('/'), word.size());
        boost::system::error_code error;
        network n{boost::asio::ip::make_address(std::string(word.substr(0, slash)), error)};
        const unsigned most = n.first.is_v6() ? 128 : 32;
        n.bits = most;
        if (slash < word.size()) {
            n.bits = sdk::whole_number<unsigned>(word.substr(slash + 1)).value_or(most + 1);
            if (n.bits > most)
                error = boost::asio::error::invalid_argument;
        }
        if (error)
            throw std::invalid_argument("'" + std::string(word) +
                                        "' is neither an address (10.1.2.3) nor a network "
                                        "(10.1.2.0/24)");
        networks_.push_back(n);
    }
}

bool callers::may(const address& who) const {
    return networks_.empty() || std::ranges::any_of(networks_, [&](const network& n) {
               return same_beginning(plain(who), n.first, n.bits);
           });
}

} // namespace posthorn::sgip
