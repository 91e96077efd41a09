// To whom our numbers belong. A text goes first to the owner of the number it came to:
//
//   10690000        nobody: an open question, a query code, help
//   10690000 01     the source whose extension is 01
//   10690000 55     nobody; who names no topic there means the one whose extension is 55
//   10690000 71     the question that this phone was asked from there; none: as to 10690000
//   10691234        a source, as `inbound.destinations` says
//
// Pure; built by gateway/extensions.
#pragma once

#include "settings/inbound_settings.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::answers {

struct owner {
    std::string source;
    settings::text_by_language acknowledge; // what the phone is told; empty: nothing
};

class destinations {
public:
    // False when it belongs to another already. `begins`: so do all that begin so; the longest says.
    bool give(const std::string& number, bool begins, owner to);
    // False when it belongs to another already.
    bool name_topic(const std::string& number, const std::string& topic);
    // Questions of `number` may be asked from `from`, in this order. False when it is given away.
    bool ask_from(const std::string& number, const std::string& from);

    // Null: nobody.
    const owner* owner_of(std::string_view recipient) const;
    // The number that a question's number belongs to; any other: itself.
    std::string plain(const std::string& recipient) const;
    // Which topic is meant there when none is named; empty: none.
    std::string topic_of(const std::string& recipient) const;
    // From which questions may be asked when a text came to this plain number; empty: from itself.
    const std::vector<std::string>& askers(const std::string& number) const;

private:
    std::map<std::string, owner, std::less<>> owned_, begins_;
    std::map<std::string, std::string, std::less<>> plain_;  // by a question's number
    std::map<std::string, std::string, std::less<>> topics_; // by number
    std::map<std::string, std::vector<std::string>> askers_; // by plain number
};

} // namespace posthorn::answers
