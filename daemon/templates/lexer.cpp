#include "templates/syntax.hpp"

#include <algorithm>
#include <array>

namespace posthorn::templates::syntax {

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view white = " \t\r\n";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string character_at(std::string_view source, std::size_t offset) {
    auto end = offset + 1;
    while (end < source.size() && (source[end] & 0xC0) == 0x80)
        ++end;
    return std::string(source.substr(offset, end - offset));
}

class lexer {
public:
    explicit lexer(std::string_view source) : source_(source) {
        while (source_.ends_with('\n') || source_.ends_with('\r'))
            source_.remove_suffix(1);
    }

    std::vector<token> run() {
        while (at_ < source_.size()) {
            const auto open = find_open();
            refuse_stray_end(open);
            if (open > at_)
                add(token_kind::chunk, std::string(source_.substr(at_, open - at_)));
            at_ = open;
            if (at_ < source_.size())
                read_tag();
        }
        add(token_kind::end, {});
        return std::move(tokens_);
    }

private:
    [[noreturn]] static void fail(std::size_t offset, std::string what) {
        throw mistake{offset, std::move(what)};
    }
    void add(token_kind kind, std::string text) { tokens_.push_back({kind, std::move(text), at_}); }
    bool looking_at(std::string_view what) const { return source_.substr(at_).starts_with(what); }

    std::size_t find_open() const {
        for (auto i = at_; i + 1 < source_.size(); ++i)
            if (const char next = source_[i + 1];
                source_[i] == '{' && (next == '{' || next == '%' || next == '#'))
                return i;
        return source_.size();
    }

    // A customer would read it: a brace before it is missing.
    void refuse_stray_end(std::size_t open) const {
        const auto chunk = source_.substr(at_, open - at_);
        for (const auto& [end, begin] : {std::pair{"}}", "{{"}, std::pair{"%}", "{%"}})
            if (const auto found = chunk.find(end); found != std::string_view::npos)
                fail(at_ + found, "'" + std::string(end) + "' without its '" + begin +
                                      "' (as a text it is written {{ \"" + end + "\" }})");
    }

    void read_tag() {
        const auto open = at_;
        const char sort = source_[at_ + 1];
        const bool swallow = source_.substr(at_ + 2).starts_with('-');
        if (swallow)
            trim_last_chunk(white);
        const auto last_chunk = tokens_.size();
        if (sort == '#')
            skip_comment(open);
        else
            read_inside(sort == '{', swallow ? 3 : 2);
        if (sort != '{')
            drop_lone_line(open, last_chunk);
    }

    void skip_comment(std::size_t open) {
        const auto close = source_.find("#}", open + 2);
        if (close == std::string_view::npos)
            fail(open, "the comment is not closed: '#}' is missing");
        at_ = close + 2;
        if (source_[close - 1] == '-' && close > open + 2)
            skip(white);
    }

    void read_inside(bool output, std::size_t width) {
        const auto open = at_;
        const std::string close = output ? "}}" : "%}";
        add(output ? token_kind::open_output : token_kind::open_tag, {});
        at_ += width;
        for (;;) {
            skip(white);
            const bool swallow = looking_at("-" + close);
            if (swallow || looking_at(close)) {
                add(output ? token_kind::close_output : token_kind::close_tag, {});
                at_ += close.size() + (swallow ? 1 : 0);
                if (swallow)
                    skip(white);
                return;
            }
            if (at_ >= source_.size() || looking_at("{{") || looking_at("{%"))
                fail(open, "the tag is not closed: '" + close + "' is missing");
            read_token();
        }
    }

    void read_token() {
        const char c = source_[at_];
        if (is_letter(c))
            return read_while(token_kind::name, [](char x) { return is_letter(x) || is_digit(x); });
        if (is_digit(c) || (c == '-' && at_ + 1 < source_.size() && is_digit(source_[at_ + 1])))
            return read_number();
        if (c == '"' || c == '\'')
            return read_literal(c);
        constexpr std::array<std::string_view, 13> symbols{"==", "!=", "<=", ">=", "<", ">", "|",
                                                           "(",  ")",  ",",  ".",  "=", "-"};
        for (const auto symbol : symbols)
            if (looking_at(symbol) && symbol != "-") {
                add(token_kind::symbol, std::string(symbol));
                at_ += symbol.size();
                return;
            }
        fail(at_, "cannot read '" + character_at(source_, at_) + "' here");
    }

    template <class Part>
    void read_while(token_kind kind, Part part) {
        auto end = at_;
        while (end < source_.size() && part(source_[end]))
            ++end;
        add(kind, std::string(source_.substr(at_, end - at_)));
        at_ = end;
    }

    void read_number() {
        auto end = at_ + 1;
        while (end < source_.size() && is_digit(source_[end]))
            ++end;
        const bool fraction =
            end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1]);
        if (fraction)
            ++end;
        while (fraction && end < source_.size() && is_digit(source_[end]))
            ++end;
        add(fraction ? token_kind::decimal : token_kind::integer,
            std::string(source_.substr(at_, end - at_)));
        at_ = end;
    }

    void read_literal(char quote) {
        std::string text;
        auto i = at_ + 1;
        for (; i < source_.size() && source_[i] != quote; ++i) {
            if (source_[i] == '\\' && i + 1 < source_.size()) {
                ++i;
                text += source_[i] == 'n' ? '\n' : source_[i];
            } else {
                text += source_[i];
            }
        }
        if (i >= source_.size())
            fail(at_, "the text is not closed: " + std::string(1, quote) + " is missing");
        add(token_kind::text, std::move(text));
        at_ = i + 1;
    }

    // A tag alone on its line takes the line with it.
    void drop_lone_line(std::size_t open, std::size_t last_chunk) {
        auto start = open;
        while (start > 0 && blanks.find(source_[start - 1]) != std::string_view::npos)
            --start;
        auto end = at_;
        while (end < source_.size() &&
               (blanks.find(source_[end]) != std::string_view::npos || source_[end] == '\r'))
            ++end;
        const bool begins = start == 0 || source_[start - 1] == '\n';
        const bool ends = end == source_.size() || source_[end] == '\n';
        if (!begins || !ends)
            return;
        if (last_chunk > 0 && tokens_[last_chunk - 1].kind == token_kind::chunk)
            trim(tokens_[last_chunk - 1].text, blanks);
        at_ = std::min(source_.size(), end + 1);
    }

    void trim_last_chunk(std::string_view what) {
        if (!tokens_.empty() && tokens_.back().kind == token_kind::chunk)
            trim(tokens_.back().text, what);
    }
    static void trim(std::string& text, std::string_view what) {
        text.resize(text.find_last_not_of(what) + 1); // npos + 1 is 0
    }
    void skip(std::string_view what) {
        at_ = std::min(source_.find_first_not_of(what, at_), source_.size());
    }

    std::string_view source_;
    std::size_t at_ = 0;
    std::vector<token> tokens_;
};

} // namespace

std::variant<std::vector<token>, mistake> tokens_of(std::string_view source) {
    try {
        return lexer(source).run();
    } catch (mistake& wrong) {
        return std::move(wrong);
    }
}

} // namespace posthorn::templates::syntax
