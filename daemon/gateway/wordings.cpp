#include "gateway/wordings.hpp"

#include "templates/written_wording.hpp"

namespace posthorn::gateway {

std::vector<store::keep_wording> wordings_in(const configuration& c, const std::string& who,
                                             instant at) {
    std::vector<store::keep_wording> out;
    for (const auto& type : c.catalogue->types)
        out.push_back({type.name, templates::written_of(type), who, at});
    return out;
}

void use_versions(configuration& c, const std::vector<std::int64_t>& versions) {
    auto known = std::make_shared<intake::catalogue>(*c.catalogue);
    for (std::size_t i = 0; i < known->types.size(); ++i)
        known->types[i].version = versions.at(i);
    c.catalogue = std::move(known);
}

} // namespace posthorn::gateway
