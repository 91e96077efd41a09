// Room on the disk that is kept for the day it is full: given up then, so that answers, receipts
// and texts from phones can still be recorded while nothing new is sent. One thread.
#pragma once

#include <cstdint>
#include <filesystem>

namespace posthorn::store {

class ballast {
public:
    // `size` 0: none is wanted.
    ballast(std::filesystem::path file, std::int64_t size) : file_(std::move(file)), size_(size) {}

    // Whether the room is ours now.
    bool take();
    void give_up();
    // There is so little room beside the ballast that SQLite could not start.
    bool disk_is_full() const;

private:
    std::filesystem::path file_;
    std::int64_t size_;
};

} // namespace posthorn::store
