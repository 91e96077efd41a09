#include "accounts/option_values.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace posthorn::accounts {

namespace {

using kind = sdk::option::kind;

std::int64_t upper(const sdk::option& o) {
    return o.most == 0 ? std::numeric_limits<std::int64_t>::max() : o.most;
}

settings::duration_range span_of(const sdk::option& o) {
    settings::duration_range range;
    range.least = std::chrono::milliseconds(o.least);
    if (o.most != 0)
        range.most = std::chrono::milliseconds(o.most);
    return range;
}

std::string read_choice(const sdk::option& o, settings::reader& from) {
    auto text = from.text(o.name);
    const auto known = choices_of(o);
    if (text.empty() || std::find(known.begin(), known.end(), text) != known.end())
        return text;
    std::string all;
    for (const auto& one : known)
        all += (all.empty() ? "" : ", ") + std::string(one);
    from.fail(o.name,
              "must be one of " + all + ", is " + text + settings::did_you_mean(text, known));
    return {};
}

// A table's fallback is written as in a file, so it is read as one.
settings::document fallback_document(const sdk::option& o) {
    return settings::document::parse(std::string(o.name) + ": " + std::string(o.fallback) + "\n",
                                     "plugin");
}

bool may_be_empty(const sdk::option& o) {
    return o.what == kind::text || o.what == kind::secret || o.what == kind::map;
}

std::string checked(const sdk::option& o, settings::reader& from, std::string text) {
    if (auto wrong = o.check && !text.empty() ? o.check(o.name, text) : std::string();
        !wrong.empty())
        from.fail(o.name, std::move(wrong));
    return text;
}

std::vector<std::pair<std::string, std::string>> read_map(const sdk::option& o,
                                                          settings::reader from) {
    std::vector<std::pair<std::string, std::string>> entries;
    auto map = from.map(o.name);
    for (const auto& key : map.keys()) {
        auto text = map.text(key);
        if (text.empty())
            continue; // told already
        if (auto wrong = o.check ? o.check(key, text) : std::string(); !wrong.empty())
            map.fail(key, std::move(wrong));
        entries.emplace_back(key, std::move(text));
    }
    return entries;
}

} // namespace

std::vector<std::string_view> choices_of(const sdk::option& o) {
    std::vector<std::string_view> all;
    for (auto rest = o.choices; !rest.empty();) {
        const auto end = std::min(rest.find('|'), rest.size());
        all.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return all;
}

sdk::options::value read_value(const sdk::option& o, settings::reader from) {
    sdk::options::value v;
    switch (o.what) {
    case kind::text:
        v.text = checked(o, from, from.text(o.name));
        break;
    case kind::secret:
        v.text = checked(o, from, from.secret(o.name));
        break;
    case kind::choice:
        v.text = read_choice(o, from);
        break;
    case kind::integer:
        v.number = from.integer(o.name, {o.least, upper(o)});
        break;
    case kind::interval:
        v.number = from.duration(o.name, span_of(o)).count();
        break;
    case kind::flag:
        v.number = from.flag(o.name) ? 1 : 0;
        break;
    case kind::map:
        v.entries = read_map(o, from);
        break;
    }
    return v;
}

sdk::options::value fallback_value(const sdk::option& o) {
    if (may_be_empty(o))
        return {std::string(o.fallback), 0};
    auto document = fallback_document(o);
    return read_value(o, document.root());
}

std::string wrong_option(std::span<const sdk::option> table) {
    std::set<std::string_view> seen;
    for (const auto& o : table) {
        const std::string name(o.name);
        if (name.empty())
            return "one without a name";
        if (!seen.insert(o.name).second)
            return name + ": declared twice";
        if (o.help.empty())
            return name + ": no help";
        if (o.what == kind::choice && choices_of(o).empty())
            return name + ": no choices";
        if (o.required && !o.fallback.empty())
            return name + ": required, but has a fallback";
        if (o.what == kind::map && !o.fallback.empty())
            return name + ": a map has no fallback";
        if (o.required || may_be_empty(o))
            continue;
        auto document = fallback_document(o);
        read_value(o, document.root());
        if (const auto problems = document.finish(); !problems.empty())
            return name + ": bad fallback: " + problems.front().what;
    }
    return {};
}

} // namespace posthorn::accounts
