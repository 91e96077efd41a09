// An asker with a loop of the test's own, and lookups made without files.
#pragma once

#include "cli/scratch.hpp"
#include "lookups/asker.hpp"
#include "lookups/statement.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <sqlite3.h>

#include <optional>

namespace lookups_rig {

using namespace posthorn;
using namespace posthorn::lookups;
using namespace std::chrono_literals;
using settings::system_kind;
using settings::system_settings;
using templates::field;
using templates::kind;
namespace json = boost::json;

inline field column(std::string name, kind k, bool required = true) {
    field f;
    f.name = std::move(name);
    f.kind = k;
    f.required = required;
    return f;
}

struct draft {
    std::string name;
    std::string system = "billing";
    system_kind kind = system_kind::sqlite;
    std::string query; // with :name; for http the path
    std::vector<std::string> takes;
    std::vector<field> fields;
    duration timeout = 20s;
    unsigned most_rows = 20;
    std::string rows;
};

inline lookup_ptr made(const draft& d) {
    lookup l;
    l.name = d.name;
    l.system = d.system;
    l.kind = d.kind;
    l.takes = d.takes;
    l.fields = d.fields;
    if (d.kind == system_kind::http)
        l.path = d.query;
    else
        l.query = numbered(d.query, read_statement(d.query, d.kind), d.takes, d.kind);
    l.rows = d.rows;
    l.timeout = d.timeout;
    l.most_rows = d.most_rows;
    return std::make_shared<const lookup>(std::move(l));
}

struct database { // written by the test, as somebody else would
    explicit database(const std::filesystem::path& file) {
        REQUIRE(::sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    }
    ~database() { ::sqlite3_close(db); }
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    void operator()(const std::string& sql) const {
        char* why = nullptr;
        ::sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &why);
        CHECK(std::string(why == nullptr ? "" : why) == "");
        ::sqlite3_free(why);
    }

    sqlite3* db = nullptr;
};

struct rig {
    void use(std::vector<system_settings> systems, const std::vector<draft>& drafts) {
        catalogue all;
        for (const auto& d : drafts)
            all.push_back(made(d));
        std::ranges::sort(all, {}, [](const auto& l) { return l->name; });
        asks.use(std::move(systems), std::move(all));
    }

    template <class Done>
    void run_until(Done done) {
        while (!done()) {
            loop.restart();
            REQUIRE(loop.run_one_for(60s) == 1);
        }
    }

    answer ask(std::string_view name, const json::object& parameters = {}) {
        std::optional<answer> got;
        asks.ask(name, parameters, [&](answer a) { got = std::move(a); });
        CHECK(!got); // never at once
        run_until([&] { return got.has_value(); });
        return std::move(*got);
    }
    // The rows as JSON, or the kind of failure.
    std::string told(std::string_view name, const json::object& parameters = {}) {
        const auto a = ask(name, parameters);
        why = a.has_value() ? "" : a.error().why;
        return a.has_value() ? json::serialize(*a) : std::string(name_of(a.error().kind));
    }
    system_figures figures(std::string_view name) const {
        for (auto& f : asks.figures())
            if (f.name == name)
                return f;
        return {};
    }

    scratch dir;
    std::chrono::steady_clock::time_point now{};
    std::string why; // of the last told()
    boost::asio::io_context loop;
    asker asks{{.loop = loop.get_executor(), .now = [this] { return now; }}};

    rig() = default;
    explicit rig(duration longest_queued)
        : asks({.loop = loop.get_executor(),
                .now = [this] { return now; },
                .longest_queued = longest_queued}) {}
};

} // namespace lookups_rig
