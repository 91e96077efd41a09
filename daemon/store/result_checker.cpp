#include "store/result_checker.hpp"

#include "model/event.hpp"

#include <optional>

namespace posthorn::store {

struct result_checker::file {
    explicit file(const std::filesystem::path& path)
        : db(open_database(path, access::read_only, 2'000)),
          one(db, "SELECT state, final, version FROM result_row WHERE id=?"),
          of_many(db, "SELECT state, final, version FROM recipient_row WHERE id=? AND message=?") {}

    SQLite::Database db;
    statement one, of_many;
};

result_checker::file* result_checker::file_of(name_id source) {
    const auto [at, fresh] = files_.try_emplace(source);
    const auto path = folder_ / (sources_.at(source) + ".db");
    if (fresh && std::filesystem::exists(path))
        at->second = std::make_shared<file>(path);
    return at->second.get();
}

std::string result_checker::look_at(const told_about& m, std::int64_t& compared) {
    const auto known = sources_.find(m.source);
    if (known == sources_.end() || known->second == own_source)
        return {};
    const auto name = "result/" + known->second + ".db";
    const auto ours = std::string(name_of(m.state));
    auto* results = file_of(m.source);
    if (results == nullptr)
        return m.must_be_there ? name + " is not there, and the message is " + ours : std::string();
    auto& row = m.of_many ? results->of_many : results->one;
    if (m.of_many)
        row.bind(m.outbox_id, m.message);
    else
        row.bind(m.outbox_id);
    if (!row.row()) {
        row.reset();
        return m.must_be_there ? "it is " + ours + ", and " + name + " has no row for it"
                               : std::string();
    }
    const std::string told(row.text(0));
    const bool told_final = row.number(1) != 0;
    const bool newer = row.number(2) > m.version;
    row.reset();
    ++compared;
    if (newer || told == ours || (!is_final(m.state) && !told_final))
        return {};
    return "it is " + ours + ", and " + name + " says " + told;
}

} // namespace posthorn::store
