#include "smpp/adapter/verdicts.hpp"

#include "sdk/link/printable.hpp"

#include <cstdio>

namespace posthorn::smpp {

std::string code_word(status code) {
    char number[11];
    std::snprintf(number, sizeof number, "0x%08X", static_cast<unsigned>(code));
    const auto word = name(code);
    return word.empty() ? number : std::string(number) + " " + std::string(word);
}

status_class judge::class_of(status code, unsigned attempt) const {
    if (const auto found = overrides_.find(code); found != overrides_.end())
        return found->second;
    return !is_known(code) && attempt <= 1 ? status_class::transient : classify(code);
}

sdk::verdict judge::answer(std::uint64_t handle, status code, std::string_view id, time now,
                           unsigned attempt) {
    if (code == status::ok)
        return neutral_.accepted(handle, sdk::printable_id(id), now);
    const auto kind = class_of(code, attempt);
    auto verdict = neutral_.refused(handle, kind, code_word(code), meaning(code), now);
    // A text that the carrier cannot read must not come first in every session.
    if (kind == status_class::link)
        verdict.counts = code == status::invalid_command_length;
    return verdict;
}

} // namespace posthorn::smpp
