#include "lookups/asker.hpp"

#include "lookups/breaker.hpp"
#include "lookups/system.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace posthorn::lookups {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

using clock = std::chrono::steady_clock;

constexpr std::int64_t most_waiting = 1000; // for one system: memory is bounded
constexpr std::size_t blocking_threads = 4; // so many dead databases do not delay another one
// A system that keeps the limit itself knows better what it was waiting for.
constexpr auto grace = std::chrono::milliseconds(100);

std::unique_ptr<system> make_system(system_place place) {
    switch (place.settings.kind) {
    case settings::system_kind::sqlite:
        return make_sqlite_system(std::move(place));
    case settings::system_kind::postgresql:
        return make_postgresql_system(std::move(place));
    case settings::system_kind::http:
        return make_http_system(std::move(place));
    }
    return nullptr;
}

std::optional<std::string> value_of(const json::value* given) {
    if (given == nullptr || given->is_null())
        return std::nullopt;
    return given->is_string() ? std::string(given->get_string()) : json::serialize(*given);
}

std::vector<std::optional<std::string>> values_of(const lookup& l, const json::object& given) {
    std::vector<std::optional<std::string>> values;
    for (const auto& name : l.takes)
        values.push_back(value_of(given.if_contains(name)));
    return values;
}

} // namespace

struct asker::work : std::enable_shared_from_this<work> {
    // One system with what the asker knows of it; lives as long as a question to it is under way.
    struct desk {
        desk(settings::system_settings s, system_figures f)
            : settings(std::move(s)), figures(std::move(f)), fuse(settings.breaker) {}
        settings::system_settings settings;
        system_figures figures;
        breaker fuse;
        std::unique_ptr<system> asked;
    };
    struct waiting {
        std::shared_ptr<desk> at;
        lookup_ptr of;
        callback done;
        clock::time_point since; // as settings.now() says
        clock::time_point ends;
    };

    explicit work(asker_settings s) : settings(std::move(s)), limit(settings.loop) {}

    void use(std::vector<settings::system_settings> systems);
    std::shared_ptr<desk> make_desk(settings::system_settings s);
    void ask(lookup_ptr l, const json::object& parameters, callback done);
    void refuse(callback done, failure kind, std::string why);
    void end(std::uint64_t id, answer a);
    void count(desk& d, const answer& a, clock::time_point since);
    void watch();
    void look();
    void stop();

    asker_settings settings;
    catalogue lookups;
    std::map<std::string, std::shared_ptr<desk>, std::less<>> desks; // by name
    std::unordered_map<std::uint64_t, waiting> under_way;
    std::set<std::pair<clock::time_point, std::uint64_t>> ends; // of those under way
    asio::steady_timer limit;                                   // for the first of them
    clock::time_point limit_at = clock::time_point::max();
    std::unique_ptr<asio::thread_pool> blocking; // from the first system that needs it
    std::uint64_t next = 1;
    bool stopped = false;
};

std::shared_ptr<asker::work::desk> asker::work::make_desk(settings::system_settings s) {
    const auto known = desks.find(s.name);
    if (known != desks.end() && known->second->settings == s)
        return known->second;
    system_figures figures;
    if (known != desks.end()) // they must not go back
        figures = known->second->figures;
    figures.name = s.name;
    figures.waiting = 0;
    if (s.kind == settings::system_kind::postgresql && !blocking)
        blocking = std::make_unique<asio::thread_pool>(blocking_threads);
    auto made = std::make_shared<desk>(s, std::move(figures));
    made->asked = make_system({.settings = std::move(s),
                               .loop = settings.loop,
                               .told =
                                   [self = weak_from_this()](std::uint64_t id, answer a) {
                                       if (const auto me = self.lock())
                                           me->end(id, std::move(a));
                                   },
                               .blocking = blocking.get()});
    return made;
}

void asker::work::use(std::vector<settings::system_settings> systems) {
    decltype(desks) wanted;
    for (auto& s : systems) {
        auto name = s.name;
        wanted.emplace(std::move(name), make_desk(std::move(s)));
    }
    desks = std::move(wanted);
}

// Also what ends at once is told later: nobody is called back within ask().
void asker::work::refuse(callback done, failure kind, std::string why) {
    asio::post(settings.loop, [done = std::move(done), kind, why = std::move(why)]() mutable {
        done(failed{kind, std::move(why)});
    });
}

void asker::work::ask(lookup_ptr l, const json::object& parameters, callback done) {
    const auto found = desks.find(l->system);
    if (found == desks.end() || found->second->settings.kind != l->kind)
        return refuse(std::move(done), failure::refused,
                      "lookup " + l->name + ": there is no system " + l->system + " like that");
    auto& d = *found->second;
    ++d.figures.asked;
    const auto since = settings.now();
    if (d.figures.waiting >= most_waiting || !d.fuse.lets_through(since)) {
        const bool full = d.figures.waiting >= most_waiting;
        const auto kind = full ? failure::down : failure::breaker_open;
        ++d.figures.failed[static_cast<std::size_t>(kind)];
        return refuse(std::move(done), kind,
                      "lookup " + l->name + ": " + l->system +
                          (full ? " has too many questions waiting"
                                : " has failed too often and is left alone for a while"));
    }
    ++d.figures.waiting;
    const auto id = next++;
    const auto deadline = clock::now() + l->timeout;
    under_way.emplace(id, waiting{found->second, l, std::move(done), since, deadline + grace});
    ends.emplace(deadline + grace, id);
    watch();
    auto values = values_of(*l, parameters);
    d.asked->ask({.id = id, .of = std::move(l), .values = std::move(values), .deadline = deadline});
}

void asker::work::count(desk& d, const answer& a, clock::time_point since) {
    const auto now = settings.now();
    --d.figures.waiting;
    d.figures.took += std::chrono::duration_cast<duration>(now - since);
    if (a.has_value()) {
        ++d.figures.answered;
        return d.fuse.succeeded();
    }
    ++d.figures.failed[static_cast<std::size_t>(a.error().kind)];
    if (a.error().kind == failure::timeout || a.error().kind == failure::down)
        d.fuse.failed(now);
    else
        d.fuse.succeeded(); // it is there, and it is the lookup that is wrong
}

void asker::work::end(std::uint64_t id, answer a) {
    const auto found = under_way.find(id);
    if (found == under_way.end())
        return;
    auto it = std::move(found->second);
    under_way.erase(found);
    ends.erase({it.ends, id});
    count(*it.at, a, it.since);
    if (a.has_error())
        a = failed{a.error().kind,
                   "lookup " + it.of->name + " at " + it.of->system + ": " + a.error().why};
    // The system may be on the stack, and this question the last that kept it.
    asio::post(settings.loop,
               [it = std::move(it), a = std::move(a)]() mutable { it.done(std::move(a)); });
}

void asker::work::watch() {
    if (ends.empty() || ends.begin()->first >= limit_at)
        return;
    limit_at = ends.begin()->first;
    limit.expires_at(limit_at);
    limit.async_wait([self = weak_from_this()](boost::system::error_code ec) {
        if (const auto me = self.lock(); me && !ec)
            me->look();
    });
}

void asker::work::look() {
    limit_at = clock::time_point::max();
    const auto now = clock::now();
    while (!ends.empty() && ends.begin()->first <= now)
        end(ends.begin()->second, failed{failure::timeout, "no answer in time"});
    watch();
}

void asker::work::stop() {
    stopped = true;
    limit.cancel();
    ends.clear();
    for (auto& [id, it] : under_way) {
        const answer a = failed{failure::down, "the daemon stops"};
        count(*it.at, a, it.since);
        refuse(std::move(it.done), a.error().kind, a.error().why);
    }
    under_way.clear(); // and with them the systems
    desks.clear();
}

asker::asker(asker_settings settings) : work_(std::make_shared<work>(std::move(settings))) {}

asker::~asker() { stop(); }

void asker::use(std::vector<settings::system_settings> systems, catalogue lookups) {
    work_->lookups = std::move(lookups);
    if (!work_->stopped)
        work_->use(std::move(systems));
}

void asker::ask(std::string_view lookup, const boost::json::object& parameters, callback done) {
    auto l = find(work_->lookups, lookup);
    if (!l || work_->stopped)
        return work_->refuse(std::move(done), l ? failure::down : failure::refused,
                             l ? "the daemon stops"
                               : "there is no lookup '" + std::string(lookup) + "'");
    work_->ask(std::move(l), parameters, std::move(done));
}

void asker::stop() { work_->stop(); }

const catalogue& asker::lookups() const { return work_->lookups; }

std::vector<system_figures> asker::figures() const {
    std::vector<system_figures> all;
    for (const auto& [name, d] : work_->desks) {
        all.push_back(d->figures);
        all.back().open = d->fuse.is_open();
    }
    return all;
}

} // namespace posthorn::lookups
