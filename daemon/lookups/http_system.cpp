// An HTTP interface as a system: GETs over connections that stay open, driven by the loop.
//
//   curl says which sockets and how long ─► socket_watch, timer ─► curl_multi_socket_action
#include "lookups/http_answer.hpp"
#include "lookups/json_rows.hpp"
#include "lookups/path.hpp"
#include "lookups/socket_watch.hpp"
#include "lookups/system.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <unordered_map>

namespace posthorn::lookups {

namespace {

using clock = std::chrono::steady_clock;

constexpr long idle_connections = 32;

// One GET on its way.
struct exchange {
    explicit exchange(question asked) : q(std::move(asked)) {}
    ~exchange() {
        ::curl_easy_cleanup(easy);
        ::curl_slist_free_all(headers);
    }
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    question q;
    CURL* easy = ::curl_easy_init();
    curl_slist* headers = nullptr;
    std::string body;
    bool too_long = false;
    bool again = false; // it is tried a second time
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
    auto& e = *static_cast<exchange*>(to);
    e.too_long = e.body.size() + size * count > longest_body;
    if (e.too_long)
        return 0;
    e.body.append(data, size * count);
    return size * count;
}

// What a lost connection looks like, so that nobody knows of the question: it may be asked again.
bool is_lost(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
}

bool climbs(const std::optional<std::string>& value) { return value == "." || value == ".."; }

class gets : public std::enable_shared_from_this<gets> {
public:
    explicit gets(system_place place) : place_(std::move(place)), timer_(place_.loop) {
        ::curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = ::curl_multi_init();
        ::curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, socket_wanted);
        ::curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        ::curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, timer_wanted);
        ::curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        ::curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                            static_cast<long>(place_.settings.connections));
        ::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
    }

    void ask(question q) {
        if (std::ranges::any_of(q.values, climbs)) // however it is written, servers go up there
            return boost::asio::post(place_.loop, [told = place_.told, id = q.id] {
                told(id, failed{failure::refused, "a parameter would lead elsewhere"});
            });
        auto e = std::make_unique<exchange>(std::move(q));
        prepare(*e);
        add(std::move(e));
    }

    // The end: nothing is told any more.
    void close() {
        closed_ = true;
        timer_.cancel();
        for (auto& [easy, e] : exchanges_)
            ::curl_multi_remove_handle(multi_, easy);
        exchanges_.clear();
        ::curl_multi_cleanup(multi_);
        for (auto& [socket, watch] : watches_)
            watch->close();
        watches_.clear();
    }

private:
    void prepare(exchange& e) const {
        const auto& q = e.q;
        const auto url = place_.settings.where + filled(q.of->path, [&](std::string_view name) {
                             const auto at = std::ranges::find(q.of->takes, name);
                             const auto& v =
                                 q.values[static_cast<std::size_t>(at - q.of->takes.begin())];
                             return v ? std::string_view(*v) : std::string_view();
                         });
        e.headers = ::curl_slist_append(e.headers, "Accept: application/json");
        if (!place_.settings.secret.empty())
            e.headers = ::curl_slist_append(
                e.headers, ("Authorization: Bearer " + place_.settings.secret).c_str());
        ::curl_easy_setopt(e.easy, CURLOPT_URL, url.c_str());
        ::curl_easy_setopt(e.easy, CURLOPT_HTTPHEADER, e.headers);
        ::curl_easy_setopt(e.easy, CURLOPT_WRITEFUNCTION, take_body);
        ::curl_easy_setopt(e.easy, CURLOPT_WRITEDATA, &e);
        ::curl_easy_setopt(e.easy, CURLOPT_NOSIGNAL, 1L);
        ::curl_easy_setopt(e.easy, CURLOPT_QUICK_EXIT, 1L); // never wait for a name server
        ::curl_easy_setopt(e.easy, CURLOPT_ACCEPT_ENCODING, "");
        ::curl_easy_setopt(e.easy, CURLOPT_PATH_AS_IS, 1L);
        // where the operator said, and nowhere else: no redirects, no proxy, no other protocols
        ::curl_easy_setopt(e.easy, CURLOPT_FOLLOWLOCATION, 0L);
        ::curl_easy_setopt(e.easy, CURLOPT_PROXY, "");
        ::curl_easy_setopt(e.easy, CURLOPT_PROTOCOLS_STR, "http,https");
        ::curl_easy_setopt(e.easy, CURLOPT_PRIVATE, &e);
    }

    void add(std::unique_ptr<exchange> e) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(e->q.deadline - clock::now());
        ::curl_easy_setopt(e->easy, CURLOPT_TIMEOUT_MS, std::max(1L, left.count()));
        auto* easy = e->easy;
        exchanges_.emplace(easy, std::move(e));
        ::curl_multi_add_handle(multi_, easy); // begins with the timer, not here
    }

    static int timer_wanted(CURLM*, long ms, void* self) {
        static_cast<gets*>(self)->set_timer(ms);
        return 0;
    }
    void set_timer(long ms) {
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

    static int socket_wanted(CURL*, curl_socket_t socket, int what, void* self, void*) {
        try {
            static_cast<gets*>(self)->watch(socket, what);
            return 0;
        } catch (const std::exception&) { // no exception through C: the transfer fails
            return -1;
        }
    }
    void watch(curl_socket_t socket, int what) {
        auto& watch = watches_[socket];
        if (what == CURL_POLL_REMOVE) {
            if (watch)
                watch->close();
            watches_.erase(socket);
            return;
        }
        if (!watch)
            watch = std::make_shared<socket_watch>(
                place_.loop, socket, [weak = weak_from_this(), socket](bool readable, bool) {
                    if (const auto self = weak.lock())
                        self->act(socket, readable ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
                });
        watch->want((what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
    }

    void act(curl_socket_t socket, int what) {
        if (closed_)
            return;
        int running = 0;
        ::curl_multi_socket_action(multi_, socket, what, &running);
        int left = 0;
        while (const auto* m = ::curl_multi_info_read(multi_, &left))
            if (m->msg == CURLMSG_DONE)
                ended(m->easy_handle, m->data.result);
    }

    void ended(CURL* easy, CURLcode code) {
        ::curl_multi_remove_handle(multi_, easy);
        const auto at = exchanges_.find(easy);
        auto e = std::move(at->second);
        exchanges_.erase(at);
        if (is_lost(code) && !e->again && clock::now() < e->q.deadline) {
            e->again = true;
            e->body.clear();
            return add(std::move(e));
        }
        place_.told(e->q.id, read(*e, code));
    }

    static answer read(const exchange& e, CURLcode code) {
        if (e.too_long)
            return failed{failure::bad_data, "more than 1 MiB"};
        if (code == CURLE_OPERATION_TIMEDOUT)
            return failed{failure::timeout, "no answer in time"};
        if (code != CURLE_OK)
            return failed{failure::down, ::curl_easy_strerror(code)};
        long status = 0;
        ::curl_easy_getinfo(e.easy, CURLINFO_RESPONSE_CODE, &status);
        return read_http_answer(*e.q.of, status, e.body);
    }

    const system_place place_;
    boost::asio::steady_timer timer_;
    CURLM* multi_ = nullptr;
    std::unordered_map<CURL*, std::unique_ptr<exchange>> exchanges_;
    std::unordered_map<curl_socket_t, std::shared_ptr<socket_watch>> watches_;
    bool closed_ = false;
};

class http_system : public system {
public:
    explicit http_system(system_place place) : gets_(std::make_shared<gets>(std::move(place))) {}
    ~http_system() override { gets_->close(); }

    void ask(question q) override { gets_->ask(std::move(q)); }

private:
    std::shared_ptr<gets> gets_;
};

} // namespace

std::unique_ptr<system> make_http_system(system_place place) {
    return std::make_unique<http_system>(std::move(place));
}

} // namespace posthorn::lookups
