#include "smpp/codec/message_id.hpp"

#include "sdk/numerals.hpp"

namespace posthorn::smpp {

namespace {

std::string_view without_blanks(std::string_view id) noexcept {
    constexpr std::string_view blank(" \0\t\r\n", 5);
    const auto first = id.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return id.substr(first, id.find_last_not_of(blank) - first + 1);
}

} // namespace

std::string match_key(std::string_view id, id_base base) {
    id = without_blanks(id);
    if (base != id_base::raw) {
        if (const auto number =
                sdk::whole_number<std::uint64_t>(id, base == id_base::hex ? 16 : 10))
            return std::to_string(*number);
    }
    while (id.size() > 1 && id.front() == '0')
        id.remove_prefix(1);
    std::string key(id);
    for (char& c : key)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return key;
}

} // namespace posthorn::smpp
