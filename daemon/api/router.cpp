#include "api/router.hpp"

namespace posthorn::api {

namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find(at);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// What stands for the braces when the path fits the pattern.
std::optional<std::vector<std::string>> fits(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto have = split(path, '/');
    if (wanted.size() != have.size())
        return std::nullopt;
    std::vector<std::string> taken;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto decoded = url_decoded(have[i], false);
        if (!decoded)
            return std::nullopt;
        if (wanted[i].starts_with('{') && !decoded->empty())
            taken.push_back(*decoded);
        else if (wanted[i] != *decoded)
            return std::nullopt;
    }
    return taken;
}

bool read_query(std::string_view text, request& asked) {
    for (const auto pair : split(text, '&')) {
        const auto equals = pair.find('=');
        auto name = url_decoded(pair.substr(0, equals), true);
        auto value = url_decoded(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!name || !value)
            return false;
        if (!name->empty())
            asked.query[std::move(*name)] = std::move(*value);
    }
    return true;
}

} // namespace

std::optional<std::string> url_decoded(std::string_view text, bool in_query) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && in_query) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

boost::asio::awaitable<answer> router::answer_to(std::string target, request asked) const {
    const auto question = target.find('?');
    asked.path = target.substr(0, question);
    if (question != std::string::npos &&
        !read_query(std::string_view(target).substr(question + 1), asked))
        co_return problem(400, "Bad request", "the query has a broken percent escape");
    std::string allow;
    for (const auto& r : table_) {
        auto taken = fits(r.pattern, asked.path);
        if (!taken)
            continue;
        if (r.method == asked.method) {
            asked.segments = std::move(*taken);
            co_return co_await r.handle(std::move(asked));
        }
        allow += (allow.empty() ? "" : ", ") + r.method;
    }
    if (allow.empty())
        co_return problem(404, "Not found", "there is no " + asked.path + " here");
    auto refused = problem(405, "Method not allowed",
                           asked.path + " takes " + allow + ", not " + asked.method);
    refused.allow = allow;
    co_return refused;
}

} // namespace posthorn::api
