// Statements and conditions, and what a condition makes sure of.

#include "templates/checker.hpp"

#include <algorithm>

namespace posthorn::templates {

namespace {

// Forgets at the end of a block what its condition made sure of.
class guard_scope {
public:
    explicit guard_scope(std::vector<std::string>& guards)
        : guards_(guards), size_(guards.size()) {}
    ~guard_scope() { guards_.resize(size_); }
    guard_scope(const guard_scope&) = delete;
    guard_scope& operator=(const guard_scope&) = delete;

private:
    std::vector<std::string>& guards_;
    std::size_t size_;
};

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

std::string how_to_show(const typed& value) {
    switch (value.kind) {
    case kind::money:
        return "say how to write money: | money";
    case kind::date:
        return "say how to write a date: | date(\"long\")";
    case kind::time:
        return "say how to write a time: | date(\"long\") or | time(\"short\")";
    case kind::boolean:
        return "true or false is no text: use {% if %}";
    case kind::list:
        return "a list is no text: use {% for %}";
    case kind::object:
        return "an object is no text: name one of its fields";
    default:
        return {};
    }
}

operation relation_of(const std::string& sign) {
    if (sign == "==")
        return operation::equal;
    if (sign == "!=")
        return operation::unequal;
    if (sign == "<")
        return operation::less;
    if (sign == "<=")
        return operation::less_equal;
    return sign == ">" ? operation::greater : operation::greater_equal;
}

bool is_text(kind k) { return k == kind::text || k == kind::choice || k == kind::number; }
bool is_numeric(kind k) { return k == kind::integer || k == kind::decimal; }

// Whether two values, neither a literal, can be compared.
bool comparable(const typed& a, const typed& b) {
    if (a.kind == kind::list || a.kind == kind::object)
        return false;
    if (is_text(a.kind) || is_numeric(a.kind))
        return is_text(a.kind) ? is_text(b.kind) : is_numeric(b.kind);
    if (a.kind == kind::money)
        return b.kind == kind::money && a.shape->currency == b.shape->currency;
    return a.kind == b.kind;
}

} // namespace

checker::checker(const std::vector<field>& fields, const std::string& language, const zone& local)
    : fields_(fields), language_(language), local_(local) {}

void checker::fail(std::size_t offset, std::string what) {
    mistakes_.push_back({offset, std::move(what)});
}

std::vector<step> checker::check(const std::vector<syntax::node>& nodes) {
    std::vector<step> steps;
    for (const auto& node : nodes) {
        std::optional<step> made;
        switch (node.form) {
        case syntax::node_form::text:
            made.emplace().text = node.text;
            break;
        case syntax::node_form::output:
            made = check_output(node);
            break;
        case syntax::node_form::branches:
            made = check_branches(node);
            break;
        case syntax::node_form::loop:
            made = check_loop(node);
            break;
        }
        if (made)
            steps.push_back(std::move(*made));
    }
    return steps;
}

std::optional<step> checker::check_output(const syntax::node& node) {
    auto value = check_value(node.value);
    if (!value)
        return std::nullopt;
    if (auto advice = how_to_show(*value); !advice.empty()) {
        fail(node.value.offset, std::move(advice));
        return std::nullopt;
    }
    step made;
    made.action = action::output;
    made.value = std::move(value->code);
    return made;
}

std::optional<step> checker::check_branches(const syntax::node& node) {
    const guard_scope whole(guards_);
    step made;
    made.action = action::branches;
    for (const auto& written : node.branches) {
        branch one;
        std::vector<std::string> if_not; // holds in the branches that follow
        {
            const guard_scope body(guards_);
            if (!written.condition.empty()) {
                if (auto checked = check_condition(written.condition.front())) {
                    append(guards_, checked->when_true);
                    if_not = std::move(checked->when_false);
                    one.condition.push_back(std::move(checked->code));
                }
            }
            one.body = check(written.body);
        }
        append(guards_, if_not);
        made.branches.push_back(std::move(one));
    }
    return made;
}

bool checker::hides(const std::string& name) const {
    return name == "loop" ||
           std::any_of(fields_.begin(), fields_.end(),
                       [&](const field& f) { return f.name == name; }) ||
           std::any_of(loops_.begin(), loops_.end(), [&](const loop& l) { return l.item == name; });
}

std::optional<step> checker::check_loop(const syntax::node& node) {
    if (hides(node.text))
        fail(node.offset, "the loop's name '" + node.text + "' is taken: choose another");
    auto list = check_value(node.value);
    if (!list)
        return std::nullopt;
    if (list->kind != kind::list || list->code.what != operation::path) {
        fail(node.value.offset, "'for' goes through a list, not " + shown(list->kind));
        return std::nullopt;
    }
    const guard_scope body(guards_);
    step made;
    made.action = action::loop;
    made.value = std::move(list->code);
    loops_.push_back({node.text, &list->shape->of.front()});
    made.body = check(node.body);
    loops_.pop_back();
    return made;
}

std::optional<checker::condition> checker::check_condition(const syntax::expression& e) {
    switch (e.form) {
    case syntax::form::negate: {
        auto inner = check_condition(e.operands.front());
        if (!inner)
            return std::nullopt;
        condition made;
        made.code.what = operation::negate;
        made.code.operands.push_back(std::move(inner->code));
        made.when_true = std::move(inner->when_false);
        made.when_false = std::move(inner->when_true);
        return made;
    }
    case syntax::form::all:
    case syntax::form::any:
        return check_chain(e);
    case syntax::form::compare:
        return check_compare(e);
    default:
        return check_bare(e);
    }
}

std::optional<checker::condition> checker::check_chain(const syntax::expression& e) {
    const bool all = e.form == syntax::form::all;
    const guard_scope operands(guards_);
    condition made;
    made.code.what = all ? operation::all : operation::any;
    bool good = true;
    for (const auto& operand : e.operands) {
        auto checked = check_condition(operand);
        if (!checked) {
            good = false;
            continue;
        }
        // The next operand is only looked at if this one was true (and) or false (or).
        auto& known = all ? checked->when_true : checked->when_false;
        append(guards_, known);
        append(all ? made.when_true : made.when_false, known);
        made.code.operands.push_back(std::move(checked->code));
    }
    return good ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<checker::condition> checker::check_bare(const syntax::expression& e) {
    if (e.form != syntax::form::path) {
        fail(e.offset, "is no condition: name a field or compare with == != < <= > >=");
        return std::nullopt;
    }
    auto found = resolve(e);
    if (!found)
        return std::nullopt;
    const auto kind = found->value.kind;
    if (found->optional_keys.empty() && kind != kind::boolean && kind != kind::list) {
        fail(e.offset, "'" + shown(e.path) + "' is always there: compare it with == != < <= > >=");
        return std::nullopt;
    }
    condition made;
    made.when_true = std::move(found->optional_keys);
    if (found->value.code.what == operation::path)
        made.code.what = operation::holds;
    else
        made.code = found->value.code; // loop.first, loop.last
    if (made.code.what == operation::holds)
        made.code.operands.push_back(std::move(found->value.code));
    return made;
}

std::optional<checker::condition> checker::check_compare(const syntax::expression& e) {
    auto left = check_value(e.operands[0]);
    auto right = check_value(e.operands[1]);
    if (!left || !right)
        return std::nullopt;
    if (left->constant != nullptr && right->constant != nullptr) {
        fail(e.offset, "compares two constants");
        return std::nullopt;
    }
    if (left->constant != nullptr || right->constant != nullptr) {
        auto& literal = left->constant != nullptr ? *left : *right;
        const auto& other = left->constant != nullptr ? *right : *left;
        const auto offset = e.operands[left->constant != nullptr ? 0 : 1].offset;
        auto converted = convert(*literal.constant, other, offset);
        if (!converted)
            return std::nullopt;
        literal.code = std::move(*converted);
        literal.kind = other.kind;
    } else if (!comparable(*left, *right)) {
        const bool currencies = left->kind == kind::money && right->kind == kind::money;
        fail(e.offset, "cannot compare " + shown(left->kind) + " with " + shown(right->kind) +
                           (currencies ? " of another currency" : ""));
        return std::nullopt;
    }
    condition made;
    made.code.what = relation_of(e.name);
    const bool ordered = made.code.what != operation::equal && made.code.what != operation::unequal;
    if (ordered && (is_text(left->kind) || left->kind == kind::boolean)) {
        fail(e.offset, shown(left->kind) + " has no order: use == or !=");
        return std::nullopt;
    }
    made.code.operands.push_back(std::move(left->code));
    made.code.operands.push_back(std::move(right->code));
    return made;
}

compiled compile(std::string_view source, const std::vector<field>& fields,
                 const std::string& language, const zone& local) {
    auto parsed = syntax::parse(source);
    if (auto* wrong = std::get_if<syntax::mistake>(&parsed))
        return {nullptr, {{wrong->offset, std::move(wrong->what)}}};
    checker check(fields, language, local);
    auto made = std::make_shared<program>();
    made->language = language;
    made->steps = check.check(std::get<std::vector<syntax::node>>(parsed));
    auto mistakes = std::move(check).mistakes();
    if (!mistakes.empty())
        return {nullptr, std::move(mistakes)};
    return {std::move(made), {}};
}

} // namespace posthorn::templates
