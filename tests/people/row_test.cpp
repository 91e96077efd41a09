#include "people/row.hpp"

#include <doctest/doctest.h>

namespace row_test {

using namespace posthorn;
using namespace posthorn::people;

namespace {

const std::vector<country> china{
    {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"}};

// number account name role tier area language
std::string why_not(row_texts texts) {
    const auto r = checked(std::move(texts), china);
    return r ? "" : r.error().reason;
}

std::vector<store::op> made(row_texts texts) {
    const auto r = checked(std::move(texts), china);
    REQUIRE(r.has_value());
    return operations_of(*r, "li", "new customers", from_micros(7));
}

} // namespace

TEST_CASE("people: number and account in one row describe the account and bind the number") {
    const auto ops = made({" 138 0000 0001", " 3100000001 ", "张三", "", "vip", "east", "zh-CN"});
    REQUIRE(ops.size() == 2);
    const auto& account = std::get<store::put_customer_account>(ops[0]);
    CHECK(account.account == "3100000001");
    CHECK(account.name == "张三");
    CHECK(account.tier == "vip");
    CHECK(account.area == "east");
    CHECK(account.language == "zh-CN");
    const auto& bound = std::get<store::bind>(ops[1]);
    CHECK(bound.number == "8613800000001");
    CHECK(bound.account == "3100000001");
    CHECK(bound.how == store::binding_way::import);
    CHECK(bound.who == "li");
    CHECK(bound.reason == "new customers");
    CHECK(bound.at == from_micros(7));
}

TEST_CASE("people: a row without an account describes the number") {
    const auto ops = made({"13900000001", "", "李四", "sales", "", "", ""});
    REQUIRE(ops.size() == 1);
    const auto& person = std::get<store::put_person>(ops[0]);
    CHECK(person.number == "8613900000001");
    CHECK(person.name == "李四");
    CHECK(person.role == "sales");
    CHECK_FALSE(person.area); // an empty cell leaves it as it was
}

TEST_CASE("people: a role is the number's, also beside an account") {
    const auto ops = made({"13900000001", "3100000001", "李四", "sales", "", "", ""});
    REQUIRE(ops.size() == 3);
    CHECK(std::get<store::put_person>(ops[0]).role == "sales");
    CHECK_FALSE(std::get<store::put_person>(ops[0]).name);
    CHECK(std::get<store::put_customer_account>(ops[1]).name == "李四");
}

TEST_CASE("people: zone and hours are the number's, vulnerable is the account's") {
    row_texts texts{"13900000001", "3100000001"};
    texts[std::size_t(column::zone)] = "Asia/Urumqi";
    texts[std::size_t(column::hours)] = "9-20:30";
    texts[std::size_t(column::vulnerable)] = "yes";
    auto ops = made(texts);
    REQUIRE(ops.size() == 3);
    const auto& person = std::get<store::put_person>(ops[0]);
    CHECK(person.zone == "Asia/Urumqi");
    CHECK(person.hours == "09:00-20:30");
    CHECK_FALSE(person.name); // that is the account's
    CHECK(std::get<store::put_customer_account>(ops[1]).vulnerable == true);

    texts[std::size_t(column::vulnerable)] = "no";
    ops = made(texts);
    CHECK(std::get<store::put_customer_account>(ops[1]).vulnerable == false);
    ops = made({"", "3100000001"});
    CHECK_FALSE(std::get<store::put_customer_account>(ops[0]).vulnerable);
}

TEST_CASE("people: an account alone is put, and nobody is bound") {
    const auto ops = made({"", "3100000001", "", "", "", "", ""});
    REQUIRE(ops.size() == 1);
    CHECK(std::get<store::put_customer_account>(ops[0]).account == "3100000001");
}

TEST_CASE("people: a bad row is refused with its column") {
    struct wrong {
        row_texts texts;
        std::string told;
    };
    for (const auto& w :
         {wrong{{}, "has neither a number nor an account"},
          wrong{{"", "", "张三"}, "has neither a number nor an account"},
          wrong{{"", "31", "", "sales"}, "role: is that of a number, and there is none"},
          wrong{{"12345"}, "number: bad number"}, wrong{{"1380000000x"}, "number: bad number"},
          wrong{{"", "31 00"}, "account: an account is made of"},
          wrong{{"", "户号"}, "account: an account is made of"},
          wrong{{"13800000001", "", std::string(201, 'x')}, "name: has more than 200 octets"},
          wrong{{"13800000001", "", "a\nb"}, "name: has a control character"},
          wrong{{"13800000001", "", "", "", "", "", "中文"}, "language: is no language tag"}}) {
        CAPTURE(w.told);
        CHECK(why_not(w.texts).starts_with(w.told));
    }
}

TEST_CASE("people: zones, hours and vulnerable that nobody can use are refused") {
    struct wrong {
        const char *number, *account;
        column at;
        std::string text, told;
    };
    for (const auto& w : {
             wrong{"13800000001", "", column::zone, "Asia/Shanghay",
                   "zone: is no time zone like Asia/Shanghai (did you mean 'Asia/Shanghai'?)"},
             wrong{"13800000001", "", column::zone, "GMT+8", "zone: is no time zone"},
             wrong{"", "31", column::zone, "Asia/Shanghai", "zone: is that of a number"},
             wrong{"13800000001", "", column::hours, "evenings", "hours: are no hours like"},
             wrong{"13800000001", "", column::hours, "09:00-25:00", "hours: are no hours like"},
             wrong{"", "31", column::hours, "9-20", "hours: is that of a number"},
             wrong{"", "31", column::vulnerable, "maybe", "vulnerable: is neither yes nor no"},
             wrong{"13800000001", "", column::vulnerable, "yes",
                   "vulnerable: is that of an account"},
         }) {
        CAPTURE(w.text);
        row_texts texts{w.number, w.account};
        texts[std::size_t(w.at)] = w.text;
        CHECK(why_not(texts).starts_with(w.told));
    }
}

TEST_CASE("people: outcomes are counted as added, changed, unchanged and bound") {
    using code = store::outcome::code;
    row_counts n;
    n.count(store::put_person{}, {.what = code::applied, .added = true});
    n.count(store::put_customer_account{}, {.what = code::applied});
    n.count(store::put_customer_account{}, {.what = code::stale});
    n.count(store::bind{}, {.what = code::applied});
    n.count(store::bind{}, {.what = code::stale});
    n.count(store::bind{}, {.what = code::stale});
    CHECK(n.added == 1);
    CHECK(n.changed == 1);
    CHECK(n.unchanged == 1);
    CHECK(n.bound == 1);
    CHECK(n.bound_before == 2);
}

} // namespace row_test
