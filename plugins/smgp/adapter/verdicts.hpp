// From a Status to a verdict, by its class (sdk/link/verdicts.hpp), which the account may say otherwise.
// One that holds until a time of day (74, 75) pauses the whole account until then.
#pragma once

#include "sdk/link/verdicts.hpp"
#include "sdk/result_overrides.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smgp {

// The carrier's word in our logs and verdicts: "46 SrcTermID error".
std::string code_word(std::uint32_t status);

// One account's; outlives links.
class judge {
public:
    using time = sdk::answer_judge::time;

    judge(sdk::host& host, const sdk::result_overrides& by_account)
        : host_(host), neutral_(host), overrides_(by_account) {}

    // For Submit_Resp. `id`: its MsgID. `attempt`: 1 is the first; a status that the specification
    // does not name gets a second one.
    sdk::verdict answer(std::uint64_t handle, std::uint32_t status, std::string_view id, time now,
                        unsigned attempt);

private:
    sdk::verdict until_its_time(std::uint64_t handle, std::uint32_t status);

    sdk::host& host_;
    sdk::answer_judge neutral_;
    const sdk::result_overrides& overrides_;
    sdk::instant told_until_{}; // a person was told that the account waits until then
};

} // namespace posthorn::smgp
