#include "delivery/covers.hpp"

#include <chrono>

namespace posthorn::delivery {

void covers::add(const cover& c, posthorn::id message, std::string name, instant until) {
    texts_[c.household] = {c.made, message, std::move(name), until};
}

covers::text* covers::text_of(const cover& c) {
    const auto found = texts_.find(c.household);
    return found != texts_.end() && found->second.made == c.made ? &found->second : nullptr;
}

void covers::settle(const cover& c) {
    if (auto* its = text_of(c))
        its->until = {};
}

void covers::named(const cover& c, posthorn::id message) {
    if (auto* its = text_of(c); its != nullptr && its->message == 0) {
        its->message = message;
        its->name = {};
    }
}

void covers::remove(const cover& c) {
    if (text_of(c) != nullptr)
        texts_.erase(c.household);
}

std::optional<posthorn::id> covers::forget(std::uint64_t household) {
    const auto found = texts_.find(household);
    if (found == texts_.end())
        return std::nullopt;
    const auto message = found->second.message;
    texts_.erase(found);
    return message;
}

std::optional<covers::covering> covers::over(std::uint64_t household, instant made, duration hold,
                                             instant now) const {
    const auto found = texts_.find(household);
    if (found == texts_.end() || std::chrono::abs(made - found->second.made) > hold)
        return std::nullopt;
    const auto& t = found->second;
    return covering{t.message != 0 ? "message " + std::to_string(t.message) : t.name,
                    now >= t.until};
}

void covers::forget_before(instant then) {
    std::erase_if(texts_, [&](const auto& one) { return one.second.made < then; });
}

} // namespace posthorn::delivery
