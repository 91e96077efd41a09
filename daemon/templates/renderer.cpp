#include "templates/renderer.hpp"

#include "encoding/transliterate.hpp"
#include "model/blank.hpp"
#include "templates/data.hpp"
#include "templates/decimal.hpp"
#include "templates/language.hpp"
#include "templates/program.hpp"

#include <deque>
#include <unordered_map>

namespace posthorn::templates {

namespace {

constexpr std::size_t longest_text = 64u << 10;
constexpr unsigned most_steps = 100'000;

// Ends a text that cannot be finished.
struct stop {
    std::string reason;
};

// The formatters of one thread.
class formatters {
public:
    formatter& of(const filter_call& call, const std::string& language, const zone& local) {
        auto& kept = made_[call.cache_key];
        if (!kept) {
            auto made = make_formatter(call, language, local);
            if (!made)
                throw stop{made.error().reason};
            kept = std::move(*made);
        }
        return *kept;
    }

private:
    std::unordered_map<std::string, std::unique_ptr<formatter>> made_;
};

class evaluator {
public:
    evaluator(const program& code, const zone& local, const std::vector<value>& data,
              formatters& formats, std::string& out, bool html = false)
        : code_(code), local_(local), data_(data), formats_(formats), out_(out), html_(html) {}

    void run() { run(code_.steps); }

private:
    struct round {
        const value* item;
        std::size_t index;
        std::size_t count;
    };

    void count_step() {
        if (++steps_ > most_steps)
            throw stop{"the text takes more than 100,000 steps"};
        if (out_.size() > longest_text)
            throw stop{"the text is longer than 64 KiB"};
    }

    void run(const std::vector<step>& steps) {
        for (const auto& s : steps) {
            count_step();
            switch (s.action) {
            case action::text:
                out_ += s.text;
                break;
            case action::output:
                write(s.value);
                break;
            case action::branches:
                run_branches(s);
                break;
            case action::loop:
                run_loop(s);
                break;
            }
        }
    }

    void run_branches(const step& s) {
        for (const auto& b : s.branches)
            if (b.condition.empty() || test(b.condition.front()))
                return run(b.body);
    }

    void run_loop(const step& s) {
        const auto& items = there(s.value).items;
        for (std::size_t i = 0; i < items.size(); ++i) {
            rounds_.push_back({&items[i], i, items.size()});
            run(s.body);
            rounds_.pop_back();
        }
        count_step();
    }

    void write(const expression& e) {
        const auto begin = out_.size();
        write_plainly(e);
        if (html_) {
            const auto plain = out_.substr(begin);
            out_.resize(begin);
            append_html(plain);
        }
    }

    void append_html(std::string_view plain) {
        for (const char c : plain)
            switch (c) {
            case '&':
                out_ += "&amp;";
                break;
            case '<':
                out_ += "&lt;";
                break;
            case '>':
                out_ += "&gt;";
                break;
            case '"':
                out_ += "&quot;";
                break;
            case '\'':
                out_ += "&#39;";
                break;
            default:
                out_ += c;
            }
    }

    void write_plainly(const expression& e) {
        temporaries_.clear();
        if (e.what == operation::filter && e.call.filter != filter::length)
            return apply(e, out_);
        const auto v = evaluate(e);
        if (v.kind == kind::integer || v.kind == kind::decimal)
            append(out_, decimal{v.number, v.scale});
        else
            out_ += v.text;
    }

    // Null when it, or an object on the way to it, is missing.
    const value* find(const expression& e) const {
        const value* at = nullptr;
        std::size_t i = 0;
        if (e.frame == 0)
            at = &data_[e.path[i++]];
        else
            at = rounds_[e.frame - 1].item;
        for (; i < e.path.size() && at->present; ++i)
            at = &at->items[e.path[i]];
        return at->present ? at : nullptr;
    }

    const value& there(const expression& e) const {
        const auto* found = find(e);
        if (found == nullptr) // the checker has seen to it that this does not happen
            throw stop{"'" + e.text + "' is missing"};
        return *found;
    }

    scalar number(std::size_t n) const {
        scalar made;
        made.kind = kind::integer;
        made.present = true;
        made.number = static_cast<std::int64_t>(n);
        return made;
    }

    scalar evaluate(const expression& e) {
        count_step();
        switch (e.what) {
        case operation::path:
            return there(e);
        case operation::loop_index:
            return number(rounds_[e.frame - 1].index + 1);
        case operation::fall_back:
            if (const auto* found = find(e.operands[0]))
                return *found;
            return evaluate(e.operands[1]);
        case operation::filter:
            return filtered(e);
        case operation::constant: {
            auto made = e.constant;
            made.text = e.text;
            return made;
        }
        default: {
            auto made = number(test(e) ? 1 : 0);
            made.kind = kind::boolean;
            return made;
        }
        }
    }

    scalar filtered(const expression& e) {
        if (e.call.filter == filter::length)
            return number(there(e.operands[0]).items.size());
        auto& text = temporaries_.emplace_back();
        apply(e, text);
        scalar made;
        made.present = true;
        made.text = text;
        return made;
    }

    void apply(const expression& e, std::string& out) {
        const auto input = evaluate(e.operands.front());
        if (!append_plainly(e.call, input, out))
            formats_.of(e.call, code_.language, local_).append(input, out);
    }

    bool test(const expression& e) {
        count_step();
        switch (e.what) {
        case operation::holds:
            return holds(e.operands.front());
        case operation::loop_first:
            return rounds_[e.frame - 1].index == 0;
        case operation::loop_last:
            return rounds_[e.frame - 1].index + 1 == rounds_[e.frame - 1].count;
        case operation::negate:
            return !test(e.operands.front());
        case operation::all:
            for (const auto& operand : e.operands)
                if (!test(operand))
                    return false;
            return true;
        case operation::any:
            for (const auto& operand : e.operands)
                if (test(operand))
                    return true;
            return false;
        default:
            return related(e);
        }
    }

    bool holds(const expression& e) const {
        const auto* found = find(e);
        if (found == nullptr)
            return false;
        return (found->kind != kind::boolean && found->kind != kind::list) || found->number != 0;
    }

    bool related(const expression& e) {
        temporaries_.clear();
        const auto left = evaluate(e.operands[0]);
        const auto right = evaluate(e.operands[1]);
        const bool texts =
            left.kind == kind::text || left.kind == kind::choice || left.kind == kind::number;
        const auto order = texts ? left.text <=> right.text
                                 : compare({left.number, left.scale}, {right.number, right.scale});
        switch (e.what) {
        case operation::equal:
            return order == 0;
        case operation::unequal:
            return order != 0;
        case operation::less:
            return order < 0;
        case operation::less_equal:
            return order <= 0;
        case operation::greater:
            return order > 0;
        default:
            return order >= 0;
        }
    }

    const program& code_;
    const zone& local_;
    const std::vector<value>& data_;
    formatters& formats_;
    std::string& out_;
    bool html_; // what fields bring is escaped
    std::vector<round> rounds_;
    std::deque<std::string> temporaries_; // texts between two filters; views into them stay good
    unsigned steps_ = 0;
};

} // namespace

struct renderer::state {
    formatters formats;
};

renderer::renderer() : state_(std::make_unique<state>()) {}
renderer::~renderer() = default;
renderer::renderer(renderer&&) noexcept = default;
renderer& renderer::operator=(renderer&&) noexcept = default;

result<rendered> renderer::render(const wording_set& set, std::string_view language,
                                  const boost::json::object& data) {
    if (set.texts.empty())
        return refuse("there is no text for phones");
    const auto values = read_data(set.fields, data, set.zone);
    if (!values)
        return values.error();
    const auto& wording = set.wording_for(language);
    rendered made{wording.signature, wording.language};
    made.text.reserve(256);
    try {
        evaluator(*wording.code, set.zone, *values, state_->formats, made.text).run();
    } catch (stop& reached) {
        return refuse(std::move(reached.reason));
    }
    if (made.text.size() > longest_text)
        return refuse("the text is longer than 64 KiB");
    if (is_blank(std::string_view(made.text).substr(wording.signature.size())))
        return refuse("the text is empty: nothing of its template applies to this data");
    if (set.transliterate)
        if (auto plain = encoding::transliterated(made.text))
            made.asked_for = std::exchange(made.text, std::move(*plain));
    return made;
}

result<rendered_letter> renderer::render_letter(const wording_set& set,
                                                const std::vector<letter_wording>& emails,
                                                std::string_view language,
                                                const boost::json::object& data) {
    if (emails.empty())
        return refuse("there is no text for e-mail");
    const auto values = read_data(set.fields, data, set.zone);
    if (!values)
        return values.error();
    const auto& wording = best_for(language, emails, set.default_language);
    rendered_letter made{{}, wording.language};
    struct piece {
        const char* name;
        const program* code;
        std::string* to;
    };
    auto& [subject, plain, html] = made.text;
    for (const auto& p : {piece{"subject", wording.subject.code.get(), &subject},
                          piece{"plain", wording.plain.code.get(), &plain},
                          piece{"html", wording.html.code.get(), &html}}) {
        if (p.code == nullptr)
            continue;
        const std::string name(p.name);
        try {
            evaluator(*p.code, set.zone, *values, state_->formats, *p.to, p.to == &html).run();
        } catch (stop& reached) {
            return refuse(name + ": " + reached.reason);
        }
        if (p.to->size() > longest_text)
            return refuse(name + ": the text is longer than 64 KiB");
        if (is_blank(*p.to))
            return refuse(name + ": is empty: nothing of its template applies to this data");
    }
    return made;
}

} // namespace posthorn::templates
