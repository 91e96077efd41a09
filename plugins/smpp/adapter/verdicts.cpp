#include "smpp/adapter/verdicts.hpp"

#include "smpp/adapter/printable.hpp"

#include <algorithm>
#include <cstdio>

namespace posthorn::smpp {

namespace {

using namespace std::chrono_literals;
using kind = sdk::verdict::kind;

constexpr sdk::duration first_pause = 1s, longest_pause = 60s;

} // namespace

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
    sdk::verdict v;
    v.handle = handle;
    if (code == status::ok) {
        v.what = kind::accepted;
        v.ref = printable_id(id);
        if (now >= paused_until_) // not by an answer that was under way when the carrier complained
            pause_ = {};
        return v;
    }
    v.code = code_word(code);
    v.what = kind::deferred;
    switch (class_of(code, attempt)) {
    case status_class::transient:
        break;
    case status_class::throttle:
        v.counts = false;
        v.throttled = true;
        v.after = throttle(now);
        break;
    case status_class::uncertain:
        v.what = kind::uncertain;
        break;
    case status_class::link:
        // A text that the carrier cannot read must not come first in every session.
        v.counts = code == status::invalid_command_length;
        v.after = first_pause;
        break;
    case status_class::config:
        warn(code, now);
        v.elsewhere = true;
        [[fallthrough]];
    default:
        v.what = kind::rejected;
    }
    return v;
}

sdk::verdict judge::uncertain(std::uint64_t handle, std::string_view why) {
    sdk::verdict v;
    v.handle = handle;
    v.what = kind::uncertain;
    v.code = why;
    return v;
}

sdk::verdict judge::not_sent(std::uint64_t handle, std::string_view why) {
    sdk::verdict v;
    v.handle = handle;
    v.what = kind::deferred;
    v.counts = false;
    v.code = "not sent: ";
    v.code += why;
    return v;
}

sdk::verdict judge::once_more(std::uint64_t handle, status code) {
    sdk::verdict v;
    v.handle = handle;
    v.what = kind::deferred;
    v.counts = false;
    v.code = code_word(code);
    return v;
}

sdk::verdict judge::impossible(std::uint64_t handle, std::string why) {
    sdk::verdict v;
    v.handle = handle;
    v.what = kind::rejected;
    v.code = std::move(why);
    return v;
}

// A window full of complaints is one complaint: only those after the pause double it.
sdk::duration judge::throttle(time now) {
    if (now >= paused_until_) {
        pause_ = pause_ == sdk::duration{} ? first_pause : std::min(pause_ * 2, longest_pause);
        paused_until_ = now + pause_;
        host_.log(sdk::level::debug, "throttled pause=" + std::to_string(pause_ / 1s) + "s");
    }
    return pause_;
}

void judge::warn(status code, time now) {
    const auto [last, fresh] = warned_.try_emplace(code, now);
    if (!fresh && now - last->second < 60s)
        return;
    last->second = now;
    host_.log(sdk::level::warn, "refused code=\"" + code_word(code) + "\" (" +
                                    std::string(meaning(code)) +
                                    "): every text will be refused like this until the account's "
                                    "options or the carrier's change");
}

} // namespace posthorn::smpp
