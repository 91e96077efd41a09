// The filters of texts: what each takes and gives, and the formatters that ICU does for them.
#pragma once

#include "model/refusal.hpp"
#include "templates/field.hpp"
#include "templates/value.hpp"
#include "templates/zone.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::templates {

enum class filter : std::uint8_t {
    money,
    number,
    date,
    time,
    plural,
    mask_name,
    mask_number,
    fall_back, // default(x)
    truncate,
    upper,
    lower,
    last,
    length
};

// A filter with its arguments understood.
struct filter_call {
    templates::filter filter = filter::upper;
    templates::kind input = kind::text;
    std::string word;                                       // a style or a skeleton; may be empty
    std::int64_t count = -1;                                // truncate, last, number: digits
    std::vector<std::pair<std::string, std::string>> forms; // plural: category and text
    std::string currency;                                   // money
    int minor_digits = 0;
    std::string cache_key; // the same for calls that one formatter can do
};

struct filter_description {
    templates::filter filter;
    std::string_view name;
    std::span<const kind> takes;
    kind gives;
    std::string_view argument; // the name of its one argument; empty if it has none
    bool argument_required;
};

std::span<const filter_description> filters();
const filter_description* find_filter(std::string_view name);

// One call's ICU state. Not safe to use from several threads.
class formatter {
public:
    formatter() = default;
    formatter(const formatter&) = delete;
    formatter& operator=(const formatter&) = delete;
    virtual ~formatter() = default;
    virtual void append(const scalar& value, std::string& out) = 0;
};

// The formatter of a call of money, number, date, time, plural, truncate, upper or lower. The
// refusal says what is wrong with its argument.
result<std::unique_ptr<formatter>> make_formatter(const filter_call& call,
                                                  const std::string& language, const zone& local);

// The filters that need no ICU: plain money, mask_name, mask_number, last. False for all others.
bool append_plainly(const filter_call& call, const scalar& value, std::string& out);

} // namespace posthorn::templates
