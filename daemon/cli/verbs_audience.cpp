// `posthorn areas` and `posthorn groups`: whom events for many may concern.
#include "cli/daemon_call.hpp"
#include "cli/file_options.hpp"
#include "cli/header.hpp"
#include "cli/import_view.hpp"
#include "cli/json_text.hpp"
#include "cli/printable.hpp"
#include "cli/row_import.hpp"
#include "cli/table.hpp"
#include "model/blank.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include <array>
#include <memory>
#include <optional>

namespace posthorn::cli {

namespace {

using boost::json::object;

struct areas_options {
    row_order order;
    std::string file, rejects, reason, delimiter = ",", after;
};

constexpr std::array<std::string_view, 3> area_columns{"area", "parent", "name"};

// The rows of a file of areas on their way to the daemon.
class area_rows {
public:
    area_rows(const areas_options& o, socket_client daemon) : o_(o), daemon_(std::move(daemon)) {}

    result<std::vector<std::string>> header(const header_row& names) {
        if (const auto twice = repeated_column(names))
            return refuse("the header has the column '" + *twice + "' twice");
        for (std::size_t i = 0; i < area_columns.size(); ++i)
            places_[i] = place_of(names, area_columns[i]);
        if (!places_[0])
            return refuse("no column 'area' (columns: " + list_of(names) + ")");
        return std::vector<std::string>();
    }
    std::string take(const std::vector<std::string>& fields) {
        object one;
        for (std::size_t i = 0; i < area_columns.size(); ++i)
            if (places_[i])
                one[area_columns[i]] = std::string(trimmed(fields[*places_[i]]));
        if (one.at("area").as_string().empty())
            return "area: is empty";
        if (!o_.order.dry_run)
            batch_.push_back(std::move(one));
        return {};
    }
    void commit() {
        if (batch_.empty())
            return;
        const auto told =
            must(daemon_.post("/v1/areas", object{{"rows", std::exchange(batch_, {})},
                                                  {"reason", o_.reason},
                                                  {"file", o_.order.file.filename().string()},
                                                  {"continues", continues_}}));
        continues_ = true;
        added += told.at("added").to_number<std::int64_t>();
        changed += told.at("changed").to_number<std::int64_t>();
    }
    std::int64_t added = 0, changed = 0;

private:
    const areas_options& o_;
    socket_client daemon_;
    std::array<std::optional<std::size_t>, area_columns.size()> places_;
    boost::json::array batch_;
    bool continues_ = false;
};

int import_areas(areas_options o, const shared_options& shared, console& to) {
    o.order.file = o.file;
    o.order.rejects = o.rejects.empty() ? o.file + ".rejects.csv" : o.rejects;
    o.order.delimiter = delimiter_option(o.delimiter);
    o.order.resumes = false;
    area_rows rows(o, daemon_of(shared));
    row_taker taker;
    taker.header = [&](const auto& names) { return rows.header(names); };
    taker.row = [&](const auto& fields, std::size_t) { return rows.take(fields); };
    taker.commit = [&] { rows.commit(); };
    taker.progress = [](const auto&) {};
    const auto done = take_rows(o.order, taker);
    const object report{{"read", done.read},
                        {"added", rows.added},
                        {"changed", rows.changed},
                        {"rejected", done.rejected}};
    std::string line = std::to_string(done.read) + " areas read, " + std::to_string(rows.added) +
                       " added, " + std::to_string(rows.changed) + " changed";
    if (done.rejected > 0)
        line += ", " + std::to_string(done.rejected) + " rejected: " + o.order.rejects.string();
    tell(shared, report, line, to);
    return done.rejected > 0 ? refused : fine;
}

std::string areas_page(const boost::json::value& found) {
    table rows({"AREA", "IN", "NAME"});
    for (const auto& a : list_at(found, "areas"))
        rows.add({id_at(a, "area"), text_at(a, "parent"), text_at(a, "name")});
    if (rows.empty())
        return "no areas are known: `posthorn areas import FILE`\n";
    const auto more = id_at(found, "after");
    return rows.text(0) + (more.empty() ? "" : "more: --after " + more + '\n');
}

std::string groups_page(const boost::json::value& found) {
    table rows({"GROUP", "TIER", "AREA", "LANGUAGE", "ROLE", "MEMBERS"});
    for (const auto& g : list_at(found, "groups"))
        rows.add({id_at(g, "group"), text_at(g, "tier"), text_at(g, "area"), text_at(g, "language"),
                  text_at(g, "role"), id_at(g, "members")});
    if (rows.empty())
        return "no groups are known: `posthorn groups set NAME --tier …`, or `posthorn groups "
               "add`\n";
    const auto more = id_at(found, "after");
    return rows.text(0) + (more.empty() ? "" : "more: --after " + more + '\n');
}

struct group_options {
    std::string name, tier, area, language, role, number, account, reason, after;
};

int change_group(const std::string& what, const group_options& o, const shared_options& shared,
                 console& to) {
    auto body = given({{"tier", o.tier},
                       {"area", o.area},
                       {"language", o.language},
                       {"role", o.role},
                       {"number", o.number},
                       {"account", o.account},
                       {"reason", o.reason}});
    body["do"] = what;
    const auto told = must(daemon_of(shared).post("/v1/groups/" + url_encoded(o.name), body));
    return tell(
        shared, told,
        "group " + o.name + (told.at("changed").as_bool() ? " is changed" : " is so already"), to);
}

void add_group_change(CLI::App& groups, const std::string& what, const char* help,
                      const std::shared_ptr<group_options>& o, const shared_options& shared,
                      action& chosen) {
    auto* verb = groups.add_subcommand(what, help);
    verb->add_option("NAME", o->name, "The group's name")->required();
    verb->add_option("--reason", o->reason, "For the record")->required();
    if (what == "set") {
        verb->add_option("--tier", o->tier, "Only of this tier");
        verb->add_option("--area", o->area, "Only in this area or below it");
        verb->add_option("--language", o->language, "Only of this language");
        verb->add_option("--role", o->role, "People of this role, and not accounts");
    }
    if (what == "add" || what == "remove") {
        auto* who = verb->add_option_group("who");
        who->add_option("--number", o->number, "A phone number");
        who->add_option("--account", o->account, "A customer account");
        who->require_option(1);
    }
    verb->callback([what, o, &shared, &chosen] {
        chosen = [what, o, &shared](console& to) { return change_group(what, *o, shared, to); };
    });
}

} // namespace

void add_areas(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("areas", "The tree of places that events may be for");
    verb->require_subcommand(1);
    auto o = std::make_shared<areas_options>();
    auto* list = verb->add_subcommand("list", "In order of their names");
    list->add_option("--after", o->after, "Go on after this one");
    list->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) {
            const auto path = "/v1/areas?limit=1000&after=" + url_encoded(o->after);
            return print(shared, must(daemon_of(shared).get(path)), areas_page, to);
        };
    });
    auto* import = verb->add_subcommand("import", "Areas of a CSV file. Twice changes nothing.");
    import->add_option("FILE", o->file, "CSV; its first line names the columns: area, parent, name")
        ->required();
    import->add_option("--reason", o->reason, "For the record")->required();
    add_file_options(*import, o->order, o->delimiter, o->rejects);
    import->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return import_areas(*o, shared, to);
};
} // namespace posthorn::cli
);
}

void add_groups(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("groups", "Groups of people that events may be for");
    verb->require_subcommand(1);
    auto o = std::make_shared<group_options>();
    auto* list = verb->add_subcommand("list", "Whom each takes, and how many members it has");
    list->add_option("--after", o->after, "Go on after this one");
    list->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) {
            const auto path = "/v1/groups?limit=1000&after=" + url_encoded(o->after);
            return print(shared, must(daemon_of(shared).get(path)), groups_page, to);
        };
    });
    add_group_change(*verb, "set", "Whoever all of this is true of is in it, beside its members", o,
                     shared, chosen);
    add_group_change(*verb, "add", "A member", o, shared, chosen);
    add_group_change(*verb, "remove", "A member is none any more", o, shared, chosen);
    add_group_change(*verb, "drop", "The group, with its members", o, shared, chosen);
}

} // namespace posthorn::cli
