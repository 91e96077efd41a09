#include "http/codec/selector.hpp"

#include "sdk/http/json_text.hpp"

#include <regex.h>

#include <array>

namespace posthorn::http {

namespace {

constexpr std::size_t looked_through = 64 << 10; // octets, by an expression

bool taken_off(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

} // namespace

// POSIX: its time and stack do not depend on what a stranger writes, as those of std::regex do.
struct selector::expression {
    explicit expression(const std::string& text) {
        failed = ::regcomp(&compiled, text.c_str(), REG_EXTENDED);
    }
    ~expression() {
        if (failed == 0)
            ::regfree(&compiled);
    }
    expression(const expression&) = delete;
    expression& operator=(const expression&) = delete;

    std::string found_in(std::string_view text) const {
        const std::string cut(text.substr(0, looked_through));
        std::array<regmatch_t, 2> groups{};
        if (failed != 0 || ::regexec(&compiled, cut.c_str(), groups.size(), groups.data(), 0) != 0)
            return {};
        const auto& g = groups[1].rm_so >= 0 ? groups[1] : groups[0];
        return cut.substr(static_cast<std::size_t>(g.rm_so),
                          static_cast<std::size_t>(g.rm_eo - g.rm_so));
    }

    regex_t compiled{};
    int failed = 0;
};

document::document(std::string_view text, std::string_view query, const sdk::http_headers& all)
    : body(text), headers(all) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && (text[first] == '{' || text[first] == '['))
        json = sdk::read_json(text);
    else if (auto read = sdk::read_form(text))
        fields = std::move(*read);
    if (auto read = sdk::read_form(query))
        fields.insert(fields.end(), read->begin(), read->end());
}

selector::selector(std::string_view written) {
    if (written.empty())
        return;
    if (written.front() == '/')
        what_ = kind::pointer;
    else if (taken_off(written, "field:"))
        what_ = kind::field;
    else if (taken_off(written, "header:"))
        what_ = kind::header;
    else if (taken_off(written, "regex:"))
        what_ = kind::regex;
    else
        mistake_ = "must begin with / (a JSON pointer), field:, header: or regex:";
    name_ = what_ == kind::header ? sdk::lower_case(written) : std::string(written);
    if (what_ == kind::regex) {
        auto compiled = std::make_shared<expression>(name_);
        if (compiled->failed != 0)
            mistake_ = "is no POSIX extended regular expression";
        expression_ = std::move(compiled);
    }
}

std::string selector::find(const document& in, const boost::json::value* at) const {
    switch (what_) {
    case kind::none:
        return {};
    case kind::pointer:
        if (at == nullptr && in.json)
            at = &*in.json;
        return at == nullptr ? std::string() : sdk::text_at(*at, name_);
    case kind::field:
        return std::string(sdk::field_of(in.fields, name_));
    case kind::header:
        return std::string(sdk::field_of(in.headers, name_));
    case kind::regex:
        return expression_->found_in(in.body);
    }
    return {};
}

} // namespace posthorn::http
