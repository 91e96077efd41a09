#include "cli/columns.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace columns_test {

using namespace posthorn;
using namespace posthorn::cli;

namespace {

templates::field field_of(std::string name, templates::kind kind, bool required = true) {
    templates::field f;
    f.name = std::move(name);
    f.kind = kind;
    f.required = required;
    return f;
}

templates::event_type bill() {
    templates::event_type type;
    type.name = "bill.issued";
    type.fields = {field_of("name", templates::kind::text),
                   field_of("amount", templates::kind::money),
                   field_of("count", templates::kind::integer),
                   field_of("paid", templates::kind::boolean, false)};
    return type;
}

std::string refusal_of(const std::vector<std::string>& header, const column_choice& choice = {}) {
    const auto type = bill();
    const auto found = columns::find(header, &type, choice);
    return found ? "" : found.error().reason;
}

} // namespace

TEST_CASE(
    "columns: a cell becomes the JSON its field wants, or stays a text for the check to name") {
    auto minor = field_of("m", templates::kind::money);
    minor.in = templates::money_form::minor;
    struct row {
        templates::field field;
        const char* text;
        const char* json;
    };
    const std::vector<row> table = {
        {field_of("t", templates::kind::text), " x ", R"(" x ")"},
        {field_of("i", templates::kind::integer), " 12 ", "12"},
        {field_of("i", templates::kind::integer), "12.5", R"("12.5")"},
        {field_of("i", templates::kind::integer), "99999999999999999999",
         R"("99999999999999999999")"},
        {field_of("d", templates::kind::decimal), " 12.50 ", R"("12.50")"},
        {field_of("m", templates::kind::money), "128.50", R"("128.50")"},
        {minor, "12850", "12850"},
        {minor, "128.50", R"("128.50")"},
        {field_of("b", templates::kind::boolean), "yes", "true"},
        {field_of("b", templates::kind::boolean), "0", "false"},
        {field_of("b", templates::kind::boolean), "maybe", R"("maybe")"},
        {field_of("l", templates::kind::list), "[1,2]", "[1,2]"},
        {field_of("l", templates::kind::list), "1,2", R"("1,2")"},
        {field_of("d", templates::kind::date), "2026-08-15 ", R"("2026-08-15")"},
    };
    for (const auto& r : table) {
        CAPTURE(r.text);
        CHECK(boost::json::serialize(value_of(r.field, r.text)) == r.json);
    }
}

TEST_CASE("columns: a line becomes an event, by the usual names or by those given") {
    const auto type = bill();
    const auto usual = columns::find(
        {"key", "to", "name", "amount", "count", "paid", "remark", "language", "subject"}, &type,
        {});
    REQUIRE(usual.has_value());
    const auto e = usual->event_of(
        {" B-1 ", " 138 0013 8000", "Ann", "12.50", "3", "", "ignored", "en", "A-7"});
    CHECK(e.key == "B-1");
    CHECK(e.to_ref == "138 0013 8000");
    CHECK(e.to_kind == "number");
    CHECK(e.subject == "A-7");
    CHECK(boost::json::parse(e.data) ==
          boost::json::parse(R"({"name":"Ann","amount":"12.50","count":3,"language":"en"})"));

    const auto named = columns::find({"No", "手机", "客户", "to_kind"}, &type,
                                     {.key = "No", .to = "手机", .fields = {{"name", "客户"}}});
    REQUIRE(named.has_value());
    const auto f = named->event_of({"B-2", "13800138000", "张三", "customer"});
    CHECK(f.key == "B-2");
    CHECK(f.to_kind == "customer");
    CHECK(f.data == R"({"name":"张三"})");
}

TEST_CASE("columns: the padding of fixed-width exports is no content") {
    const auto type = bill();
    const auto found = columns::find({"key", "to　", "name", "amount"}, &type, {});
    REQUIRE(found.has_value());
    const auto e = found->event_of({"B-1　", "\u00A0138 0013 8000", "　　", "12.50　"});
    CHECK(e.key == "B-1");
    CHECK(e.to_ref == "138 0013 8000");
    CHECK(e.data == R"({"amount":"12.50"})");
}

TEST_CASE("columns: of a type nobody knows every column is data") {
    const auto found = columns::find({"key", "to", "a", "b", "to_kind"}, nullptr, {});
    REQUIRE(found.has_value());
    CHECK(found->event_of({"k", "1", "x", "y", ""}).data == R"({"a":"x","b":"y"})");
    const auto mended =
        columns::find({"rejected line", "rejected because", "key", "to", "a"}, nullptr, {});
    REQUIRE(mended.has_value());
    CHECK(mended->event_of({"7", "bad", "k", "1", "x"}).data == R"({"a":"x"})");
}

TEST_CASE("columns: a missing column is told with what to do and what there is") {
    struct row {
        std::vector<std::string> header;
        column_choice choice;
        const char* part;
    };
    const std::vector<row> table = {
        {{"to", "name"}, {}, "no column 'key': each row needs a key"},
        {{"to", "name"}, {}, "--key"},
        {{"key", "name"}, {}, "no column 'to'"},
        {{"key", "phone"}, {}, "(columns: key, phone)"},
        {{"key", "to"}, {.key = "id", .to = "", .fields = {}}, "no column 'id'"},
        {{"key", "to", "nam"},
         {.key = "", .to = "", .fields = {{"name", "name"}}},
         "--map name=name: the file has no column 'name' (did you mean 'nam'?)"},
        {{"key", "to", "x"},
         {.key = "", .to = "", .fields = {{"nme", "x"}}},
         "type 'bill.issued' has no field 'nme' (did you mean 'name'?)"},
        {{"key", "to", "a", "a"}, {}, "has the column 'a' twice"},
    };
    for (const auto& r : table) {
        CAPTURE(r.part);
        const auto reason = refusal_of(r.header, r.choice);
        CAPTURE(reason);
        CHECK(reason.find(r.part) != std::string::npos);
    }
}

} // namespace columns_test
