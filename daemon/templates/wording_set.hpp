// One text in several languages over declared fields: what a renderer fills in. Immutable once
// read, and safe to share between threads.
#pragma once

#include "templates/field.hpp"
#include "templates/zone.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

struct program;

// The text in one language.
struct wording {
    std::string language; // BCP 47: "zh-CN", "en"
    std::string signature; // as it begins the text, "【明湖供电】", "[Minghu] "; empty without one
    std::shared_ptr<const program> code;
    std::string written = {}; // as in its file
};

struct wording_set {
    std::vector<field> fields;
    templates::zone zone = zone::utc(); // for dates and times in texts
    std::string default_language;
    std::vector<wording> texts; // sorted by language
    bool transliterate = false; // a text goes in GSM 7-bit where that saves a part

    // The wording for a wanted language: the same, else one of the same base language, else the
    // default.
    const wording& wording_for(std::string_view language) const;
};

// All mistakes of some data as one reason for its source; nothing when it is good. Fields that are
// not declared are ignored.
std::optional<std::string> validate(const wording_set& set, const boost::json::object& data);

} // namespace posthorn::templates
