#include "api/metric_text.hpp"

namespace posthorn::api {

namespace {

std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

} // namespace

void metric_text::head(std::string_view name, std::string_view help, std::string_view type) {
    family_ = "posthorn_" + std::string(name);
    text_ += "# HELP " + family_ + " " + std::string(help) + "\n# TYPE " + family_ + " " +
             std::string(type) + "\n";
}

void metric_text::sample(std::string_view suffix, const std::string& value, labels of) {
    text_ += family_ + std::string(suffix);
    char before = '{';
    for (const auto& [name, label] : of) {
        text_ += before + std::string(name) + "=\"" + escaped(label) + '"';
        before = ',';
    }
    if (of.size() > 0)
        text_ += '}';
    text_ += " " + value + "\n";
}

std::string metric_text::seconds(std::int64_t micros) {
    std::string out = std::to_string(micros / 1'000'000);
    if (const auto rest = micros % 1'000'000; rest != 0) {
        const auto digits = std::to_string(1'000'000 + (rest < 0 ? -rest : rest));
        out += "." + digits.substr(1);
    }
    return micros < 0 && micros > -1'000'000 ? "-" + out : out;
}

} // namespace posthorn::api
