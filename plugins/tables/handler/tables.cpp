// tables: answers lookups from CSV files, such as a list of branches or prices that somebody keeps by
// hand. It is the shortest whole handler: to write another, copy this folder to plugins/NAME/handler,
// and replace what follows piece by piece. Nothing else has to be edited.
//
//     lookups/branches.yaml               FOLDER/branches.csv      first line: names of columns
//     query: branches                     area,place,opens
//     takes: [area]                       城东,解放路18号,8:30
//
// The query names the file; a row is an answer when each parameter that was given equals the column of
// its name. A file is read for each question, so it may be replaced at any time (as a whole: mv).

#include "sdk/handler.hpp"
#include "sdk/worker.hpp"
#include "tables/handler/csv.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

namespace {

using namespace posthorn::sdk;
namespace fs = std::filesystem;
namespace json = boost::json;

// 1. The options: what people may write under `systems:` beside `handler: tables`. The daemon checks
//    them, shows them with `posthornd --describe tables`, and masks those of kind `secret`.
constexpr option option_table[] = {
    {.name = "folder", .required = true, .help = "Where the files are: FOLDER/QUERY.csv, UTF-8."},
};

constexpr std::uintmax_t longest_file = 4 << 20;

bool is_plain(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

// 2. The answer, on the worker's thread. What it throws is told as `down`.
handler_answer rows_of(const fs::path& file, const handler_question& q) {
    if (!fs::exists(file)) // the query's mistake: the system is not down
        return handler_answer::refused("there is no " + file.string());
    if (fs::file_size(file) > longest_file)
        return handler_answer::refused(file.string() + " has more than 4 MiB");
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in.good() && !in.eof())
        return handler_answer::down("cannot read " + file.string());
    const auto table = tables::read_csv(text);
    if (!table.mistake.empty())
        return handler_answer::refused(file.string() + ": " + table.mistake);
    std::vector<std::pair<std::size_t, std::string_view>> wanted; // column, value
    for (const auto& [name, value] : q.parameters) {
        const auto at = std::ranges::find(table.columns, name);
        if (at == table.columns.end())
            return handler_answer::refused(file.string() + " has no column '" + name + "'");
        if (value)
            wanted.emplace_back(at - table.columns.begin(), *value);
    }
    json::array rows;
    for (const auto& row : table.rows) {
        if (!std::ranges::all_of(wanted, [&](auto& w) { return row[w.first] == w.second; }))
            continue;
        json::object one;
        for (std::size_t i = 0; i < row.size(); ++i)
            if (!row[i].empty())
                one[table.columns[i]] = row[i];
        rows.push_back(std::move(one));
    }
    return handler_answer::rows(json::serialize(rows));
}

// 3. The handler. Files may lie on a slow disk, so a thread reads them.
class tables_handler final : public handler {
public:
    tables_handler(const options& o, const fs::path& folder) : folder_(folder / o.text("folder")) {}

    void ask(handler_question q, handler_reply reply) override {
        if (!is_plain(q.query)) // it must not lead elsewhere
            return reply(handler_answer::refused("its query is no name of a table"));
        worker_.answer(std::move(reply), [this, q = std::move(q)] {
            return rows_of(folder_ / (q.query + ".csv"), q);
        });
    }

private:
    const fs::path folder_;
    worker worker_;
};

} // namespace

// 4. The one symbol of the shared object.
POSTHORN_HANDLER("tables", "Answers lookups from CSV files.", tables_handler, option_table);
