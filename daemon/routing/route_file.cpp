#include "routing/route_file.hpp"

#include "model/digits.hpp"
#include "model/hours_text.hpp"
#include "routing/number_table.hpp"
#include "settings/reader.hpp"

#include <algorithm>

namespace posthorn::routing {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_parts = 255;
constexpr auto of_other_numbers = "other";

std::vector<std::string> read_prefixes(settings::reader& map, const std::string& key) {
    auto all = map.texts(key, {});
    for (auto& one : all) {
        if (one.starts_with('+'))
            one.erase(0, 1);
        if (!is_prefix(one))
            map.fail(key, "'" + one +
                              "' is no beginning of a number with its country: write "
                              "86138 or +86138");
    }
    std::erase_if(all, [](const auto& one) { return !is_prefix(one); });
    return all;
}

capability read_capability(settings::reader map) {
    capability out;
    out.categories = map.choices<category>("categories", category_names);
    out.prefixes = read_prefixes(map, "prefixes");
    out.not_prefixes = read_prefixes(map, "not_prefixes");
    out.carriers = map.texts("carriers", {});
    out.longest = static_cast<unsigned>(map.integer("longest", {1, most_parts}, 0));
    const auto hours = map.text("hours", "");
    out.hours = hours_from(hours);
    if (!hours.empty() && !out.hours)
        map.fail("hours", "'" + hours + "' are no hours like 08:00-21:00");
    return out;
}

price_list read_prices(settings::reader map) {
    price_list out;
    if (map.is_void())
        return out;
    out.currency = map.text("currency");
    for (const auto& key : map.keys()) {
        if (key == "currency")
            continue;
        const auto digits = key.starts_with('+') ? key.substr(1) : key;
        const auto price = price_from(map.text(key));
        if (key != of_other_numbers && !is_prefix(digits))
            map.fail(key, "is no beginning of a number with its country, like \"86138\", and "
                          "not `other`");
        else if (!price)
            map.fail(key, "must be a price of a part like 0.045, with at most six decimals");
        else
            out.parts.emplace_back(key == of_other_numbers ? "" : digits, *price);
    }
    return out;
}

class rules_reader {
public:
    rules_reader(settings::reader root, std::span<const std::string> accounts, rules& into)
        : root_(std::move(root)), accounts_(accounts.begin(), accounts.end()), into_(into) {}

    void read() {
        into_.failover_after =
            root_.duration("failover_after", into_.failover_after, {.least = 0s, .most = 1h});
        for (auto& map : root_.maps("routes"))
            into_.routes.push_back(read_route(map));
    }

private:
    route read_route(settings::reader map) {
        route out;
        out.categories = map.choices<category>("categories", category_names);
        out.prefixes = read_prefixes(map, "prefixes");
        out.carriers = map.texts("carriers", {});
        out.accounts = map.texts("accounts", {});
        for (const auto& name : out.accounts)
            if (std::ranges::find(accounts_, name) == accounts_.end())
                map.fail("accounts", "no account is called '" + name + "'" +
                                         settings::did_you_mean(name, accounts_));
        out.order =
            map.choice("order", order_names, out.accounts.empty() ? order::any : order::as_listed);
        if (out.order == order::as_listed && out.accounts.empty())
            map.fail("order", "as_listed needs a list: say which `accounts`, the first choice "
                              "first");
        out.receipts = map.choice("receipts", receipts_names, false);
        out.sticky = map.flag("sticky", false);
        return out;
    }

    static constexpr std::array<std::string_view, 2> receipts_names{"any", "required"};

    settings::reader root_;
    std::vector<std::string_view> accounts_;
    rules& into_;
};

// What names a carrier that the table of numbers does not have never fits.
void check_carriers(const rules& r, settings::reader root) {
    const std::vector<std::string_view> known(r.carriers.begin(), r.carriers.end());
    auto maps = root.maps("routes");
    for (std::size_t i = 0; i < r.routes.size(); ++i)
        for (const auto& name : r.routes[i].carriers)
            if (std::ranges::find(known, name) == known.end())
                maps[i].fail("carriers", "the table of numbers (`numbers`) has no carrier '" +
                                             name + "'" + settings::did_you_mean(name, known));
}

} // namespace

loaded_routes load_routes(const std::filesystem::path& file,
                          std::span<const std::string> accounts) {
    loaded_routes loaded;
    auto read = std::make_shared<rules>();
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) || ignored) {
        loaded.files.push_back(file);
        auto source = settings::document::load(file);
        auto root = source.root();
        rules_reader(root, accounts, *read).read();
        if (const auto numbers = root.text("numbers", ""); !numbers.empty()) {
            loaded.files.push_back((file.parent_path() / numbers).lexically_normal());
            read_number_table(loaded.files.back(), *read, loaded.problems);
        }
        check_carriers(*read, root);
        const auto found = source.finish();
        loaded.problems.insert(loaded.problems.begin(), found.begin(), found.end());
    }
    loaded.read = std::move(read);
    return loaded;
}

account read_account(const settings::account_settings& a) {
    account out{.name = a.name, .prices = read_prices(a.prices), .weight = a.weight};
    if (!a.carries.is_void())
        out.carries = read_capability(a.carries);
    return out;
}

} // namespace posthorn::routing
