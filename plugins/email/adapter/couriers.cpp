#include "email/adapter/couriers.hpp"

#include <boost/asio/post.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace posthorn::email {

namespace asio = boost::asio;

// One thread's: libcurl keeps the connection between two errands.
class couriers::connection {
public:
    connection(const configuration& settings, const std::atomic<bool>& over)
        : settings_(settings), over_(over), easy_(::curl_easy_init()) {}
    ~connection() { ::curl_easy_cleanup(easy_); } // says QUIT
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    struct end {
        conversation talk;
        bool done = false;
        std::string failure;
    };

    end run(const errand& e) {
        end out;
        talk_ = &out.talk;
        mail_ = e.mail;
        given_ = 0;
        prepare();
        curl_slist* recipients = nullptr;
        if (e.to.empty()) {
            set(CURLOPT_CUSTOMREQUEST, "NOOP");
            set(CURLOPT_NOBODY, 1L);
        } else {
            recipients = ::curl_slist_append(nullptr, e.to.c_str());
            prepare_letter(recipients);
        }
        const auto code = ::curl_easy_perform(easy_);
        ::curl_slist_free_all(recipients);
        talk_ = &after_;
        out.done = code == CURLE_OK;
        out.failure = over_               ? "the account was stopped before an answer came"
                      : error_[0] != '\0' ? error_.data()
                                          : ::curl_easy_strerror(code);
        return out;
    }

private:
    template <class Value>
    void set(CURLoption what, Value value) {
        ::curl_easy_setopt(easy_, what, value);
    }
    void set_text(CURLoption what, const std::string& text) {
        if (!text.empty())
            set(what, text.c_str());
    }

    void prepare() {
        ::curl_easy_reset(easy_); // the connection stays
        error_[0] = '\0';
        set(CURLOPT_ERRORBUFFER, error_.data());
        set_text(CURLOPT_URL, settings_.url);
        set_text(CURLOPT_USERNAME, settings_.user);
        set_text(CURLOPT_PASSWORD, settings_.password);
        set(CURLOPT_USE_SSL, static_cast<long>(settings_.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!settings_.ca.empty()) {
            curl_blob ca{const_cast<char*>(settings_.ca.data()), settings_.ca.size(),
                         CURL_BLOB_COPY};
            set(CURLOPT_CAINFO_BLOB, &ca);
        }
        set(CURLOPT_PROXY, "");
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_NOSIGNAL, 1L);
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.timeout);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(ms.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(ms.count()));
        set(CURLOPT_WRITEFUNCTION, ignore);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, is_over);
        set(CURLOPT_XFERINFODATA, this);
        // the only way to know how far the talk has come; nothing of it is logged
        set(CURLOPT_VERBOSE, 1L);
        set(CURLOPT_DEBUGFUNCTION, overheard);
        set(CURLOPT_DEBUGDATA, this);
    }

    void prepare_letter(curl_slist* recipients) {
        set_text(CURLOPT_MAIL_FROM, settings_.return_path);
        set(CURLOPT_MAIL_RCPT, recipients);
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, give);
        set(CURLOPT_READDATA, this);
        set(CURLOPT_SEEKFUNCTION, again);
        set(CURLOPT_SEEKDATA, this);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail_.size()));
    }

    static std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
        return size * count;
    }
    // libcurl asks for the letter once the server has said "go ahead".
    static std::size_t give(char* to, std::size_t size, std::size_t count, void* self) {
        auto& c = *static_cast<connection*>(self);
        const auto n = std::min(size * count, c.mail_.size() - c.given_);
        std::memcpy(to, c.mail_.data() + c.given_, n);
        c.given_ += n;
        if (c.given_ == c.mail_.size() && !c.talk_->all_left)
            c.talk_->gave_all();
        return n;
    }
    // On a connection that was closed while it lay idle nothing was given yet.
    static int again(void* self, curl_off_t offset, int origin) {
        auto& c = *static_cast<connection*>(self);
        if (origin != SEEK_SET || offset != 0 || c.talk_->all_left)
            return CURL_SEEKFUNC_FAIL;
        c.given_ = 0;
        return CURL_SEEKFUNC_OK;
    }
    static int is_over(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<connection*>(self)->over_ ? 1 : 0;
    }
    static int overheard(CURL*, curl_infotype what, char* data, std::size_t size, void* self) {
        auto& talk = *static_cast<connection*>(self)->talk_;
        if (what == CURLINFO_HEADER_OUT)
            talk.said({data, size});
        else if (what == CURLINFO_HEADER_IN)
            talk.heard({data, size});
        return 0;
    }

    const configuration& settings_;
    const std::atomic<bool>& over_;
    CURL* easy_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::string_view mail_;
    std::size_t given_ = 0;
    conversation after_; // of what is said between two errands
    conversation* talk_ = &after_;
};

couriers::couriers(asio::any_io_executor loop, const configuration& settings)
    : loop_(std::move(loop)), settings_(settings), at_work_(settings.connections) {
    ::curl_global_init(CURL_GLOBAL_DEFAULT);
    for (unsigned i = 0; i < settings.connections; ++i)
        threads_.emplace_back([this] { work(); });
}

couriers::~couriers() {
    close([] {});
    for (auto& t : threads_)
        t.join();
}

void couriers::send(std::string mail, std::string to, told done) {
    take({std::move(mail), std::move(to), std::move(done)});
}

void couriers::probe(told done) { take({{}, {}, std::move(done)}); }

void couriers::take(errand e) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(e));
    came_.notify_one();
}

void couriers::close(std::function<void()> ended) {
    const std::lock_guard lock(mutex_);
    over_ = true;
    if (ended_)
        return;
    ended_ = std::move(ended);
    came_.notify_all();
}

void couriers::work() {
    {
        connection own(settings_, over_);
        while (true) {
            errand e;
            {
                std::unique_lock lock(mutex_);
                came_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
                if (waiting_.empty())
                    break;
                e = std::move(waiting_.front());
                waiting_.pop_front();
            }
            // what has not begun when all is over ends at once, by is_over
            asio::post(loop_, [end = own.run(e), done = std::move(e.done)] {
                done(end.talk, end.done, end.failure);
            });
        }
    }
    const std::lock_guard lock(mutex_);
    if (--at_work_ == 0)
        asio::post(loop_, ended_);
}

} // namespace posthorn::email
