// What a provider has approved of its client, where it takes no free text; and what a phone shows of it.
//
//     --template 'SMS_1=您${month}月电费为${amount}元。' --sign-name 明湖供电
//     month=11 amount=86.50     →     【明湖供电】您11月电费为86.50元。
#pragma once

#include "sdk/fields.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace posthorn::simulator::http {

struct approved {
    std::string sign_name;                                     // empty: any will do
    std::map<std::string, std::string, std::less<>> templates; // by id; none: any will do

    bool signs(std::string_view name) const { return sign_name.empty() || name == sign_name; }
    bool has(std::string_view id) const { return templates.empty() || templates.contains(id); }
    /// Nothing where a gap is not filled. `opens`: how a gap begins, "${" or "{"; it ends with "}".
    /// Of a template that nobody told: its id, and what would stand in its gaps.
    std::optional<std::string> shown(std::string_view name, std::string_view id,
                                     std::string_view opens,
                                     const sdk::field_list& parameters) const;
};

/// `example`: of --template.
void add_approved(CLI::App& app, approved& a, const std::string& example);

} // namespace posthorn::simulator::http
