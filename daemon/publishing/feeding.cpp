#include "publishing/feeding.hpp"

#include "model/words.hpp"
#include "settings/problem.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>

namespace posthorn::publishing {

namespace {

namespace json = boost::json;

// Of the event's data, as subscriptions have it; empty: it is not there.
std::string parameter_in(const json::object& data, std::string_view field) {
    const auto* value = data.if_contains(field);
    return value != nullptr && value->is_string() ? topics::parameter_key(value->get_string())
                                                  : std::string();
}

const topics::feed* feed_by(const topics::topic& t, std::string_view type) {
    const auto found = std::ranges::find(t.feeds, type, &topics::feed::type);
    return found == t.feeds.end() ? nullptr : &*found;
}

// The same for ever: it names an item.
std::string hash_of(const std::string& type, const std::string& data) {
    event content;
    content.type = type;
    auto hash = content_hash_of(content, data);
    std::string out;
    for (int i = 0; i < 16; ++i, hash >>= 4)
        out.insert(out.begin(), "0123456789abcdef"[hash & 0xF]);
    return out;
}

class finder {
public:
    finder(const event& e, const topics::directory& all, instant now)
        : event_(e), to_topic_(e.to_kind == name_of(to_kind::topic)), all_(all), now_(now) {}

    result<std::vector<store::add_publication>> find() {
        if (to_topic_) {
            if (auto why = add_named(); !why.empty())
                return refuse("to_ref: " + why);
            return std::move(found_);
        }
        for (const auto& t : all_.topics())
            if (const auto* feed = feed_by(t, event_.type))
                add(t, feed->parameter); // one without its parameter is for nobody
        return std::move(found_);
    }

private:
    std::string add_named() {
        const auto* t = all_.named(event_.to_ref);
        if (t == nullptr) {
            std::vector<std::string_view> names;
            for (const auto& one : all_.topics())
                names.emplace_back(one.name);
            return "there is no topic '" + event_.to_ref + "'" +
                   settings::did_you_mean(event_.to_ref, names);
        }
        const auto* feed = feed_by(*t, event_.type);
        if (feed == nullptr && event_.type != t->type)
            return "topic '" + t->name + "' takes no events of type '" + event_.type +
                   "': send them as '" + t->type + "', or name the type in `feeds` of the topic";
        const auto field = feed != nullptr ? feed->parameter : t->takes ? t->takes->name : "";
        if (!add(*t, field))
            return "topic '" + t->name + "' is for one " + t->takes->name + " each, and data." +
                   field + " does not say which";
        return {};
    }

    std::string item() const {
        return event_.source + ":" +
               (to_topic_ ? event_.key
                          : event_.type + ":" + day() + ":" + hash_of(event_.type, event_.data));
    }

    // The same words on another day are another item.
    std::string day() const {
        using namespace std::chrono;
        const auto at = event_.occurred_at != instant{} ? event_.occurred_at : now_;
        return std::to_string(floor<days>(at).time_since_epoch().count());
    }

    // `field`: of the data, with the parameter; empty: it is for all. False: it does not say.
    bool add(const topics::topic& to, std::string_view field) {
        std::string parameter;
        if (!field.empty()) {
            if (data_.is_null())
                data_ = json::parse(event_.data); // which intake has read before
            parameter = parameter_in(data_.as_object(), field);
            if (parameter.empty())
                return false;
        }
        found_.push_back({.topic = to.name,
                          .item = item(),
                          .parameter = std::move(parameter),
                          .data = event_.data,
                          .not_before = event_.not_before,
                          .expires_at = event_.expires_at,
                          .at = now_});
        return true;
    }

    const event& event_;
    bool to_topic_;
    const topics::directory& all_;
    instant now_;
    json::value data_;
    std::vector<store::add_publication> found_;
};

} // namespace

result<std::vector<store::add_publication>> items_of(const event& e, const topics::directory& all,
                                                     instant now) {
    return finder(e, all, now).find();
}

} // namespace posthorn::publishing
