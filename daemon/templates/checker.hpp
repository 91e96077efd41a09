// Checks a parsed template against the declared fields and turns it into a program; private to
// this room. See compile() in program.hpp.
#pragma once

#include "templates/program.hpp"
#include "templates/syntax.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

// A value whose kind is known.
struct typed {
    expression code;
    templates::kind kind = kind::text;
    const field* shape = nullptr;              // the declaration it comes from, if any
    const syntax::literal* constant = nullptr; // set for a literal
};

class checker {
public:
    checker(const std::vector<field>& fields, const std::string& language, const zone& local);

    std::vector<step> check(const std::vector<syntax::node>& nodes);
    std::vector<compile_mistake> mistakes() && { return std::move(mistakes_); }

private:
    struct loop {
        std::string item;
        const field* shape;
    };
    // Where a path leads, and the keys of what may be missing on the way.
    struct place {
        typed value;
        std::vector<std::string> optional_keys;
    };
    struct condition {
        expression code;
        std::vector<std::string> when_true; // keys that are there then
        std::vector<std::string> when_false;
    };

    // statements.
    std::optional<step> check_output(const syntax::node& node);
    std::optional<step> check_branches(const syntax::node& node);
    std::optional<step> check_loop(const syntax::node& node);
    bool hides(const std::string& name) const;
    std::optional<condition> check_condition(const syntax::expression& e);
    std::optional<condition> check_chain(const syntax::expression& e);
    std::optional<condition> check_bare(const syntax::expression& e);
    std::optional<condition> check_compare(const syntax::expression& e);

    // values.
    std::optional<typed> check_value(const syntax::expression& e);
    std::optional<place> resolve(const syntax::expression& e);
    std::optional<place> resolve_loop(const syntax::expression& e);
    const field* start_of(const syntax::expression& e, expression& code);
    std::vector<std::string_view> names_in_scope() const;
    std::optional<expression> convert(const syntax::literal& l, const typed& like,
                                      std::size_t offset);
    bool guarded(const std::vector<std::string>& keys) const;

    // filters.
    std::optional<typed> check_filter(const syntax::expression& e);
    std::optional<typed> check_default(const syntax::expression& e);
    bool check_input(const syntax::expression& e, const filter_description& d, const typed& input);
    bool read_argument(const syntax::expression& e, const filter_description& d, filter_call& call);
    bool read_count(const syntax::argument& a, const filter_description& d, filter_call& call);
    bool read_forms(const syntax::expression& e, filter_call& call);
    bool check_formatter(const syntax::expression& e, const filter_call& call);

    void fail(std::size_t offset, std::string what);

    const std::vector<field>& fields_;
    const std::string& language_;
    const zone& local_;
    std::vector<loop> loops_;
    std::vector<std::string> guards_;
    std::vector<compile_mistake> mistakes_;
};

// "a text", "money": for messages.
std::string shown(kind k);
std::string shown(const std::vector<std::string>& path);

} // namespace posthorn::templates
