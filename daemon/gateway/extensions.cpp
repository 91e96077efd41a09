#include "gateway/extensions.hpp"

#include "model/digits.hpp"

#include <algorithm>

namespace posthorn::gateway {

namespace {

constexpr std::size_t longest_sender =
    20; // source_addr of SMPP; other carriers take as many or more

bool is_digits(std::string_view text) { return !text.empty() && all_digits(text); }

// As phones text it.
std::string plain_sender(const account& a) {
    if (!a.declares("sender"))
        return {};
    auto sender = a.options.text("sender");
    return sender.starts_with('+') ? sender.substr(1) : sender;
}

// Digits that may follow a sender, whose they are, and where that is said.
struct extension {
    std::string digits;
    std::string called;    // "source crm"
    answers::owner source; // none: questions, or a topic
    std::string topic;
    settings::reader map;
    std::string key;

    void fail(const std::string& what) {
        map.fail(key, (topic.empty() ? "" : "extension of " + called + ": ") + what);
    }
};

std::vector<extension> extensions_in(const configuration& c, settings::reader root) {
    std::vector<extension> all;
    auto sources = root.optional_map("sources");
    for (const auto& s : c.settings.sources)
        if (!s.extension.empty())
            all.push_back({s.extension,
                           "source " + s.name,
                           {s.name, s.acknowledge},
                           {},
                           sources.map(s.name),
                           "extension"});
    for (const auto& t : c.topics->topics())
        if (!t.extension.empty())
            all.push_back({t.extension, "topic " + t.name, {}, t.name, root, "topics_dir"});
    auto inbound = root.optional_map("inbound");
    for (const auto& digits : c.settings.inbound.question_extensions)
        all.push_back({digits, "questions", {}, {}, inbound, "question_extensions"});
    return all;
}

// Why it cannot stand beside those before it; empty: it can.
std::string trouble_with(const extension& e, const std::vector<extension>& before) {
    if (!is_digits(e.digits))
        return "must be digits, is '" + e.digits + "'";
    for (const auto& other : before)
        if (other.digits == e.digits)
            return e.digits + " is the extension of " + other.called + " too";
        else if (other.digits.starts_with(e.digits) || e.digits.starts_with(other.digits))
            return e.digits + " and " + other.digits + " of " + other.called +
                   " begin alike: none may be the beginning of another";
    return {};
}

// None is the beginning of another; what is, is told and left out.
std::vector<extension> apart(std::vector<extension> all) {
    std::vector<extension> good;
    for (auto& e : all)
        if (const auto why = trouble_with(e, good); why.empty())
            good.push_back(std::move(e));
        else
            e.fail(why);
    return good;
}

// What the sender of this account and these digits make.
void add_number(const configuration& c, const account& a, extension& e,
                answers::destinations& ours) {
    const auto sender = plain_sender(a);
    const auto number = sender + e.digits;
    const auto which = "with the sender " + sender + " of account " + a.settings.name + " and " +
                       e.digits + " of " + e.called;
    if (number.size() > longest_sender)
        return e.fail(which + " it has " + std::to_string(number.size()) +
                      " digits, a carrier takes at most " + std::to_string(longest_sender) +
                      ": shorten it");
    for (const auto& other : c.accounts)
        if (plain_sender(other) == number)
            return e.fail(which + " it is " + number + ", the sender of account " +
                          other.settings.name);
    const bool ours_alone = !e.topic.empty()          ? ours.name_topic(number, e.topic)
                            : e.source.source.empty() ? ours.ask_from(sender, number)
                                                      : ours.give(number, false, e.source);
    if (!ours_alone)
        e.fail(which + " it is " + number + ", which is somebody else's already");
}

void add_destinations(const configuration& c, settings::reader inbound,
                      answers::destinations& ours) {
    const auto known = c.settings.sources;
    std::vector<std::string_view> names;
    for (const auto& s : known)
        names.push_back(s.name);
    auto maps = inbound.maps("destinations");
    for (std::size_t i = 0; i < maps.size(); ++i) {
        const auto& d = c.settings.inbound.destinations[i];
        const auto source = std::ranges::find(known, d.source, &settings::source_settings::name);
        if (source == known.end()) {
            if (!d.source.empty()) // else told already
                maps[i].fail("source", "no source is named '" + d.source + "'" +
                                           settings::did_you_mean(d.source, names));
            continue;
        }
        if (!ours.give(d.number, d.begins,
                       {d.source, d.acknowledge.empty() ? source->acknowledge : d.acknowledge}))
            maps[i].fail("number", d.number + " is somebody else's already");
    }
}

} // namespace

answers::destinations read_destinations(const configuration& c, settings::reader root) {
    answers::destinations ours;
    auto all = apart(extensions_in(c, root));
    for (const auto& a : c.accounts)
        if (a.settings.extensions && is_digits(plain_sender(a)))
            for (auto& e : all)
                add_number(c, a, e, ours);
    add_destinations(c, root.optional_map("inbound"), ours);
    return ours;
}

void check_sender(const account& a, settings::reader root) {
    if (a.settings.extensions && !is_digits(plain_sender(a)))
        root.fail("extensions", "needs a sender of digits that they can follow (options: sender)");
}

} // namespace posthorn::gateway
