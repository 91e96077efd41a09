// A PostgreSQL database as a system: a few sessions, opened when they are needed and kept. One that
// was lost while nobody asked (the server was restarted) costs a reconnect, not an answer.
#include "lookups/postgresql_session.hpp"
#include "lookups/system.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace posthorn::lookups {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr duration first_wait = 100ms; // after a connection that failed; then twice as long, up to
constexpr duration longest_wait = 5s;

class sessions : public std::enable_shared_from_this<sessions> {
public:
    explicit sessions(system_place place) : place_(std::move(place)) {}

    void ask(question q) {
        queue_.push_back({std::move(q)});
        serve();
    }

    void close() {
        *stopping_ = true;
        for (const auto& s : idle_)
            s->close();
        for (const auto& [s, w] : busy_)
            s->close();
        idle_.clear();
        busy_.clear();
        queue_.clear();
    }

private:
    using session_ptr = std::shared_ptr<postgresql_session>;
    struct waiting {
        question q;
        bool again = false; // asked a second time
    };

    void serve() {
        const auto now = clock::now();
        // the asker has told those already
        std::erase_if(queue_, [&](const waiting& w) { return w.q.deadline <= now; });
        while (!queue_.empty() && !idle_.empty())
            give();
        if (queue_.empty() || opening_)
            return;
        if (now >= rests_until_ && busy_.size() < place_.settings.connections)
            open(); // one after the other
        else if (busy_.empty())
            refuse_all();
    }

    void give() {
        auto s = std::move(idle_.back());
        idle_.pop_back();
        auto w = std::make_unique<waiting>(std::move(queue_.front()));
        queue_.pop_front();
        const auto& q = w->q;
        busy_.emplace(s, std::move(w));
        s->ask(q, [weak = weak_from_this(), s](postgresql_session::outcome o) {
            if (const auto self = weak.lock())
                self->ended(s, std::move(o));
        });
    }

    void ended(const session_ptr& s, postgresql_session::outcome o) {
        const auto at = busy_.find(s);
        if (at == busy_.end())
            return;
        auto w = std::move(at->second);
        busy_.erase(at);
        if (!o.is_lost)
            idle_.push_back(s);
        else if (o.result.error().kind != failure::too_many_rows)
            drop_idle(); // they are as old
        if (o.stale && !w->again) {
            w->again = true;
            queue_.push_front(std::move(*w));
        } else {
            place_.told(w->q.id, std::move(o.result));
        }
        serve();
    }

    void drop_idle() {
        for (const auto& s : idle_)
            s->close();
        idle_.clear();
    }

    void open() {
        opening_ = true;
        boost::asio::post(*place_.blocking, [weak = weak_from_this(), settings = place_.settings,
                                             loop = place_.loop, stopping = stopping_] {
            auto made = std::make_shared<connected>(connect(settings, *stopping));
            boost::asio::post(loop, [weak, made] {
                if (const auto self = weak.lock(); self && !*self->stopping_)
                    self->opened(std::move(*made));
            });
        });
    }

    void opened(connected c) {
        opening_ = false;
        try {
            if (c.connection) {
                auto s = std::make_shared<postgresql_session>(std::move(c.connection), place_.loop);
                s->start();
                idle_.push_back(std::move(s));
                wait_ = first_wait;
                rests_until_ = {};
                return serve();
            }
        } catch (const std::exception& e) { // no more sockets
            c.why = e.what();
        }
        why_ = c.why;
        rests_until_ = clock::now() + wait_;
        wait_ = std::min(wait_ * 2, longest_wait);
        serve();
    }

    void refuse_all() {
        for (const auto& w : queue_)
            boost::asio::post(place_.loop, [told = place_.told, id = w.q.id, why = why_] {
                told(id, failed{failure::down, why});
            });
        queue_.clear();
    }

    const system_place place_;
    std::deque<waiting> queue_;
    std::vector<session_ptr> idle_;
    std::unordered_map<session_ptr, std::unique_ptr<waiting>> busy_;
    bool opening_ = false;
    std::string why_; // the last connection failed
    duration wait_ = first_wait;
    clock::time_point rests_until_{};
    std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);
};

class postgresql_system : public system {
public:
    explicit postgresql_system(system_place place)
        : sessions_(std::make_shared<sessions>(std::move(place))) {}
    ~postgresql_system() override { sessions_->close(); }

    void ask(question q) override { sessions_->ask(std::move(q)); }

private:
    std::shared_ptr<sessions> sessions_;
};

} // namespace

std::unique_ptr<system> make_postgresql_system(system_place place) {
    return std::make_unique<postgresql_system>(std::move(place));
}

} // namespace posthorn::lookups
