// A template with its declared fields and the data of an event:
//
//     FIELDS as in a type file
//     ---
//     TEMPLATE
//     ---
//     DATA, a JSON object
//
// What compiles renders, or is refused with words; the text is UTF-8 and bounded.
#include "fuzz/fuzz.hpp"

#include "encoding/utf8.hpp"
#include "settings/reader.hpp"
#include "templates/field_reader.hpp"
#include "templates/program.hpp"
#include "templates/renderer.hpp"

#include <boost/json/parse.hpp>

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

std::vector<templates::field> fields_of(std::string_view yaml) {
    auto file = settings::document::parse(std::string(yaml), "fields.yaml");
    auto root = file.root();
    auto fields = templates::read_fields(root);
    return file.finish().empty() ? fields : std::vector<templates::field>();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = fuzz::octets_of(data, size);
    templates::wording_set set;
    set.fields = fields_of(fuzz::take_section(rest));
    const auto source = fuzz::take_section(rest);
    if (set.fields.empty() || encoding::check_utf8(source))
        return 0;
    auto made = templates::compile(source, set.fields, "zh-CN", set.zone);
    require((made.code == nullptr) != made.mistakes.empty(), "a template works or has mistakes");
    for (const auto& mistake : made.mistakes)
        require(mistake.offset <= source.size() && !mistake.what.empty(),
                "a mistake has its place and is explained");
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(rest, ec);
    if (!made.code || ec || !parsed.is_object())
        return 0;
    set.default_language = "zh-CN";
    set.texts.push_back({"zh-CN", "[S]", std::move(made.code)});
    static templates::renderer render;
    const auto text = render.render(set, "zh-CN", parsed.get_object());
    const bool good = !templates::validate(set, parsed.get_object());
    require(text || !text.error().reason.empty(), "a refusal is explained");
    require(!text || good, "only good data becomes a text");
    require(!text || !encoding::check_utf8(text->text), "a text is UTF-8");
    require(!text || text->text.starts_with("[S]"), "a text begins with its signature");
    return 0;
}
