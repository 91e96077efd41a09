#include "delivery/doubts.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

bool telling(char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z');
}

std::string telling_part(std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), telling);
    return out;
}

bool fits(const doubt& d, const store::add_receipt& r) {
    return d.account == r.account && d.out->message.recipient == r.recipient &&
           d.opened_at <= r.at && excerpt_fits(r.excerpt, d.text);
}

} // namespace

void doubts::add(doubt d) { open_.push_back(std::move(d)); }

bool doubts::take_out(std::list<doubt>::iterator which, doubt& found) {
    if (which == open_.end())
        return false;
    found = std::move(*which);
    open_.erase(which);
    return true;
}

bool doubts::take_fitting(const store::add_receipt& receipt, doubt& found) {
    const auto is_fit = [&](const doubt& d) { return fits(d, receipt); };
    const auto first = std::ranges::find_if(open_, is_fit);
    if (first == open_.end() || std::find_if(std::next(first), open_.end(), is_fit) != open_.end())
        return false;
    return take_out(first, found);
}

bool doubts::take_referenced(const store::add_receipt& receipt, std::uint16_t reference,
                             doubt& found) {
    const auto it = std::ranges::find_if(open_, [&](const doubt& d) {
        return d.account == receipt.account && d.out->message.recipient == receipt.recipient &&
               reference_of(d.out->message.id, d.parts.first) == reference;
    });
    return take_out(it, found);
}

bool doubts::take(posthorn::id message, std::uint8_t n, doubt& found) {
    const auto it = std::ranges::find_if(
        open_, [&](const doubt& d) { return d.out->message.id == message && d.parts.contains(n); });
    return take_out(it, found);
}

void doubts::postpone(name_id account, instant now,
                      const std::unordered_map<name_id, type_rules>& rules) {
    for (auto& d : open_) {
        if (d.account != account || d.resend_at == instant{})
            continue;
        const auto rule = rules.find(d.out->message.type);
        const auto wait =
            rule == rules.end() ? type_rules{}.uncertain_wait : rule->second.uncertain_wait;
        d.resend_at = std::max(d.resend_at, now + wait);
    }
}

bool excerpt_fits(std::string_view excerpt, std::string_view text) {
    const auto said = telling_part(excerpt), sent = telling_part(text);
    const auto shorter = std::min(said.size(), sent.size());
    return std::string_view(said).substr(0, shorter) == std::string_view(sent).substr(0, shorter);
}

} // namespace posthorn::delivery
