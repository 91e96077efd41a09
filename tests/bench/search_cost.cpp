// What `posthorn search` costs beside the files of fill_history: each question is asked page by
// page until its answer is complete. For scripts/bench only. Prints one line of JSON.
//
//     search_cost VAR           as it is
//     search_cost VAR seal      seals what is due first, and says what that took
#include "store/reader.hpp"
#include "store/sealer.hpp"
#include "store/search.hpp"
#include "store/sqlite/connection.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace posthorn;
namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

// Of a message in the middle of a month.
struct sample {
    std::string number, key, run;
    instant at{};
};

sample sample_of(const fs::path& month) {
    auto db = store::open_database(month, store::access::read_only);
    store::statement row(db, "SELECT m.recipient, e.key, e.run, e.received_at FROM message AS m "
                             "JOIN event AS e ON e.id = m.event WHERE m.id >= "
                             "(SELECT (min(id) + max(id)) / 2 FROM message) LIMIT 1");
    row.row();
    return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
            row.time(3)};
}

struct cost {
    long micros = 0, pages = 0, rows = 0, longest = 0;
};

class asker {
public:
    explicit asker(const fs::path& folder)
        : search_(folder / "live.db", folder / "history"),
          reader_(folder / "live.db", folder / "history") {}

    // To the end, or for so many pages.
    cost pages(const store::search_query& query, long most) {
        cost out;
        std::string after;
        do {
            const auto began = clock::now();
            const auto page = search_.find(query, after, 50);
            add(out, began, page.rows.size());
            after = page.after;
        } while (!after.empty() && out.pages < most);
        return out;
    }
    cost key(const std::string& key) {
        cost out;
        const auto began = clock::now();
        add(out, began, reader_.stories_of_key(key).size());
        out.micros = out.longest = (clock::now() - began) / std::chrono::microseconds(1);
        return out;
    }

private:
    static void add(cost& to, clock::time_point began, std::size_t rows) {
        const auto micros = (clock::now() - began) / std::chrono::microseconds(1);
        to.micros += micros;
        to.longest = std::max<long>(to.longest, micros);
        to.rows += static_cast<long>(rows);
        ++to.pages;
    }

    store::search search_;
    store::reader reader_;
};

bool first = true;

// The median of three.
void report(const std::string& name, const std::function<cost()>& ask) {
    std::vector<cost> all;
    for (int i = 0; i < 3; ++i)
        all.push_back(ask());
    std::ranges::sort(all, {}, &cost::micros);
    const auto& c = all[1];
    std::cout << (std::exchange(first, false) ? "{" : ", ") << '"' << name << R"(": {"ms": )"
              << static_cast<double>(c.micros / 10) / 100 << ", \"pages\": " << c.pages
              << ", \"rows\": " << c.rows << ", \"longest_ms\": " << c.longest / 1000 << "}"
              << std::flush;
}

void seal(const fs::path& folder) {
    const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
    const auto began = clock::now();
    std::int64_t months = 0, messages = 0, octets = 0;
    for (std::string after;;) {
        const auto done = store::seal_next(folder / "history", after, now, {});
        if (!done.wrong.empty())
            throw std::runtime_error(done.month + ": " + done.wrong);
        if (done.month.empty())
            break;
        after = done.month;
        ++months;
        messages += done.messages;
        octets += done.octets;
    }
    const auto took = (clock::now() - began) / std::chrono::milliseconds(1);
    std::cout << "{\"sealed\": {\"months\": " << months << ", \"messages\": " << messages
              << ", \"octets_per_message\": " << octets / std::max<std::int64_t>(messages, 1)
              << ", \"ms\": " << took << "}";
    first = false;
}

void ask_all(const fs::path& folder) {
    std::vector<fs::path> months;
    for (const auto& entry : fs::directory_iterator(folder / "history"))
        if (entry.path().extension() == ".db")
            months.push_back(entry.path());
    std::ranges::sort(months);
    const auto old = sample_of(months.at(1)), recent = sample_of(months.back());
    asker ask(folder);
    constexpr long first_page = 1, all = 1000;
    report("number, recent", [&] { return ask.pages({.number = recent.number}, all); });
    report("number, old", [&] { return ask.pages({.number = old.number}, all); });
    report("number, unknown", [&] { return ask.pages({.number = "8613000000000"}, all); });
    report("key, recent", [&] { return ask.key(recent.key); });
    report("key, old", [&] { return ask.key(old.key); });
    report("key, unknown", [&] { return ask.key("no such key"); });
    report("run, first page", [&] { return ask.pages({.run = old.run}, first_page); });
    report("run, unknown", [&] { return ask.pages({.run = "no such run"}, all); });
    report("type, first page", [&] { return ask.pages({.type = "bench.short"}, first_page); });
    report("type, unknown", [&] { return ask.pages({.type = "no.such"}, all); });
    report("state, first page",
           [&] { return ask.pages({.state = message_state::delivered}, first_page); });
    report("state, none", [&] { return ask.pages({.state = message_state::rejected}, all); });
    report("time, a day, first page", [&] {
        return ask.pages({.since = old.at, .until = old.at + std::chrono::days(1)}, first_page);
    });
    report("time, a day, a state that none has", [&] {
        return ask.pages({.state = message_state::rejected,
                          .since = old.at,
                          .until = old.at + std::chrono::days(1)},
                         all);
    });
    std::cout << "}\n";
}

} // namespace

int main(int argc, char** argv) try {
    const std::span words(argv, static_cast<std::size_t>(argc));
    if (argc < 2 || argc > 3 || (argc == 3 && std::string_view(words[2]) != "seal")) {
        std::cerr << "usage: search_cost VAR [seal]\n";
        return 2;
    }
    store::configure();
    if (argc == 3)
        seal(words[1]);
    ask_all(words[1]);
    return 0;
} catch (const std::exception& e) {
    std::cerr << "search_cost: " << e.what() << '\n';
    return 1;
}
