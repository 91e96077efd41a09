// Accepted texts of a carrier that reports nothing by itself: each is asked for now and then, until
// its state is final or it is not worth asking any more. Kept in memory: what a restart forgets ends
// `unconfirmed`, and can still be asked for by a person.
#pragma once

#include "sdk/adapter.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>

namespace posthorn::sdk {

struct inquiry_times {
    duration every{}; // 0: never
    duration give_up{};
};

class inquiries {
public:
    static constexpr std::size_t most = 100'000; // the oldest is forgotten
    using ask = std::function<void(const accepted_part&, std::function<void(inquiry)>)>;

    // `at_once`: how many are asked for at the same time.
    inquiries(host& h, unsigned at_once, ask how)
        : host_(h), at_once_(at_once), ask_(std::move(how)), timer_(h.executor()) {}
    ~inquiries() { stop(); }

    void add(accepted_part which, const inquiry_times& times);
    void stop();

private:
    struct waiting {
        accepted_part which;
        inquiry_times times;
        instant next{}, until{};
    };
    void wait();
    void look(instant now);
    void told(waiting w, const inquiry& said);

    host& host_;
    const unsigned at_once_;
    ask ask_;
    boost::asio::steady_timer timer_;
    std::deque<waiting> waiting_; // by `next`: every account asks at one pace
    unsigned under_way_ = 0;
    bool set_ = false, stopped_ = false;
};

} // namespace posthorn::sdk
