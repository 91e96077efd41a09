#include "lookups/asker.hpp"

#include "lookups/breaker.hpp"
#include "lookups/system.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace posthorn::lookups {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

using clock = std::chrono::steady_clock;

constexpr std::int64_t most_waiting = 10'000; // for one system: memory is bounded
constexpr std::size_t blocking_threads = 4;   // so many dead databases do not delay another one
constexpr unsigned each_connection = 2; // questions: one asked, one at hand when that is answered
// A system that keeps the limit itself knows better what it was waiting for.
constexpr auto grace_after_deadline = std::chrono::milliseconds(100);

std::unique_ptr<system> make_system(system_place place) {
    switch (place.settings.kind) {
    case settings::system_kind::sqlite:
        return make_sqlite_system(std::move(place));
    case settings::system_kind::postgresql:
        return make_postgresql_system(std::move(place));
    case settings::system_kind::http:
        return make_http_system(std::move(place));
    case settings::system_kind::handler:
        return make_handler_system(std::move(place));
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
        desk(settings::system_settings s, handler_choice h, system_figures f)
            : settings(std::move(s)), handler(std::move(h)), figures(std::move(f)),
              fuse(settings.breaker) {}
        bool has_room() const { return handed_over < each_connection * settings.connections; }
        settings::system_settings settings;
        handler_choice handler;
        system_figures figures;
        breaker fuse;
        std::deque<std::uint64_t> queue; // of those not handed over; some may have ended
        unsigned handed_over = 0;        // and not ended
        std::unique_ptr<system> asked;
    };
    struct waiting {
        std::shared_ptr<desk> at;
        lookup_ptr of;
        callback done;
        std::vector<std::optional<std::string>> values; // until it is handed over
        clock::time_point since;                        // as settings.now() says
        clock::time_point ends{};
        bool handed_over = false; // only then it says something about the system
    };

    explicit work(asker_settings s) : settings(std::move(s)), limit(settings.loop) {}

    void use(std::vector<settings::system_settings> systems, handler_choices handlers);
    std::shared_ptr<desk> make_desk(settings::system_settings s, handler_choice h);
    void ask(lookup_ptr l, const json::object& parameters, callback done);
    void refuse(callback done, failure kind, std::string why);
    void serve(desk& d);
    void hand_over(std::uint64_t id, waiting& w);
    void end_at(waiting& w, std::uint64_t id, clock::time_point when);
    void end(std::uint64_t id, answer a);
    void settle(std::uint64_t id, answer a);
    void count(const waiting& w, const answer& a);
    void watch();
    void look();
    void time_out(std::uint64_t id);
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

std::shared_ptr<asker::work::desk> asker::work::make_desk(settings::system_settings s,
                                                          handler_choice h) {
    const auto known = desks.find(s.name);
    if (known != desks.end() && known->second->settings == s && known->second->handler == h)
        return known->second;
    system_figures figures;
    if (known != desks.end()) // they must not go back
        figures = known->second->figures;
    figures.name = s.name;
    figures.waiting = 0;
    if (s.kind == settings::system_kind::postgresql && !blocking)
        blocking = std::make_unique<asio::thread_pool>(blocking_threads);
    auto made = std::make_shared<desk>(s, h, std::move(figures));
    made->asked = make_system({.settings = std::move(s),
                               .loop = settings.loop,
                               .told =
                                   [self = weak_from_this()](std::uint64_t id, answer a) {
                                       if (const auto me = self.lock())
                                           me->end(id, std::move(a));
                                   },
                               .blocking = blocking.get(),
                               .handler = std::move(h)});
    return made;
}

void asker::work::use(std::vector<settings::system_settings> systems, handler_choices handlers) {
    decltype(desks) wanted;
    for (auto& s : systems) {
        auto name = s.name;
        auto handler = std::move(handlers[name]);
        wanted.emplace(std::move(name), make_desk(std::move(s), std::move(handler)));
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
    if (d.figures.waiting >= most_waiting) {
        ++d.figures.failed[static_cast<std::size_t>(failure::down)];
        return refuse(std::move(done), failure::down,
                      "lookup " + l->name + " at " + l->system +
                          ": too many questions are waiting");
    }
    ++d.figures.waiting;
    const auto id = next++;
    auto values = values_of(*l, parameters);
    auto& w = under_way[id];
    w = {.at = found->second,
         .of = std::move(l),
         .done = std::move(done),
         .values = std::move(values),
         .since = settings.now()};
    end_at(w, id, clock::now() + settings.longest_queued);
    d.queue.push_back(id);
    serve(d);
}

// Hands over what there is room for; while the breaker is open nobody waits for room.
void asker::work::serve(desk& d) {
    while (!d.queue.empty()) {
        const auto id = d.queue.front();
        const auto found = under_way.find(id);
        if (found == under_way.end()) {
            d.queue.pop_front(); // it has waited too long
            continue;
        }
        const auto now = settings.now();
        if (!d.fuse.keeps_back(now) && !d.has_room())
            return;
        d.queue.pop_front();
        if (d.fuse.lets_through(now))
            hand_over(id, found->second);
        else
            settle(id, failed{failure::breaker_open,
                              "it has failed too often and is left alone for a while"});
    }
}

void asker::work::hand_over(std::uint64_t id, waiting& w) {
    const auto deadline = clock::now() + w.of->timeout;
    end_at(w, id, deadline + grace_after_deadline);
    w.handed_over = true;
    ++w.at->handed_over;
    w.at->asked->ask({.id = id, .of = w.of, .values = std::move(w.values), .deadline = deadline});
}

void asker::work::end_at(waiting& w, std::uint64_t id, clock::time_point when) {
    ends.erase({w.ends, id});
    w.ends = when;
    ends.emplace(when, id);
    watch();
}

void asker::work::count(const waiting& w, const answer& a) {
    auto& d = *w.at;
    const auto now = settings.now();
    --d.figures.waiting;
    d.figures.took += std::chrono::duration_cast<duration>(now - w.since);
    if (a.has_value())
        ++d.figures.answered;
    else
        ++d.figures.failed[static_cast<std::size_t>(a.error().kind)];
    if (!w.handed_over)
        return;
    --d.handed_over;
    if (a.has_error() && (a.error().kind == failure::timeout || a.error().kind == failure::down))
        d.fuse.failed(now);
    else
        d.fuse.succeeded(); // it is there, also when it is the lookup that is wrong
}

void asker::work::end(std::uint64_t id, answer a) {
    const auto found = under_way.find(id);
    if (found == under_way.end())
        return;
    const auto d = found->second.at;
    settle(id, std::move(a));
    serve(*d);
}

// One under way is told how it ended.
void asker::work::settle(std::uint64_t id, answer a) {
    const auto found = under_way.find(id);
    auto it = std::move(found->second);
    under_way.erase(found);
    ends.erase({it.ends, id});
    count(it, a);
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
        time_out(ends.begin()->second);
    watch();
}

void asker::work::time_out(std::uint64_t id) {
    const bool asked = under_way.at(id).handed_over;
    end(id, failed{failure::timeout,
                   asked ? "no answer in time" : "too many questions were asked before it"});
}

void asker::work::stop() {
    stopped = true;
    limit.cancel();
    ends.clear();
    for (auto& [id, it] : under_way) {
        const answer a = failed{failure::down, "the daemon stops"};
        count(it, a);
        refuse(std::move(it.done), a.error().kind, a.error().why);
    }
    under_way.clear(); // and with them the systems
    desks.clear();
}

asker::asker(asker_settings settings) : work_(std::make_shared<work>(std::move(settings))) {}

asker::~asker() { stop(); }

void asker::use(std::vector<settings::system_settings> systems, catalogue lookups,
                handler_choices handlers) {
    work_->lookups = std::move(lookups);
    if (!work_->stopped)
        work_->use(std::move(systems), std::move(handlers));
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

std::vector<system_figures> asker::figures() const {
    std::vector<system_figures> all;
    for (const auto& [name, d] : work_->desks) {
        all.push_back(d->figures);
        all.back().open = d->fuse.is_open();
    }
    return all;
}

} // namespace posthorn::lookups
