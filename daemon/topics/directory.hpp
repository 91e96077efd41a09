// All topics, and how phones name them.
#pragma once

#include "commands/word_key.hpp"
#include "topics/topic.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::topics {

// "停电信息 城东": the topic lives in the directory.
struct named_topic {
    const topic* which = nullptr;
    std::string language;  // of the word; empty: it is the name of the topic
    std::string parameter; // as parameter_key(); empty: none is named
};

// Immutable; safe to use from several threads.
class directory {
public:
    explicit directory(std::vector<topic> sorted_by_name);

    const std::vector<topic>& topics() const { return topics_; }
    const topic* named(std::string_view name) const; // null: there is none
    // By a word, or by its name, with a parameter after it; of several words the longest. Nothing
    // when none is meant, or when something follows a topic that has no parameter. Takes any octets.
    std::optional<named_topic> find(std::string_view text) const;

private:
    struct known_word {
        std::size_t topic;
        std::string language;
        commands::word_key key;
    };

    std::vector<topic> topics_;
    std::vector<known_word> words_; // the longest first
};

} // namespace posthorn::topics
