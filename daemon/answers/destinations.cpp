#include "answers/destinations.hpp"

namespace posthorn::answers {

bool destinations::give(const std::string& number, bool begins, owner to) {
    if (!begins && (plain_.contains(number) || topics_.contains(number)))
        return false;
    const auto [at, fresh] = (begins ? begins_ : owned_).emplace(number, to);
    return fresh || at->second.source == to.source;
}

bool destinations::ask_from(const std::string& number, const std::string& from) {
    if (const auto known = plain_.find(from); known != plain_.end())
        return known->second == number; // of two accounts with one sender
    if (owned_.contains(from) || topics_.contains(from))
        return false;
    plain_.emplace(from, number);
    askers_[number].push_back(from);
    return true;
}

bool destinations::name_topic(const std::string& number, const std::string& topic) {
    if (owned_.contains(number) || plain_.contains(number))
        return false;
    return topics_.emplace(number, topic).first->second == topic; // of two accounts with one sender
}

std::string destinations::topic_of(const std::string& recipient) const {
    const auto found = topics_.find(recipient);
    return found == topics_.end() ? std::string() : found->second;
}

const owner* destinations::owner_of(std::string_view recipient) const {
    if (const auto found = owned_.find(recipient); found != owned_.end())
        return &found->second;
    if (plain_.contains(recipient) || topics_.contains(recipient))
        return nullptr;
    for (auto length = recipient.size(); length > 0 && !begins_.empty(); --length)
        if (const auto found = begins_.find(recipient.substr(0, length)); found != begins_.end())
            return &found->second;
    return nullptr;
}

std::string destinations::plain(const std::string& recipient) const {
    const auto found = plain_.find(recipient);
    return found == plain_.end() ? recipient : found->second;
}

const std::vector<std::string>& destinations::askers(const std::string& number) const {
    static const std::vector<std::string> itself;
    const auto found = askers_.find(number);
    return found == askers_.end() ? itself : found->second;
}

} // namespace posthorn::answers
