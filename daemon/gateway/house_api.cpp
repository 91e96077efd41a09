// What people ask of the daemon, and what they order.
#include "gateway/house.hpp"

namespace posthorn::gateway {

using runtime::read_clocks;

api::surroundings house::api_surroundings() {
    api::surroundings out;
    out.now = now_;
    out.status = [this] {
        auto s = watch_->snapshot();
        s.started_at = started_at_;
        const auto problems = drain_->problems();
        for (const auto& [name, every_type, types] : c_->catalogue->sources) {
            api::source_status source{.name = name, .waiting = in_memory_[sources_.at(name)]};
            for (const auto& p : problems)
                if (p.file == name + ".db")
                    source.problem = p.what;
            source.missing = !source.problem.empty() &&
                             !std::filesystem::exists(c_->settings.outbox_dir / (name + ".db"));
            s.sources.push_back(std::move(source));
        }
        return s;
    };
    out.uncertain = [this] { return watch_->uncertain(); };
    out.settle = [this](auto message, auto n, bool again, std::string reason) {
        return desk_->settle(message, n, again, std::move(reason));
    };
    out.pause = [this](bool yes) { desk_->pause(yes); };
    out.accept_clock = [this] {
        clock_.accept(read_clocks());
        mind_the_clock(true);
    };
    out.retry = [this](auto events, auto done) { retry(std::move(events), std::move(done)); };
    out.reload = [this](auto wish, auto done) { answer_reload(std::move(wish), std::move(done)); };
    out.log = [this](auto what) { log_(sdk::level::info, "api", what); };
    return out;
}

} // namespace posthorn::gateway
