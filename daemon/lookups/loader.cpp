#include "lookups/lookup.hpp"
#include "lookups/path.hpp"
#include "lookups/statement.hpp"
#include "settings/yaml_files.hpp"
#include "templates/data.hpp"
#include "templates/field_reader.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <optional>

namespace posthorn::lookups {

namespace {

using namespace std::chrono_literals;
using settings::system_kind;

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }) && !(name[0] >= '0' && name[0] <= '9');
}

class lookup_reader {
public:
    lookup_reader(settings::reader root, std::span<const settings::system_settings> systems)
        : root_(std::move(root)), systems_(systems) {}

    lookup read(const std::string& file_name) {
        read_name(file_name);
        const bool known = read_system();
        read_takes();
        if (!known)
            skip_question();
        else if (out_.kind == system_kind::http)
            read_path();
        else if (out_.kind == system_kind::handler)
            out_.query = root_.text("query");
        else
            read_query();
        read_fields(known);
        out_.timeout = root_.duration("timeout", out_.timeout, {.least = 100ms, .most = 30s});
        out_.most_rows =
            static_cast<unsigned>(root_.integer("most_rows", {1, 1000}, out_.most_rows));
        auto sample = root_.map("sample");
        out_.sample = templates::read_sample(sample, out_.fields);
        return std::move(out_);
    }

private:
    void read_name(const std::string& file_name) {
        out_.name = root_.text("name");
        if (!out_.name.empty() && out_.name != file_name)
            root_.fail("name",
                       "must be the name of the file, '" + file_name + "', is '" + out_.name + "'");
        else if (!out_.name.empty() && !is_name(out_.name))
            root_.fail("name", "is made of a-z, 0-9 and _");
    }

    bool read_system() {
        out_.system = root_.text("system");
        const auto found =
            std::ranges::find(systems_, out_.system, &settings::system_settings::name);
        if (found != systems_.end()) {
            out_.kind = found->kind;
            return true;
        }
        std::vector<std::string_view> names;
        for (const auto& s : systems_)
            names.emplace_back(s.name);
        if (!out_.system.empty())
            root_.fail("system", "there is no system '" + out_.system +
                                     "' in `systems` of posthorn.yaml" +
                                     settings::did_you_mean(out_.system, names));
        return false;
    }

    void read_takes() {
        for (auto& name : root_.texts("takes", {})) {
            if (!is_name(name))
                root_.fail("takes",
                           "'" + name + "' is no name for a parameter: use a-z, 0-9 and _");
            else if (std::ranges::find(out_.takes, name) != out_.takes.end())
                root_.fail("takes", "names '" + name + "' twice");
            else
                out_.takes.push_back(std::move(name));
        }
    }

    // Nobody knows which of them are right.
    void skip_question() {
        for (const auto* key : {"query", "path", "rows"})
            root_.has(key);
    }

    void read_query() {
        const auto written = root_.passage_text("query");
        if (written.text.empty())
            return;
        const auto s = read_statement(written.text, out_.kind);
        for (const auto& m : s.mistakes)
            root_.fail_at("query", written.at(m.offset), m.what);
        std::vector<std::string> used;
        for (const auto& p : s.parameters) {
            used.push_back(p.name);
            if (!is_taken(p.name))
                root_.fail_at("query", written.at(p.offset), not_taken(":" + p.name, p.name));
        }
        if (check_used(used, ":") && s.mistakes.empty())
            out_.query = numbered(written.text, s, out_.takes, out_.kind);
    }

    void read_path() {
        out_.path = root_.text("path");
        out_.rows = root_.text("rows", "");
        if (!out_.rows.empty() && !out_.rows.starts_with('/'))
            root_.fail("rows", "is a JSON pointer like /data/bills");
        if (out_.path.empty())
            return;
        if (!out_.path.starts_with('/'))
            root_.fail("path", "begins with '/': it follows the system's address");
        else if (out_.path.find_first_of(" #\t\n") != std::string::npos)
            root_.fail("path", "has a character that no address has; write it as %20, %23 ..");
        std::vector<std::string> used;
        for (const auto& p : parameters_of(out_.path)) {
            used.push_back(p.name);
            if (p.name.empty())
                root_.fail("path", "has a { without a name and a }");
            else if (!is_taken(p.name))
                root_.fail("path", not_taken("{" + p.name + "}", p.name));
        }
        check_used(used, "{");
    }

    bool is_taken(const std::string& name) const {
        return std::ranges::find(out_.takes, name) != out_.takes.end();
    }

    std::string not_taken(const std::string& shown, const std::string& name) const {
        const std::vector<std::string_view> known(out_.takes.begin(), out_.takes.end());
        return shown + " is not in `takes`" + settings::did_you_mean(name, known);
    }

    bool check_used(const std::vector<std::string>& used, const std::string& sign) {
        bool all = true;
        for (const auto& name : out_.takes)
            if (std::ranges::find(used, name) == used.end()) {
                all = false;
                root_.fail("takes", "'" + name + "' is not used: there is no " + sign + name +
                                        (sign == "{" ? "} in `path`" : " in `query`"));
            }
        for (const auto& name : used)
            all = all && is_taken(name);
        return all;
    }

    void read_fields(bool known) {
        auto fields = root_.map("fields");
        out_.fields = templates::read_fields(fields);
        if (out_.fields.empty() && !fields.is_void())
            root_.fail("fields", "names no field: what shall be read from the answer?");
        if (known && (out_.kind == system_kind::sqlite || out_.kind == system_kind::postgresql))
            for (const auto& f : out_.fields)
                if (f.kind == templates::kind::list || f.kind == templates::kind::object)
                    fields.fail(f.name, "a column of a table is no " +
                                            std::string(templates::name_of(f.kind)));
    }

    settings::reader root_;
    std::span<const settings::system_settings> systems_;
    lookup out_;
};

std::optional<lookup> read_file(const std::filesystem::path& file,
                                std::span<const settings::system_settings> systems,
                                const templates::zone& zone, settings::problem_list& problems) {
    auto document = settings::document::load(file);
    auto root = document.root();
    auto read = lookup_reader(root, systems).read(file.stem().string());
    auto found = document.finish();
    if (found.empty()) {
        if (const auto data = templates::read_data(read.fields, read.sample, zone); !data)
            root.fail("sample", data.error().reason);
        found = document.finish();
    }
    problems.insert(problems.end(), found.begin(), found.end());
    return found.empty() ? std::optional(std::move(read)) : std::nullopt;
}

} // namespace

lookup_ptr find(const catalogue& all, std::string_view name) {
    const auto at = std::ranges::lower_bound(
        all, name, {}, [](const lookup_ptr& l) -> std::string_view { return l->name; });
    return at != all.end() && (*at)->name == name ? *at : nullptr;
}

loaded_lookups load_lookups(const std::filesystem::path& directory,
                            std::span<const settings::system_settings> systems,
                            const templates::zone& zone) {
    loaded_lookups loaded;
    std::error_code ignored; // what cannot be read is told by yaml_files()
    if (!std::filesystem::exists(directory, ignored) && !ignored)
        return loaded;
    for (const auto& file : settings::yaml_files(directory, loaded.problems))
        if (auto read = read_file(file, systems, zone, loaded.problems))
            loaded.lookups.push_back(std::make_shared<const lookup>(std::move(*read)));
    std::ranges::sort(loaded.lookups, {},
                      [](const lookup_ptr& l) -> std::string_view { return l->name; });
    return loaded;
}

void check_systems(settings::reader map, std::span<const settings::system_settings> systems) {
    for (const auto& s : systems) {
        if (s.kind != system_kind::postgresql || s.where.empty())
            continue;
        char* said = nullptr;
        auto* parsed = ::PQconninfoParse(s.where.c_str(), &said);
        if (parsed == nullptr) {
            const std::string why = said == nullptr ? "is no connection string" : said;
            map.map(s.name).fail("postgresql", why.substr(0, why.find('\n')));
        }
        ::PQconninfoFree(parsed);
        ::PQfreemem(said);
    }
}

} // namespace posthorn::lookups
