#include "inbound/joiner.hpp"

#include "encoding/decode.hpp"
#include "encoding/udh.hpp"
#include "inbound/repeats.hpp"

#include <algorithm>

namespace posthorn::inbound {

namespace {

using namespace std::chrono_literals;

// An 8-bit reference is used again after 256 texts: what came so long ago is another text.
constexpr duration remembered = 1h;
constexpr std::size_t most_closed = 20'000;
constexpr std::size_t most_open = 20'000;
constexpr std::string_view missing_mark = "[…]";

std::string_view without_header(const inbound_text& t) {
    const auto at = t.udh ? encoding::read_header(t.octets).text_at : 0;
    return std::string_view(t.octets).substr(at);
}

std::string decoded(std::string_view octets, const inbound_text& like) {
    const auto tables = like.udh ? encoding::read_header(like.octets).tables : encoding::alphabet{};
    const auto text = encoding::decode_text(octets, like.data_coding, tables);
    return text ? text->text : std::string();
}

// Neighbours in one coding are decoded as one: a character may lie across the cut.
std::string text_of(const std::map<unsigned, inbound_text>& parts, unsigned total) {
    std::string text, octets;
    const inbound_text* like = nullptr;
    const auto flush = [&] {
        if (like != nullptr)
            text += decoded(octets, *like);
        octets.clear();
        like = nullptr;
    };
    for (unsigned n = 1; n <= total; ++n) {
        const auto found = parts.find(n);
        if (found == parts.end()) {
            flush();
            if (!text.ends_with(missing_mark))
                text += missing_mark;
            continue;
        }
        const auto& part = found->second;
        if (like != nullptr && like->data_coding != part.data_coding)
            flush();
        octets += without_header(part);
        if (like == nullptr)
            like = &part;
    }
    flush();
    return text;
}

} // namespace

joined joiner::add(inbound_text t) {
    forget_old(t.at);
    const auto header = t.udh ? encoding::read_header(t.octets) : encoding::user_data_header{};
    if (!header.part || header.part->total == 1) {
        const auto id = t.id;
        return {.text = whole_text{std::move(t), {id}}};
    }
    const auto& p = *header.part;
    name n{t.account, t.sender, t.recipient, p.reference_bits, p.reference, p.total};
    return add_part(std::move(n), p.number, std::move(t));
}

joined joiner::add_part(name n, unsigned number, inbound_text t) {
    auto found = open_.find(n);
    if (found == open_.end()) {
        if (auto known = after_close(n, number, t))
            return std::move(*known);
        found = open_.try_emplace(n).first;
        found->second.due_at = t.at + wait_;
    }
    auto& g = found->second;
    const auto now = t.at;
    if (const auto same = g.parts.find(number); same != g.parts.end()) {
        if (same->second.octets == t.octets)
            return {.settled = inbound_outcome::duplicate, .head = same->second.id};
        // The reference came round while its first text was never finished: that one goes as it is.
        joined out{.text = close(n, std::move(g), now)};
        open_.erase(found);
        closed_.erase(n);
        auto& fresh = open_[n];
        fresh.due_at = now + wait_;
        fresh.parts.emplace(number, std::move(t));
        return out;
    }
    g.parts.emplace(number, std::move(t));
    if (g.parts.size() < n.total && open_.size() <= most_open)
        return {};
    joined out{.text = close(n, std::move(g), now)};
    open_.erase(found);
    return out;
}

whole_text joiner::close(const name& n, gathering g, instant now) {
    const auto first =
        std::ranges::min_element(g.parts, {}, [](const auto& part) { return part.second.id; });
    whole_text out{.head = first->second, .parts = {}, .complete = g.parts.size() == n.total};
    out.head.text = text_of(g.parts, n.total);
    auto& c = closed_[n];
    c = {.head = out.head.id, .missing = {}, .octets = {}, .at = now};
    for (unsigned number = 1; number <= n.total; ++number)
        if (const auto part = g.parts.find(number); part == g.parts.end()) {
            c.missing.insert(number);
        } else {
            out.parts.push_back(part->second.id);
            c.octets.emplace(number, part->second.octets);
        }
    closed_order_.emplace_back(now, n);
    return out;
}

std::optional<joined> joiner::after_close(const name& n, unsigned number, const inbound_text& t) {
    const auto found = closed_.find(n);
    if (found == closed_.end())
        return std::nullopt;
    auto& c = found->second;
    const auto had = c.octets.find(number);
    if (had != c.octets.end() && had->second == t.octets && c.at + brought_again_within >= t.at)
        return joined{.settled = inbound_outcome::duplicate, .head = c.head};
    if (c.missing.erase(number) != 0)
        return joined{.settled = inbound_outcome::late, .head = c.head};
    closed_.erase(found); // another text under the same reference
    return std::nullopt;
}

std::vector<whole_text> joiner::take_due(instant now) {
    std::vector<whole_text> out;
    for (auto i = open_.begin(); i != open_.end();) {
        if (i->second.due_at > now) {
            ++i;
            continue;
        }
        out.push_back(close(i->first, std::move(i->second), now));
        i = open_.erase(i);
    }
    return out;
}

void joiner::forget_old(instant now) {
    while (!closed_order_.empty() &&
           (closed_order_.front().first + remembered < now || closed_order_.size() > most_closed)) {
        const auto& [at, n] = closed_order_.front();
        if (const auto found = closed_.find(n); found != closed_.end() && found->second.at == at)
            closed_.erase(found);
        closed_order_.pop_front();
    }
}

} // namespace posthorn::inbound
