// A phone number as a source writes it.
#include "fuzz/fuzz.hpp"

#include "model/number.hpp"

#include <algorithm>
#include <vector>

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const std::vector<country>& countries() {
    static const std::vector<country> some{
        {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"},
        {.name = "DE", .calling_code = "49", .trunk_prefix = "0", .mobile = "1[5-7]xxxxxxxx"},
        {.name = "HK", .calling_code = "852", .trunk_prefix = "", .mobile = "[5-9]xxxxxxx"}};
    return some;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto written = fuzz::octets_of(data, size);
    const auto number = to_e164(written, countries());
    const auto shown = masked(written);
    require(std::ranges::count_if(shown, is_digit) <= 3, "a masked number shows three digits");
    if (!number) {
        require(number.error().reason.starts_with("bad number: "),
                "a refusal says what it is about");
        return 0;
    }
    require(number->size() >= 7 && number->size() <= 15 && std::ranges::all_of(*number, is_digit),
            "E.164 is 7 to 15 digits");
    require(fuzz::is(to_e164("+" + *number, countries()), *number), "E.164 is itself");
    return 0;
}
