// Times, durations and sizes wherever people and carriers write them.
#include "fuzz/fuzz.hpp"

#include "cli/when.hpp"
#include "settings/scalars.hpp"
#include "smpp/codec/time.hpp"
#include "templates/calendar.hpp"
#include "templates/decimal.hpp"

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

void check_settings(std::string_view text) {
    if (const auto d = settings::parse_duration(text))
        require(d->count() >= 0 && fuzz::is(settings::parse_duration(settings::show(*d)), *d),
                "a duration shown is the same duration");
    if (const auto size = settings::parse_bytes(text))
        require(*size >= 0, "a size is not negative");
    if (const auto number = settings::parse_integer(text))
        require(fuzz::is(settings::parse_integer(std::to_string(*number)), *number),
                "a number is itself");
}

void check_data(std::string_view text) {
    const auto local = templates::zone::utc();
    templates::parse_date(text);
    const auto there = templates::parse_time(text, local);
    if (const auto here = cli::parse_time(text)) {
        cli::local_time_millis(*here);
        require(!there || *there == to_micros(*here), "two readers of a time agree");
    }
    if (const auto number = templates::parse_decimal(text)) {
        require(templates::parse_decimal(templates::show(*number)).has_value(),
                "a decimal shown can be read");
        for (std::uint8_t scale = 0; scale <= 18; ++scale)
            if (const auto scaled = templates::rescale(*number, scale))
                require(templates::compare({*scaled, scale}, *number) == 0,
                        "another scale is the same number");
    }
}

void check_carrier(std::string_view text) {
    const auto time = smpp::parse_time(text);
    time.span();
    if (time.what == smpp::time_value::absolute && time.utc_us >= 0)
        require(smpp::parse_time(smpp::format_absolute(time.utc_us)).utc_us == time.utc_us,
                "a carrier's time written is the same time");
    smpp::format_relative(time.span());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::octets_of(data, size);
    check_settings(text);
    check_data(text);
    check_carrier(text);
    return 0;
}
