#include "intake/preparer.hpp"

#include "encoding/parts.hpp"
#include "encoding/utf8.hpp"
#include "expansion/recipient_data.hpp"
#include "intake/canonical.hpp"
#include "model/address.hpp"
#include "model/blank.hpp"
#include "model/letter.hpp"
#include "store/reader.hpp"
#include "templates/recipient_fields.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace posthorn::intake {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_key = 255;
constexpr std::size_t longest_data = 64 << 10;
constexpr std::size_t longest_shown = 60;

// A value of the source inside a reason: short, one line, UTF-8 whatever it was.
std::string shown(std::string_view written) {
    std::string out = "'";
    for (std::size_t at = 0; at < written.size();) {
        if (out.size() > longest_shown) {
            out += "...";
            break;
        }
        const auto c = encoding::read_char(written, at);
        if (c.octets == 0 || c.code < 0x20 || c.code == 0x7F)
            out += '?';
        else
            out += written.substr(at, c.octets);
        at += std::max(1U, c.octets);
    }
    return out + "'";
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

template <class List, class Name>
std::string joined(const List& list, Name name) {
    std::string out;
    for (const auto& item : list)
        out += (out.empty() ? "" : ", ") + std::string(name(item));
    return out;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& known) {
    return settings::did_you_mean(wanted, known);
}

// Seconds, milliseconds and nanoseconds are the usual mistakes, and would expire or never begin.
std::optional<std::string> trouble_with(const char* name, instant t) {
    constexpr std::int64_t year_1973 = 100'000'000'000'000;
    constexpr std::int64_t year_5138 = 100'000'000'000'000'000;
    const auto us = to_micros(t);
    if (us == 0 || (us >= year_1973 && us < year_5138))
        return std::nullopt;
    if (t == store::unreadable_time)
        return std::string(name) + ": was not microseconds: insert the event again under a new key";
    return std::string(name) + ": " + std::to_string(us) +
           " is no sensible number of microseconds since 1970" +
           (us > 0 && us < year_1973 ? " (are they seconds or milliseconds?)" : "");
}

struct parsed {
    json::value value;
    std::string problem;
};

parsed read_json(std::string_view text, json::storage_ptr memory) {
    std::array<unsigned char, 1024> scratch; // NOLINT: filled by the parser
    json::parser parser({}, {}, scratch.data(), scratch.size());
    parser.reset(std::move(memory));
    json::error_code ec;
    const auto read = parser.write_some(text.data(), text.size(), ec);
    if (!ec && read == text.size())
        return {parser.release(), {}};
    const auto at = std::min(read, text.size());
    return {{},
            "data: not JSON at character " +
                std::to_string(encoding::count_chars(text.substr(0, at)) + 1) + " (" +
                (ec ? ec.message() : "something follows the object") + ")" +
                (at < text.size() ? ", near " + shown(text.substr(at, 20)) : "")};
}

} // namespace

// One row on its way through prepare().
struct preparer::draft {
    prepared out;
    const templates::event_type* type = nullptr;
    const json::object* data = nullptr; // null when it cannot be used
    bool to_topic = false;              // it has no message of its own
    channel by = channel::sms;          // of that message

    void refuse(std::string why) {
        if (!out.parked.empty())
            out.parked += "; ";
        out.parked += why;
    }
    void check_key();
    void check_words();
    void check_times();
    void read_data(const parsed& read);
    void note_whose();
    void note_account();
    void find_household();
    void schedule(instant now);
};

void preparer::draft::check_key() {
    const auto& key = out.event.key;
    if (key.empty())
        refuse("key: is empty: give each event a name of its own, e.g. the number of the bill");
    else if (key.size() > longest_key)
        refuse("key: has " + std::to_string(key.size()) + " octets, at most " +
               std::to_string(longest_key) + ": " + shown(key));
    else if (std::ranges::any_of(key, is_control))
        refuse("key: has a control character: " + shown(key));
}

void preparer::draft::check_words() {
    const auto& e = out.event;
    const std::array<std::pair<const char*, const std::string*>, 5> texts{{{"type", &e.type},
                                                                           {"key", &e.key},
                                                                           {"run", &e.run},
                                                                           {"subject", &e.subject},
                                                                           {"to_ref", &e.to_ref}}};
    for (const auto& [name, text] : texts)
        if (encoding::check_utf8(*text))
            refuse(std::string(name) + ": is not UTF-8: " + shown(*text));
}

void preparer::draft::check_times() {
    const auto& e = out.event;
    for (const auto& [name, t] :
         {std::pair{"occurred_at", e.occurred_at}, std::pair{"not_before", e.not_before},
          std::pair{"expires_at", e.expires_at}})
        if (auto trouble = trouble_with(name, t))
            refuse(std::move(*trouble));
    if (to_micros(e.expires_at) > 0 && e.expires_at <= e.not_before)
        refuse("expires_at: is not later than not_before, so it could never be sent");
}

void preparer::draft::read_data(const parsed& read) {
    if (!read.problem.empty())
        refuse(read.problem);
    else if (out.event.data.size() > longest_data)
        refuse("data: has " + std::to_string(out.event.data.size()) + " octets, at most " +
               std::to_string(longest_data));
    else if (!read.value.is_object())
        refuse("data: is not a JSON object but " + std::string(json::to_string(read.value.kind())));
    else
        data = &read.value.get_object();
    out.event.content_hash =
        content_hash_of(out.event, data != nullptr ? canonical(*data) : out.event.data);
}

void preparer::draft::note_account() {
    const auto* account = data->if_contains("account");
    if (account != nullptr && account->is_string())
        out.spared_account = std::string(account->get_string());
}

void preparer::draft::schedule(instant now) {
    auto& m = out.message;
    m.due_at = std::max(out.event.not_before, now);
    m.expires_at = m.due_at + type->validity;
    if (to_micros(out.event.expires_at) != 0)
        m.expires_at = std::min(m.expires_at, out.event.expires_at);
}

preparer::preparer(std::shared_ptr<const catalogue> known, unsigned reference,
                   std::filesystem::path whom)
    : known_(std::move(known)),
      addresses_(known_->letters ? known_->people : std::filesystem::path()),
      reference_(reference) {
    if (!whom.empty())
        audiences_.emplace(std::move(whom));
}

void preparer::check_type(draft& d) const {
    const auto& e = d.out.event;
    d.type = known_->type_named(e.type);
    if (d.type == nullptr) {
        std::vector<std::string_view> names;
        for (const auto& t : known_->types)
            names.push_back(t.name);
        d.refuse("type: " + shown(e.type) + " is unknown" + did_you_mean(e.type, names));
        return;
    }
    const auto* source = known_->source_named(e.source);
    if (source == nullptr) {
        d.refuse("source: '" + e.source + "' may not send: posthorn.yaml does not name it");
    } else if (!source->every_type && !std::ranges::binary_search(source->types, e.type)) {
        const auto allowed = joined(source->types, [](const auto& name) { return name; });
        d.refuse("type: source '" + e.source + "' may not use '" + e.type +
                 "', only: " + (allowed.empty() ? "nothing" : allowed));
    }
}

void preparer::check_recipient(draft& d) const {
    const auto& e = d.out.event;
    const auto kind = value_named<to_kind>(to_kind_names, e.to_kind);
    if (!kind) {
        d.refuse("to_kind: " + shown(e.to_kind) + " is unknown" +
                 settings::did_you_mean(e.to_kind, to_kind_names));
        return;
    }
    if (d.type != nullptr && !d.type->accepts(*kind)) {
        d.refuse("to_kind: type '" + e.type + "' does not take '" + e.to_kind +
                 "', only: " + joined(d.type->whom, [](to_kind k) { return name_of(k); }));
        return;
    }
    d.to_topic = *kind == to_kind::topic;
    if (d.to_topic) // the house knows which there are
        return;
    d.by = *kind == to_kind::email ? channel::email : channel::sms;
    d.out.for_many = is_for_many(*kind);
    if (d.out.for_many) {
        if (is_blank(e.to_ref))
            d.refuse("to_ref: is empty: say which " + std::string(name_of(*kind)));
        else if (e.to_ref.size() > longest_key || std::ranges::any_of(e.to_ref, is_control))
            d.refuse("to_ref: is no name of a " + std::string(name_of(*kind)) + ": " +
                     shown(e.to_ref));
        return;
    }
    auto recipient =
        *kind == to_kind::email ? to_email(e.to_ref) : to_e164(e.to_ref, known_->countries);
    if (recipient)
        d.out.message.recipient = std::move(*recipient);
    else
        d.refuse("to_ref: " + recipient.error().reason);
}

void preparer::check_data(draft& d) const {
    if (const auto why = templates::validate(*d.type, *d.data))
        d.refuse("data: " + *why);
}

// Most accounts have one number. Who has it told at once spares the event its expansion. Whatever
// stands in the way is for that to say.
void preparer::write_for_many(draft& d, instant now) {
    if (d.out.parked.empty() && d.out.event.not_before <= now && write_for_one(d))
        d.out.for_many = false;
    else
        check_for_many(d);
}

bool preparer::write_for_one(draft& d) {
    const auto who = only_recipient(d);
    if (!who)
        return false;
    auto whole = expansion::data_for(*d.type, *d.data, *who);
    const auto* own = std::exchange(d.data, &whole);
    auto& m = d.out.message;
    m.recipient = who->number;
    if (!write_preferred_letter(d))
        write(d, channel::sms);
    d.data = own;
    if (d.out.later)
        return true;
    if (!std::exchange(d.out.parked, {}).empty()) {
        m = {};
        return false;
    }
    m.household = expansion::household_of(*d.type, *who);
    if (d.type->vulnerable == templates::to_vulnerable::never)
        d.out.spared_account = who->account;
    return true;
}

// Nothing: there is none, or more, or it cannot be said now.
std::optional<store::recipient> preparer::only_recipient(const draft& d) {
    const auto& e = d.out.event;
    const auto kind = value_named<to_kind>(to_kind_names, e.to_kind);
    const bool may_be_one = kind == to_kind::account || kind == to_kind::customer;
    if (!may_be_one || !audiences_ || d.type->only_told || !d.type->goes_by(channel::sms))
        return std::nullopt;
    try {
        return audiences_->only_one({.kind = *kind,
                                     .ref = e.to_ref,
                                     .contacts = d.type->contacts,
                                     .roles = d.type->roles,
                                     .once = d.type->once});
    } catch (const store::read_failed&) { // the expansion reads again, and says so
        return std::nullopt;
    }
}

// As it will be for a recipient of whom everything is known; the text itself is not kept.
void preparer::check_for_many(draft& d) {
    json::object whole = templates::completed(*d.type, *d.data, d.type->sample);
    const auto* own = std::exchange(d.data, &whole);
    for (const auto by : d.type->channels)
        write(d, by);
    d.out.message.parts.clear();
    d.out.message.text.clear();
    d.data = own;
}

void preparer::write(draft& d, channel by) {
    const auto* wanted = d.data->if_contains("language");
    const bool named = wanted != nullptr && wanted->is_string();
    const auto language =
        named ? std::string_view(wanted->get_string()) : std::string_view(d.type->default_language);
    if (by == channel::email)
        write_letter(d, language);
    else
        write_text(d, language);
}

// Of one part: a letter is not cut.
void preparer::write_letter(draft& d, std::string_view language) {
    auto& m = d.out.message;
    auto written = renderer_.render_letter(*d.type, d.type->emails, language, *d.data);
    if (!written)
        return d.refuse("data: e-mail: " + written.error().reason);
    m.text = posthorn::write_letter(written->text);
    m.language = written->language;
    m.wording = d.type->version;
    m.coding = coding::email;
    m.parts = {part{.n = 1, .state = part_state::queued, .attempts = 0, .octets = m.text}};
}

void preparer::write_text(draft& d, std::string_view language) {
    auto& m = d.out.message;
    auto written = renderer_.render(*d.type, language, *d.data);
    if (!written)
        return d.refuse("data: " + written.error().reason);
    m.text = std::move(written->text);
    m.language = written->language;
    m.wording = d.type->version;
    auto cut = encoding::split(m.text, {.reference_bits = 8,
                                        .reference = reference_ & 0xFF,
                                        .max_parts = known_->max_parts,
                                        .national = {}});
    if (!cut)
        return d.refuse("text: " + cut.error());
    if (cut->udh)
        ++reference_;
    m.coding = cut->code;
    m.parts.clear();
    m.parts.reserve(cut->parts.size());
    for (auto& octets : cut->parts)
        m.parts.push_back({.n = static_cast<std::uint8_t>(m.parts.size() + 1),
                           .state = part_state::queued,
                           .attempts = 0,
                           .octets = std::move(octets)});
}

// The person's choice where the type leaves one. Where there can be no letter, a text is better than
// nothing; where the choice cannot be read, nobody knows that it would be.
bool preparer::write_preferred_letter(draft& d) {
    auto& m = d.out.message;
    if (d.by != channel::sms || !d.type->goes_by(channel::email) || !d.out.parked.empty())
        return false;
    std::string address;
    try {
        address = addresses_.of(m.recipient);
    } catch (const store::read_failed& e) {
        d.out.later = true;
        d.refuse("whether it is to go by e-mail cannot be read: " + std::string(e.what()));
        return true;
    }
    if (address.empty())
        return false;
    write(d, channel::email);
    if (!std::exchange(d.out.parked, {}).empty())
        return false;
    m.phone = std::exchange(m.recipient, std::move(address));
    return true;
}

prepared preparer::prepare(store::outbox_row row, instant now) {
    draft d;
    d.out.event = std::move(row.event);
    auto& e = d.out.event;
    if (to_micros(e.received_at) == 0)
        e.received_at = now;
    if (!row.problem.empty())
        d.refuse(std::move(row.problem));
    else
        d.check_times();
    d.check_key();
    d.check_words();
    check_type(d);
    check_recipient(d);

    std::array<unsigned char, 8192> buffer; // NOLINT: the common case without an allocation
    json::monotonic_resource memory(buffer.data(), buffer.size());
    const auto read = read_json(e.data, &memory);
    d.read_data(read);
    if (d.type != nullptr && d.data != nullptr) {
        if (d.to_topic)
            check_data(d);
        else if (d.out.for_many)
            write_for_many(d, now);
        else if (!write_preferred_letter(d))
            write(d, d.by);
        if (names_one(e.to_kind))
            d.note_whose();
    }
    if (d.out.parked.empty())
        place(d, now);
    else
        d.out.for_many = false;
    return std::move(d.out);
}

// As far as its type asks and the data says it.
void preparer::draft::note_whose() {
    if (type->vulnerable == templates::to_vulnerable::never)
        note_account();
    find_household();
}

void preparer::draft::find_household() {
    if (!type->collapse || type->collapse->by == one_per::number)
        return;
    const auto* whose = data->if_contains(name_of(type->collapse->by));
    if (whose != nullptr && whose->is_string() && !whose->get_string().empty())
        out.message.household = household_named(std::string_view(whose->get_string()));
}

void preparer::place(draft& d, instant now) const {
    d.out.message.priority = d.type->priority;
    d.out.message.doubt = d.type->doubt;
    d.schedule(now);
}

result<message> preparer::message_for(const event& of, channel by, const std::string& recipient,
                                      const json::object& data, instant now) {
    draft d;
    d.out.event.not_before = of.not_before;
    d.out.event.expires_at = of.expires_at;
    d.type = known_->type_named(of.type);
    if (d.type == nullptr)
        return refuse("type: '" + of.type + "' is unknown");
    d.data = &data;
    d.out.message.recipient = recipient;
    write(d, by);
    if (!d.out.parked.empty())
        return refuse(std::move(d.out.parked));
    place(d, now);
    return std::move(d.out.message);
}

} // namespace posthorn::intake
