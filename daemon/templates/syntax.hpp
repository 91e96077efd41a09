// The language of texts, as written: what a template says before its names are looked up.
//
//     {{ amount | money("plain") }}   {% if balance and balance > 0 %}..{% elif %}..{% else %}..{%
//     endif %}
//     {% for i in items %}{{ loop.index }}. {{ i.name }}{% endfor %}   {# a comment #}
//
// A tag with '-' ({{- -}} {%- -%}) swallows the white space on that side. A line that holds nothing
// but one {% %} or {# #} leaves no trace. Line ends at the end of a template are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace posthorn::templates::syntax {

struct mistake {
    std::size_t offset = 0; // in octets of the template
    std::string what;
};

enum class token_kind : std::uint8_t {
    chunk, // text between tags
    open_output,
    close_output,
    open_tag,
    close_tag,
    name,
    text, // a quoted literal, unescaped
    integer,
    decimal,
    symbol,
    end
};

struct token {
    token_kind kind = token_kind::end;
    std::string text;
    std::size_t offset = 0;
};

// Always ends with an `end`.
std::variant<std::vector<token>, mistake> tokens_of(std::string_view source);

enum class literal_kind : std::uint8_t { text, integer, decimal, boolean };

struct literal {
    literal_kind kind = literal_kind::text;
    std::string text;
};

struct argument {
    std::string name; // empty for a positional one
    literal value;
    std::size_t offset = 0;
};

enum class form : std::uint8_t { constant, path, filter, negate, all, any, compare };

struct expression {
    syntax::form form = form::constant;
    std::size_t offset = 0;
    literal constant;
    std::vector<std::string> path;   // path: a.b.c
    std::string name;                // filter: its name; compare: the operator
    std::vector<argument> arguments; // filter
    std::vector<expression> operands;
};

enum class node_form : std::uint8_t { text, output, branches, loop };

struct branch;

struct node {
    node_form form = node_form::text;
    std::size_t offset = 0;
    std::string text;             // text; loop: the name of the item
    expression value;             // output; loop: the list
    std::vector<branch> branches; // if, elif..; an else has no condition
    std::vector<node> body;       // loop
};

struct branch {
    std::vector<expression> condition; // one, or none for else
    std::vector<node> body;
};

std::variant<std::vector<node>, mistake> parse(std::string_view source);

} // namespace posthorn::templates::syntax
