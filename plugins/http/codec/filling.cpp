#include "http/codec/filling.hpp"

namespace posthorn::http {

namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

} // namespace

filling::filling(std::string_view text) {
    while (!text.empty()) {
        const auto begin = text.find("{{");
        if (begin == std::string_view::npos) {
            pieces_.push_back({std::string(text), {}});
            return;
        }
        const auto end = text.find("}}", begin + 2);
        if (end == std::string_view::npos) {
            open_ = true;
            pieces_.push_back({std::string(text), {}});
            return;
        }
        pieces_.push_back({std::string(text.substr(0, begin)),
                           std::string(trimmed(text.substr(begin + 2, end - begin - 2)))});
        text.remove_prefix(end + 2);
    }
}

std::vector<std::string> filling::names() const {
    std::vector<std::string> all;
    for (const auto& p : pieces_)
        if (!p.name.empty())
            all.push_back(p.name);
    return all;
}

std::string filling::filled(const value_of& value, std::string (*escape)(std::string_view)) const {
    std::string out;
    for (const auto& p : pieces_) {
        out += p.literal;
        if (!p.name.empty())
            out += escape(value(p.name));
    }
    return out;
}

std::string unescaped(std::string_view text) { return std::string(text); }

} // namespace posthorn::http
