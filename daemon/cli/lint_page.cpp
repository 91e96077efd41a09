#include "cli/lint_page.hpp"

#include "cli/table.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::cli {

namespace {

namespace json = boost::json;

std::string line_of(const linted_type& one, const templates::finding& f) {
    settings::problem place;
    place.file = one.file;
    place.line = f.at.line;
    place.column = f.at.column;
    place.path = f.language;
    place.what = std::string(name_of(f.severity)) + ": " + f.what + "; " + f.advice;
    return settings::format(place) + "\n";
}

std::string sizes_page(const std::vector<linted_type>& all) {
    table rows({"type", "language", "encoding", ">parts", ">room"});
    for (const auto& one : all)
        for (const auto& s : one.report.samples)
            rows.add({one.type, s.language, std::string(name_of(s.code)), std::to_string(s.parts),
                      std::to_string(s.room)});
    return rows.empty() ? "" : rows.text(0) + "\n";
}

std::string counted(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

} // namespace

std::size_t count_of(const std::vector<linted_type>& all, templates::severity severity) {
    std::size_t found = 0;
    for (const auto& one : all)
        found += static_cast<std::size_t>(
            std::ranges::count(one.report.findings, severity, &templates::finding::severity));
    return found;
}

std::string lint_page(const std::vector<linted_type>& all, bool sizes) {
    std::string page = sizes ? sizes_page(all) : "";
    for (const auto& one : all)
        for (const auto& f : one.report.findings)
            page += line_of(one, f);
    std::size_t texts = 0;
    for (const auto& one : all)
        texts += one.report.samples.size();
    return page + counted(all.size(), "type") + ", " + counted(texts, "text") + ": " +
           counted(count_of(all, templates::severity::error), "error") + ", " +
           counted(count_of(all, templates::severity::warning), "warning") + "\n";
}

json::object lint_json(const std::vector<linted_type>& all) {
    json::array texts, findings;
    for (const auto& one : all) {
        for (const auto& s : one.report.samples)
            texts.push_back(json::object{{"type", one.type},
                                         {"language", s.language},
                                         {"encoding", name_of(s.code)},
                                         {"parts", s.parts},
                                         {"room", s.room}});
        for (const auto& f : one.report.findings)
            findings.push_back(json::object{{"type", one.type},
                                            {"file", one.file},
                                            {"line", f.at.line},
                                            {"column", f.at.column},
                                            {"language", f.language},
                                            {"severity", name_of(f.severity)},
                                            {"what", f.what},
                                            {"advice", f.advice}});
    }
    return {{"texts", std::move(texts)}, {"findings", std::move(findings)}};
}

} // namespace posthorn::cli
