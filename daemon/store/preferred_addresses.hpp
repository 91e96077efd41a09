// Who would rather have a letter than a text, and where: for each event to one number whose type goes by
// both. While nobody would, that costs a look at a counter. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace posthorn::store {

class preferred_addresses {
public:
    explicit preferred_addresses(std::filesystem::path live); // opens nothing yet; empty: nobody
    ~preferred_addresses();

    // Empty: a text is as good. Where there is no live.db yet, nobody has said otherwise; one that cannot be
    // read throws read_failed, and is opened again the next time.
    std::string of(std::string_view number);

private:
    struct connection;
    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
