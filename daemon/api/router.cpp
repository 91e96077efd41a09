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

std::string path_of(std::string_view target) {
    return std::string(target.substr(0, target.find('?')));
}

bool is_for(const route& r, const caller& who) {
    return (r.whom & everyone) != 0 || ((r.whom & people) != 0 && who.person) ||
           ((r.whom & sources) != 0 && !who.source.empty()) ||
           ((r.whom & agents) != 0 && who.agent) ||
           ((r.whom & watchers) != 0 && (who.person || who.near || !who.token.empty()));
}

answer not_for(const caller& who, std::string_view path, bool in_browser) {
    if (!who.token.empty())
        return problem(403, "Forbidden", "the token " + who.token + " is not for this");
    auto refused =
        problem(401, "Unauthorized",
                who.shown_token ? "this token is not known (revoked?): see `posthorn token list`"
                                : std::string(path) + " needs `Authorization: Bearer TOKEN`, made "
                                                      "with `posthorn token create`");
    refused.headers.emplace_back(
        "WWW-Authenticate", in_browser ? "Basic realm=\"Posthorn\", charset=\"UTF-8\"" : "Bearer");
    return refused;
}

} // namespace

std::string url_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain = "-._~";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
            plain.find(c) != std::string_view::npos)
            out += c;
        else
            out.append({'%', digits[octet >> 4], digits[octet & 15]});
    }
    return out;
}

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

std::optional<std::map<std::string, std::string, std::less<>>> read_query(std::string_view text) {
    std::map<std::string, std::string, std::less<>> out;
    for (const auto pair : split(text, '&')) {
        const auto equals = pair.find('=');
        auto name = url_decoded(pair.substr(0, equals), true);
        auto value = url_decoded(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!name || !value)
            return std::nullopt;
        if (!name->empty())
            out[std::move(*name)] = std::move(*value);
    }
    return out;
}

std::optional<answer> router::refusal(const request& asked) const {
    const auto path = path_of(asked.path);
    std::string allow;
    bool there = false, in_browser = false;
    for (const auto& r : table_) {
        // what only people may use is not there for others
        if ((r.whom == people && !asked.who.person) || !fits(r.pattern, path))
            continue;
        if (r.method == asked.method && is_for(r, asked.who)) {
            if (asked.from_elsewhere && asked.method != "GET")
                return problem(403, "Forbidden", "a page of another site had this sent");
            return std::nullopt;
        }
        there |= r.method == asked.method;
        in_browser |= (r.whom & in_browsers) != 0;
        allow += (allow.empty() ? "" : ", ") + r.method;
    }
    if (there)
        return not_for(asked.who, path, in_browser);
    if (allow.empty())
        return problem(404, "Not found", "there is no " + path + " here");
    auto refused =
        problem(405, "Method not allowed", path + " takes " + allow + ", not " + asked.method);
    refused.headers.emplace_back("Allow", allow);
    return refused;
}

boost::asio::awaitable<answer> router::answer_to(std::string target, request asked) const {
    asked.path = target;
    if (auto refused = refusal(asked))
        co_return std::move(*refused);
    asked.path = path_of(target);
    if (asked.path.size() < target.size()) {
        auto query = read_query(std::string_view(target).substr(asked.path.size() + 1));
        if (!query)
            co_return bad_request("the query has a broken percent escape");
        asked.query = std::move(*query);
        asked.query_text = target.substr(asked.path.size() + 1);
    }
    for (const auto& r : table_) {
        auto taken = fits(r.pattern, asked.path);
        if (!taken || r.method != asked.method || !is_for(r, asked.who))
            continue;
        asked.segments = std::move(*taken);
        co_return co_await r.handle(std::move(asked));
    }
    co_return problem(404, "Not found", "there is no " + asked.path + " here");
}

} // namespace posthorn::api
