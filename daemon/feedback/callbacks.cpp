#include "feedback/callbacks.hpp"

#include "feedback/callback_request.hpp"
#include "runtime/thread_rank.hpp"
#include "store/callbacks.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <list>
#include <random>

namespace posthorn::feedback {

namespace {

constexpr std::size_t most_under_way = 16; // to one endpoint
constexpr auto between_counts = std::chrono::seconds(5);
constexpr int look_every_ms = 500;
constexpr long connect_limit_s = 5;
constexpr long whole_limit_s = 15;

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

// One POST on its way.
struct post {
    explicit post(const callback_request& request, const std::string& url) : body(request.body) {
        for (const auto& h : request.headers)
            headers = curl_slist_append(headers, h.c_str());
        curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, connect_limit_s);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, whole_limit_s);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        // where the operator said, and nowhere else: no redirects, no proxy, no other protocols
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    }
    ~post() {
        curl_easy_cleanup(easy);
        curl_slist_free_all(headers);
    }
    post(const post&) = delete;
    post& operator=(const post&) = delete;

    CURL* easy = curl_easy_init();
    curl_slist* headers = nullptr;
    std::string body;
    std::size_t endpoint = 0;
    store::due_callback what;
};

} // namespace

struct callbacks::work {
    explicit work(callbacks& of) : owner(of), desks(of.settings_.endpoints.size()) {}
    ~work() {
        break_off();
        curl_multi_cleanup(multi);
    }
    work(const work&) = delete;
    work& operator=(const work&) = delete;

    struct desk { // of one endpoint
        std::unique_ptr<store::callback_queue> queue;
        std::size_t under_way = 0;
        int failures = 0; // of the endpoint itself, in a row
        instant rests_until{};
    };

    void break_off() {
        for (const auto& p : posts)
            curl_multi_remove_handle(multi, p->easy);
        posts.clear();
    }
    void run();
    void count_waiting();
    void send(std::size_t i);
    void ended(const CURLMsg& message);
    void settle(const post& p, long status, const char* error);
    duration wait_after(int tries);
    bool on_its_way(std::size_t i, const store::due_callback& due) const;

    callbacks& owner;
    CURLM* multi = curl_multi_init();
    instant counted_at{};
    std::vector<desk> desks;
    std::list<std::unique_ptr<post>> posts;
    std::mt19937 random{std::random_device{}()};
};

bool callbacks::work::on_its_way(std::size_t i, const store::due_callback& due) const {
    return std::ranges::any_of(
        posts, [&](const auto& p) { return p->endpoint == i && name_of(p->what) == name_of(due); });
}

void callbacks::work::count_waiting() {
    const auto now = owner.settings_.now();
    if (now < counted_at + between_counts)
        return;
    counted_at = now;
    std::int64_t all = 0;
    for (auto& d : desks)
        all += d.queue ? d.queue->waiting() : 0;
    owner.waiting_ = all;
}

void callbacks::work::send(std::size_t i) {
    auto& d = desks[i];
    const auto& to = owner.settings_.endpoints[i];
    const auto now = owner.settings_.now();
    // an endpoint that was down is tried with one
    const auto most = d.failures > 0 ? std::size_t{1} : most_under_way;
    if (d.rests_until > now || d.under_way >= most)
        return;
    const auto file = owner.settings_.results / (to.source + ".db");
    if (!d.queue && !std::filesystem::exists(file))
        return;
    if (!d.queue)
        d.queue = std::make_unique<store::callback_queue>(file);
    for (auto& due : d.queue->due(now, 2 * most_under_way)) {
        if (d.under_way >= most)
            break;
        if (on_its_way(i, due))
            continue;
        const auto request = std::visit(
            [&](const auto& row) { return make_callback(row, to.source, to.secret, now); },
            due.what);
        posts.push_back(std::make_unique<post>(request, to.url));
        posts.back()->endpoint = i;
        posts.back()->what = std::move(due);
        ++d.under_way;
        curl_multi_add_handle(multi, posts.back()->easy);
    }
}

duration callbacks::work::wait_after(int tries) {
    auto wait = owner.settings_.first_wait;
    for (int n = 1; n < tries && wait < owner.settings_.longest_wait; ++n)
        wait *= 2;
    wait = std::min(wait, owner.settings_.longest_wait);
    return wait / 2 + duration(static_cast<std::int64_t>(random()) % (wait.count() / 2 + 1));
}

void callbacks::work::ended(const CURLMsg& message) {
    post* p = nullptr;
    long status = 0;
    curl_easy_getinfo(message.easy_handle, CURLINFO_PRIVATE, &p);
    curl_easy_getinfo(message.easy_handle, CURLINFO_RESPONSE_CODE, &status);
    const auto result = message.data.result;
    curl_multi_remove_handle(multi, p->easy);
    --desks[p->endpoint].under_way;
    const auto at = std::ranges::find(posts, p, &std::unique_ptr<post>::get);
    const auto mine = std::move(*at); // off the list, whatever happens below
    posts.erase(at);
    settle(*mine, result == CURLE_OK ? status : 0, curl_easy_strerror(result));
}

// `status` 0: there was no answer, for `error`.
void callbacks::work::settle(const post& p, long status, const char* error) {
    auto& d = desks[p.endpoint];
    const auto& to = owner.settings_.endpoints[p.endpoint];
    const auto now = owner.settings_.now();
    if (status >= 200 && status < 300) {
        d.queue->told(p.what, now);
        d.failures = 0;
        d.rests_until = {};
        ++owner.taken_;
        return;
    }
    ++owner.failed_;
    const auto why = status == 0 ? std::string(error) : "it answers " + std::to_string(status);
    const bool endpoint_down = status == 0 || status == 429 || status >= 500;
    if (endpoint_down) {
        if (d.failures++ == 0)
            owner.settings_.complain("callbacks of " + to.source + " wait: " + to.url + ": " + why);
        d.rests_until = now + wait_after(d.failures);
    }
    if (now - p.what.since < to.retry_for) {
        d.queue->failed(p.what, endpoint_down ? d.rests_until : now + wait_after(p.what.tries + 1));
        return;
    }
    d.queue->give_up(p.what);
    ++owner.given_up_;
    const auto* result = std::get_if<store::result_row>(&p.what.what);
    const auto which =
        result ? "key " + result->key : "text " + std::to_string(name_of(p.what).second);
    owner.settings_.complain("callback for " + which + " of " + to.source + " is given up: " + why +
                             " (its result file has it)");
}

void callbacks::work::run() {
    while (!owner.stopping_) {
        for (std::size_t i = 0; i < desks.size(); ++i)
            send(i);
        count_waiting();
        int running = 0;
        curl_multi_perform(multi, &running);
        int left = 0;
        bool any = false;
        while (const auto* message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE) {
                ended(*message);
                any = true;
            }
        if (!any)
            curl_multi_poll(multi, nullptr, 0, look_every_ms, nullptr);
    }
}

callbacks::callbacks(callback_settings settings) : settings_(std::move(settings)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    work_ = std::make_unique<work>(*this);
}

callbacks::~callbacks() { stop(); }

void callbacks::start() {
    if (settings_.endpoints.empty())
        return;
    thread_ = std::thread([this] {
        runtime::this_thread_is("callbacks", runtime::thread_rank::usual);
        while (!stopping_) {
            try {
                work_->run();
            } catch (const std::exception& e) {
                settings_.complain(std::string("callbacks wait: ") + e.what() +
                                   ": nothing is lost; they go on when it is mended");
                for (auto& d : work_->desks)
                    d.queue.reset();
                curl_multi_poll(work_->multi, nullptr, 0, 10'000, nullptr);
            }
        }
    });
}

void callbacks::stop() {
    stopping_ = true;
    curl_multi_wakeup(work_->multi);
    if (thread_.joinable())
        thread_.join();
}

void callbacks::use(std::vector<endpoint> endpoints) {
    stop();
    work_->break_off();
    settings_.endpoints = std::move(endpoints);
    work_->desks = std::vector<work::desk>(settings_.endpoints.size());
    stopping_ = false;
    start();
}

void callbacks::told() { curl_multi_wakeup(work_->multi); }

} // namespace posthorn::feedback
