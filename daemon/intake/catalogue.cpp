#include "intake/catalogue.hpp"

#include "model/event.hpp"

#include <algorithm>

namespace posthorn::intake {

namespace {

template <class Named>
const Named* find_named(const std::vector<Named>& sorted, std::string_view name) {
    const auto found = std::ranges::lower_bound(sorted, name, {}, &Named::name);
    return found != sorted.end() && found->name == name ? &*found : nullptr;
}

} // namespace

const templates::event_type* catalogue::type_named(std::string_view name) const {
    return find_named(types, name);
}

const settings::source_settings* catalogue::source_named(std::string_view name) const {
    static const settings::source_settings own{
        .name = std::string(own_source), .every_type = true, .callback = {}};
    if (name == own_source)
        return &own;
    return find_named(sources, name);
}

} // namespace posthorn::intake
