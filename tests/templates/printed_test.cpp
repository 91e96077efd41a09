#include "one_type.hpp"

#include "templates/printed.hpp"

#include <boost/json/serialize.hpp>

namespace printed_test {

using namespace posthorn;
using namespace posthorn::templates;

namespace {

// "offset:text" of the words and "offset:path=sample" of the fields, masked ones in brackets.
std::string printed_of(const std::string& source) {
    const auto made = type_of(file_of(source, "en"));
    CHECK(settings::format(made.problems) == "");
    REQUIRE(made.type);
    const auto all = printed_by(source, made.type->fields, made.type->sample);
    std::string out;
    for (const auto& w : all.words)
        out += std::to_string(w.offset) + ":" + w.text + "|";
    for (const auto& f : all.fields) {
        const auto shown = std::to_string(f.offset) + ":" + f.path + "=" +
                           (f.sample == nullptr ? "" : boost::json::serialize(*f.sample));
        out += f.masked ? "[" + shown + "]" : shown;
    }
    return out;
}

} // namespace

TEST_CASE("printed: words and fields are told as they stand, those of every branch too") {
    const struct {
        const char* source;
        const char* told;
    } rows[] = {
        {"Dear {{ name }}!", "0:Dear |15:!|8:name=\"张三\""},
        {"{{ name | mask_name }}", "[3:name=\"张三\"]"},
        {"{{ phone | last(4) }}{{ phone | last(7) }}",
         "[3:phone=\"13812345678\"]24:phone=\"13812345678\""},
        {"{{ name | upper | mask_number }}", "[3:name=\"张三\"]"},
        {"{{ maybe | default(\"none\") }}", "20:none|3:maybe="},
        {"{{ \"words\" }}{{ day | date(\"long\") }}", "4:words|16:day=\"2025-08-05\""},
        {"{{ count | plural(one=\"# day\", other=\"# days\") }}",
         "23:# day|38:# days|3:count=1234567"},
        {"{% if paid %}yes{% elif tier == \"gold\" %}rich{% else %}no{% endif %}",
         "13:yes|41:rich|55:no|"},
        {"{% for i in items %}{{ i.what }};{% endfor %}", "32:;|23:i.what=\"a\""},
        {"{% for w in words %}{{ loop.index }}{{ w }}{% endfor %}", "39:w=\"x\""},
        {"{{ who.first }}{{ who.maybe | default(\"\") }}", "39:|3:who.first=\"Ann\"18:who.maybe="},
        {"{# a comment #}{% if name == \"x\" %}y{% else %}n{% endif %}", "35:y|46:n|"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.source);
        CHECK(printed_of(row.source) == row.told);
    }
    CHECK(printed_by("{{ broken", {}, {}).words.empty());
}

} // namespace printed_test
