#include "policy/policy_file.hpp"

#include "model/hours_text.hpp"
#include "policy/holiday_file.hpp"
#include "settings/reader.hpp"

#include <algorithm>
#include <optional>

namespace posthorn::policy {

namespace {

using namespace std::chrono_literals;

constexpr const char* hours_wanted = "' are no hours like 21:00-08:00";
constexpr std::int64_t most_texts = 1000; // each is remembered

templates::zone read_zone(settings::reader& from, const templates::zone& usual) {
    const auto name = from.text("zone", usual.name());
    if (auto zone = templates::zone::named(name))
        return std::move(*zone);
    const auto near = templates::nearest_zone(name);
    from.fail("zone", "no time zone is named '" + name + "'" +
                          (near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return usual;
}

class policy_reader {
public:
    policy_reader(settings::reader root, std::shared_ptr<const holidays> known, rules& into)
        : root_(std::move(root)), known_(std::move(known)), into_(into) {}

    void read() {
        into_.zone = read_zone(root_, into_.zone);
        auto categories = root_.optional_map("categories");
        for (const auto& name : categories.keys()) {
            const auto which = value_named<category>(category_names, name);
            if (which)
                read_category(categories.map(name),
                              into_.categories[static_cast<std::size_t>(*which)]);
            else
                refuse(categories, name);
        }
        for (auto& map : root_.maps("budgets"))
            read_budget(map);
    }

private:
    static void refuse(settings::reader& categories, const std::string& name) {
        categories.fail(name, "is no category" + settings::did_you_mean(name, category_names));
        categories.kind(name);
    }

    void read_category(settings::reader map, category_rules& out) {
        if (auto quiet = map.optional_map("quiet"); !quiet.is_void())
            read_quiet(quiet, out);
        if (auto caps = map.optional_map("caps"); !caps.is_void()) {
            if (!caps.has("per_day") && !caps.has("per_week"))
                caps.fail("limits nothing: give it per_day, per_week or both");
            out.per_day = static_cast<unsigned>(caps.integer("per_day", {1, most_texts}, 0));
            out.per_week = static_cast<unsigned>(caps.integer("per_week", {1, most_texts}, 0));
        }
        if (auto alike = map.optional_map("same_text"); !alike.is_void())
            out.alike_within = alike.duration("within", {.least = 1min, .most = 7 * 24h});
    }

    void read_quiet(settings::reader& map, category_rules& out) {
        hours_by_day all;
        const auto usual = map.text("hours");
        const auto hours = hours_from(usual);
        if (!hours && !usual.empty())
            map.fail("hours", "'" + usual + hours_wanted);
        else if (hours && hours->all_day())
            map.fail("hours", "the whole day is quiet: nothing of it would ever leave");
        all[static_cast<std::size_t>(day_kind::workday)] = hours;
        all[static_cast<std::size_t>(day_kind::weekend)] = other_days(map, "weekends", hours);
        all[static_cast<std::size_t>(day_kind::holiday)] = other_days(map, "holidays", hours);
        out.messages = map.choice("messages", when_quiet_names, when_quiet::wait);
        const auto zone = read_zone(map, into_.zone);
        if (hours)
            out.quiet = quiet_hours(all, known_, zone);
    }

    std::optional<day_hours> other_days(settings::reader& map, const std::string& key,
                                        std::optional<day_hours> usual) {
        const auto written = map.text(key, "same");
        if (written == "same")
            return usual;
        if (written == "none")
            return std::nullopt;
        if (written == "all_day")
            return day_hours{};
        const auto hours = hours_from(written);
        if (!hours)
            map.fail(key,
                     "must be same, none, all_day or hours like 22:00-10:00, is '" + written + "'" +
                         settings::did_you_mean(
                             written, std::vector<std::string_view>{"same", "none", "all_day"}));
        return hours;
    }

    void read_budget(settings::reader& map) {
        budget out{.name = map.text("name")};
        if (std::ranges::find(into_.budgets, out.name, &budget::name) != into_.budgets.end())
            map.fail("name", "another budget is called '" + out.name + "'");
        out.sources = map.texts("sources", {});
        out.categories = map.choices<category>("categories", category_names);
        out.per = map.choice<budget_period>("per", budget_period_names);
        const auto amount = amount_from(map.text("amount"));
        if (!amount || *amount < least_amount)
            map.fail("amount", "must be an amount like 500.00, from 0.01 on and below a billion");
        out.amount = amount.value_or(least_amount);
        out.currency = map.text("currency");
        out.warn_at = static_cast<unsigned>(map.integer("warn_at", {1, 100}, out.warn_at));
        out.stops = read_stops(map, out.categories);
        into_.budgets.push_back(std::move(out));
    }

    // What is obligatory goes on, unless it is named.
    static std::vector<category> read_stops(settings::reader& map,
                                            const std::vector<category>& counted) {
        std::vector<category> all = counted;
        for (std::size_t i = 0; counted.empty() && i < category_names.size(); ++i)
            all.push_back(static_cast<category>(i));
        if (!map.has("stops")) {
            std::erase(all, category::statutory);
            return all;
        }
        auto named = map.choices<category>("stops", category_names);
        for (const auto one : named)
            if (std::ranges::find(all, one) == all.end())
                map.fail("stops", std::string(name_of(one)) + " does not count in this budget: "
                                                              "name it in `categories`, too");
        return named;
    }

    static constexpr millionths least_amount = 10'000;

    settings::reader root_;
    std::shared_ptr<const holidays> known_;
    rules& into_;
};

} // namespace

loaded_policy load_policy(const std::filesystem::path& file, const templates::zone& zone) {
    loaded_policy loaded;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored) && !ignored)
        return loaded;
    auto source = settings::document::load(file);
    auto root = source.root();
    loaded.files.push_back(file);
    auto known = std::make_shared<holidays>();
    if (const auto named = root.text("holidays", ""); !named.empty()) {
        loaded.files.push_back((file.parent_path() / named).lexically_normal());
        *known = load_holidays(loaded.files.back(), loaded.problems);
    }
    auto read = std::make_shared<rules>();
    read->file = file.filename().string();
    read->zone = zone;
    policy_reader(root, std::move(known), *read).read();
    const auto found = source.finish();
    loaded.problems.insert(loaded.problems.begin(), found.begin(), found.end());
    loaded.rules = std::move(read);
    return loaded;
}

} // namespace posthorn::policy
