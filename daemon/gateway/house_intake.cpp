// From the outbox to the desk, and the word back that a row is committed.
#include "gateway/house.hpp"

#include "model/type_pattern.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>

namespace posthorn::gateway {

void house::wire_intake() {
    quotas_ = std::make_unique<intake::quotas>(*c_->catalogue, c_->zone());
    if (c_->any_quota_per_day())
        add_earlier(taken_in_today(instant::max()));
    web_ = std::make_unique<web_intake>(
        c_->catalogue, static_cast<unsigned>(random_()),
        web_intake_surroundings{.loop = loop_,
                                .desk = *desk_,
                                .quota = *quotas_,
                                .now = now_,
                                .completed =
                                    [this](const std::string& source, intake::prepared row) {
                                        return completed(sources_.at(source), std::move(row));
                                    },
                                .closed = [this](const auto& source) { return closed(source); }});
    again_ = std::make_unique<intake::preparer>(c_->catalogue, static_cast<unsigned>(random_()));
    drain_ = std::make_unique<intake::drain>(
        intake::drain_options{.directory = c_->settings.outbox_dir}, c_->catalogue, *quotas_,
        intake::drain_reports{
            .deliver =
                [this](std::string source, std::vector<intake::prepared> rows) {
                    auto batch = std::make_shared<std::vector<intake::prepared>>(std::move(rows));
                    asio::post(loop_, [this, source = std::move(source), batch] {
                        take(source, std::move(*batch));
                    });
                },
            .problem =
                [this](const std::string& file, const std::string& what) {
                    log_(what.empty() ? sdk::level::info : sdk::level::warn, "intake",
                         "outbox " + file + ": " + (what.empty() ? "in use" : what));
                }},
        now_);
    callbacks_ = std::make_unique<feedback::callbacks>(feedback::callback_settings{
        .results = c_->settings.result_dir,
        .endpoints = endpoints(),
        .now = now_,
        .complain = [this](auto what) { log_(sdk::level::warn, "callbacks", what); }});
    teller_ = std::make_unique<feedback::teller>(
        feedback::teller_settings{
            .live = c_->settings.live_db(),
            .history = c_->settings.history_dir(),
            .results = c_->settings.result_dir,
            .sources = told_sources(),
            .told = [this] { callbacks_->told(); },
            .now = now_,
            .complain = [this](auto what) { log_(sdk::level::error, "feedback", what); }},
        store_);
}

std::vector<feedback::endpoint> house::endpoints() const {
    std::vector<feedback::endpoint> out;
    for (const auto& s : c_->settings.sources)
        if (!s.callback.url.empty())
            out.push_back({s.name, s.callback.url, s.callback.secret, s.callback.retry_for});
    return out;
}

feedback::told_sources house::told_sources() const {
    feedback::told_sources out{.names = source_names_,
                               .own = sources_.find(own_source)->second,
                               .keep_results = c_->settings.keep_results,
                               .keep_history = c_->settings.keep_history.longest(),
                               .keep_operations = c_->settings.keep_history.usual};
    for (const auto& e : endpoints())
        out.called.insert(e.source);
    for (const auto& t : c_->catalogue->types)
        if (t.redact == templates::redaction::sent)
            out.redacted.insert(types_.at(t.name));
    for (const auto& t : c_->catalogue->types)
        if (std::ranges::any_of(c_->catalogue->types, [&](const auto& later) {
                return later.only_told && any_takes_in(later.withdraws, t.name);
            }))
            out.followed.insert(types_.at(t.name));
    return out;
}

// Why no event of this source can be taken in now.
std::string house::closed(const std::string& source) const {
    if (c_->catalogue->source_named(source) == nullptr)
        return "posthorn.yaml names no source '" + source + "' any more";
    return stopping_ ? "posthornd is stopping" : trouble();
}

store::add_event house::completed(name_id source, intake::prepared row) const {
    store::add_event out{.event = std::move(row.event),
                         .message = std::move(row.message),
                         .parked = std::move(row.parked),
                         .for_many = row.for_many,
                         .source = source,
                         .at = now_()};
    if (out.parked.empty() && !row.spared_account.empty())
        out.reason = spared(out.event.type, row.spared_account);
    if (!out.reason.empty())
        for (auto& p : out.message.parts)
            p.state = part_state::suppressed;
    if (out.parked.empty()) {
        out.message.source = source;
        out.message.type = types_.at(out.event.type);
        out.message.pool = pool_of(out.message);
    }
    if (out.event.source != own_source) {
        publishing_->publish_along(out);
        timers_->begin_along(out);
    }
    if (!out.parked.empty()) {
        out.message.parts.clear();
        out.for_many = false;
    }
    if (out.for_many)
        expansion_->soon();
    if (const auto* type = c_->catalogue->type_named(out.event.type);
        type != nullptr && !out.event.subject.empty() && out.event.source != own_source)
        for (const auto& pattern : type->withdraws)
            out.withdraws += (out.withdraws.empty() ? "" : " ") + pattern;
    return out;
}

void house::take(const std::string& source, std::vector<intake::prepared> rows) {
    store::fault_point("drained");
    const auto number = sources_.at(source);
    in_memory_[number] += static_cast<std::int64_t>(rows.size());
    if (!rows.empty())
        newest_[number] = rows.back().event.created_at;
    std::vector<store::add_event> events;
    events.reserve(rows.size());
    for (auto& row : rows)
        events.push_back(completed(number, std::move(row)));
    desk_->accept(std::move(events));
}

// Told to the drain once per turn of the loop, however many messages were committed in it.
void house::taken_in(name_id source, const delivery::taken_rows& rows) {
    if (taken_in_.empty())
        asio::post(loop_, [this] {
            for (auto& [number, all] : std::exchange(taken_in_, {})) {
                const auto& name = source_names_.at(number);
                const auto count = all.outbox_ids.size();
                in_memory_[number] -= static_cast<std::int64_t>(count);
                quotas_->settle(name, count, all.events, now_());
                drain_->credit(name, count);
                drain_->committed(name, std::move(all.outbox_ids));
            }
        });
    taken_in_[source].add(rows);
}

// Parked events, prepared again with what is configured now.
void house::retry(std::vector<store::parked_event> events, store::operation by,
                  std::function<void(api::retry_counts)> done) {
    std::vector<store::op> ops, items;
    struct released {
        store::flow_name flow;
        instant due_at;
        bool goes; // it is not parked again
    };
    auto rows = std::make_shared<std::vector<released>>();
    for (auto& e : events) {
        const auto id = e.event.id;
        const bool known = c_->catalogue->source_named(e.event.source) != nullptr;
        const auto source = known ? sources_.at(e.event.source) : name_id{};
        auto row = again_->prepare({.event = std::move(e.event)}, now_());
        if (!known)
            row.parked = "its source is not configured any more";
        auto whole = completed(source, std::move(row));
        const auto& m = whole.message;
        rows->push_back({{m.pool, m.priority, m.source}, m.due_at, whole.parked.empty()});
        ops.emplace_back(store::release_event{.event = id,
                                              .message = m,
                                              .parked = whole.parked,
                                              .reason = whole.reason,
                                              .for_many = whole.for_many,
                                              .withdraws = whole.withdraws,
                                              .at = whole.at});
        if (whole.along)
            std::ranges::copy(whole.along->ops, std::back_inserter(items));
    }
    std::ranges::move(items, std::back_inserter(ops));
    if (!by.what.empty())
        ops.emplace_back(std::move(by));
    store_.submit(std::move(ops), [this, rows, done = std::move(done)](auto outcomes) {
        withdrawals_->soon(); // one of them may withdraw others
        api::retry_counts counts;
        for (std::size_t i = 0; i < rows->size(); ++i) {
            if (outcomes[i].message != 0)
                desk_->queued((*rows)[i].flow, (*rows)[i].due_at);
            if (outcomes[i].what == store::outcome::code::applied)
                ++((*rows)[i].goes ? counts.retried : counts.still_parked);
        }
        done(counts);
    });
}

} // namespace posthorn::gateway
