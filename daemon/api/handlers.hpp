// What each path of the API does. On the loop's thread; reads of the store on a thread of its own.
#pragma once

#include "api/audience_handlers.hpp"
#include "api/cancel_handlers.hpp"
#include "api/cancelling.hpp"
#include "api/consent_handlers.hpp"
#include "api/contact_handlers.hpp"
#include "api/cost_handlers.hpp"
#include "api/customer_handlers.hpp"
#include "api/inbound_handlers.hpp"
#include "api/ledger_handlers.hpp"
#include "api/nuisance_handlers.hpp"
#include "api/people_handlers.hpp"
#include "api/router.hpp"
#include "api/subscription_handlers.hpp"
#include "api/surroundings.hpp"
#include "api/timer_handlers.hpp"
#include "api/work_handlers.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class handlers {
public:
    handlers(store::reader& reader, const surroundings& around)
        : reader_(reader), around_(around) {}

    std::vector<route> table();                          // bound to this
    boost::asio::awaitable<std::string> verdict();       // of status
    void stop();                                         // long requests end early
    void use(const router& all) { customers_.use(all); } // that does what pages ask
    boost::asio::thread_pool& pool() { return pool_; }   // the only one to use the reader

private:
    boost::asio::awaitable<answer> status(request asked);
    boost::asio::awaitable<answer> show(request asked);
    boost::asio::awaitable<answer> uncertain(request asked);
    boost::asio::awaitable<answer> settle(request asked, bool resend);
    boost::asio::awaitable<answer> retry(request asked);
    boost::asio::awaitable<answer> pause(request asked, bool stopped);
    boost::asio::awaitable<answer> resume(request asked);
    boost::asio::awaitable<answer> cancel(request asked);
    boost::asio::awaitable<answer> resend(request asked);
    boost::asio::awaitable<answer> send(request asked);
    boost::asio::awaitable<answer> accept_clock(request asked);
    boost::asio::awaitable<answer> reload(request asked);
    boost::asio::awaitable<answer> backup(request asked);
    boost::asio::awaitable<answer> erase(request asked);
    boost::asio::awaitable<answer> log(request asked);
    boost::asio::awaitable<answer> search(request asked);
    boost::asio::awaitable<answer> accounts(request asked);
    boost::asio::awaitable<answer> try_account(request asked);
    boost::asio::awaitable<answer> sources(request asked);
    boost::asio::awaitable<answer> test_command(request asked);
    boost::asio::awaitable<answer> test_route(request asked);

    struct named_message {
        std::optional<store::event_story> event;
        posthorn::id message = 0; // the one that was named, else the last of the event
        std::string mistake;      // why there is none
        const store::message_story* story() const;
    };
    // Of an id or a key; of one source when it is named.
    boost::asio::awaitable<std::vector<store::event_story>> events_named(std::string what,
                                                                         std::string source);
    boost::asio::awaitable<named_message> message_named(std::string what, std::string source);

    store::reader& reader_;
    const surroundings& around_;
    boost::asio::thread_pool pool_{1};
    cancelling cancelling_{reader_, pool_, around_};
    cancel_handlers cancels_{reader_, pool_, around_, cancelling_, people};
    consent_handlers consents_{reader_, pool_, around_};
    people_handlers people_{pool_, around_};
    inbound_handlers inbound_{pool_, around_};
    customer_handlers customers_{reader_, pool_, around_};
    subscription_handlers subscriptions_{pool_, around_};
    contact_handlers contacts_{pool_, around_};
    work_handlers work_{pool_, around_};
    timer_handlers timers_{pool_, around_};
    audience_handlers audience_{pool_, around_};
    nuisance_handlers nuisances_{pool_, around_};
    cost_handlers costs_{pool_, around_};
    ledger_handlers ledger_{reader_, pool_, around_};
    bool stopping_ = false;
};

} // namespace posthorn::api
