#include "sdk/http/client.hpp"

#include "sdk/http/escape.hpp"

#include <array>
#include <utility>

namespace posthorn::sdk {

namespace {

constexpr std::size_t longest_response = 1 << 20;
constexpr long idle_seconds = 30; // older connections are not trusted with a text

long milliseconds(duration d) {
    return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

void append_trimmed(std::string& to, std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t\r\n");
    if (first != std::string_view::npos && last != std::string_view::npos)
        to += text.substr(first, last - first + 1);
}

} // namespace

struct http_client::exchange {
    ~exchange() {
        ::curl_easy_cleanup(easy);
        ::curl_slist_free_all(headers);
    }

    // No exception goes through C: what does not fit into memory fails the transfer.
    static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
        auto& e = *static_cast<exchange*>(to);
        if (e.response.body.size() + size * count > longest_response)
            return 0;
        e.response.body.append(data, size * count);
        return size * count;
    }

    static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) {
        auto& e = *static_cast<exchange*>(to);
        const std::string_view line(data, size * count);
        if (line.starts_with("HTTP/")) { // also after "100 Continue"
            e.response.headers.clear();
            return line.size();
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            return line.size();
        auto& [name, value] = e.response.headers.emplace_back();
        name = lower_case(line.substr(0, colon));
        append_trimmed(value, line.substr(colon + 1));
        return line.size();
    }

    // The connection is there, and the request leaves now. curl would do so again by itself when a
    // kept connection ends without an answer: the carrier may have read it all the same.
    static int leaves(void* to, char*, char*, int, int) {
        auto& e = *static_cast<exchange*>(to);
        if (e.left)
            return CURL_PREREQFUNC_ABORT;
        e.left = true;
        return CURL_PREREQFUNC_OK;
    }

    http_result result(CURLcode code) {
        long status = 0;
        ::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (code == CURLE_OK) {
            response.status = static_cast<unsigned>(status);
            return std::move(response);
        }
        if (code == CURLE_ABORTED_BY_CALLBACK)
            return http_failure{true, "the connection ended before an answer came"};
        return http_failure{left, error[0] != '\0' ? error.data() : ::curl_easy_strerror(code)};
    }

    CURL* easy = ::curl_easy_init();
    curl_slist* headers = nullptr;
    std::array<char, CURL_ERROR_SIZE> error{};
    std::string body; // of the request
    http_response response;
    bool left = false;
};

http_client::http_client(const boost::asio::any_io_executor& loop, http_limits limits)
    : limits_(std::move(limits)),
      transfers_(std::make_shared<transfers>(loop, limits_.connections)) {}

std::shared_ptr<http_client::exchange> http_client::prepared(const http_request& request) const {
    auto e = std::make_shared<exchange>();
    e->body = request.body;
    const auto set = [&](CURLoption what, auto value) { ::curl_easy_setopt(e->easy, what, value); };
    set(CURLOPT_URL, request.url.c_str());
    keep_to_the_place(e->easy);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Rather a stream of a connection that is coming than another one. Only TLS agrees on HTTP/2.
    set(CURLOPT_PIPEWAIT, request.url.starts_with("https:") ? 1L : 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits_.connect));
    set(CURLOPT_TIMEOUT_MS, milliseconds(limits_.whole));
    set(CURLOPT_MAXAGE_CONN, idle_seconds);
    set(CURLOPT_ERRORBUFFER, e->error.data());
    set(CURLOPT_WRITEFUNCTION, exchange::take_body);
    set(CURLOPT_WRITEDATA, e.get());
    set(CURLOPT_HEADERFUNCTION, exchange::take_header);
    set(CURLOPT_HEADERDATA, e.get());
    set(CURLOPT_PREREQFUNCTION, exchange::leaves);
    set(CURLOPT_PREREQDATA, e.get());
    if (!limits_.ca.empty()) {
        curl_blob ca{const_cast<char*>(limits_.ca.data()), limits_.ca.size(), CURL_BLOB_COPY};
        set(CURLOPT_CAINFO_BLOB, &ca);
    }
    return e;
}

void http_client::send(const http_request& request, std::function<void(http_result)> done) {
    const auto e = prepared(request);
    for (const auto& [name, value] : request.headers)
        e->headers = ::curl_slist_append(e->headers, (name + ": " + value).c_str());
    e->headers = ::curl_slist_append(e->headers, "Expect:"); // a second round trip for nothing
    ::curl_easy_setopt(e->easy, CURLOPT_HTTPHEADER, e->headers);
    if (request.method != "GET") {
        ::curl_easy_setopt(e->easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(e->body.size()));
        ::curl_easy_setopt(e->easy, CURLOPT_POSTFIELDS, e->body.c_str());
        if (request.method != "POST")
            ::curl_easy_setopt(e->easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    begin(e, std::move(done));
}

void http_client::connect(const std::string& url, std::function<void(http_result)> done) {
    const auto e = prepared({.method = "GET", .url = url});
    ::curl_easy_setopt(e->easy, CURLOPT_CONNECT_ONLY, 1L);
    begin(e, std::move(done));
}

void http_client::begin(const std::shared_ptr<exchange>& e, std::function<void(http_result)> done) {
    if (given_up_)
        return done(http_failure{false, "the account is being stopped"});
    auto* const easy = e->easy;
    under_way_.emplace(easy, waiting{e, std::move(done)});
    transfers_->add(easy, [this, easy](CURLcode code) {
        auto ended = under_way_.extract(easy);
        auto& w = ended.mapped();
        w.done(w.what->result(code));
    });
}

void http_client::give_up(const std::string& why) {
    given_up_ = true;
    transfers_->close();
    for (const auto& [easy, w] : std::exchange(under_way_, {}))
        w.done(http_failure{w.what->left, why});
}

} // namespace posthorn::sdk
