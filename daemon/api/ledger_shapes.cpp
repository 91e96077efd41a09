#include "api/ledger_shapes.hpp"

#include "ledger/balance.hpp"
#include "model/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace posthorn::api {

using boost::json::array;
using boost::json::object;

namespace {

object balance_shape(const ledger::balance& b) {
    array made_of;
    for (const auto& t : b.made_of)
        made_of.push_back(object{{"what", t.what}, {"n", t.n}});
    object out{{"of", b.of},      {"what", b.total.what},
               {"n", b.total.n},  {"made_of", std::move(made_of)},
               {"sum", b.sum()},  {"holds", b.holds()},
               {"means", b.means}};
    if (!b.holds())
        out["otherwise"] = b.otherwise;
    return out;
}

object rows_shape(const store::recounted& rows) {
    array differences;
    for (const auto& d : rows.differences) {
        auto& row = differences.emplace_back(object{{"what", d.what}}).get_object();
        if (d.event != 0)
            row["event"] = std::to_string(d.event);
        if (d.message != 0)
            row["message"] = std::to_string(d.message);
    }
    return {{"messages", rows.messages},
            {"results", rows.results},
            {"differing", rows.differing},
            {"differences", std::move(differences)}};
}

} // namespace

object reconciled_shape(const reconciled& all) {
    const auto balances = all.run.empty()
                              ? ledger::balances(all.books.page, all.books.accounts)
                              : ledger::balances_of_rows(all.rows->rows, all.rows->messages);
    bool holds = std::ranges::all_of(balances, &ledger::balance::holds);
    object out;
    if (!all.run.empty())
        out["run"] = all.run;
    if (all.span.from != instant{})
        out["from"] = rfc3339(all.span.from);
    if (all.span.until != instant{})
        out["until"] = rfc3339(all.span.until);
    if (all.books.begin != instant{})
        out["books_begin"] = rfc3339(all.books.begin);
    array shapes;
    for (const auto& b : balances)
        shapes.push_back(balance_shape(b));
    out["balances"] = std::move(shapes);
    if (all.rows) {
        out["rows"] = rows_shape(*all.rows);
        holds = holds && all.rows->differing == 0;
    }
    out["holds"] = holds;
    return out;
}

object versions_shape(const std::string& type, const std::vector<store::kept_wording>& all) {
    array versions;
    for (const auto& w : all) {
        auto& row = versions.emplace_back(boost::json::parse(w.written)).as_object();
        row["version"] = w.version;
        row["since"] = rfc3339(w.since);
        if (!w.who.empty())
            row["who"] = w.who;
    }
    return {{"type", type}, {"versions", std::move(versions)}};
}

} // namespace posthorn::api
