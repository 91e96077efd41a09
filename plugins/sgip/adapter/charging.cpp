#include "sgip/adapter/charging.hpp"

#include "sgip/codec/body.hpp"

#include <utility>

namespace posthorn::sgip {

namespace {

constexpr sdk::field_by_type<charging> charge_fields[] = {
    {"service_type", 10, &charging::service_type},
    {"fee_type", 1, &charging::fee_type},
    {"fee_value", 6, &charging::fee_value},
    {"given_value", 6, &charging::given_value},
    {"agent_flag", 1, &charging::agent_flag},
    {"charge_number", 21, &charging::charge_number},
    {"morelate_to_mt", 1, &charging::morelate_to_mt}};

constexpr std::pair<std::string_view, char> digits[] = {
    {"fee_type=", '4'}, {"agent_flag=", '1'}, {"morelate_to_mt=", '3'}};

} // namespace

constinit const std::span<const sdk::field_by_type<charging>> charging_fields{charge_fields};

std::string wrong_charging(std::string_view pattern, std::string_view text) {
    if (auto wrong = sdk::by_type<charging>::wrong_entry(charge_fields, pattern, text);
        !wrong.empty())
        return wrong;
    for (const auto& [name, most] : digits)
        if (const auto found = text.find(name); found != std::string_view::npos) {
            const auto value = text.substr(found + name.size(), 1);
            if (value.empty() || value[0] < '0' || value[0] > most)
                return std::string(name) + " must be 0 to " + most;
        }
    return {};
}

std::uint8_t octet_of(std::string_view digit) {
    return digit.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(digit[0] - '0');
}

std::string_view charging::payer(std::string_view recipient) const {
    if (charge_number.empty())
        return own_charge;
    return charge_number == "recipient" ? recipient : std::string_view(charge_number);
}

} // namespace posthorn::sgip
