#include "smgp/adapter/verdicts.hpp"

#include "sdk/china_time.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/results.hpp"

namespace posthorn::smgp {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t day_used_up = 75;
constexpr sdk::duration ask_again =
    15min; // when the hours that the account may send in are not known

sdk::duration until_midnight(sdk::instant now) {
    const auto china = now + sdk::china_is_ahead;
    return std::chrono::floor<std::chrono::days>(china) + std::chrono::days(1) - china;
}

} // namespace

std::string code_word(std::uint32_t status) { return sdk::code_word(status, of_status(status)); }

sdk::verdict judge::answer(std::uint64_t handle, std::uint32_t status, std::string_view id,
                           time now, unsigned attempt) {
    if (status == 0)
        return neutral_.accepted(handle, hex_of(id), now);
    const auto chosen = overrides_.of(status);
    if (!chosen && is_of_the_calendar(status))
        return until_its_time(handle, status);
    const auto means = of_status(status);
    return neutral_.refused(handle, chosen.value_or(sdk::usual_class(means, attempt)),
                            code_word(status), means.words, now);
}

sdk::verdict judge::until_its_time(std::uint64_t handle, std::uint32_t status) {
    sdk::verdict v;
    v.handle = handle;
    v.what = sdk::verdict::kind::deferred;
    v.counts = false;
    v.throttled = true;
    v.code = code_word(status);
    const auto now = host_.now();
    v.after = status == day_used_up ? until_midnight(now) : ask_again;
    if (now >= told_until_) {
        told_until_ = now + v.after;
        host_.log(
            sdk::level::warn,
            "refused code=\"" + v.code + "\": the account waits " +
                std::to_string(std::chrono::ceil<std::chrono::minutes>(v.after).count()) +
                " min; where that is too long, have its quota or hours changed, or let another "
                "account carry the texts");
    }
    return v;
}

} // namespace posthorn::smgp
