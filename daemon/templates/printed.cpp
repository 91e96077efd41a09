#include "templates/printed.hpp"

#include "templates/syntax.hpp"

#include <algorithm>
#include <charconv>
#include <variant>

namespace posthorn::templates {

namespace {

namespace json = boost::json;

// A field with what the sample has of it.
struct place {
    const templates::field* field = nullptr;
    const json::value* sample = nullptr;
};

place inside(const std::vector<field>& fields, const json::value* object, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &field::name);
    if (found == fields.end())
        return {};
    const auto* members = object == nullptr ? nullptr : object->if_object();
    return {&*found, members == nullptr ? nullptr : members->if_contains(name)};
}

class walker {
public:
    walker(const std::vector<field>& fields, const json::object& sample)
        : fields_(fields), sample_(sample) {}

    void walk(const std::vector<syntax::node>& nodes) {
        for (const auto& node : nodes)
            switch (node.form) {
            case syntax::node_form::text:
                made_.words.push_back({node.offset, node.text});
                break;
            case syntax::node_form::output:
                print(node.value, false);
                break;
            case syntax::node_form::branches:
                for (const auto& branch : node.branches)
                    walk(branch.body);
                break;
            case syntax::node_form::loop:
                walk_loop(node);
                break;
            }
    }

    printed result() && { return std::move(made_); }

private:
    struct loop {
        std::string item;
        place at;
    };

    void walk_loop(const syntax::node& node) {
        const auto list = place_of(node.value.path);
        place item;
        if (list.field != nullptr && list.field->kind == kind::list) {
            item.field = &list.field->of.front();
            const auto* items = list.sample == nullptr ? nullptr : list.sample->if_array();
            item.sample = items == nullptr || items->empty() ? nullptr : &items->front();
        }
        loops_.push_back({node.text, item});
        walk(node.body);
        loops_.pop_back();
    }

    // A value on its way into the text; `masked` by a filter after it.
    void print(const syntax::expression& e, bool masked) {
        if (e.form == syntax::form::constant) {
            made_.words.push_back({e.offset + 1, e.constant.text}); // after the quote
        } else if (e.form == syntax::form::filter) {
            print(e.operands.front(), masked || masks(e));
            if (e.name == "default" || e.name == "plural")
                for (const auto& a : e.arguments)
                    made_.words.push_back({inside_quotes(a), a.value.text});
        } else if (e.form == syntax::form::path) {
            if (const auto found = place_of(e.path); found.field != nullptr)
                made_.fields.push_back(
                    {e.offset, shown(e.path), found.field, found.sample, masked});
        }
    }

    // "text", or name="text".
    static std::size_t inside_quotes(const syntax::argument& a) {
        return a.offset + 1 + (a.name.empty() ? 0 : a.name.size() + 1);
    }

    static bool masks(const syntax::expression& filter) {
        constexpr int few = 6; // characters: more of a number would be the number
        if (filter.name != "last")
            return filter.name == "mask_name" || filter.name == "mask_number";
        const auto& written = filter.arguments.front().value.text;
        int count = few + 1;
        std::from_chars(written.data(), written.data() + written.size(), count);
        return count <= few;
    }

    place place_of(const std::vector<std::string>& path) const {
        if (path.empty())
            return {};
        place at = start_of(path.front());
        for (std::size_t i = 1; i < path.size() && at.field != nullptr; ++i)
            at = inside(at.field->fields, at.sample, path[i]);
        return at;
    }

    place start_of(const std::string& name) const {
        for (const auto& l : loops_)
            if (l.item == name)
                return l.at;
        const auto found = std::ranges::find(fields_, name, &field::name);
        return found == fields_.end() ? place{} : place{&*found, sample_.if_contains(name)};
    }

    static std::string shown(const std::vector<std::string>& path) {
        std::string out;
        for (const auto& name : path)
            out += (out.empty() ? "" : ".") + name;
        return out;
    }

    const std::vector<field>& fields_;
    const json::object& sample_;
    std::vector<loop> loops_;
    printed made_;
};

} // namespace

printed printed_by(std::string_view source, const std::vector<field>& fields,
                   const json::object& sample) {
    const auto parsed = syntax::parse(source);
    const auto* nodes = std::get_if<std::vector<syntax::node>>(&parsed);
    if (nodes == nullptr)
        return {};
    walker all(fields, sample);
    all.walk(*nodes);
    return std::move(all).result();
}

} // namespace posthorn::templates
