// What `posthorn-sim` is told about faults and outcomes, on its command line and its control
// socket: taken, or refused with words.
#include "fuzz/fuzz.hpp"

#include "sdk/simulator/faults.hpp"
#include "sdk/simulator/outcomes.hpp"

#include <array>

using namespace posthorn::simulator;
using posthorn::fuzz::require;

namespace {

constexpr auto every_fault = [] {
    std::array<known_fault, fault_count> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].kind = static_cast<fault>(i);
    return all;
}();

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = posthorn::fuzz::octets_of(data, size);
    faults wrong(1, every_fault);
    if (const auto mistake = wrong.set(text))
        require(!mistake->empty() && wrong.list().empty(), "a refused fault is explained, and off");
    else
        require(!wrong.list().empty(), "a fault that is taken is listed");
    for (std::size_t f = 0; f < fault_count; ++f)
        wrong.strikes(static_cast<fault>(f));

    for (const auto tell : {&outcomes::set_shares, &outcomes::add_suffix, &outcomes::add_refusal}) {
        outcomes told(1);
        const auto mistake = (told.*tell)(text);
        require(!mistake || !mistake->empty(), "a refused outcome is explained");
        told.of("8613800138000");
        told.of(text);
    }
    return 0;
}
