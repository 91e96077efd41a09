#include "gateway/differences.hpp"

#include "settings/key_table.hpp"

#include <set>

namespace posthorn::gateway {

namespace {

std::string value_of(const configuration& c, const std::string& key) {
    if (const auto found = c.written.find(key); found != c.written.end())
        return found->second;
    const auto* known = settings::daemon_key(key);
    return known ? std::string(known->fallback) : std::string();
}

// Sources have lines of their own.
void compare_settings(const configuration& before, const configuration& after, differences& out) {
    std::set<std::string> keys;
    for (const auto* c : {&before, &after})
        for (const auto& [key, value] : c->written)
            keys.insert(key);
    keys.erase("sources");
    for (const auto& key : keys) {
        const auto old = value_of(before, key);
        const auto now = value_of(after, key);
        if (old == now)
            continue;
        const auto* known = settings::daemon_key(key);
        const bool restart = !known || known->when == settings::takes_effect::on_restart;
        out.lines.push_back("setting " + key + ": " + old + " -> " + now +
                            (restart ? " (needs a restart)" : ""));
        if (restart)
            out.restart.push_back(key);
    }
}

// Calls added, removed or changed for the items of two lists that are sorted by name.
template <class List, class Name, class Same>
void compare_lists(const char* kind, const List& before, const List& after, Name name, Same same,
                   differences& out, std::vector<std::string>* removed) {
    auto old = before.begin();
    auto now = after.begin();
    const auto line = [&](const std::string& what, const std::string& how) {
        out.lines.push_back(std::string(kind) + " " + what + ": " + how);
    };
    while (old != before.end() || now != after.end()) {
        if (now == after.end() || (old != before.end() && name(*old) < name(*now))) {
            line(name(*old), "removed");
            if (removed)
                removed->push_back(name(*old));
            ++old;
        } else if (old == before.end() || name(*now) < name(*old)) {
            line(name(*now), "added");
            ++now;
        } else {
            if (const auto how = same(*old, *now); !how.empty())
                line(name(*now), how);
            ++old;
            ++now;
        }
    }
}

void compare_files(const char* kind, const file_contents& before, const file_contents& after,
                   differences& out, std::vector<std::string>* removed) {
    compare_lists(
        kind, before, after, [](const auto& file) { return file.first; },
        [](const auto& a, const auto& b) {
            return std::string(a.second == b.second ? "" : "changed");
        },
        out, removed);
}

// Who has begun to answer texts does so until the next start.
void compare_books(const configuration& before, const configuration& after, differences& out) {
    compare_files("command", before.command_files, after.command_files, out, nullptr);
    compare_files("lookup", before.lookup_files, after.lookup_files, out, nullptr);
    if (before.book && !after.book)
        out.restart.emplace_back("taking the folder of the commands away (texts are answered)");
    else if (before.phrases_file != after.phrases_file)
        out.lines.emplace_back("phrases: changed");
}

// How an account differs; empty: it does not.
std::string change_of(const account& old, const account& now) {
    const auto& a = old.settings;
    const auto& b = now.settings;
    std::string keys;
    const auto note = [&](const char* key, bool differs) {
        if (differs)
            keys += (keys.empty() ? "" : ", ") + std::string(key);
    };
    note("adapter", a.adapter != b.adapter);
    note("options", !(old.options == now.options));
    note("delivery", a.delivery != b.delivery);
    note("allow", a.allow != b.allow);
    note("pool", a.pool != b.pool);
    note("carries", !(old.routed.carries == now.routed.carries));
    note("prices", !(old.routed.prices == now.routed.prices));
    note("weight", a.weight != b.weight);
    note("rate", a.rate != b.rate);
    note("extensions", a.extensions != b.extensions);
    note("takes_back", a.takes_back != b.takes_back);
    note("how texts leave", a.texts != b.texts);
    if (keys.empty())
        return {};
    return "changed (" + keys + "); its link " +
           (old.same_link(now) ? "stays" : "is closed after its last answer, and made again");
}

} // namespace

differences differences_between(const configuration& before, const configuration& after) {
    differences out;
    const auto by_name = [](const auto& item) { return item.name; };
    compare_settings(before, after, out);
    compare_lists(
        "source", before.catalogue->sources, after.catalogue->sources, by_name,
        [](const auto& a, const auto& b) { return std::string(a == b ? "" : "changed"); }, out,
        nullptr);
    compare_files("type", before.type_files, after.type_files, out, &out.removed_types);
    compare_books(before, after, out);
    compare_files("topic", before.topic_files, after.topic_files, out, nullptr);
    compare_files("timer", before.timer_files, after.timer_files, out, &out.removed_timers);
    compare_files("policy", before.policy_files, after.policy_files, out, nullptr);
    compare_files("routes", before.route_files, after.route_files, out, nullptr);
    const auto by_account = [](const auto& a) { return a.settings.name; };
    compare_lists("account", before.accounts, after.accounts, by_account, change_of, out,
                  &out.removed_accounts);
    compare_lists( // they may be tried
        "disabled account", before.disabled, after.disabled, by_account,
        [](const auto& a, const auto& b) {
            return std::string(change_of(a, b).empty() ? "" : "changed");
        },
        out, nullptr);
    for (const auto& [adapter, file] : after.plugin_files) {
        const auto loaded = before.plugin_files.find(adapter);
        if (loaded != before.plugin_files.end() && loaded->second != file)
            out.notes.push_back("plugin " + adapter +
                                ": its file was exchanged; a restart loads it, a reload does not");
    }
    return out;
}

} // namespace posthorn::gateway
