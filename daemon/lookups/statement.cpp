#include "lookups/statement.hpp"

#include <algorithm>
#include <array>

namespace posthorn::lookups {

namespace {

using settings::system_kind;

// Words that change or lock something inside of what else reads.
constexpr std::array<std::string_view, 5> writing{"insert", "update", "delete", "merge", "into"};
constexpr std::array<std::string_view, 3> reading{"select", "with", "values"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on(char c) { return begins_word(c) || is_digit(c); }

std::string lower(std::string_view word) {
    std::string out(word);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

class scanner {
public:
    scanner(std::string_view text, system_kind dialect)
        : text_(text), postgresql_(dialect == system_kind::postgresql) {}

    statement scan() {
        while (at_ < text_.size())
            step();
        if (!ended_)
            out_.length = text_.size();
        if (!begun_)
            wrong(0, "is no statement: write SELECT …");
        return std::move(out_);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }
    void wrong(std::size_t offset, std::string what) {
        out_.mistakes.push_back({offset, std::move(what)});
    }

    void step() {
        const char c = peek();
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            ++at_;
        else if (sees("--"))
            at_ = std::min(text_.find('\n', at_), text_.size());
        else if (sees("/*"))
            skip_comment();
        else if (c == ';')
            end();
        else
            visible(c);
    }

    void end() {
        if (!ended_)
            out_.length = at_;
        ended_ = true;
        ++at_;
    }

    void visible(char c) {
        if (ended_ && !said_second_) {
            said_second_ = true;
            wrong(at_, "must be one statement: nothing may follow the ';'");
        }
        if (!begun_ && c != '(') {
            begun_ = true;
            check_first();
        }
        if (c == '\'')
            skip_quoted('\'', false);
        else if (c == '"' || (c == '`' && !postgresql_))
            skip_quoted(c, false);
        else if (c == '[' && !postgresql_)
            skip_quoted(']', false);
        else if (c == '$' && postgresql_ && !is_digit(peek(1)))
            dollar();
        else if (c == ':')
            colon();
        else if (c == '$' || (!postgresql_ && (c == '?' || c == '@')))
            foreign_parameter();
        else if (begins_word(c))
            word();
        else if (is_digit(c))
            while (goes_on(peek()))
                ++at_;
        else
            ++at_;
    }

    std::string_view read_word() {
        const auto from = at_;
        while (goes_on(peek()) || (postgresql_ && peek() == '$'))
            ++at_;
        return text_.substr(from, at_ - from);
    }

    void check_first() {
        const auto from = at_;
        const auto first = lower(read_word());
        at_ = from;
        if (std::ranges::find(reading, first) == reading.end() &&
            std::ranges::find(writing, first) == writing.end())
            wrong(from, "must only read: it begins with SELECT, WITH or VALUES");
    }

    void word() {
        const auto from = at_;
        const auto found = lower(read_word());
        if (postgresql_ && found == "e" && peek() == '\'')
            return skip_quoted('\'', true);
        if (std::ranges::find(writing, found) != writing.end())
            wrong(from, "must only read: it has " + found +
                            " (a column of that name goes into "
                            "double quotes)");
    }

    // A doubled end is part of what is quoted; with `escapes`, so is what follows a backslash.
    void skip_quoted(char close, bool escapes) {
        const auto from = at_++;
        for (; at_ < text_.size(); ++at_) {
            if (escapes && peek() == '\\')
                ++at_;
            else if (peek() == close && peek(1) == close && close != ']')
                ++at_;
            else if (peek() == close) {
                ++at_;
                return;
            }
        }
        at_ = text_.size();
        wrong(from, std::string("a quote is never closed: ") + text_[from]);
    }

    void skip_comment() {
        const auto from = at_;
        int depth = 0;
        do {
            if (sees("/*") && (depth == 0 || postgresql_)) { // PostgreSQL's nest
                ++depth;
                at_ += 2;
            } else if (sees("*/")) {
                --depth;
                at_ += 2;
            } else {
                ++at_;
            }
        } while (depth > 0 && at_ < text_.size());
        if (depth > 0)
            wrong(from, "a comment is never closed");
    }

    // $$ … $$ or $name$ … $name$
    void dollar() {
        const auto from = at_++;
        while (goes_on(peek()))
            ++at_;
        if (peek() != '$')
            return;
        const auto tag = text_.substr(from, ++at_ - from);
        const auto close = text_.find(tag, at_);
        if (close == std::string_view::npos)
            wrong(from, "a quote is never closed: " + std::string(tag));
        at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
    }

    void colon() {
        const auto from = at_++;
        if (peek() == ':' || peek() == '=') { // a cast, a named argument
            ++at_;
            return;
        }
        if (!begins_word(peek()))
            return;
        const auto name_from = at_;
        while (goes_on(peek()))
            ++at_;
        out_.parameters.push_back({std::string(text_.substr(name_from, at_ - name_from)), from});
    }

    void foreign_parameter() {
        wrong(at_, std::string("a parameter is written :name, not ") + text_[at_]);
        ++at_;
        while (goes_on(peek()))
            ++at_;
    }

    std::string_view text_;
    bool postgresql_;
    std::size_t at_ = 0;
    bool begun_ = false, ended_ = false, said_second_ = false;
    statement out_;
};

} // namespace

statement read_statement(std::string_view text, system_kind dialect) {
    return scanner(text, dialect).scan();
}

std::string numbered(std::string_view text, const statement& s,
                     const std::vector<std::string>& takes, system_kind dialect) {
    const auto sign = dialect == system_kind::postgresql ? '$' : '?';
    std::string out;
    std::size_t from = 0;
    for (const auto& p : s.parameters) {
        const auto place = std::ranges::find(takes, p.name) - takes.begin();
        out += text.substr(from, p.offset - from);
        out += sign + std::to_string(place + 1);
        from = p.offset + 1 + p.name.size();
    }
    return out += text.substr(from, s.length - from);
}

} // namespace posthorn::lookups
