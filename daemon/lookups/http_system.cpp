// An HTTP interface as a system: GETs over connections that stay open, driven by the loop.
#include "lookups/http_answer.hpp"
#include "lookups/json_rows.hpp"
#include "lookups/path.hpp"
#include "lookups/system.hpp"
#include "sdk/http/transfers.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace posthorn::lookups {

namespace {

using clock = std::chrono::steady_clock;

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
    explicit gets(system_place place)
        : place_(std::move(place)),
          transfers_(std::make_shared<sdk::transfers>(
              place_.loop, static_cast<unsigned>(place_.settings.connections))) {}

    void ask(question q) {
        if (std::ranges::any_of(q.values, climbs)) // however it is written, servers go up there
            return boost::asio::post(place_.loop, [told = place_.told, id = q.id] {
                told(id, failed{failure::refused, "a parameter would lead elsewhere"});
            });
        auto e = std::make_shared<exchange>(std::move(q));
        prepare(*e);
        add(std::move(e));
    }

    // The end: nothing is told any more.
    void close() { transfers_->close(); }

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
        sdk::keep_to_the_place(e.easy);
    }

    void add(std::shared_ptr<exchange> e) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(e->q.deadline - clock::now());
        ::curl_easy_setopt(e->easy, CURLOPT_TIMEOUT_MS, std::max(1L, left.count()));
        auto* easy = e->easy;
        transfers_->add(easy, [weak = weak_from_this(), e = std::move(e)](CURLcode code) {
            if (const auto self = weak.lock())
                self->ended(e, code);
        });
    }

    void ended(const std::shared_ptr<exchange>& e, CURLcode code) {
        if (is_lost(code) && !e->again && clock::now() < e->q.deadline) {
            e->again = true;
            e->body.clear();
            return add(e);
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
    std::shared_ptr<sdk::transfers> transfers_;
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
