#include "sdk/http/transfers.hpp"

#include <algorithm>

namespace posthorn::sdk {

namespace {

constexpr long idle_connections = 32;
constexpr long usual_streams = 100; // of HTTP/2, at once over a connection

} // namespace

transfers::transfers(const boost::asio::any_io_executor& loop, unsigned most)
    : loop_(loop), timer_(loop) {
    ::curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = ::curl_multi_init();
    ::curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, socket_wanted);
    ::curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    ::curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, timer_wanted);
    ::curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    ::curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(most));
    ::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
    ::curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    ::curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS,
                        std::max(usual_streams, static_cast<long>(most)));
}

void transfers::add(CURL* easy, std::function<void(CURLcode)> ended) {
    under_way_.emplace(easy, std::move(ended));
    ::curl_multi_add_handle(multi_, easy); // begins with the timer, not here
}

void transfers::close() {
    if (closed_)
        return;
    closed_ = true;
    timer_.cancel();
    for (auto& [easy, ended] : under_way_)
        ::curl_multi_remove_handle(multi_, easy);
    under_way_.clear();
    ::curl_multi_cleanup(multi_);
    for (auto& [socket, watch] : watches_)
        watch->close();
    watches_.clear();
}

int transfers::timer_wanted(CURLM*, long ms, void* self) {
    static_cast<transfers*>(self)->set_timer(ms);
    return 0;
}

void transfers::set_timer(long ms) {
    if (ms < 0) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::chrono::milliseconds(ms));
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (const auto self = weak.lock(); self && !ec)
            self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

int transfers::socket_wanted(CURL*, curl_socket_t socket, int what, void* self, void*) {
    try {
        static_cast<transfers*>(self)->watch(socket, what);
        return 0;
    } catch (const std::exception&) { // no exception through C: the transfer fails
        return -1;
    }
}

void transfers::watch(curl_socket_t socket, int what) {
    auto& watch = watches_[socket];
    if (what == CURL_POLL_REMOVE) {
        if (watch)
            watch->close();
        watches_.erase(socket);
        return;
    }
    if (!watch)
        watch = std::make_shared<socket_watch>(
            loop_, socket, [weak = weak_from_this(), socket](bool readable, bool) {
                if (const auto self = weak.lock())
                    self->act(socket, readable ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
            });
    watch->want((what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
}

void transfers::act(curl_socket_t socket, int what) {
    if (closed_)
        return;
    const auto here = shared_from_this(); // whom we tell may let go of us
    int running = 0;
    ::curl_multi_socket_action(multi_, socket, what, &running);
    int left = 0;
    while (!closed_) {
        const auto* m = ::curl_multi_info_read(multi_, &left);
        if (m == nullptr)
            break;
        if (m->msg != CURLMSG_DONE)
            continue;
        auto* const easy = m->easy_handle;
        const auto code = m->data.result;
        ::curl_multi_remove_handle(multi_, easy);
        const auto node = under_way_.extract(easy);
        node.mapped()(code);
    }
}

void keep_to_the_place(CURL* easy) {
    ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // never wait for a name server
    ::curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    ::curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    ::curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    ::curl_easy_setopt(easy, CURLOPT_PROXY, "");
    ::curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
}

} // namespace posthorn::sdk
