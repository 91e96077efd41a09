#include "settings/problem.hpp"
#include "templates/syntax.hpp"

#include <algorithm>
#include <array>

namespace posthorn::templates::syntax {

namespace {

constexpr std::size_t longest_source = 64u << 10;
constexpr unsigned deepest = 32;          // nested blocks, parentheses, nots
constexpr std::size_t longest_chain = 16; // filters after one value

constexpr std::array<std::string_view, 6> tag_names{"if", "elif", "else", "endif", "for", "endfor"};
constexpr std::array<std::string_view, 8> words{"and",  "or",    "not", "in",
                                                "true", "false", "if",  "for"};

class parser {
public:
    explicit parser(std::vector<token> tokens) : tokens_(std::move(tokens)) {}

    std::vector<node> run() {
        auto nodes = body();
        if (peek().kind != token_kind::end)
            stray_tag();
        return nodes;
    }

private:
    [[noreturn]] static void fail(const token& at, std::string what) {
        throw mistake{at.offset, std::move(what)};
    }
    const token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    token next() {
        auto t = peek();
        if (at_ + 1 < tokens_.size())
            ++at_;
        return t;
    }
    bool is(token_kind kind, std::string_view text) const {
        return peek().kind == kind && peek().text == text;
    }
    bool take(token_kind kind, std::string_view text) {
        if (!is(kind, text))
            return false;
        next();
        return true;
    }
    void expect(token_kind kind, std::string_view text, const std::string& what) {
        if (peek().kind != kind || (!text.empty() && peek().text != text))
            fail(peek(), "expected " + what + ", found " + shown(peek()));
        next();
    }
    static std::string shown(const token& t) {
        switch (t.kind) {
        case token_kind::close_output:
            return "'}}'";
        case token_kind::close_tag:
            return "'%}'";
        case token_kind::end:
        case token_kind::chunk:
        case token_kind::open_output:
        case token_kind::open_tag:
            return "the end of the tag";
        default:
            return "'" + t.text + "'";
        }
    }
    static bool is_word(std::string_view name) {
        return std::find(words.begin(), words.end(), name) != words.end();
    }

    struct level { // counts nesting, so that no input exhausts the stack
        parser& p;
        explicit level(parser& owner) : p(owner) {
            if (++p.depth_ > deepest)
                fail(p.peek(), "is nested too deeply");
        }
        ~level() { --p.depth_; }
        level(const level&) = delete;
        level& operator=(const level&) = delete;
    };

    bool at_tag(std::string_view name) const {
        return peek().kind == token_kind::open_tag && peek(1).kind == token_kind::name &&
               peek(1).text == name;
    }
    void close_tag() { expect(token_kind::close_tag, {}, "'%}'"); }

    // Nodes up to the end or a tag that belongs to somebody above.
    std::vector<node> body() {
        const level here(*this);
        std::vector<node> nodes;
        for (;;) {
            if (peek().kind == token_kind::chunk)
                nodes.push_back(text_node());
            else if (peek().kind == token_kind::open_output)
                nodes.push_back(output_node());
            else if (at_tag("if"))
                nodes.push_back(if_node());
            else if (at_tag("for"))
                nodes.push_back(for_node());
            else
                return nodes;
        }
    }

    node text_node() {
        auto t = next();
        node made;
        made.offset = t.offset;
        made.text = std::move(t.text);
        return made;
    }

    node output_node() {
        node made;
        made.form = node_form::output;
        next();
        made.offset = peek().offset;
        made.value = expression_();
        expect(token_kind::close_output, {}, "'}}' or '|'");
        return made;
    }

    node if_node() {
        node made;
        made.form = node_form::branches;
        made.offset = peek().offset;
        do {
            next();
            next();
            branch one;
            one.condition.push_back(expression_());
            close_tag();
            one.body = body();
            made.branches.push_back(std::move(one));
        } while (at_tag("elif"));
        if (at_tag("else")) {
            next();
            next();
            close_tag();
            made.branches.push_back({{}, body()});
        }
        end_tag("endif", "if", made.offset);
        return made;
    }

    node for_node() {
        node made;
        made.form = node_form::loop;
        made.offset = peek().offset;
        next();
        next();
        if (peek().kind != token_kind::name || is_word(peek().text))
            fail(peek(), "expected a name after 'for', found " + shown(peek()));
        made.text = next().text;
        expect(token_kind::name, "in", "'in'");
        made.value = expression_();
        close_tag();
        made.body = body();
        end_tag("endfor", "for", made.offset);
        return made;
    }

    void end_tag(std::string_view end, std::string_view begin, std::size_t offset) {
        if (peek().kind == token_kind::end)
            throw mistake{offset, "'{% " + std::string(begin) + " %}' has no '{% " +
                                      std::string(end) + " %}'"};
        if (!at_tag(end))
            stray_tag();
        next();
        next();
        close_tag();
    }

    [[noreturn]] void stray_tag() {
        const auto& name = peek(1);
        if (name.kind != token_kind::name)
            fail(name, "expected a tag like 'if' or 'for', found " + shown(name));
        if (std::find(tag_names.begin(), tag_names.end(), name.text) != tag_names.end())
            fail(name, "'" + name.text + "' without its beginning");
        fail(name,
             "unknown tag '" + name.text + "'" + settings::did_you_mean(name.text, tag_names));
    }

    expression expression_() {
        return chain(form::any, "or", [this] { return and_(); });
    }
    expression and_() {
        return chain(form::all, "and", [this] { return not_(); });
    }

    template <class Operand>
    expression chain(form f, std::string_view word, Operand operand) {
        auto first = operand();
        if (!is(token_kind::name, word))
            return first;
        expression made;
        made.form = f;
        made.offset = first.offset;
        made.operands.push_back(std::move(first));
        while (take(token_kind::name, word))
            made.operands.push_back(operand());
        return made;
    }

    expression not_() {
        if (!is(token_kind::name, "not"))
            return comparison();
        const level here(*this);
        expression made;
        made.form = form::negate;
        made.offset = next().offset;
        made.operands.push_back(not_());
        return made;
    }

    expression comparison() {
        auto left = filtered();
        constexpr std::array<std::string_view, 6> operators{"==", "!=", "<", "<=", ">", ">="};
        const auto& sign = peek();
        if (sign.kind == token_kind::symbol && sign.text == "=")
            fail(sign, "'=' does not compare: write '=='");
        if (sign.kind != token_kind::symbol ||
            std::find(operators.begin(), operators.end(), sign.text) == operators.end())
            return left;
        expression made;
        made.form = form::compare;
        made.offset = sign.offset;
        made.name = next().text;
        made.operands.push_back(std::move(left));
        made.operands.push_back(filtered());
        return made;
    }

    expression filtered() {
        auto value = primary();
        for (std::size_t count = 0; take(token_kind::symbol, "|"); ++count) {
            if (count == longest_chain)
                fail(peek(), "too many filters after one value");
            if (peek().kind != token_kind::name)
                fail(peek(), "expected a filter after '|', found " + shown(peek()));
            expression made;
            made.form = form::filter;
            made.offset = peek().offset;
            made.name = next().text;
            if (take(token_kind::symbol, "("))
                made.arguments = arguments();
            made.operands.push_back(std::move(value));
            value = std::move(made);
        }
        return value;
    }

    std::vector<argument> arguments() {
        std::vector<argument> all;
        if (take(token_kind::symbol, ")"))
            return all;
        do {
            argument one;
            one.offset = peek().offset;
            if (peek().kind == token_kind::name && peek(1).kind == token_kind::symbol &&
                peek(1).text == "=") {
                one.name = next().text;
                next();
            }
            one.value = constant();
            all.push_back(std::move(one));
        } while (take(token_kind::symbol, ","));
        expect(token_kind::symbol, ")", "',' or ')'");
        return all;
    }

    literal constant() {
        const auto t = next();
        switch (t.kind) {
        case token_kind::text:
            return {literal_kind::text, t.text};
        case token_kind::integer:
            return {literal_kind::integer, t.text};
        case token_kind::decimal:
            return {literal_kind::decimal, t.text};
        case token_kind::name:
            if (t.text == "true" || t.text == "false")
                return {literal_kind::boolean, t.text};
            fail(t,
                 "expected a quoted text or a number, found '" + t.text + "' (put it in quotes?)");
        default:
            fail(t, "expected a quoted text or a number, found " + shown(t));
        }
    }

    expression primary() {
        expression made;
        made.offset = peek().offset;
        if (take(token_kind::symbol, "(")) {
            const level here(*this);
            made = expression_();
            expect(token_kind::symbol, ")", "')'");
            return made;
        }
        const bool named = peek().kind == token_kind::name && !is_word(peek().text);
        if (!named) {
            if (peek().kind == token_kind::name && peek().text != "true" && peek().text != "false")
                fail(peek(), "expected a field, found '" + peek().text + "'");
            if (peek().kind == token_kind::close_output || peek().kind == token_kind::close_tag)
                fail(peek(), "expected a field, found " + shown(peek()));
            made.constant = constant();
            return made;
        }
        made.form = form::path;
        made.path.push_back(next().text);
        while (take(token_kind::symbol, ".")) {
            if (peek().kind != token_kind::name)
                fail(peek(), "expected a field after '.', found " + shown(peek()));
            made.path.push_back(next().text);
        }
        return made;
    }

    std::vector<token> tokens_;
    std::size_t at_ = 0;
    unsigned depth_ = 0;
};

} // namespace

std::variant<std::vector<node>, mistake> parse(std::string_view source) {
    if (source.size() > longest_source)
        return mistake{longest_source, "the template is longer than 64 KiB"};
    auto tokens = tokens_of(source);
    if (auto* wrong = std::get_if<mistake>(&tokens))
        return std::move(*wrong);
    try {
        return parser(std::get<std::vector<token>>(std::move(tokens))).run();
    } catch (mistake& wrong) {
        return std::move(wrong);
    }
}

} // namespace posthorn::templates::syntax
