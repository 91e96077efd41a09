#include "sdk/simulator/faults.hpp"

#include "sdk/numerals.hpp"

#include <algorithm>

namespace posthorn::simulator {

namespace {

struct kind_row {
    std::string_view name, help;
};

// In the order of enum fault; a help where it is the same in each protocol.
constexpr kind_row kinds[fault_count] = {
    {"throttle", "answer a submit with \"too fast\""},
    {"refuse-window", "answer a submit with \"too many unanswered\""},
    {"late-receipt", "send a receipt --late later"},
    {"early-receipt", "send a receipt at once and the submit's response after it"},
    {"duplicate-receipt", "send a receipt twice"},
    {"missing-receipt", "send no receipt"},
    {"reorder-receipts", "hold a receipt back 200 ms, so that others overtake it"},
    {"id-base", "write the id of the receipt in the other base"},
    {"leading-zeros", "pad the id of the receipt with zeros"},
    {"reset-before-response", "take the text, then reset the link without answering"},
    {"reset-after-response", "reset the link right after the response"},
    {"half-open", "from now on ignore all that comes on the link, but keep it open; the text is "
                  "not taken"},
    {"garbage", "take the text, answer with octets of no protocol"},
    {"slow-read", "pause 100 ms before reading on"},
    {"no-response", "take the text and never answer"},
    {"wrong-sequence", "take the text, answer with a sequence number nobody used"},
    {"split-writes", "write octet by octet"},
    {"unknown-tlv", "add vendor TLVs to responses and receipts"},
    {"receipts-stop",
     "after this text nothing is delivered over its link any more, until the client "
     "binds again"},
    {"report-width", "write a receipt in the width of the other version"},
};

// "2.5" with a unit of 10000 (percent) or 1000000 (share of one), into parts of a million.
std::optional<std::uint32_t> parse_chance(std::string_view text, std::uint64_t unit) {
    const auto dot = text.find('.');
    const auto whole = sdk::whole_number<std::uint64_t>(text.substr(0, dot));
    if (!whole || *whole > 100)
        return std::nullopt;
    std::uint64_t fraction = 0, divisor = 1;
    if (dot != std::string_view::npos) {
        const auto digits = text.substr(dot + 1, 6);
        const auto behind = sdk::whole_number<std::uint64_t>(digits);
        if (!behind)
            return std::nullopt;
        fraction = *behind;
        for (std::size_t i = 0; i < digits.size(); ++i)
            divisor *= 10;
    }
    const auto chance = *whole * unit + fraction * unit / divisor;
    if (chance == 0 || chance > 1'000'000)
        return std::nullopt;
    return static_cast<std::uint32_t>(chance);
}

} // namespace

std::string_view name(fault f) noexcept { return kinds[static_cast<std::size_t>(f)].name; }

std::string_view explain(const known_fault& one) noexcept {
    return one.help.empty() ? kinds[static_cast<std::size_t>(one.kind)].help : one.help;
}

faults::faults(std::uint64_t seed, std::span<const known_fault> known)
    : known_(known), random_(seed) {}

std::optional<fault> faults::find(std::string_view kind) const {
    for (const auto& one : known_)
        if (name(one.kind) == kind)
            return one.kind;
    return std::nullopt;
}

std::optional<faults::rate> faults::parse_rate(std::string_view text) {
    rate parsed;
    parsed.text = text;
    if (text.empty())
        parsed.every = 1;
    else if (text == "once") {
        parsed.every = 1;
        parsed.once = true;
    } else if (text.starts_with("every ") || text.starts_with("every=")) {
        parsed.every = sdk::whole_number<std::uint64_t>(text.substr(6)).value_or(0);
        if (parsed.every == 0)
            return std::nullopt;
    } else {
        const bool percent = text.back() == '%';
        const auto chance = percent ? parse_chance(text.substr(0, text.size() - 1), 10'000)
                                    : parse_chance(text, 1'000'000);
        if (!chance)
            return std::nullopt;
        parsed.per_million = *chance;
    }
    return parsed;
}

std::optional<std::string> faults::set(std::string_view text) {
    const auto colon = text.find(':');
    const auto kind = find(text.substr(0, colon));
    if (!kind) {
        std::string all;
        for (const auto& one : known_)
            all.append(all.empty() ? "" : ", ").append(name(one.kind));
        return "there is no fault \"" + std::string(text.substr(0, colon)) + "\"; known are " + all;
    }
    const auto rate_text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    auto parsed = parse_rate(rate_text);
    if (!parsed)
        return "the rate \"" + std::string(rate_text) + "\" is none of 5%, 0.05, every 100, once";
    const auto at = static_cast<std::size_t>(*kind);
    rates_[at] = std::move(*parsed);
    chances_[at] = 0;
    active_ |= bit(*kind);
    return std::nullopt;
}

bool faults::clear(std::string_view kind) {
    if (kind.empty()) {
        active_ = 0;
        return true;
    }
    const auto found = find(kind);
    if (found)
        active_ &= ~bit(*found);
    return found.has_value();
}

bool faults::roll(fault f) {
    const auto at = static_cast<std::size_t>(f);
    const auto& r = rates_[at];
    const bool hit =
        r.every > 0 ? ++chances_[at] % r.every == 0 : random_() % 1'000'000 < r.per_million;
    if (hit)
        ++struck_[at];
    if (hit && r.once)
        active_ &= ~bit(f);
    return hit;
}

std::string faults::struck_json() const {
    std::string json = "{";
    for (std::size_t i = 0; i < fault_count; ++i)
        if (struck_[i] > 0)
            json.append(json.size() > 1 ? ",\"" : "\"")
                .append(kinds[i].name)
                .append("\":")
                .append(std::to_string(struck_[i]));
    return json + "}";
}

std::string faults::list() const {
    std::string text;
    for (std::size_t i = 0; i < fault_count; ++i) {
        if ((active_ & (1U << i)) == 0)
            continue;
        text.append(text.empty() ? "" : " ").append(kinds[i].name);
        if (!rates_[i].text.empty())
            text.append(":").append(rates_[i].text);
    }
    return text;
}

} // namespace posthorn::simulator
