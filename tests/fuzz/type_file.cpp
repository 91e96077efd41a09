// The file of an event type: a type whose sample renders, or mistakes with their places.
#include "fuzz/fuzz.hpp"

#include "encoding/utf8.hpp"
#include "templates/event_type.hpp"
#include "templates/renderer.hpp"

using namespace posthorn;
using posthorn::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    settings::problem_list problems;
    const auto type = templates::read_type(std::string(fuzz::octets_of(data, size)), "t.yaml",
                                           templates::zone::utc(), problems);
    require(type.has_value() == problems.empty(), "a type is good or has mistakes");
    for (const auto& p : problems)
        require(p.line >= 0 && p.column >= 0 && !settings::format(p).empty(),
                "a mistake has its place and is explained");
    if (!type)
        return 0;
    static templates::renderer render;
    for (const auto& wording : type->texts) {
        const auto text = render.render(*type, wording.language, type->sample);
        require(text && !encoding::check_utf8(text->text), "the sample is a text");
    }
    return 0;
}
