// A customer, for people who serve them: on the Unix socket, and on the network with a token made by
// `posthorn token create --agent --name NAME`.
//
//     GET  /v1/customers/{number or account}   as JSON
//     GET  /customers?who=                     as a page; a browser asks for the token as a password
//     POST /customers                          what its forms ask; done by the routes of this API
//
// Numbers and texts are shown in full; who looked is in the log.
#pragma once

#include "api/customer_view.hpp"
#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class customer_handlers {
public:
    // `pool`: the only one to use the readers.
    customer_handlers(store::reader& reader, boost::asio::thread_pool& pool,
                      const surroundings& around)
        : reader_(reader), pool_(pool), around_(around) {}

    std::vector<route> table();                     // bound to this
    void use(const router& all) { router_ = &all; } // that does what the forms ask

private:
    boost::asio::awaitable<answer> show(request asked);
    boost::asio::awaitable<answer> page(request asked);
    boost::asio::awaitable<answer> act(request asked);
    boost::asio::awaitable<customer> find(std::string who);

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
    const router* router_ = nullptr;
};

} // namespace posthorn::api
