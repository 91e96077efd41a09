// The contract's front: everything is the SQLite writer's.
#include "store/store.hpp"

#include "store/sqlite/writer.hpp"

namespace posthorn::store {

void configure() { configure_sqlite(); }

store::store(store_options options) : writer_(std::make_unique<writer>(std::move(options))) {}
store::~store() = default;

name_id store::number_of(std::string_view kind, std::string_view name) {
    return writer_->number_of(kind, name);
}
std::vector<std::pair<name_id, std::string>> store::names(std::string_view kind) {
    return writer_->names(kind);
}
std::int64_t store::keep(const keep_wording& wording) { return writer_->keep(wording); }
recovered store::recover(instant now) { return writer_->recover(now); }
void store::start() { writer_->start(); }
void store::stop() { writer_->stop(); }
void store::submit(std::vector<op> ops, done then, bool urgent) {
    writer_->submit(std::move(ops), std::move(then), urgent);
}
void store::claim(flow_name flow, instant now, std::size_t limit,
                  std::function<void(claimed)> then) {
    writer_->claim(flow, now, limit, std::move(then));
}
void store::empty_log(std::function<void(bool)> then) { writer_->empty_log(std::move(then)); }
std::size_t store::backlog() const { return writer_->backlog(); }
writer_figures store::figures() const { return writer_->figures(); }
bool store::short_of_space() const { return writer_->short_of_space(); }
instant store::clock_noted() { return writer_->clock_noted(); }

} // namespace posthorn::store
