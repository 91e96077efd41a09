// Compares what sources were told with what became of their messages. Inside the store only.
#pragma once

#include "model/message.hpp"
#include "store/sqlite/connection.hpp"

#include <map>
#include <memory>
#include <string>

namespace posthorn::store {

class result_checker {
public:
    struct told_about {
        name_id source = 0;
        std::int64_t outbox_id = 0;
        posthorn::id message = 0;
        bool of_many = false;
        message_state state = message_state::queued;
        std::int64_t version = 0; // combined_version()
        bool must_be_there = true;
    };

    result_checker(std::filesystem::path folder, const std::map<name_id, std::string>& sources)
        : folder_(std::move(folder)), sources_(sources) {}

    // What is wrong; empty when nothing is. `compared`: one more when there is a result.
    std::string look_at(const told_about& m, std::int64_t& compared);

private:
    struct file;
    file* file_of(name_id source);

    std::filesystem::path folder_;
    const std::map<name_id, std::string>& sources_;
    std::map<name_id, std::shared_ptr<file>> files_; // null: it is not there
};

} // namespace posthorn::store
