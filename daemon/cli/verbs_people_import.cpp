// `posthorn people import`
#include "cli/daemon_call.hpp"
#include "cli/event_data.hpp"
#include "cli/file_options.hpp"
#include "cli/import_view.hpp"
#include "cli/json_text.hpp"
#include "cli/people_import.hpp"
#include "cli/people_verbs.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::object;

struct people_import_options {
    people_order order;
    std::string file, rejects, reason;
    std::string delimiter = ",";
    std::vector<std::string> maps;
};

people_order complete_order(const people_import_options& o, const shared_options& shared) {
    auto order = o.order;
    order.file = o.file;
    order.rejects = o.rejects.empty() ? o.file + ".rejects.csv" : o.rejects;
    order.delimiter = delimiter_option(o.delimiter);
    for (const auto& map : o.maps)
        order.columns.insert(name_and_value("--map", map));
    order.countries = load_site(config_path(shared.config)).countries;
    order.resumes = false;
    order.batch = 50'000;
    return order;
}

std::int64_t count_at(const boost::json::value& answer, std::string_view name) {
    return boost::json::value_to<std::int64_t>(answer.at(name));
}

people::row_counts counts_in(const boost::json::value& answer) {
    return {.added = count_at(answer, "added"),
            .changed = count_at(answer, "changed"),
            .unchanged = count_at(answer, "unchanged"),
            .bound = count_at(answer, "bound"),
            .bound_before = count_at(answer, "bound_before")};
}

std::string counted(std::int64_t n) { return with_commas(static_cast<std::uint64_t>(n)); }

std::string summary_of(const people_order& order, const people_progress& done) {
    const auto& n = done.counts;
    auto text =
        std::string(order.dry_run ? "dry run: " : "") + with_commas(done.read) + " rows read, ";
    if (order.dry_run)
        text += with_commas(done.taken) + " good, ";
    text += rejected_text(order, done);
    if (order.dry_run)
        return text + "nothing was changed; leave --dry-run out to import the good rows\n";
    text += "numbers and accounts: " + counted(n.added) + " added, " + counted(n.changed) +
            " changed, " + counted(n.unchanged) + " unchanged\n" + "bindings: " + counted(n.bound) +
            " new, " + counted(n.bound_before) + " there before\n";
    if (done.rejected > 0)
        text += "next: mend the rows in the rejects file (it is UTF-8) and import that file\n";
    return text;
}

object report_of(const people_order& order, const people_progress& done) {
    const auto& n = done.counts;
    return {{"file", order.file.string()},
            {"read", done.read},
            {"added", n.added},
            {"changed", n.changed},
            {"unchanged", n.unchanged},
            {"bound", n.bound},
            {"bound_before", n.bound_before},
            {"rejected", done.rejected},
            {"rejects", done.rejected > 0 ? order.rejects.string() : ""},
            {"reasons", boost::json::array(done.rejections.begin(), done.rejections.end())},
            {"unused_columns", boost::json::array(done.unused.begin(), done.unused.end())},
            {"dry_run", order.dry_run}};
}

int import_all(const people_import_options& o, const shared_options& shared, console& to) {
    const auto order = complete_order(o, shared);
    const auto daemon = daemon_of(shared);
    import_view view(to, order.file.filename().string(), import_view::clock::now());
    people_ports ports;
    bool continues = false;
    ports.put = [&](const boost::json::array& rows) {
        const object body{{"rows", rows},
                          {"reason", o.reason},
                          {"file", order.file.filename().string()},
                          {"continues", continues}};
        continues = true;
        return counts_in(must(daemon.post("/v1/people/import", body)));
    };
    ports.progress = [&](const row_progress& so_far) {
        if (!shared.json)
            view.update(so_far, import_view::clock::now());
    };
    const auto done = import_people(order, ports);
    view.end();
    to.out << (shared.json ? json_line(report_of(order, done))
                           : printable(summary_of(order, done)));
    return done.rejected > 0 ? refused : fine;
}

} // namespace

void add_people_import(CLI::App& people, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<people_import_options>();
    auto* verb = people.add_subcommand(
        "import", "Numbers, accounts and bindings of a CSV file. Twice changes nothing.");
    verb->add_option(
            "FILE", o->file,
            "CSV; its first line names the columns: number, account, name, role, tier, "
            "area, language, customer, contact, group, email, channel, zone, hours, vulnerable")
        ->required();
    verb->add_option("--reason", o->reason, "For the record")->required();
    verb->add_option("--map", o->maps, "field=column, where a column has another name")
        ->allow_extra_args(false);
    add_file_options(*verb, o->order, o->delimiter, o->rejects);
    verb->add_flag("--dry-run", o->order.dry_run, "Check the rows, change nothing");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return import_all(*o, shared, to); };
    });
}

} // namespace posthorn::cli
