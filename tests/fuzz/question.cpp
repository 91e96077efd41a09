// A text from a phone: the first two octets choose the day it comes on, the rest is the text.
// Whatever is texted is a question, a question put wrongly, something near one, or nothing; and
// what was read of it is well formed.
#include "fuzz/fuzz.hpp"

#include "commands/matcher.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

using namespace posthorn;
using namespace posthorn::commands;
using posthorn::fuzz::require;

namespace {

command asking(std::string name, std::vector<word> words, std::vector<argument> takes,
               asker who = asker::anyone) {
    command c;
    c.name = std::move(name);
    c.words = std::move(words);
    c.takes = std::move(takes);
    c.who = who;
    return c;
}

const matcher& all() {
    using enum argument_kind;
    static const matcher made([] {
        std::vector<command> c;
        c.push_back(asking(
            "balance", {{"余额", "zh-CN"}, {"查余额", "zh-CN"}, {"YE", "zh-CN"}, {"BALANCE", "en"}},
            {{"account", account, false}}));
        c.push_back(asking("bill", {{"电费", "zh-CN"}, {"DF", "zh-CN"}},
                           {{"account", account, false}, {"month", month, false}}));
        c.push_back(asking("bind", {{"BD", "zh-CN"}}, {{"account", account}, {"code", code}}));
        c.push_back(asking("sales", {{"XS", "zh-CN"}}, {{"from", date, false}, {"to", date, false}},
                           asker::staff));
        c.push_back(asking("pay", {{"PAY", "en"}},
                           {{"amount", amount}, {"pin", pin}, {"times", integer, false}}));
        c.push_back(asking("track", {{"CJ", "zh-CN"}}, {{"document", document}}));
        c.push_back(
            asking("call", {{"CALL ME", "en"}}, {{"phone", number}, {"what", text, false}}));
        c.push_back(asking("work", {{"BZ", "zh-CN"}},
                           {{"place", piece}, {"begin", time}, {"end", time, false}},
                           asker::staff));
        c.push_back(asking("help", {{"?", "en"}}, {}));
        return c;
    }());
    return made;
}

bool digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool day_in_iso(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           digits(text.substr(0, 4), 4, 4) && digits(text.substr(5, 2), 2, 2) &&
           digits(text.substr(8), 2, 2);
}

bool time_in_iso(std::string_view text) {
    return text.size() == 16 && day_in_iso(text.substr(0, 10)) && text[10] == 'T' &&
           digits(text.substr(11, 2), 2, 2) && text[13] == ':' && digits(text.substr(14), 2, 2);
}

bool well_formed(argument_kind kind, std::string_view value) {
    switch (kind) {
    case argument_kind::account:
        return digits(value, 6, 20);
    case argument_kind::month:
        return day_in_iso(value) && value.ends_with("-01");
    case argument_kind::date:
        return day_in_iso(value);
    case argument_kind::time:
        return time_in_iso(value);
    case argument_kind::amount: {
        const auto point = std::min(value.find('.'), value.size());
        return digits(value.substr(0, point), 1, 15) &&
               (point == value.size() || digits(value.substr(point + 1), 1, 3));
    }
    case argument_kind::integer:
        return digits(value, 1, 15);
    case argument_kind::pin:
        return digits(value, 4, 8);
    case argument_kind::code:
        return digits(value, 6, 6);
    case argument_kind::number:
        return digits(value.substr(value.starts_with('+') ? 1 : 0), 5, 20);
    case argument_kind::document:
        return value.size() >= 4 && value.size() <= 32 && std::ranges::all_of(value, [](char c) {
                   return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
               });
    case argument_kind::area:
    case argument_kind::piece:
    case argument_kind::text:
        return !value.empty() && !encoding::check_utf8(value) &&
               encoding::count_chars(value) <= 100 && std::ranges::none_of(value, [](char c) {
                   return std::iscntrl(static_cast<unsigned char>(c)) != 0 &&
                          static_cast<unsigned char>(c) < 0x80;
               });
    }
    return false;
}

struct checker {
    void operator()(const matched& m) const {
        for (const auto& a : m.asked->takes) {
            const auto* value = m.arguments.if_contains(a.name);
            require(value != nullptr || !a.required, "a question has what it must have");
            require(value == nullptr || well_formed(a.kind, value->as_string()),
                    "an argument is in its one spelling");
        }
        require(m.arguments.size() <= m.asked->takes.size(), "a question has no other arguments");
        require(!m.language.empty(), "a word has a language");
    }
    void operator()(const misused& m) const {
        require((m.wrong == misuse::too_many) == m.argument.empty(), "what is wrong has its name");
    }
    void operator()(const near_miss& m) const {
        require(!m.suggested.empty() && m.suggested.size() <= 3, "few are suggested");
        for (const auto* c : m.suggested)
            require(c->who != asker::staff, "what is of the staff is not given away");
    }
    void operator()(const unknown&) const {}
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace std::chrono;
    auto text = fuzz::octets_of(data, size);
    const auto days_on = fuzz::take_octet(text) * 256 + fuzz::take_octet(text);
    const year_month_day today = sys_days(2000y / 1 / 1) + days(days_on % 36'500);
    const auto result = all().match(text, today);
    std::visit(checker(), result);
    require(!encoding::check_utf8(shown(result)), "what is shown is UTF-8");
    require(shown(all().match(" " + std::string(text) + "\n", today)) == shown(result),
            "spaces around a text do not count");
    all().named(text);
    return 0;
}
