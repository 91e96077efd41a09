// libcurl's transfers, driven by the loop, over connections that stay open:
//
//   curl says which sockets and how long ─► socket_watch, timer ─► curl_multi_socket_action
//
// Whoever uses it makes and frees the easy handles.
#pragma once

#include "sdk/http/socket_watch.hpp"

#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <unordered_map>

namespace posthorn::sdk {

// One thread. Must be made by make_shared, and closed.
class transfers : public std::enable_shared_from_this<transfers> {
public:
    // `most` connections at once, to all hosts together; what is more waits for one.
    transfers(const boost::asio::any_io_executor& loop, unsigned most);

    // Begins later, from the loop. `ended` is called once, unless there is a close() before; the
    // handle is no longer in use then.
    void add(CURL* easy, std::function<void(CURLcode)> ended);
    // Ends all, without a word.
    void close();

private:
    static int timer_wanted(CURLM*, long ms, void* self);
    static int socket_wanted(CURL*, curl_socket_t socket, int what, void* self, void*);
    void set_timer(long ms);
    void watch(curl_socket_t socket, int what);
    void act(curl_socket_t socket, int what);

    boost::asio::any_io_executor loop_;
    boost::asio::steady_timer timer_;
    CURLM* multi_ = nullptr;
    std::unordered_map<CURL*, std::function<void(CURLcode)>> under_way_;
    std::unordered_map<curl_socket_t, std::shared_ptr<socket_watch>> watches_;
    bool closed_ = false;
};

// What concerns every transfer of ours: where the operator said, and nowhere else (no redirects, no
// proxy, no other protocols), never waiting for a name server.
void keep_to_the_place(CURL* easy);

} // namespace posthorn::sdk
