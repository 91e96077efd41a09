#include "cli/import.hpp"

#include <unordered_map>
#include <utility>

namespace posthorn::cli {

namespace {

std::string purpose_of(const import_order& order) {
    std::string text = order.source + ' ' + order.type + ' ' + order.run + ' ' + order.charset +
                       ' ' + order.delimiter + ' ' + order.choice.key + ' ' + order.choice.to;
    for (const auto& [field, column] : order.choice.fields)
        text += ' ' + field + '=' + column;
    return text;
}

// The rows of one run as events.
class event_rows {
public:
    event_rows(const import_order& order, const templates::event_type* type,
               const import_ports& ports)
        : order_(order), type_(type), ports_(ports) {}

    result<std::vector<std::string>> header(const std::vector<std::string>& names) {
        auto found = columns::find(names, type_, order_.choice);
        if (!found)
            return found.error();
        columns_ = std::move(*found);
        return columns_.unused();
    }
    std::string take(const std::vector<std::string>& fields, std::size_t line);
    void commit();
    std::optional<intake::prepared> first_good;

private:
    std::string unfit(const event& e, std::size_t line);

    const import_order& order_;
    const templates::event_type* type_;
    const import_ports& ports_;
    columns columns_;
    std::unordered_map<std::size_t, std::size_t> keys_; // hash → line; of this process alone
    std::vector<event> batch_;
};

std::string event_rows::take(const std::vector<std::string>& fields, std::size_t line) {
    event e = columns_.event_of(fields);
    e.source = order_.source;
    e.type = order_.type;
    e.run = order_.run;
    if (ports_.number && e.to_kind == name_of(to_kind::number)) {
        auto number = ports_.number(e.to_ref);
        if (!number)
            return "to_ref: " + number.error().reason;
        e.to_ref = std::move(*number);
    }
    if (ports_.check)
        if (auto problem = unfit(e, line); !problem.empty())
            return problem;
    if (!order_.dry_run)
        batch_.push_back(std::move(e));
    return {};
}

// What the daemon would say of it, and what it could not say: that the file itself repeats a key.
std::string event_rows::unfit(const event& e, std::size_t line) {
    auto verdict = ports_.check(e);
    if (!verdict.parked.empty())
        return verdict.parked;
    const auto [first, fresh] = keys_.try_emplace(std::hash<std::string>()(e.key), line);
    if (!fresh)
        return "key: '" + e.key + "' was used before, in line " + std::to_string(first->second);
    if (ports_.good)
        ports_.good(verdict);
    if (!first_good)
        first_good = std::move(verdict);
    return {};
}

void event_rows::commit() {
    if (!batch_.empty())
        ports_.insert(batch_);
    batch_.clear();
}

} // namespace

import_progress import_file(const import_order& order, const templates::event_type* type,
                            const import_ports& ports) {
    event_rows events(order, type, ports);
    row_order rows = order;
    rows.purpose = purpose_of(order);
    row_taker taker;
    taker.header = [&](const auto& names) { return events.header(names); };
    taker.row = [&](const auto& fields, std::size_t line) { return events.take(fields, line); };
    taker.commit = [&] { events.commit(); };
    taker.progress = ports.progress;
    return {take_rows(rows, taker), std::move(events.first_good)};
}

} // namespace posthorn::cli
