// A store that runs, with names, and a reader beside it.
#pragma once

#include "store/archive.hpp"
#include "store/plain_store.hpp"
#include "store/reader.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <semaphore>

namespace live_db {

using namespace posthorn::store;

struct bench {
    scratch_folder folder;
    std::unique_ptr<store::store> writer;
    reader read{folder / "live.db", folder / "history"};
    name_id crm = 0, billing = 0, sms = 0, sim = 0, bills = 0;
    std::int64_t next_row = 1;

    explicit bench(std::size_t keys_per_slice = 50'000) {
        auto options = plain_store(folder.path());
        options.keys_per_slice = keys_per_slice;
        copy_new_store(folder.path());
        writer = std::make_unique<store::store>(std::move(options));
        crm = writer->number_of("source", "crm");
        billing = writer->number_of("source", "billing");
        sms = writer->number_of("pool", "sms");
        sim = writer->number_of("account", "sim");
        bills = writer->number_of("type", "bill.issued"); // of each event here
        writer->start();
    }

    std::vector<outcome> commit(std::vector<op> ops) {
        std::vector<outcome> out;
        std::binary_semaphore committed{0};
        writer->submit(std::move(ops), [&](std::span<const outcome> outcomes) {
            out.assign(outcomes.begin(), outcomes.end());
            committed.release();
        });
        committed.acquire();
        return out;
    }

    outcome done(op o) {
        std::vector<op> one;
        one.push_back(std::move(o));
        return commit(std::move(one)).front();
    }

    add_event adding(const std::string& key, name_id source, std::size_t parts,
                     std::string parked = "") {
        add_event op{.event = make_event(key, next_row++, 1),
                     .parked = std::move(parked),
                     .source = source,
                     .at = start_of_time};
        if (op.parked.empty()) {
            op.message = make_message(parts, part_state::sending);
            op.message.pool = sms;
            op.message.account = sim;
            op.message.source = source;
            op.message.type = bills;
        }
        return op;
    }
    outcome add(const std::string& key, name_id source, std::size_t parts = 1,
                std::string parked = "") {
        std::vector<op> ops;
        ops.emplace_back(adding(key, source, parts, std::move(parked)));
        return commit(std::move(ops)).front();
    }
    outcome tell(id message, part_event what, std::uint8_t n = 1, bool single = true,
                 instant at = start_of_time) {
        std::vector<op> ops;
        ops.emplace_back(tell_part{.message = message,
                                   .n = n,
                                   .single = single,
                                   .attempts = 0,
                                   .what = what,
                                   .ref = "9A",
                                   .code = "code",
                                   .pool = sms,
                                   .source = crm,
                                   .due_at = at,
                                   .was_due_at = start_of_time,
                                   .at = at});
        return commit(std::move(ops)).front();
    }
    // Copies a finished message to the month in which it finished; and forgets it in live.db.
    void archive_it(const outcome& o, instant now, bool long_text, bool forget_it) {
        archive months(folder / "live.db", folder / "history");
        const auto copied = months.copy(std::span(&o.message, 1), now);
        REQUIRE(copied.size() == 1);
        CHECK(copied[0].long_text == long_text);
        if (!forget_it)
            return;
        auto db = open_database(folder / "live.db", access::read_only);
        const auto version =
            number(db, "SELECT version FROM message WHERE id=" + std::to_string(o.message));
        forget f;
        f.messages.push_back({o.message, o.event, version, long_text, false});
        std::vector<op> ops;
        ops.emplace_back(std::move(f));
        commit(std::move(ops));
        REQUIRE(number(db, "SELECT count(*) FROM message WHERE id=" + std::to_string(o.message)) ==
                0);
    }
};

} // namespace live_db
