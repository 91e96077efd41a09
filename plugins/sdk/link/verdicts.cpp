#include "sdk/link/verdicts.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::sdk {

namespace {

using namespace std::chrono_literals;
using kind = verdict::kind;

constexpr duration first_pause = 1s, longest_pause = 60s;

verdict verdict_of(std::uint64_t handle, verdict::kind what, std::string code, bool counts) {
    verdict v;
    v.handle = handle;
    v.what = what;
    v.code = std::move(code);
    v.counts = counts;
    return v;
}

} // namespace

verdict uncertain(std::uint64_t handle, std::string_view why) {
    return verdict_of(handle, kind::uncertain, std::string(why), true);
}

verdict not_sent(std::uint64_t handle, std::string_view why) {
    return verdict_of(handle, kind::deferred, "not sent: " + std::string(why), false);
}

verdict once_more(std::uint64_t handle, std::string code) {
    return verdict_of(handle, kind::deferred, std::move(code), false);
}

verdict impossible(std::uint64_t handle, std::string why) {
    return verdict_of(handle, kind::rejected, std::move(why), true);
}

verdict answer_judge::accepted(std::uint64_t handle, std::string ref, time now) {
    verdict v;
    v.handle = handle;
    v.what = kind::accepted;
    v.ref = std::move(ref);
    if (now >= paused_until_) // not by an answer that was under way when the carrier complained
        pause_ = {};
    return v;
}

verdict answer_judge::refused(std::uint64_t handle, result_class as, std::string code,
                              std::string_view means, time now) {
    auto v = verdict_of(handle, kind::deferred, std::move(code), true);
    switch (as) {
    case result_class::transient:
        break;
    case result_class::throttle:
        v.counts = false;
        v.throttled = true;
        v.after = throttle(now);
        break;
    case result_class::uncertain:
        v.what = kind::uncertain;
        break;
    case result_class::link:
        v.counts = false;
        v.after = first_pause;
        break;
    case result_class::config:
        warn(v.code, means, now);
        v.elsewhere = true; // the account is at fault, not the text
        [[fallthrough]];
    default:
        v.what = kind::rejected;
    }
    return v;
}

// A window full of complaints is one complaint: only those after the pause double it.
duration answer_judge::throttle(time now) {
    if (now >= paused_until_) {
        pause_ = pause_ == duration{} ? first_pause : std::min(pause_ * 2, longest_pause);
        paused_until_ = now + pause_;
        host_.log(level::debug, "throttled pause=" + std::to_string(pause_ / 1s) + "s");
    }
    return pause_;
}

// Once a minute for each code.
void answer_judge::warn(const std::string& code, std::string_view means, time now) {
    const auto [last, fresh] = warned_.try_emplace(code, now);
    if (!fresh && now - last->second < 60s)
        return;
    last->second = now;
    host_.log(level::warn, "refused code=\"" + code + "\" (" + std::string(means) +
                               "): every text will be refused like this until the account's "
                               "options or the carrier's change");
}

} // namespace posthorn::sdk
