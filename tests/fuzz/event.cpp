// A row of an outbox: `data`, and above it in lines of their own the type, key and recipient. It
// becomes a message, or is parked with words; its canonical data has one spelling.
#include "fuzz/fuzz.hpp"

#include "encoding/utf8.hpp"
#include "intake/canonical.hpp"
#include "intake/preparer.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <memory>

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

constexpr const char* type_file = R"(
name: t
category: service
priority: normal
whom: [number]
validity: 1h
signature: S
texts:
  en: |
    {{ name }} {% if amount %}{{ amount | money }}{% endif %}{% for i in items %}{{ i.what }} {% endfor %}
fields:
  name: {kind: text}
  amount: {kind: money, currency: CNY, required: false}
  day: {kind: date, required: false}
  at: {kind: time, required: false}
  paid: {kind: boolean, required: false}
  phone: {kind: number, required: false}
  items: {kind: list, of: {kind: object, fields: {what: {kind: text}}}}
sample: {name: n, items: [{what: w}]}
)";

std::shared_ptr<const intake::catalogue> known() {
    auto made = std::make_shared<intake::catalogue>();
    settings::problem_list problems;
    auto type = templates::read_type(type_file, "t.yaml", templates::zone::utc(), problems);
    require(type.has_value(), "the target's own type is good");
    made->types.push_back(std::move(*type));
    made->sources.push_back({.name = "billing", .every_type = true, .types = {}});
    made->countries.push_back(
        {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"});
    return made;
}

std::string take_line(std::string_view& text) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// Boost.JSON reads a fraction to within its last bit only, and 1e400 as infinite.
bool has_fraction(const boost::json::value& v) {
    if (const auto* list = v.if_array())
        return std::ranges::any_of(*list, has_fraction);
    if (const auto* object = v.if_object())
        return std::ranges::any_of(*object, [](const auto& m) { return has_fraction(m.value()); });
    return v.is_double();
}

void check_canonical(std::string_view data) {
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(data, ec);
    if (ec || !parsed.is_object() || has_fraction(parsed))
        return;
    const auto once = intake::canonical(parsed.get_object());
    const auto again = boost::json::parse(once, ec);
    require(!ec && again.is_object(), "canonical data is JSON");
    require(intake::canonical(again.get_object()) == once, "canonical data has one spelling");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static intake::preparer prepare(known());
    auto rest = fuzz::octets_of(data, size);
    store::outbox_row row;
    row.event.source = "billing";
    row.event.type = take_line(rest);
    row.event.key = take_line(rest);
    row.event.to_ref = take_line(rest);
    row.event.data = rest;
    const auto made = prepare.prepare(std::move(row), from_micros(1'800'000'000'000'000));
    require(!encoding::check_utf8(made.parked), "a reason is UTF-8");
    require(!made.parked.empty() || !made.message.parts.empty(), "a message has parts");
    require(!encoding::check_utf8(made.message.text), "a text is UTF-8");
    check_canonical(rest);
    return 0;
}
