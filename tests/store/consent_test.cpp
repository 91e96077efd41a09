// The ledger of consent, and what it comes to.
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace consent_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

const std::string wang = "8613800000001", li = "8613800000002";

set_consent word(bool out, std::optional<category> which, const std::string& number = wang) {
    return {.number = number,
            .out = out,
            .which = which,
            .who = "",
            .inbound = 7,
            .words = out ? "TD" : "恢复",
            .at = start_of_time};
}

// "8613800000001 billing: 1st" for each entry in force, as the next start reads them.
std::vector<std::string> found_at_start(bench& b, const std::vector<posthorn::id>& entries) {
    b.writer.reset();
    b.writer = std::make_unique<store::store>(plain_store(b.folder.path()));
    auto found = b.writer->recover(start_of_time);
    std::vector<std::string> out;
    found.each_opted_out(
        [&](std::uint64_t key, category_set categories, consent_way how, posthorn::id entry) {
            std::string line = std::to_string(key) + " " + std::string(name_of(how));
            for (std::size_t i = 0; i < category_names.size(); ++i)
                if (categories.has(static_cast<category>(i)))
                    line += " " + std::string(category_names[i]);
            const auto at = std::ranges::find(entries, entry) - entries.begin();
            out.push_back(line + " by " + std::to_string(at));
        });
    CHECK(found.opted_out == static_cast<std::int64_t>(out.size()));
    b.writer->start();
    return out;
}

} // namespace

TEST_CASE("consent: each word is an entry, unless it changes nothing") {
    bench b;
    const auto said = b.commit({word(true, category::billing), word(true, category::billing),
                                word(true, std::nullopt), word(true, category::survey),
                                word(false, category::marketing), word(false, category::marketing),
                                word(true, category::statutory), word(false, std::nullopt, li),
                                word(true, category::survey, li)});
    using code = outcome::code;
    std::vector<bool> changed;
    for (const auto& o : said)
        changed.push_back(o.what == code::applied && o.event != 0);
    CHECK(changed == std::vector<bool>{true, false, true, false, true, false, false, false, true});

    const auto all = b.read.consents(wang, 10);
    REQUIRE(all.size() == 3); // the newest first
    CHECK(all[0].id == said[4].event);
    CHECK_FALSE(all[0].said.out);
    CHECK(all[0].said.which == category::marketing);
    CHECK(all[0].in_force.empty());
    CHECK(all[1].said.out);
    CHECK(all[1].said.which == std::nullopt);
    CHECK(all[1].in_force ==
          category_set::of(category::service).with(category_set::of(category::survey)));
    CHECK(all[2].in_force == category_set::of(category::billing));
    CHECK(all[2].said.words == "TD");
    CHECK(all[2].said.inbound == 7);
    CHECK(all[2].said.how == consent_way::text);
    CHECK(all[2].said.at == start_of_time);
    CHECK(b.read.consents(wang, 1).size() == 1);
    CHECK(b.read.consents("8613800000009", 10).empty());
}

TEST_CASE("consent: the next start finds what is in force, the ledger keeps what was") {
    bench b;
    auto by_agent = word(true, category::survey, li);
    by_agent.how = consent_way::agent;
    by_agent.who = "zhao";
    by_agent.reason = "asked on the phone";
    const auto said = b.commit({word(true, category::billing), word(true, std::nullopt), by_agent});
    const std::vector<posthorn::id> entries{said[0].event, said[1].event, said[2].event};
    CHECK(found_at_start(b, entries) ==
          std::vector<std::string>{wang + " text billing by 0",
                                   wang + " text service marketing survey by 1",
                                   li + " agent survey by 2"});
    b.commit({word(false, std::nullopt), word(false, std::nullopt, li)});
    CHECK(found_at_start(b, entries).empty());
    CHECK(b.read.consents(wang, 10).size() == 3);
    const auto all = b.read.consents(li, 10);
    REQUIRE(all.size() == 2);
    CHECK(all[1].said.who == "zhao");
    CHECK(all[1].said.reason == "asked on the phone");
}

TEST_CASE("consent: the ledger outlives housekeeping") {
    bench b;
    b.commit({word(true, std::nullopt)});
    b.commit({forget{.operations_before = start_of_time + std::chrono::days(4000)}});
    CHECK(b.read.consents(wang, 10).size() == 1);
}

TEST_CASE("consent: what is no number cannot opt out, and breaks nothing") {
    bench b;
    for (const auto* sender : {"", "Minghu", "0", "012345", "1234567890123456"})
        CHECK(b.commit({word(true, std::nullopt, sender)}).front().what == outcome::code::stale);
}

TEST_CASE("consent: an address opts out as a number does, and a start knows it") {
    bench b;
    const auto said = [&](bool out) {
        return b.done(set_consent{.number = "zhang@example.net",
                                  .out = out,
                                  .which = category::billing,
                                  .how = consent_way::email,
                                  .words = "letter 12",
                                  .at = start_of_time});
    };
    const auto entry = said(true);
    CHECK(said(true).what == outcome::code::stale);
    const auto all = b.read.consents("zhang@example.net", 10);
    REQUIRE(all.size() == 1);
    CHECK(all[0].said.how == consent_way::email);
    CHECK(all[0].in_force == category_set::of(category::billing));
    CHECK(b.read.consents("zhang@example.com", 10).empty());
    CHECK(consent_key("Zhang@Example.net") == consent_key("zhang@example.net"));
    CHECK(found_at_start(b, {entry.event}) ==
          std::vector<std::string>{std::to_string(consent_key("zhang@example.net")) +
                                   " email billing by 0"});
    said(false);
    CHECK(found_at_start(b, {}).empty());
}

} // namespace consent_test
