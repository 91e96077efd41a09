// `posthorn enqueue` and `posthorn import`: into a source's outbox, as the source itself would.
#include "cli/daemon_call.hpp"
#include "cli/estimate.hpp"
#include "cli/event_data.hpp"
#include "cli/file_options.hpp"
#include "cli/import.hpp"
#include "cli/import_view.hpp"
#include "cli/json_text.hpp"
#include "cli/preview.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"
#include "cli/when.hpp"
#include "cli/world_number.hpp"
#include "intake/preparer.hpp"
#include "store/outbox.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstring>
#include <memory>

namespace posthorn::cli {

namespace {

instant wall_clock() {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
}

// What the daemon's intake says of an event, asked before it is queued.
class rehearsal {
public:
    explicit rehearsal(const settings::daemon_settings& site)
        : known_(load_catalogue(site, problems_)), preparer_(known_) {}

    const intake::catalogue& known() const { return *known_; }
    const std::string& problems() const { return problems_; }

    intake::prepared check(const event& e) {
        store::outbox_row row{e, {}};
        return preparer_.prepare(std::move(row), wall_clock());
    }

private:
    std::string problems_;
    std::shared_ptr<const intake::catalogue> known_;
    intake::preparer preparer_;
};

// The source's outbox, made when it is missing.
store::outbox open_outbox(const std::string& source, const std::filesystem::path& file) {
    store::outbox box(source, file);
    if (!std::filesystem::exists(file.parent_path()))
        throw failure(
            "there is no folder " + file.parent_path().string() +
            " for the outboxes: start posthornd, which makes it, or correct `outbox_dir:`");
    if (!std::filesystem::exists(file))
        store::outbox::create(file);
    if (!box.open())
        throw failure(box.problem());
    return box;
}

struct enqueue_options {
    std::string type;
    std::string source;
    std::string key;
    std::string to;
    std::string to_kind = "number";
    std::string data;
    std::vector<std::string> sets;
    std::string run;
    std::string subject;
    std::string occurred_at;
    std::string not_before;
    std::string expires_at;
    bool no_check = false;
};

instant time_option(const std::string& name, const std::string& text) {
    if (text.empty())
        return {};
    const auto t = parse_time(text);
    if (!t)
        throw failure(name + ": " + t.error().reason, usage);
    return *t;
}

std::string joined(const std::string& first, const std::string& second) {
    return first + (first.empty() || second.empty() ? "" : "; ") + second;
}

int enqueue(const enqueue_options& o, const shared_options& shared, console& to) {
    const auto site = load_site(config_path(shared.config));
    const auto file = outbox_of(site, o.source);
    rehearsal daemon(site);
    const auto* type = o.no_check ? daemon.known().type_named(o.type)
                                  : &type_or_fail(daemon.known(), o.type, daemon.problems());
    event e;
    e.source = o.source;
    e.type = o.type;
    e.key = o.key;
    e.run = o.run;
    e.subject = o.subject;
    e.to_kind = o.to_kind;
    e.to_ref = o.to;
    const auto data = data_of(o.data, o.sets, type);
    e.data = boost::json::serialize(data);
    e.occurred_at = time_option("--occurred-at", o.occurred_at);
    e.not_before = time_option("--not-before", o.not_before);
    e.expires_at = time_option("--expires-at", o.expires_at);
    if (!o.no_check && e.expires_at != instant() && e.expires_at <= wall_clock())
        throw failure("not queued: --expires-at " + o.expires_at + " is past, nobody would get it");
    if (!o.no_check)
        if (const auto why = joined(daemon.check(e).parked, unknown_fields(data, *type));
            !why.empty())
            throw failure("not queued: " + why);
    open_outbox(o.source, file).insert(std::span(&e, 1));
    if (shared.json)
        to.out << json_line(
            boost::json::object{{"source", o.source}, {"key", o.key}, {"type", o.type}});
    else
        to.out << "queued " << o.key << " from " << o.source << "; follow it with `posthorn show "
               << o.key << "`\n";
    return fine;
}

struct import_options {
    import_order order;
    std::string file;
    std::string rejects;
    std::vector<std::string> maps;
    std::string delimiter = ",";
    bool no_check = false;
};

import_order complete_order(const import_options& o) {
    import_order order = o.order;
    order.file = o.file;
    order.rejects = o.rejects.empty() ? o.file + ".rejects.csv" : o.rejects;
    order.delimiter = delimiter_option(o.delimiter);
    for (const auto& map : o.maps)
        order.choice.fields.insert(name_and_value("--map", map));
    return order;
}

// A word as a shell takes it.
std::string quoted(const std::string& word) {
    const auto plain = [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet >= 0x80 || std::isalnum(octet) != 0 || std::strchr("-_./:=@%+,", c) != nullptr;
    };
    if (!word.empty() && std::ranges::all_of(word, plain))
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

// What to type when the rejected rows are mended: they are UTF-8, whatever the file was.
std::string mending_command(const import_order& order, const shared_options& shared,
                            bool no_check) {
    std::string text = "posthorn import " + quoted(order.rejects.string());
    const auto add = [&](const char* option, const std::string& word) {
        if (!word.empty())
            text += " " + std::string(option) + " " + quoted(word);
    };
    add("--config", shared.config);
    add("--type", order.type);
    add("--source", order.source);
    add("--key", order.choice.key);
    add("--to", order.choice.to);
    for (const auto& [field, column] : order.choice.fields)
        add("--map", field + "=" + column);
    add("--delimiter", order.delimiter == ','    ? ""
                       : order.delimiter == '\t' ? "tab"
                                                 : std::string(1, order.delimiter));
    add("--run", order.run);
    return text + (no_check ? " --no-check" : "");
}

boost::json::object report_of(const import_order& order, const import_progress& done) {
    return {{"file", order.file.string()},
            {"read", done.read},
            {"queued", done.taken},
            {"rejected", done.rejected},
            {"rejects", done.rejected > 0 ? order.rejects.string() : ""},
            {"reasons", boost::json::array(done.rejections.begin(), done.rejections.end())},
            {"unused_columns", boost::json::array(done.unused.begin(), done.unused.end())},
            {"dry_run", order.dry_run},
            {"was_complete", done.was_complete}};
}

// `cost`: what an estimate has told; empty: there is none.
void show_result(const import_order& order, const import_progress& done,
                 const boost::json::object& cost, const std::string& mend, bool json, console& to) {
    if (json) {
        auto report = report_of(order, done);
        if (!cost.empty())
            report["estimate"] = cost;
        to.out << json_line(report);
        return;
    }
    if (order.dry_run && done.first_good) {
        const auto& first = *done.first_good;
        to.out << "the first text, to " << masked(first.message.recipient) << " (key "
               << first.event.key << "):\n\n"
               << text_page(first.message.text, first.message.language,
                            static_cast<unsigned>(first.message.parts.size()))
               << '\n';
    }
    if (done.resumed_at > 1 && !done.was_complete)
        to.out << "continued at line " << done.resumed_at << '\n';
    if (!cost.empty())
        to.out << printable(estimate_page(cost)) << '\n';
    to.out << printable(summary_of(order, done, mend));
}

// What the daemon itself reads stays as it is written: it is part of what tells a duplicate.
result<std::string> handed_over(const std::string& written, const settings::daemon_settings& of) {
    auto number = world_number(written, of.countries);
    if (!number || to_e164(written, of.countries))
        return number ? result<std::string>(written) : std::move(number);
    return "+" + *number;
}

int import_rows(const import_options& o, const shared_options& shared, console& to) {
    const auto order = complete_order(o);
    const auto site = load_site(config_path(shared.config));
    const auto box_file = outbox_of(site, order.source);
    rehearsal daemon(site);
    const auto* type = o.no_check ? daemon.known().type_named(order.type)
                                  : &type_or_fail(daemon.known(), order.type, daemon.problems());
    std::optional<store::outbox> box;
    import_view view(to, order.file.filename().string(), import_view::clock::now());
    import_ports ports;
    ports.insert = [&](std::span<event> rows) {
        if (!box)
            box = open_outbox(order.source, box_file);
        box->insert(rows);
    };
    if (!o.no_check)
        ports.check = [&](const event& e) { return daemon.check(e); };
    if (!o.no_check)
        ports.number = [&](const std::string& written) { return handed_over(written, site); };
    std::optional<estimate> cost;
    if (order.dry_run && !o.no_check)
        cost.emplace(daemon_of(shared), order.type);
    ports.good = [&](const intake::prepared& row) {
        if (cost && (row.for_many || row.message.recipient.empty()))
            cost->add_unknown();
        else if (cost && channel_of(row.message.coding) == channel::sms)
            cost->add(row.message.recipient, row.message.text);
    };
    ports.progress = [&](const row_progress& so_far) {
        if (!shared.json)
            view.update(so_far, import_view::clock::now());
    };
    const auto done = import_file(order, type, ports);
    view.end();
    if (cost)
        cost->end();
    show_result(order, done, cost ? cost->told() : boost::json::object(),
                mending_command(order, shared, o.no_check), shared.json, to);
    return done.rejected > 0 ? refused : fine;
}

} // namespace

void add_enqueue(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<enqueue_options>();
    auto* verb = app.add_subcommand("enqueue", "Queue one event");
    verb->add_option("TYPE", o->type, "Event type, e.g. bill.issued")->required();
    verb->add_option("--source", o->source, "The business system it comes from")->required();
    verb->add_option("--key", o->key, "Your own name for it; never used twice")->required();
    verb->add_option("--to", o->to, "Phone number, E.164 or national")->required();
    verb->add_option("--to-kind", o->to_kind, "What --to is")->capture_default_str();
    verb->add_option("--data", o->data, "Fields as a JSON object, or @FILE");
    verb->add_option("--set", o->sets, "field=value, instead of or on top of --data")
        ->allow_extra_args(false);
    verb->add_option("--run", o->run, "The batch it belongs to");
    verb->add_option("--subject", o->subject, "What it is about, for later events");
    verb->add_option("--occurred-at", o->occurred_at, "When it happened (RFC 3339) [now]");
    verb->add_option("--not-before", o->not_before, "Do not send earlier (RFC 3339)");
    verb->add_option("--expires-at", o->expires_at, "Do not send later (RFC 3339)");
    verb->add_flag("--no-check", o->no_check, "Queue it as it is; the daemon parks what is bad");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return enqueue(*o, shared, to); };
    });
}

void add_import(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<import_options>();
    auto* verb = app.add_subcommand(
        "import", "Queue the rows of a CSV file. Killed and started again, it continues.");
    verb->add_option("FILE", o->file, "CSV; its first line names the columns")->required();
    verb->add_option("--type", o->order.type, "Event type of the rows")->required();
    verb->add_option("--source", o->order.source, "The business system they come from")->required();
    verb->add_option("--map", o->maps, "field=column, where a column has another name")
        ->allow_extra_args(false);
    verb->add_option("--key", o->order.choice.key, "Column of the key [key]");
    verb->add_option("--to", o->order.choice.to, "Column of the phone number [to]");
    add_file_options(*verb, o->order, o->delimiter, o->rejects);
    verb->add_option("--run", o->order.run, "The batch they belong to");
    verb->add_flag("--dry-run", o->order.dry_run, "Check, show the first text, insert nothing");
    verb->add_flag("--no-check", o->no_check, "Queue all rows; the daemon parks what is bad");
    verb->add_flag("--again", o->order.again, "From the start, though it was imported before");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return import_rows(*o, shared, to); };
    });
}

} // namespace posthorn::cli
