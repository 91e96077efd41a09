#include "people/row.hpp"

#include "model/address.hpp"
#include "model/blank.hpp"
#include "model/hours_text.hpp"
#include "templates/zone.hpp"

#include <algorithm>

namespace posthorn::people {

namespace {

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Why this cannot be a language's tag (zh-CN); empty when it can.
std::string language_mistake(std::string_view tag) {
    const bool fine = tag.size() >= 2 && tag.size() <= 35 && tag.front() != '-' &&
                      std::ranges::all_of(tag, [](char c) { return alphanumeric(c) || c == '-'; });
    return fine ? "" : "is no language tag like zh-CN or en";
}

std::string zone_mistake(std::string_view name) {
    if (templates::is_zone_name(name))
        return {};
    const auto near = templates::nearest_zone(name);
    return "is no time zone like Asia/Shanghai" +
           (near.empty() ? "" : " (did you mean '" + near + "'?)");
}

std::string mistake_in(column c, const std::string& text) {
    constexpr std::size_t longest_name = 200, longest_word = 64;
    if (text.empty())
        return {};
    if (c == column::language)
        return language_mistake(text);
    if (c == column::email)
        return {}; // see to_email
    if (c == column::channel)
        return value_named<channel>(channel_names, text) ? "" : "is neither sms nor email";
    if (c == column::zone)
        return zone_mistake(text);
    if (c == column::hours)
        return hours_from(text) ? "" : "are no hours like 09:00-20:00";
    if (c == column::vulnerable)
        return text == "yes" || text == "no" ? "" : "is neither yes nor no";
    return text_mistake(text, c == column::name ? longest_name : longest_word);
}

std::optional<std::string> said(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

} // namespace

std::string text_mistake(std::string_view text, std::size_t longest) {
    if (text.size() > longest)
        return "has more than " + std::to_string(longest) + " octets";
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    return std::ranges::any_of(text, control) ? "has a control character" : "";
}

result<std::string> account_in(std::string_view written) {
    constexpr std::size_t longest = 64;
    const auto text = trimmed(written);
    const auto fits = [](char c) {
        return alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
    };
    if (text.empty() || text.size() > longest || !std::ranges::all_of(text, fits))
        return refuse("an account is made of letters, digits, '-', '_', '.' and '/', at most 64");
    return std::string(text);
}

result<row> checked(row_texts texts, const std::vector<country>& countries) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        texts[i] = std::string(trimmed(texts[i]));
        if (const auto why = mistake_in(static_cast<column>(i), texts[i]); !why.empty())
            return refuse(std::string(column_names[i]) + ": " + why);
    }
    auto& number = texts[static_cast<std::size_t>(column::number)];
    auto& account = texts[static_cast<std::size_t>(column::account)];
    auto& email = texts[static_cast<std::size_t>(column::email)];
    if (number.empty() && account.empty())
        return refuse("has neither a number nor an account");
    for (const auto of_number :
         {column::role, column::email, column::channel, column::zone, column::hours})
        if (number.empty() && !texts[static_cast<std::size_t>(of_number)].empty())
            return refuse(std::string(column_names[static_cast<std::size_t>(of_number)]) +
                          ": is that of a number, and there is none");
    for (const auto of_account : {column::customer, column::vulnerable})
        if (account.empty() && !texts[static_cast<std::size_t>(of_account)].empty())
            return refuse(std::string(column_names[static_cast<std::size_t>(of_account)]) +
                          ": is that of an account, and there is none");
    if ((number.empty() || account.empty()) &&
        !texts[static_cast<std::size_t>(column::contact)].empty())
        return refuse("contact: is that of a number for an account, and one of them is missing");
    if (!number.empty()) {
        auto e164 = to_e164(number, countries);
        if (!e164)
            return refuse("number: " + e164.error().reason);
        number = std::move(*e164);
    }
    if (!email.empty()) {
        auto address = to_email(email);
        if (!address)
            return refuse("email: " + address.error().reason);
        email = std::move(*address);
    }
    if (auto& hours = texts[static_cast<std::size_t>(column::hours)]; !hours.empty())
        hours = shown(*hours_from(hours));
    if (!account.empty()) {
        auto plain = account_in(account);
        if (!plain)
            return refuse("account: " + plain.error().reason);
        account = std::move(*plain);
    }
    return row{std::move(texts)};
}

std::vector<store::op> operations_of(const row& r, const std::string& who,
                                     const std::string& reason, instant at) {
    const auto &number = r.at(column::number), &account = r.at(column::account);
    const auto name = said(r.at(column::name)), tier = said(r.at(column::tier)),
               area = said(r.at(column::area)), language = said(r.at(column::language)),
               role = said(r.at(column::role)), customer = said(r.at(column::customer)),
               contact = said(r.at(column::contact)), email = said(r.at(column::email)),
               by = said(r.at(column::channel)), zone = said(r.at(column::zone)),
               hours = said(r.at(column::hours));
    const auto& vulnerable = r.at(column::vulnerable);
    std::vector<store::op> out;
    if (const auto& group = r.at(column::group); !group.empty())
        out.emplace_back(store::put_member{.group = group,
                                           .number = account.empty() ? number : std::string(),
                                           .account = account});
    store::put_person person{.number = number,
                             .name = {},
                             .role = role,
                             .tier = {},
                             .area = {},
                             .language = {},
                             .email = email,
                             .channel = by,
                             .zone = zone,
                             .hours = hours,
                             .at = at};
    if (account.empty()) {
        person.name = name;
        person.tier = tier;
        person.area = area;
        person.language = language;
    }
    if (account.empty() || role || email || by || zone || hours)
        out.emplace_back(std::move(person));
    if (account.empty())
        return out;
    out.emplace_back(store::put_customer_account{
        .account = account,
        .name = name,
        .area = area,
        .tier = tier,
        .language = language,
        .customer = customer,
        .vulnerable = vulnerable.empty() ? std::nullopt : std::optional(vulnerable == "yes"),
        .at = at});
    if (!number.empty())
        out.emplace_back(store::bind{.number = number,
                                     .account = account,
                                     .how = store::binding_way::import,
                                     .who = who,
                                     .reason = reason,
                                     .at = at,
                                     .contact = contact});
    return out;
}

void row_counts::count(const store::op& done, const store::outcome& outcome) {
    const bool applied = outcome.what == store::outcome::code::applied;
    if (std::holds_alternative<store::bind>(done))
        ++(applied ? bound : bound_before);
    else if (std::holds_alternative<store::put_person>(done) ||
             std::holds_alternative<store::put_customer_account>(done))
        ++(outcome.added ? added : applied ? changed : unchanged);
}

} // namespace posthorn::people
