#include "cli/people_import.hpp"

#include "cli/header.hpp"
#include "cli/world_number.hpp"
#include "model/blank.hpp"
#include "settings/problem.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace posthorn::cli {

namespace {

using people::column_names;

class people_rows {
public:
    people_rows(const people_order& order, const people_ports& ports)
        : order_(order), ports_(ports) {}

    // The columns that become nothing.
    result<std::vector<std::string>> header(const header_row& names);
    std::string take(const std::vector<std::string>& fields);
    void commit();
    people::row_counts counts;

private:
    void put(const boost::json::array& rows);

    const people_order& order_;
    const people_ports& ports_;
    std::array<std::optional<std::size_t>, column_names.size()> places_; // by column of ours
    std::vector<boost::json::object> batch_;
};

result<std::vector<std::string>> people_rows::header(const header_row& names) {
    if (const auto twice = repeated_column(names))
        return refuse("the header has the column '" + *twice + "' twice");
    for (const auto& [ours, theirs] : order_.columns) {
        if (std::ranges::find(column_names, ours) == column_names.end())
            return refuse("--map " + ours + "=" + theirs + ": people have no '" + ours + "'" +
                          settings::did_you_mean(
                              ours, std::vector(column_names.begin(), column_names.end())));
        if (!place_of(names, theirs))
            return refuse("--map " + ours + "=" + theirs + ": the file has no column '" + theirs +
                          "'" + nearest_column(names, theirs) + " (columns: " + list_of(names) +
                          ")");
    }
    std::vector<bool> used(names.size());
    for (std::size_t i = 0; i < column_names.size(); ++i) {
        const auto mapped = order_.columns.find(std::string(column_names[i]));
        places_[i] =
            place_of(names, mapped == order_.columns.end() ? column_names[i] : mapped->second);
        if (places_[i])
            used[*places_[i]] = true;
    }
    if (!places_[0] && !places_[1])
        return refuse("no column 'number' or 'account': name them with --map number=COLUMN, "
                      "--map account=COLUMN (columns: " +
                      list_of(names) + ")");
    std::vector<std::string> unused;
    for (std::size_t at = 0; at < names.size(); ++at)
        if (const auto name = trimmed(names[at]);
            !used[at] && !name.empty() && !is_rejects_column(name))
            unused.emplace_back(name);
    return unused;
}

std::string people_rows::take(const std::vector<std::string>& fields) {
    people::row_texts texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (places_[i])
            texts[i] = fields[*places_[i]];
    auto& number = texts[static_cast<std::size_t>(people::column::number)];
    if (!is_blank(number)) {
        auto e164 = world_number(trimmed(number), order_.countries);
        if (!e164)
            return "number: " + e164.error().reason;
        number = "+" + *e164; // which all countries read alike
    }
    const auto row = people::checked(std::move(texts), order_.countries);
    if (!row)
        return row.error().reason;
    if (order_.dry_run)
        return {};
    boost::json::object one;
    for (std::size_t i = 0; i < column_names.size(); ++i)
        if (!row->texts[i].empty())
            one[column_names[i]] = row->texts[i];
    batch_.push_back(std::move(one));
    return {};
}

void people_rows::commit() {
    if (batch_.empty())
        return;
    // Accounts that are neighbours in the daemon's tables are written together, whatever the order of
    // the file; rows of one account stay in theirs. So do all, where rows of one number are of several
    // accounts: what they say of the number, the last one says.
    const auto cell = [](const boost::json::object& row, std::string_view name) {
        const auto* text = row.if_contains(name);
        return text ? std::string_view(text->get_string()) : std::string_view();
    };
    std::unordered_map<std::string_view, std::string_view> account_of;
    const bool may_sort = std::ranges::all_of(batch_, [&](const auto& row) {
        const auto number = cell(row, "number"), account = cell(row, "account");
        return number.empty() || account_of.emplace(number, account).first->second == account;
    });
    if (may_sort)
        std::ranges::stable_sort(batch_, {}, [&](const auto& row) { return cell(row, "account"); });
    boost::json::array rows;
    for (auto& row : batch_) {
        rows.push_back(std::move(row));
        if (rows.size() == people_order::rows_of_a_request)
            put(std::exchange(rows, {}));
    }
    if (!rows.empty())
        put(rows);
    batch_.clear();
}

void people_rows::put(const boost::json::array& rows) {
    const auto n = ports_.put(rows);
    counts.added += n.added;
    counts.changed += n.changed;
    counts.unchanged += n.unchanged;
    counts.bound += n.bound;
    counts.bound_before += n.bound_before;
}

} // namespace

people_progress import_people(const people_order& order, const people_ports& ports) {
    people_rows people(order, ports);
    row_taker taker;
    taker.header = [&](const auto& names) { return people.header(names); };
    taker.row = [&](const auto& fields, std::size_t) { return people.take(fields); };
    taker.commit = [&] { people.commit(); };
    taker.progress = ports.progress;
    people_progress done{take_rows(order, taker), {}};
    done.counts = people.counts;
    return done;
}

} // namespace posthorn::cli
