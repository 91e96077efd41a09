// history/YYYY-MM.db: finished messages, copied here and only then forgotten in live.db. Copying
// twice is harmless; where both files have a row, live wins. One thread.
#pragma once

#include "model/message.hpp"
#include "store/results.hpp"
#include "store/sqlite/connection.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>

namespace posthorn::store {

class archive {
public:
    archive(std::filesystem::path live, std::filesystem::path folder);
    ~archive();

    struct item {
        posthorn::id message = 0;
        posthorn::id event = 0;
        instant final_at{};
        bool long_text = false;
    };
    // Durable when it returns.
    void copy(std::span<const item> items);

    struct corrected {
        name_id source = 0;
        result_row row;
    };
    // A receipt for a message that lies here: applied to its month by the table of model/state.hpp.
    // Nothing when the month is gone or the receipt changes nothing.
    std::optional<corrected> correct(posthorn::id message, std::uint8_t n, part_event what,
                                     std::string_view code, instant at);

    // The months there are, newest first, with their files.
    static std::map<std::string, std::filesystem::path, std::greater<>>
    months(const std::filesystem::path& folder);

private:
    struct month;
    static corrected correct_in(month& m, posthorn::id message, std::uint8_t n, part_event what,
                                std::string_view code, instant at);
    month& open(const std::string& name);

    std::filesystem::path live_, folder_;
    std::map<std::string, std::unique_ptr<month>> open_;
};

} // namespace posthorn::store
