#include "cli/world_number.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <charconv>

namespace posthorn::cli {

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

const PhoneNumberUtil& plans() { return *PhoneNumberUtil::GetInstance(); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// It would read letters as the digits of a dial.
bool is_written_in_digits(std::string_view written) {
    if (written.starts_with("tel:"))
        written.remove_prefix(4);
    return std::ranges::none_of(written, is_letter);
}

bool is_of(std::string_view e164, const std::vector<country>& countries) {
    return std::ranges::any_of(countries,
                               [&](const auto& c) { return e164.starts_with(c.calling_code); });
}

std::string region_of(int calling_code) {
    std::string region;
    plans().GetRegionCodeForCountryCode(calling_code, &region);
    return region;
}

// That of which a national number is read.
std::string home_region(const std::vector<country>& countries) {
    int code = 0;
    if (!countries.empty()) {
        const auto& text = countries.front().calling_code;
        std::from_chars(text.data(), text.data() + text.size(), code);
    }
    return region_of(code);
}

// Why no text can reach it; empty when one may.
std::string trouble_with(const PhoneNumber& n) {
    auto region = region_of(n.country_code());
    if (n.has_extension() && !n.extension().empty())
        return "has an extension, which no text reaches";
    if (!plans().IsValidNumber(n))
        switch (plans().IsPossibleNumberWithReason(n)) {
        case PhoneNumberUtil::TOO_SHORT:
            return "has too few digits for a number of " + region;
        case PhoneNumberUtil::TOO_LONG:
            return "has too many digits for a number of " + region;
        default:
            return "is no number of " + region;
        }
    switch (plans().GetNumberType(n)) {
    case PhoneNumberUtil::FIXED_LINE:
        return "is a fixed line of " + region + ", which no text reaches";
    case PhoneNumberUtil::TOLL_FREE:
    case PhoneNumberUtil::PREMIUM_RATE:
    case PhoneNumberUtil::SHARED_COST:
    case PhoneNumberUtil::UAN:
    case PhoneNumberUtil::VOICEMAIL:
        return "is a service number of " + region + ", which no text reaches";
    default:
        return {};
    }
}

} // namespace

result<std::string> world_number(std::string_view written, const std::vector<country>& countries) {
    auto plain = to_e164(written, countries);
    if ((plain && is_of(*plain, countries)) || !is_written_in_digits(written))
        return plain;
    PhoneNumber n;
    const auto home = home_region(countries);
    if (plans().Parse(std::string(written), home, &n) != PhoneNumberUtil::NO_PARSING_ERROR) {
        if (!plain)
            return plain;
        return refuse("bad number: " + masked(*plain) + " begins with the code of no country");
    }
    std::string e164;
    plans().Format(n, PhoneNumberUtil::E164, &e164);
    if (const auto why = trouble_with(n); !why.empty()) {
        if (!plain)
            return plain;
        return refuse("bad number: " + masked(*plain) + " " + why);
    }
    return to_e164(e164, countries);
}

} // namespace posthorn::cli
