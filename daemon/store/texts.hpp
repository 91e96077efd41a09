// Texts from phones, for people: the newest first, a page at a time. Reads live.db on a connection of
// its own beside the writer, and the months to which old texts go (store/text_archive). One thread at a time; a call looks for at most two seconds, and throws
// read_failed.
#pragma once

#include "model/inbound.hpp"
#include "model/number.hpp"
#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct texts_query {                // empty: any
    std::string number;             // the phone, E.164 without '+'
    std::vector<country> countries; // whose national numbers carriers write
    std::string outcome;            // as name_of() spells it, or `waiting`: not yet handled
    instant since{};
    posthorn::id before = 0; // those older than this one; 0: from the newest on
};

struct found_text {
    posthorn::id id = 0;
    instant at{};
    std::string account;   // the contract it came by
    std::string sender;    // as the carrier wrote it
    std::string recipient; // our number
    std::string text;      // of a long one, the part that this row is
    std::string outcome;   // as above
    std::string command;   // what it was understood as; empty: as nothing. Passed: to which source
    posthorn::id head = 0; // the text it is a part or a repetition of; 0: none
};

struct texts_page {
    std::vector<found_text> texts;
    posthorn::id next = 0; // `before` of the next page; 0: this is all
    bool in_time = true;   // false: looking took too long, and ended early at `next`
};

inline constexpr std::string_view waiting_text = "waiting";

class texts_reader {
public:
    texts_reader(std::filesystem::path live, std::filesystem::path history); // opens nothing yet
    ~texts_reader();

    texts_page find(const texts_query& query, std::size_t limit);
    std::optional<found_text> text_of(posthorn::id text);

private:
    struct connection;

    std::filesystem::path live_, history_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
