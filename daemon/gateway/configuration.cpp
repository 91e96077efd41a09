#include "gateway/configuration.hpp"

#include "accounts/loader.hpp"
#include "commands/command_file.hpp"
#include "gateway/extensions.hpp"
#include "intake/preparer.hpp"
#include "model/event.hpp"
#include "model/type_pattern.hpp"
#include "policy/policy_file.hpp"
#include "publishing/schedule.hpp"
#include "routing/route_file.hpp"
#include "templates/event_type.hpp"
#include "timers/timer_file.hpp"
#include "topics/topic_file.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>

#include <sys/stat.h>

namespace posthorn::gateway {

namespace {

void append(settings::problem_list& all, const settings::problem_list& more) {
    all.insert(all.end(), more.begin(), more.end());
}

templates::zone read_zone(const std::string& name, settings::reader root) {
    if (auto zone = templates::zone::named(name))
        return std::move(*zone);
    const auto near = templates::nearest_zone(name);
    root.fail("zone", "no time zone is named '" + name + "'" +
                          (near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return templates::zone::utc();
}

// A type whose file has mistakes of its own is a type all the same.
std::vector<std::string> type_names(const std::filesystem::path& types_dir) {
    std::vector<std::string> names;
    std::error_code ec; // a folder that cannot be read is told by load_types()
    for (const auto& entry : std::filesystem::directory_iterator(types_dir, ec))
        if (entry.path().extension() == ".yaml")
            names.push_back(entry.path().stem().string());
    return names;
}

void check_sources(const intake::catalogue& known, settings::reader root,
                   const std::filesystem::path& types_dir) {
    const auto files = type_names(types_dir);
    if (files.empty())
        return; // told already
    const std::vector<std::string_view> names(files.begin(), files.end());
    auto sources = root.optional_map("sources"); // missing: told already
    for (const auto& s : known.sources)
        for (const auto& t : s.types)
            if (std::ranges::find(names, t) == names.end())
                sources.map(s.name).fail("types", "no type is named '" + t + "' in " +
                                                      types_dir.string() +
                                                      settings::did_you_mean(t, names));
}

void check_brake(const settings::brake_settings& brake, settings::reader root,
                 const std::filesystem::path& types_dir) {
    const auto files = type_names(types_dir);
    const std::vector<std::string_view> names(files.begin(), files.end());
    auto limits = root.optional_map("brake").optional_map("most_in_an_hour");
    for (const auto& [type, most] : brake.most_in_an_hour)
        if (std::ranges::find(names, type) == names.end())
            limits.fail(type, "no type is named '" + type + "' in " + types_dir.string() +
                                  settings::did_you_mean(type, names));
}

// What a type withdraws are types that are there.
void check_withdrawals(const intake::catalogue& known, const std::filesystem::path& types_dir,
                       settings::problem_list& problems) {
    const auto files = type_names(types_dir);
    const std::vector<std::string_view> names(files.begin(), files.end());
    for (const auto& t : known.types)
        for (const auto& pattern : t.withdraws)
            if (std::ranges::none_of(names, [&](auto n) { return takes_in(pattern, n); }))
                problems.push_back({.file = (types_dir / (t.name + ".yaml")).string(),
                                    .path = "withdraws",
                                    .what = "no type is named '" + pattern + "'" +
                                            settings::did_you_mean(pattern, names)});
}

std::shared_ptr<const intake::catalogue> read_catalogue(configuration& c,
                                                        settings::document& source) {
    auto known = std::make_shared<intake::catalogue>();
    const auto zone = read_zone(c.settings.zone, source.root());
    auto loaded = templates::load_types(c.settings.types_dir, zone);
    known->types = std::move(loaded.types);
    known->sources = c.settings.sources;
    known->countries = c.settings.countries;
    known->max_parts = c.settings.max_parts;
    known->people = c.settings.live_db();
    if (loaded.problems.empty() && known->types.empty())
        loaded.problems.push_back({.file = c.settings.types_dir.string(),
                                   .path = {},
                                   .what = "has no event type, so nothing could be sent: one "
                                           "NAME.yaml for each (see types_dir in posthorn.yaml)"});
    check_sources(*known, source.root(), c.settings.types_dir);
    check_brake(c.settings.brake, source.root(), c.settings.types_dir);
    check_withdrawals(*known, c.settings.types_dir, loaded.problems);
    append(c.problems, loaded.problems);
    return known;
}

std::set<std::string> read_blocked(const settings::daemon_settings& s, settings::reader root) {
    std::set<std::string> out;
    for (const auto& written : s.inbound.blocked) {
        const auto number = to_e164(written, s.countries);
        if (number)
            out.insert(*number);
        else
            root.optional_map("inbound").fail("blocked", number.error().reason);
    }
    return out;
}

// Why an answer in this language would not be sent; empty: it would.
std::string trouble_with_answers(const configuration& c, const std::string& language) {
    intake::preparer preparer(c.catalogue);
    store::outbox_row row;
    row.event = {.source = std::string(own_source),
                 .key = "sample",
                 .type = std::string(reply_type),
                 .to_kind = std::string(name_of(to_kind::number)),
                 .to_ref = "+99900000000", // of no country, so good in every configuration
                 .data = boost::json::serialize(
                     boost::json::object{{"text", "An answer."}, {"language", language}})};
    return preparer.prepare(std::move(row), {}).parked;
}

// Answers are sent as events of the type `reply`, which is the operator's to change.
void check_reply_type(configuration& c, settings::reader root) {
    const auto& folder = c.settings.types_dir;
    const auto* type = c.catalogue->type_named(reply_type);
    if (type == nullptr) {
        if (std::ranges::count(type_names(folder), reply_type) == 0) // else its mistakes are told
            root.fail("commands_dir", "answers are of the type 'reply', and " + folder.string() +
                                          " has no reply.yaml");
        return;
    }
    std::set<std::string> told; // most are the same in each language
    for (const auto& t : type->texts)
        if (auto why = trouble_with_answers(c, t.language); !why.empty() && told.insert(why).second)
            c.problems.push_back({.file = (folder / "reply.yaml").string(),
                                  .path = {},
                                  .what = "no answer to a text from a phone could be sent, they "
                                          "have a number and the field 'text': " +
                                          why});
}

// Handlers are plugins with options of their own.
void read_handlers(configuration& c, settings::reader systems) {
    for (const auto& s : c.settings.systems) {
        if (s.kind != settings::system_kind::handler || s.where.empty())
            continue;
        auto map = systems.map(s.name);
        const auto plugin = accounts::load_handler(c.settings.plugin_dir, s.where);
        if (!plugin.has_value())
            map.fail("handler", plugin.error().what);
        else
            c.handlers[s.name] = {plugin.value(), accounts::read_options(*plugin.value(), map),
                                  c.settings.file.parent_path()};
    }
}

lookups::catalogue read_lookups(configuration& c, settings::reader root) {
    const auto& s = c.settings;
    lookups::check_systems(root.optional_map("systems"), s.systems);
    auto lookups = lookups::load_lookups(s.lookups_dir, s.systems, c.zone());
    append(c.problems, lookups.problems);
    return std::move(lookups.lookups);
}

std::shared_ptr<const topics::directory> read_topics(configuration& c,
                                                     const lookups::catalogue& lookups) {
    const auto shapes = answers::shapes_of(lookups);
    auto loaded = topics::load_topics(
        c.settings.topics_dir, {.types = c.catalogue->types,
                                .lookups = shapes,
                                .consent = c.settings.consent,
                                .schedule_mistake = [&](const topics::schedule_text& at) {
                                    const auto read = publishing::schedule::read(at, c.zone());
                                    return read ? std::string() : read.error().reason;
                                }});
    append(c.problems, loaded.problems);
    return std::make_shared<const topics::directory>(std::move(loaded.topics));
}

// What a timer makes is of the source whose event began it, which must be allowed to.
void check_makers(configuration& c, const timers::timer& t) {
    const auto may = [](const settings::source_settings& s, const std::string& type) {
        return s.every_type || std::ranges::find(s.types, type) != s.types.end();
    };
    for (const auto& source : c.settings.sources)
        for (const auto& b : t.starts_with)
            for (const auto& s : t.steps)
                if (may(source, b.type) && !may(source, s.type))
                    c.problems.push_back(
                        {.file = (c.settings.timers_dir / (t.name + ".yaml")).string(),
                         .path = "steps",
                         .what = "source '" + source.name + "' may send " + b.type +
                                 ", which begins this timer, and may not use " + s.type +
                                 ": add it to its `types` in posthorn.yaml, or say enabled: no"});
}

std::shared_ptr<const std::vector<timers::timer>> read_timers(configuration& c) {
    auto loaded = timers::load_timers(c.settings.timers_dir, c.catalogue->types);
    append(c.problems, loaded.problems);
    for (const auto& t : loaded.timers)
        if (t.enabled)
            check_makers(c, t);
    return std::make_shared<const std::vector<timers::timer>>(std::move(loaded.timers));
}

std::size_t content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return std::hash<std::string>()(text);
}

// A file that is named must be there.
void read_policy(configuration& c, settings::reader root) {
    const auto& file = c.settings.policy;
    auto loaded = policy::load_policy(file, c.zone());
    append(c.problems, loaded.problems);
    if (!loaded.rules && root.has("policy"))
        root.fail("policy", "there is no file " + file.string());
    c.policy = std::move(loaded.rules);
    for (const auto& one : loaded.files)
        c.policy_files[one.filename().string()] = content_of(one);
}

// What budgets name is there; and something is paid in their currency, else they count nothing.
void check_budgets(configuration& c) {
    std::vector<std::string_view> sources{own_source}, currencies;
    for (const auto& s : c.settings.sources)
        sources.push_back(s.name);
    for (const auto* accounts : {&c.accounts, &c.disabled})
        for (const auto& a : *accounts)
            currencies.push_back(a.routed.prices.currency);
    const auto fail = [&](const std::string& key, const std::string& what) {
        c.problems.push_back(
            {.file = c.settings.policy.string(), .path = "budgets." + key, .what = what});
    };
    for (const auto& b : c.policy ? c.policy->budgets : std::vector<policy::budget>()) {
        for (const auto& name : b.sources)
            if (std::ranges::find(sources, name) == sources.end())
                fail("sources",
                     "no source is called '" + name + "'" + settings::did_you_mean(name, sources));
        if (std::ranges::find(currencies, b.currency) == currencies.end())
            fail("currency", "no account has `prices` in " + b.currency + ", so that budget " +
                                 b.name + " would count nothing");
    }
}

// A file that is named must be there.
void read_routes(configuration& c, settings::reader root) {
    const auto& file = c.settings.routes;
    std::vector<std::string> names;
    for (const auto* accounts : {&c.accounts, &c.disabled})
        for (const auto& a : *accounts)
            names.push_back(a.settings.name);
    auto loaded = routing::load_routes(file, names);
    append(c.problems, loaded.problems);
    if (loaded.files.empty() && root.has("routes"))
        root.fail("routes", "there is no file " + file.string());
    for (const auto& one : loaded.files)
        c.route_files[one.filename().string()] = content_of(one);
    std::vector<routing::account> accounts;
    for (const auto& a : c.accounts)
        if (a.settings.pool == name_of(channel::sms))
            accounts.push_back(a.routed);
    if (const auto n = routing::table::pools_needed(accounts, *loaded.read);
        n > routing::table::most_pools) {
        c.problems.push_back(
            {.file = file.string(),
             .path = {},
             .what = "accounts and routes tell " + std::to_string(n) +
                     " kinds of messages apart, at most " +
                     std::to_string(routing::table::most_pools) +
                     " can be: put prefixes of one carrier into the table of numbers (`numbers`), "
                     "and name the carrier"});
        loaded.read = std::make_shared<const routing::rules>();
        accounts.clear();
    }
    c.routes = std::make_shared<const routing::table>(std::move(accounts), std::move(loaded.read));
}

// Whom a query code passes on to must be a source that is there.
void check_passing(configuration& c, std::span<const commands::command> commands) {
    std::vector<std::string_view> names;
    for (const auto& s : c.settings.sources)
        names.emplace_back(s.name);
    for (const auto& one : commands)
        if (!one.passes_to.empty() && std::ranges::find(names, one.passes_to) == names.end())
            c.problems.push_back({.file = (c.settings.commands_dir / (one.name + ".yaml")).string(),
                                  .path = "passes_to",
                                  .what = "there is no source '" + one.passes_to +
                                          "' in `sources` of posthorn.yaml" +
                                          settings::did_you_mean(one.passes_to, names)});
}

// Null when no command is configured: then nobody answers.
std::shared_ptr<const answers::handbook> read_handbook(configuration& c, settings::reader root,
                                                       lookups::catalogue lookups) {
    const auto& s = c.settings;
    const auto zone = c.zone();
    auto destinations = read_destinations(c, root);
    std::error_code ec; // a folder that is not there has no commands
    if (!std::filesystem::exists(s.commands_dir, ec)) {
        if (!s.inbound.destinations.empty())
            root.optional_map("inbound").fail(
                "destinations", "nothing is passed on while " + s.commands_dir.string() +
                                    " (commands_dir) is missing: texts are only kept then");
        return nullptr;
    }
    auto commands = commands::load_commands(s.commands_dir, zone, answers::shapes_of(lookups));
    append(c.problems, commands.problems);
    check_passing(c, commands.commands);
    auto phrases = answers::load_phrases(s.phrases);
    append(c.problems, phrases.problems);
    auto blocked = read_blocked(s, root);
    check_reply_type(c, root);
    return std::make_shared<const answers::handbook>(
        answers::handbook{.matcher = commands::matcher(std::move(commands.commands)),
                          .lookups = std::move(lookups),
                          .phrases = std::move(phrases.said),
                          .opt_words = policy::opt_words(s.consent),
                          .rules = s.inbound,
                          .destinations = std::move(destinations),
                          .blocked = std::move(blocked),
                          .guesses = s.people.guesses,
                          .countries = s.countries,
                          .zone = zone,
                          .topics = c.topics});
}

void note_plugin(configuration& c, const std::string& name) {
    struct ::stat file {};
    const auto path = c.settings.plugin_dir / (name + ".so");
    if (::stat(path.c_str(), &file) == 0)
        c.plugin_files[name] = std::to_string(file.st_ino) + "/" + std::to_string(file.st_size) +
                               "/" + std::to_string(file.st_mtim.tv_sec) + "." +
                               std::to_string(file.st_mtim.tv_nsec);
}

// So that a reload can say what has changed, and that a plugin was exchanged under our feet.
void note_files(configuration& c) {
    const auto& s = c.settings;
    for (const auto& t : c.catalogue->types)
        c.type_files[t.name] = content_of(s.types_dir / (t.name + ".yaml"));
    if (c.book) {
        for (const auto& asked : c.book->matcher.commands())
            c.command_files[asked.name] = content_of(s.commands_dir / (asked.name + ".yaml"));
        for (const auto& l : c.book->lookups)
            c.lookup_files[l->name] = content_of(s.lookups_dir / (l->name + ".yaml"));
        c.phrases_file = content_of(s.phrases);
    }
    for (const auto& t : c.topics->topics())
        c.topic_files[t.name] = content_of(s.topics_dir / (t.name + ".yaml"));
    for (const auto& t : *c.timers)
        c.timer_files[t.name] = content_of(s.timers_dir / (t.name + ".yaml"));
    for (const auto& a : c.accounts)
        note_plugin(c, a.settings.adapter);
    for (const auto& [system, h] : c.handlers)
        note_plugin(c, h.plugin->name);
}

// Letters queue in a pool of their own; an account that carries nothing else is in it by itself.
void check_pool(account& a, settings::reader root) {
    const bool letters = a.plugin->channel == sdk::channel::email;
    const std::string own(name_of(letters ? channel::email : channel::sms));
    const auto others = name_of(letters ? channel::sms : channel::email);
    if (!root.has("pool"))
        a.settings.pool = own;
    else if (a.settings.pool == others)
        root.fail("pool", "adapter " + a.settings.adapter + " does not carry what waits in " +
                              a.settings.pool + ": say " + own + ", or nothing");
}

// A letter leaves as it was written.
void check_texts(const account& a, settings::reader root) {
    if (a.plugin->channel == sdk::channel::email && a.settings.texts != settings::account_texts())
        for (const auto* key : {"national_tables", "signature", "carrier_adds",
                                "forbidden_characters", "replace_characters"})
            if (root.has(key))
                root.fail(key, "is of texts for phones: adapter " + a.settings.adapter +
                                   " carries letters");
}

void read_account(configuration& c, settings::account_settings found,
                  settings::problem_list& problems) {
    auto routed = routing::read_account(found);
    if (found.adapter.empty()) { // told with its line, as is a file that cannot be read
        append(problems, found.finish_without_options());
        return;
    }
    const auto plugin = accounts::load(c.settings.plugin_dir, found.adapter);
    if (!plugin.has_value()) {
        found.source.root().fail("adapter", plugin.error().what);
        append(problems, found.finish_without_options());
        return;
    }
    auto options = accounts::read_options(*plugin.value(), found.options);
    account a{std::move(found), plugin.value(), std::move(options), std::move(routed)};
    a.routed.receipts = a.gives_receipts();
    a.routed.extended = a.settings.extensions;
    check_sender(a, a.settings.source.root());
    check_pool(a, a.settings.source.root());
    check_texts(a, a.settings.source.root());
    append(problems, a.settings.finish());
    (a.settings.enabled ? c.accounts : c.disabled).push_back(std::move(a));
}

// What is wrong with them.
settings::problem_list read_accounts(configuration& c) {
    auto found = settings::load_accounts(c.settings.accounts_dir, c.settings.countries);
    auto problems = std::move(found.problems);
    for (auto& a : found.accounts)
        read_account(c, std::move(a), problems);
    return problems;
}

// Where an account carries letters, people may have them instead of texts.
void let_prefer_letters(configuration& c) {
    if (std::ranges::none_of(c.accounts, carries_letters))
        return;
    auto known = std::make_shared<intake::catalogue>(*c.catalogue);
    known->letters = true;
    c.catalogue = std::move(known);
}

} // namespace

bool carries_letters(const account& a) { return a.plugin->channel == sdk::channel::email; }

bool account::declares(std::string_view option) const {
    return std::ranges::any_of(plugin->options, [&](const auto& o) { return o.name == option; });
}

bool account::gives_receipts() const {
    return declares("receipts") ? options.flag("receipts") : !carries_letters(*this);
}

bool account::same_link(const account& other) const {
    return settings.adapter == other.settings.adapter && options == other.options;
}

templates::zone configuration::zone() const {
    return templates::zone::named(settings.zone).value_or(templates::zone::utc());
}

bool configuration::any_quota_per_day() const {
    return std::ranges::any_of(settings.sources, [](const auto& s) { return s.quota.per_day > 0; });
}

std::vector<std::pair<std::string, std::string>> names_in(const configuration& c) {
    std::vector<std::pair<std::string, std::string>> all{{"source", std::string(own_source)}};
    for (const auto name : channel_names)
        all.emplace_back("pool", name);
    for (const auto& s : c.catalogue->sources)
        all.emplace_back("source", s.name);
    for (const auto& t : c.catalogue->types)
        all.emplace_back("type", t.name);
    if (!c.routes->plain())
        for (const auto& name : c.routes->pools())
            all.emplace_back("pool", name);
    for (const auto& a : c.accounts) {
        all.emplace_back("account", a.settings.name);
        all.emplace_back("pool", a.settings.pool);
        all.emplace_back("pool", own_pool(a.settings.name));
    }
    return all;
}

std::string own_pool(std::string_view account) { return "account " + std::string(account); }

bool is_own_pool(std::string_view pool) { return pool.starts_with("account "); }

const account* account_named(const configuration& c, std::string_view name) {
    const auto found =
        std::ranges::find_if(c.accounts, [&](const auto& a) { return a.settings.name == name; });
    return found == c.accounts.end() ? nullptr : &*found;
}

configuration read_configuration(const std::filesystem::path& file) {
    configuration c;
    auto loaded = settings::load_daemon_settings(file);
    c.settings = std::move(loaded.settings);
    c.problems = std::move(loaded.problems);
    if (loaded.source.root().is_void())
        return c; // what its defaults point to says nothing about the mistake
    c.catalogue = read_catalogue(c, loaded.source);
    const auto of_accounts = read_accounts(c);
    let_prefer_letters(c);
    read_handlers(c, loaded.source.root().optional_map("systems"));
    auto lookups = read_lookups(c, loaded.source.root());
    c.topics = read_topics(c, lookups);
    c.timers = read_timers(c);
    read_policy(c, loaded.source.root());
    check_budgets(c);
    read_routes(c, loaded.source.root());
    c.book = read_handbook(c, loaded.source.root(), std::move(lookups));
    append(c.problems, loaded.source.finish());
    append(c.problems, of_accounts);
    c.written = loaded.source.values();
    note_files(c);
    return c;
}

} // namespace posthorn::gateway
