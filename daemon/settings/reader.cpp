#include "settings/reader.hpp"

#include "settings/scalars.hpp"
#include "settings/secret.hpp"
#include "settings/state.hpp"

#include <algorithm>

namespace posthorn::settings {

namespace {

// The entry a getter is to read; null when it is to give its fallback.
entry* ask(reader_state& reader, std::string_view key, bool required) {
    if (reader.is_void)
        return nullptr;
    auto* found = reader.find(key);
    if (found == nullptr) {
        reader.wanted.emplace_back(key);
        if (required && reader.missing.emplace(key).second)
            reader.fail(reader.at, reader.path, "missing key '" + std::string(key) + "'");
        return nullptr;
    }
    found->asked = true;
    if (found->value.IsNull()) {
        reader.fail(found->value_at, reader.path_of(key),
                    "has no value: write one or remove the key");
        return nullptr;
    }
    return found;
}

const std::string* ask_scalar(reader_state& reader, std::string_view key, bool required) {
    auto* found = ask(reader, key, required);
    if (found == nullptr)
        return nullptr;
    if (!found->value.IsScalar()) {
        reader.fail(found->value_at, reader.path_of(key),
                    "must be a single value, is " + kind_shown(found->value));
        return nullptr;
    }
    return &found->value.Scalar();
}

// The parsed value of a scalar, or nothing once the problem is recorded.
template <class Value, class Parse>
std::optional<Value> take(reader_state& reader, std::string_view key, bool required, Parse parse) {
    const auto* written = ask_scalar(reader, key, required);
    if (written == nullptr)
        return std::nullopt;
    posthorn::result<Value> value = parse(*written);
    if (value)
        return std::move(*value);
    reader.fail(reader.find(key)->value_at, reader.path_of(key), value.error().reason);
    return std::nullopt;
}

result<std::string> parse_text(const std::string& written) {
    if (written.empty())
        return refuse("is empty");
    return written;
}

std::string range_shown(integer_range range) {
    constexpr integer_range all;
    if (range.most == all.most)
        return "at least " + std::to_string(range.least);
    if (range.least == all.least)
        return "at most " + std::to_string(range.most);
    return std::to_string(range.least) + ".." + std::to_string(range.most);
}

auto parse_in(result<std::int64_t> (*parse)(std::string_view), integer_range range) {
    return [=](const std::string& written) -> result<std::int64_t> {
        auto value = parse(written);
        if (value && (*value < range.least || *value > range.most))
            return refuse("must be " + range_shown(range) + ", is " + written);
        return value;
    };
}

auto parse_in(duration_range range) {
    return [=](const std::string& written) -> result<duration> {
        auto value = parse_duration(written);
        if (value && (*value < range.least || *value > range.most))
            return refuse("must be " + show(range.least) + ".." + show(range.most) + ", is " +
                          written);
        return value;
    };
}

std::string choices_shown(std::span<const std::string_view> names) {
    std::string out;
    for (const auto name : names)
        out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

result<std::size_t> choice_of(std::string_view written, std::span<const std::string_view> names) {
    const auto found = std::find(names.begin(), names.end(), written);
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    return refuse("must be " + std::string(names.size() > 1 ? "one of " : "") +
                  choices_shown(names) + ", is '" + std::string(written) + "'" +
                  did_you_mean(written, names));
}

std::vector<std::string> list_of(reader_state& reader, const entry& list) {
    std::vector<std::string> values;
    const auto path = reader.path_of(list.key);
    if (!list.value.IsSequence()) {
        reader.fail(list.value_at, path,
                    "must be a list like [a, b], is " + kind_shown(list.value));
        return values;
    }
    for (const auto& item : list.value) {
        if (item.IsScalar())
            values.push_back(item.Scalar());
        else
            reader.fail(reader.document->position_of(item.Mark()),
                        path + "[" + std::to_string(values.size()) + "]",
                        "must be a single value, is " + kind_shown(item));
    }
    return values;
}

} // namespace

reader::reader(std::shared_ptr<reader_state> state) : state_(std::move(state)) {}

const std::string& reader::path() const { return state_->path; }
bool reader::is_void() const { return state_->is_void; }

node_kind reader::kind(std::string_view key) {
    auto* found = state_->find(key);
    if (found == nullptr) {
        state_->wanted.emplace_back(key);
        return node_kind::missing;
    }
    found->asked = true;
    if (found->value.IsNull())
        return node_kind::empty;
    if (found->value.IsScalar())
        return node_kind::scalar;
    return found->value.IsSequence() ? node_kind::list : node_kind::map;
}

bool reader::has(std::string_view key) { return kind(key) != node_kind::missing; }

std::vector<std::string> reader::keys() const {
    std::vector<std::string> names;
    for (const auto& e : state_->entries)
        names.push_back(e.key);
    return names;
}

position reader::where(std::string_view key) const {
    const auto* found = state_->find(key);
    return found == nullptr ? state_->at : found->value_at;
}

std::string reader::text(std::string_view key) {
    return take<std::string>(*state_, key, true, parse_text).value_or(std::string());
}

std::string reader::text(std::string_view key, std::string fallback) {
    return take<std::string>(*state_, key, false, parse_text).value_or(std::move(fallback));
}

std::string reader::text_or_none(std::string_view key) {
    const auto as_it_is = [](const std::string& written) -> result<std::string> { return written; };
    return take<std::string>(*state_, key, true, as_it_is).value_or(std::string());
}

passage reader::passage_text(std::string_view key) {
    auto written = take<std::string>(*state_, key, true, parse_text);
    if (!written)
        return {};
    return {std::move(*written), anchors_of(*state_->document, *state_->find(key))};
}

bool reader::flag(std::string_view key) {
    return take<bool>(*state_, key, true, parse_flag).value_or(false);
}

bool reader::flag(std::string_view key, bool fallback) {
    return take<bool>(*state_, key, false, parse_flag).value_or(fallback);
}

std::int64_t reader::integer(std::string_view key, integer_range range) {
    return take<std::int64_t>(*state_, key, true, parse_in(parse_integer, range)).value_or(0);
}

std::int64_t reader::integer(std::string_view key, integer_range range, std::int64_t fallback) {
    return take<std::int64_t>(*state_, key, false, parse_in(parse_integer, range))
        .value_or(fallback);
}

posthorn::duration reader::duration(std::string_view key, duration_range range) {
    return take<posthorn::duration>(*state_, key, true, parse_in(range)).value_or(range.least);
}

posthorn::duration reader::duration(std::string_view key, posthorn::duration fallback,
                                    duration_range range) {
    return take<posthorn::duration>(*state_, key, false, parse_in(range)).value_or(fallback);
}

std::int64_t reader::bytes(std::string_view key, integer_range range) {
    return take<std::int64_t>(*state_, key, true, parse_in(parse_bytes, range)).value_or(0);
}

std::int64_t reader::bytes(std::string_view key, integer_range range, std::int64_t fallback) {
    return take<std::int64_t>(*state_, key, false, parse_in(parse_bytes, range)).value_or(fallback);
}

std::vector<std::string> reader::texts(std::string_view key) {
    const auto* found = ask(*state_, key, true);
    return found == nullptr ? std::vector<std::string>() : list_of(*state_, *found);
}

std::vector<std::string> reader::texts(std::string_view key, std::vector<std::string> fallback) {
    const auto* found = ask(*state_, key, false);
    return found == nullptr ? std::move(fallback) : list_of(*state_, *found);
}

std::string reader::secret(std::string_view key) {
    const auto folder = std::filesystem::path(state_->document->file).parent_path();
    const auto load = [&](const std::string& source) { return load_secret(source, folder); };
    return take<std::string>(*state_, key, true, load).value_or(std::string());
}

std::string reader::secret(std::string_view key, std::string fallback) {
    const auto folder = std::filesystem::path(state_->document->file).parent_path();
    const auto load = [&](const std::string& source) { return load_secret(source, folder); };
    return take<std::string>(*state_, key, false, load).value_or(std::move(fallback));
}

std::optional<std::size_t> reader::choose(std::string_view key,
                                          std::span<const std::string_view> names, bool required) {
    return take<std::size_t>(*state_, key, required,
                             [&](const std::string& w) { return choice_of(w, names); });
}

std::vector<std::size_t> reader::choose_list(std::string_view key,
                                             std::span<const std::string_view> names) {
    std::vector<std::size_t> values;
    for (const auto& written : texts(key, {})) {
        const auto value = choice_of(written, names);
        if (!value)
            fail(key, value.error().reason);
        else if (std::find(values.begin(), values.end(), *value) != values.end())
            fail(key, "names '" + written + "' twice");
        else
            values.push_back(*value);
    }
    return values;
}

reader reader::map(std::string_view key) {
    const auto* found = ask(*state_, key, true);
    auto path = state_->path_of(key);
    auto* made = found == nullptr ? void_reader_of(*state_->document, std::move(path))
                                  : reader_of(*state_->document, found->value, std::move(path),
                                              found->value_at, state_->depth + 1);
    return reader(std::shared_ptr<reader_state>(state_, made));
}

reader reader::optional_map(std::string_view key) {
    if (has(key))
        return map(key);
    auto* made = void_reader_of(*state_->document, state_->path_of(key));
    return reader(std::shared_ptr<reader_state>(state_, made));
}

std::vector<reader> reader::maps(std::string_view key) {
    std::vector<reader> items;
    const auto* found = ask(*state_, key, false);
    if (found == nullptr)
        return items;
    if (!found->value.IsSequence()) {
        fail(key, "must be a list of maps, is " + kind_shown(found->value));
        return items;
    }
    for (const auto& item : found->value) {
        auto path = state_->path_of(key) + "[" + std::to_string(items.size()) + "]";
        auto* made = reader_of(*state_->document, item, std::move(path),
                               state_->document->position_of(item.Mark()), state_->depth + 1);
        items.push_back(reader(std::shared_ptr<reader_state>(state_, made)));
    }
    return items;
}

void reader::fail(std::string_view key, std::string what) {
    if (!state_->is_void)
        state_->fail(where(key), state_->path_of(key), std::move(what));
}

void reader::fail(std::string what) {
    if (!state_->is_void)
        state_->fail(state_->at, state_->path, std::move(what));
}

void reader::fail_at(std::string_view key, position place, std::string what) {
    if (!state_->is_void)
        state_->fail(place, state_->path_of(key), std::move(what));
}

} // namespace posthorn::settings
