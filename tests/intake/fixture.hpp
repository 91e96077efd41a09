// What the tests of this room share: a catalogue of the shipped types and some odd ones, rows, and
// a folder that goes away.
#pragma once

#include "intake/catalogue.hpp"
#include "store/outbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace posthorn::intake::tests {

inline const instant noon =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);

inline constexpr const char* bill_data =
    R"({"account_name":"张三","account":"3100123456789","period":"2026-10-01","usage":"218.4",)"
    R"("amount":"128.50","balance":"20.00","due_date":"2026-12-15"})";

// For customers only; no bill or code.
inline constexpr const char* letter_type = R"(
name: letter.sent
category: service
priority: normal
whom: [customer]
validity: 1h
signature: {en: X}
default_language: en
fields: {body: {kind: text}}
texts: {en: "{{ body }}"}
sample: {body: hello}
)";

// Its text is what the source wants, so that it can be too long.
inline constexpr const char* note_type = R"(
name: note.free
category: service
priority: normal
whom: [number]
validity: 1h
signature: {en: X, zh-CN: 甲}
default_language: en
fields: {body: {kind: text}}
texts: {en: "{{ body }}", zh-CN: "{{ body }}。"}
sample: {body: hello}
)";

inline catalogue load_catalogue() {
    catalogue made;
    auto* known = &made;
    const auto zone = *templates::zone::named("Asia/Shanghai");
    auto loaded = templates::load_types(PROJECT_DIR "/config/types", zone);
    CAPTURE(settings::format(loaded.problems));
    REQUIRE(loaded.problems.empty());
    known->types = std::move(loaded.types);
    settings::problem_list problems;
    for (const auto& [name, text] :
         {std::pair{"letter.sent", letter_type}, {"note.free", note_type}}) {
        auto type = templates::read_type(text, std::string(name) + ".yaml", zone, problems);
        CAPTURE(settings::format(problems));
        REQUIRE(type.has_value());
        known->types.push_back(std::move(*type));
    }
    std::ranges::sort(known->types, {}, &templates::event_type::name);
    known->sources = {{.name = "billing", .every_type = true, .types = {}},
                      {.name = "codes", .every_type = false, .types = {"code.verification"}},
                      {.name = "mute", .every_type = false, .types = {}}};
    known->countries = {
        {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"}};
    known->max_parts = 4;
    return made;
}

// A copy of its own for each test.
inline std::shared_ptr<catalogue> some_catalogue() {
    static const catalogue loaded = load_catalogue();
    return std::make_shared<catalogue>(loaded);
}

inline store::outbox_row bill_row(std::string key = "B-1") {
    store::outbox_row row;
    auto& e = row.event;
    e.source = "billing";
    e.outbox_id = 1;
    e.type = "bill.issued";
    e.key = std::move(key);
    e.to_kind = "number";
    e.to_ref = "13800138000";
    e.data = bill_data;
    return row;
}

class scratch {
public:
    scratch() {
        std::string name =
            (std::filesystem::temp_directory_path() / "posthorn-intake-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    ~scratch() { std::filesystem::remove_all(folder_); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
};

} // namespace posthorn::intake::tests
