// Quotas over restarts, and what the log says of them.
#include "gateway/house.hpp"

#include "api/shapes.hpp"
#include "store/taken_in.hpp"

namespace posthorn::gateway {

// By earlier processes: what came before `until`, by the ids of its rows. Any thread.
std::map<name_id, std::int64_t> house::taken_in_today(instant until) const {
    const auto today = c_->zone().day_of(now_());
    return store::taken_in(c_->settings.live_db(), c_->settings.history_dir(), today.begins,
                           std::min(today.ends, until));
}

void house::add_earlier(const std::map<name_id, std::int64_t>& events) {
    for (const auto& [number, n] : events)
        if (const auto found = source_names_.find(number); found != source_names_.end())
            quotas_->add_earlier(found->second, n, now_());
    today_counted_ = true;
}

// Once when four fifths of a day's quota are used, and once when all of it is. A quota by the
// minute is often used up, and no news.
void house::mind_quotas() {
    for (const auto& source : c_->catalogue->sources) {
        std::string said;
        for (const auto& q : quotas_->uses(source.name, now_())) {
            if (q.window != quota_window::day || !q.is_nearly_full())
                continue;
            said = "source " + source.name + " has used " + (q.is_full() ? "" : "80 % of ") +
                   "its quota of " + api::limit_of(q) +
                   (q.is_full() ? ": its rows wait, and HTTP is refused, until " + q.ends_at : "");
        }
        if (auto& told = quota_told_[source.name]; told != said) {
            told = said;
            if (!said.empty())
                log_(sdk::level::warn, "intake", said);
        }
    }
}

} // namespace posthorn::gateway
