#include "settings/daemon_settings.hpp"

#include "model/address.hpp"
#include "model/digits.hpp"
#include "model/event.hpp"
#include "settings/safe_url.hpp"
#include "tokens/digest.hpp"

#include <algorithm>
#include <system_error>

namespace posthorn::settings {

namespace {

using namespace std::chrono_literals;

// Source names become file names, pool names become labels.
bool is_plain_name(std::string_view name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '.' &&
           std::ranges::all_of(name, plain);
}

constexpr const char* plain_name_wanted =
    "must be lower-case letters, digits, '-', '_' and '.', at most 64";

bool is_digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && all_digits(text);
}

// Digits, 'x' and ranges like [3-9], as model/number.hpp understands them.
bool is_pattern(std::string_view pattern) {
    std::size_t at = 0;
    while (at < pattern.size()) {
        if (pattern[at] == '[') {
            const auto range = pattern.substr(at, 5);
            if (range.size() < 5 || !is_digits(range.substr(1, 1), 1, 1) || range[2] != '-' ||
                !is_digits(range.substr(3, 1), 1, 1) || range[4] != ']' || range[1] > range[3])
                return false;
            at += 5;
        } else if (pattern[at] == 'x' || is_digits(pattern.substr(at, 1), 1, 1)) {
            ++at;
        } else {
            return false;
        }
    }
    return !pattern.empty();
}

class paths {
public:
    paths(reader root, const std::filesystem::path& file)
        : root_(std::move(root)), folder_(std::filesystem::absolute(file).parent_path()) {}

    std::filesystem::path operator()(std::string_view key, std::string fallback) {
        const auto path = (folder_ / root_.text(key, std::move(fallback))).lexically_normal();
        return path.has_filename() ? path : path.parent_path(); // "var/" is "var"
    }

private:
    reader root_;
    std::filesystem::path folder_;
};

void check_paths(reader& root, const daemon_settings& s) {
    constexpr std::size_t longest_socket = 107; // of sockaddr_un
    if (s.socket.string().size() > longest_socket)
        root.fail("socket", "has " + std::to_string(s.socket.string().size()) +
                                " octets, a socket's path at most 107: " + s.socket.string());
    if (s.outbox_dir == s.result_dir)
        root.fail("result_dir", "must not be outbox_dir: both have a SOURCE.db for each source");
}

// A file that looks like one of ours but is not read must not be thought to be in force.
void refuse_other_suffix(const std::filesystem::path& file, problem_list& problems) {
    if (file.extension() == ".yml")
        problems.push_back({.file = file.string(),
                            .path = {},
                            .what = "is not read: name it " + file.stem().string() + ".yaml"});
}

std::vector<country> read_countries(reader& root) {
    if (!root.has("countries"))
        return {
            {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"}};
    std::vector<country> all;
    for (auto& map : root.maps("countries")) {
        country c;
        c.name = map.text("name");
        c.calling_code = map.text("calling_code");
        c.trunk_prefix = map.text("trunk_prefix", "");
        c.mobile = map.text("mobile");
        if (!c.calling_code.empty() && !is_digits(c.calling_code, 1, 3))
            map.fail("calling_code",
                     "must be 1 to 3 digits without '+', is '" + c.calling_code + "'");
        if (!c.trunk_prefix.empty() && !is_digits(c.trunk_prefix, 1, 3))
            map.fail("trunk_prefix", "must be digits, is '" + c.trunk_prefix + "'");
        if (!c.mobile.empty() && !is_pattern(c.mobile))
            map.fail("mobile",
                     "must be made of digits, x for any digit, and ranges like [3-9], is '" +
                         c.mobile + "'");
        all.push_back(std::move(c));
    }
    if (all.empty())
        root.fail("countries", "names no country");
    return all;
}

void read_types(reader& map, source_settings& source) {
    if (map.kind("types") == node_kind::scalar) {
        source.every_type = map.text("types") == "all";
        if (!source.every_type)
            map.fail("types", "must be a list of types like [bill.issued], or: all");
        return;
    }
    source.types = map.texts("types");
    std::ranges::sort(source.types);
    if (const auto twice = std::ranges::adjacent_find(source.types); twice != source.types.end())
        map.fail("types", "names '" + *twice + "' twice");
}

callback_settings read_callback(reader map) {
    constexpr std::string_view prefix = "whsec_";
    constexpr std::size_t shortest_secret = 24;
    callback_settings c;
    if (map.is_void())
        return c;
    c.url = map.text("url");
    if (!c.url.empty() && !is_safe_url(c.url))
        map.fail("url", safe_url_wanted);
    const auto secret = map.secret("secret");
    const bool standard = secret.starts_with(prefix) &&
                          tokens::read_base64(std::string_view(secret).substr(6), c.secret);
    if (!secret.empty() && (!standard || c.secret.size() < shortest_secret))
        map.fail("secret", "must be whsec_ and at least 24 random octets in base64: "
                           "echo whsec_$(openssl rand -base64 32)");
    c.retry_for = map.duration("retry_for", c.retry_for, {.least = 1min, .most = 90 * 24h});
    return c;
}

quota_settings read_quota(reader map) {
    quota_settings q;
    if (map.is_void())
        return q;
    if (!map.has("per_minute") && !map.has("per_day"))
        map.fail("limits nothing: give it per_minute, per_day or both");
    q.per_minute = map.integer("per_minute", {1, 1'000'000'000}, 0);
    q.per_day = map.integer("per_day", {1, 1'000'000'000}, 0);
    return q;
}

std::vector<source_settings> read_sources(reader& root) {
    std::vector<source_settings> all;
    auto sources = root.map("sources");
    for (const auto& name : sources.keys()) {
        auto map = sources.map(name);
        source_settings source;
        source.name = name;
        if (!is_plain_name(name))
            sources.fail(name, std::string("the name of a source ") + plain_name_wanted);
        if (name == own_source)
            sources.fail(name, "is the daemon's own name, for what people send by hand: choose "
                               "another");
        read_types(map, source);
        source.callback = read_callback(map.optional_map("callback"));
        source.quota = read_quota(map.optional_map("quota"));
        source.extension = map.text("extension", "");
        source.acknowledge = read_acknowledge(map, "acknowledge");
        all.push_back(std::move(source));
    }
    std::ranges::sort(all, {}, &source_settings::name);
    return all;
}

retention_settings read_retention(reader root) {
    constexpr duration_range range{.least = 31 * 24h, .most = 36'600 * 24h};
    retention_settings keep{.usual = root.duration("keep_history", 1095 * 24h, range)};
    auto map = root.optional_map("keep_history_of");
    for (std::size_t i = 0; i < category_names.size(); ++i)
        if (const auto name = category_names[i]; map.has(name))
            keep.by_category[static_cast<category>(i)] = map.duration(name, range);
    return keep;
}

retry_schedule read_retry(reader map) {
    retry_schedule retry;
    retry.first = map.duration("first", retry.first, {.least = 1s, .most = 1h});
    retry.longest = map.duration("longest", retry.longest, {.least = 1s, .most = 24h});
    if (retry.longest < retry.first)
        map.fail("longest", "must not be shorter than first");
    return retry;
}

std::vector<std::string> read_allowed(reader& root, const std::vector<country>& countries) {
    std::vector<std::string> numbers;
    for (const auto& written : root.texts("allow", {})) {
        auto one = is_address(written) ? to_email(written) : to_e164(written, countries);
        if (one)
            numbers.push_back(std::move(*one));
        else
            root.fail("allow", one.error().reason);
    }
    return numbers;
}

account_settings read_account(const std::filesystem::path& file,
                              const std::vector<country>& countries) {
    auto source = document::load(file);
    auto root = source.root();
    account_settings a{.file = file,
                       .name = file.stem(),
                       .adapter = root.text("adapter"),
                       .allow = {},
                       .carries = root.optional_map("carries"),
                       .prices = root.optional_map("prices"),
                       .options = root.optional_map("options"),
                       .source = source};
    if (!is_plain_name(a.name))
        root.fail(std::string("the name of the file ") + plain_name_wanted);
    a.enabled = root.flag("enabled", true);
    a.delivery = root.choice("delivery", delivery_names, delivery::test);
    a.allow = read_allowed(root, countries);
    a.pool = root.text("pool", a.pool);
    if (!is_plain_name(a.pool))
        root.fail("pool", plain_name_wanted);
    a.rate = static_cast<unsigned>(root.integer("rate", {0, 100'000}, 0));
    a.extensions = root.flag("extensions", false);
    a.weight = static_cast<unsigned>(root.integer("weight", {1, 1000}, 0));
    a.takes_back = root.flag("takes_back", false);
    a.texts = read_account_texts(root);
    return a;
}

} // namespace

problem_list account_settings::finish_without_options() {
    for (const auto& key : options.keys())
        options.has(key);
    return finish();
}

loaded_daemon_settings load_daemon_settings(const std::filesystem::path& file) {
    auto source = document::load(file);
    auto root = source.root();
    paths path(root, file);
    loaded_daemon_settings loaded{.settings = {}, .problems = {}, .source = source};
    auto& s = loaded.settings;
    s.file = std::filesystem::absolute(file).lexically_normal();
    s.state_dir = path("state_dir", "/var/lib/posthorn");
    s.outbox_dir = path("outbox_dir", (s.state_dir / "outbox").string());
    s.result_dir = path("result_dir", (s.state_dir / "result").string());
    s.plugin_dir = path("plugin_dir", POSTHORN_PLUGIN_DIR);
    s.types_dir = path("types_dir", "types");
    s.accounts_dir = path("accounts_dir", "accounts.d");
    s.socket = path("socket", "/run/posthorn/posthorn.sock");
    check_paths(root, s);
    s.http = read_http(root.optional_map("http"), s.file.parent_path());
    s.zone = root.text("zone", "Asia/Shanghai");
    s.countries = read_countries(root);
    s.sources = read_sources(root);
    s.retry = read_retry(root.optional_map("retry"));
    s.receipt_wait = root.duration("receipt_wait", 24h, {.least = 0s, .most = 30 * 24h});
    s.keep_results = root.duration("keep_results", 90 * 24h, {.least = 1h, .most = 3660 * 24h});
    s.keep_history = read_retention(root);
    s.stop_within = root.duration("stop_within", 60s, {.least = 1s, .most = 1h});
    s.max_parts = static_cast<unsigned>(root.integer("max_parts", {1, 255}, 10));
    s.brake = read_brake(root.optional_map("brake"));
    s.people = read_people(root.optional_map("people"));
    s.consent = read_consent(root.optional_map("consent"));
    s.lookups_dir = path("lookups_dir", "lookups");
    s.commands_dir = path("commands_dir", "commands");
    s.phrases = path("phrases", "phrases.yaml");
    s.inbound = read_inbound(root.optional_map("inbound"));
    s.systems = read_systems(root.optional_map("systems"), s.file.parent_path());
    s.topics_dir = path("topics_dir", "topics");
    s.timers_dir = path("timers_dir", "timers");
    if (root.has("forbidden_words"))
        s.forbidden_words = path("forbidden_words", "");
    s.policy = path("policy", "policy.yaml");
    s.routes = path("routes", "routes.yaml");
    loaded.problems = source.finish();
    return loaded;
}

loaded_accounts load_accounts(const std::filesystem::path& directory,
                              const std::vector<country>& countries) {
    loaded_accounts loaded;
    std::error_code ec;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ec))
        if (entry.path().extension() == ".yaml")
            files.push_back(entry.path());
        else
            refuse_other_suffix(entry.path(), loaded.problems);
    if (ec)
        loaded.problems.push_back(
            {.file = directory.string(),
             .path = {},
             .what = "cannot be read: " + ec.message() + " (see accounts_dir in posthorn.yaml)"});
    std::ranges::sort(files, {}, [](const auto& file) { return file.stem().string(); });
    for (const auto& file : files)
        loaded.accounts.push_back(read_account(file, countries));
    return loaded;
}

} // namespace posthorn::settings
