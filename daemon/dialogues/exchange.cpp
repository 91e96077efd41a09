#include "dialogues/exchange.hpp"

#include "encoding/plain_text.hpp"
#include "encoding/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace posthorn::dialogues {

namespace {

namespace json = boost::json;

std::string text_at(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v && v->is_string() ? std::string(v->as_string()) : std::string();
}

bool may_stand_around(char32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x3000 || c == 0xA0 ||
           c == '.' || c == 0x3002 || c == 0xFF0E || c == '#' || c == 0xFF03 || c == '"' ||
           c == 0x201C || c == 0x201D || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || c == 0x2060 || c == 0xFEFF;
}

} // namespace

std::string to_json(const exchange& e) {
    json::object out{{"command", e.command}, {"language", e.language}, {"arguments", e.arguments}};
    if (!e.choices.empty())
        out["choices"] = json::array(e.choices.begin(), e.choices.end());
    if (!e.account.empty())
        out["account"] = e.account;
    if (!e.hash.empty())
        out["hash"] = e.hash;
    if (e.inbound != 0)
        out["inbound"] = e.inbound;
    if (!e.words.empty())
        out["words"] = e.words;
    return json::serialize(out);
}

std::optional<exchange> read_exchange(std::string_view text) {
    json::error_code ec;
    const auto value = json::parse(text, ec);
    if (ec || !value.is_object())
        return std::nullopt;
    const auto& o = value.get_object();
    exchange e{.command = text_at(o, "command"),
               .language = text_at(o, "language"),
               .account = text_at(o, "account"),
               .hash = text_at(o, "hash"),
               .words = text_at(o, "words")};
    if (const auto* inbound = o.if_contains("inbound"); inbound && inbound->is_int64())
        e.inbound = inbound->get_int64();
    if (const auto* arguments = o.if_contains("arguments"); arguments && arguments->is_object())
        e.arguments = arguments->get_object();
    if (const auto* choices = o.if_contains("choices"); choices && choices->is_array())
        for (const auto& c : choices->get_array())
            if (c.is_string())
                e.choices.emplace_back(c.get_string());
    if (e.command.empty())
        return std::nullopt;
    return e;
}

std::optional<bool> agreement_in(std::string_view text) {
    constexpr std::string_view yes[] = {"Y",  "YES",  "OK",   "是",  "是的",
                                        "好", "好的", "确认", "同意"};
    constexpr std::string_view no[] = {"N", "NO", "CANCEL", "否", "不", "不是", "不要", "取消"};
    const auto word = encoding::plain_text(text);
    if (std::ranges::find(yes, word) != std::end(yes))
        return true;
    if (std::ranges::find(no, word) != std::end(no))
        return false;
    return std::nullopt;
}

std::optional<std::string> digits_in(asked what, std::string_view text) {
    if (what == asked::agree)
        return std::nullopt;
    std::string digits;
    bool over = false; // only what may stand around follows
    for (std::size_t at = 0; at < text.size();) {
        const auto c = encoding::read_char(text, at);
        if (c.octets == 0)
            return std::nullopt;
        at += c.octets;
        auto code = c.code;
        if (code >= 0xFF10 && code <= 0xFF19)
            code = code - 0xFF10 + '0';
        if (code >= '0' && code <= '9') {
            if (over || digits.size() == 8)
                return std::nullopt;
            digits += static_cast<char>(code);
        } else if (may_stand_around(code)) {
            over = !digits.empty();
        } else {
            return std::nullopt;
        }
    }
    const bool choice = what == asked::choose || what == asked::topic;
    const auto least = choice ? 1U : what == asked::pin ? 4U : 6U;
    const auto most = choice ? 2U : what == asked::pin ? 8U : 6U;
    if (digits.size() < least || digits.size() > most)
        return std::nullopt;
    return digits;
}

} // namespace posthorn::dialogues
