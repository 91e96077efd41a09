// What a type ever said:
//
//     VERSION  SINCE                WHO    LANGUAGES
//     2        2026-11-27 09:00:00  alice  en zh-CN email:en
//     1        2026-11-02 08:00:00         en zh-CN
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"
#include "cli/when.hpp"

namespace posthorn::cli {

namespace {

using boost::json::value;

std::string languages_of(const value& version) {
    std::string out;
    for (const auto& t : object_at(version, "texts"))
        out += (out.empty() ? "" : " ") + std::string(t.key());
    for (const auto& e : object_at(version, "emails"))
        out += (out.empty() ? "email:" : " email:") + std::string(e.key());
    return out;
}

std::string who_of(const value& version) {
    const auto who = text_at(version, "who");
    return who.empty() ? "a start" : who;
}

} // namespace

std::string versions_page(const value& all) {
    table rows({"VERSION", "SINCE", "BY", "LANGUAGES"});
    for (const auto& v : list_at(all, "versions"))
        rows.add(
            {id_at(v, "version"), shown_time(text_at(v, "since")), who_of(v), languages_of(v)});
    return rows.text(0);
}

std::string version_page(const value& v) {
    std::string out = "version " + id_at(v, "version") + ", in use since " +
                      shown_time(text_at(v, "since")) + ", by " + who_of(v) + "\n";
    const value texts(object_at(v, "texts")), emails(object_at(v, "emails"));
    for (const auto& t : texts.as_object())
        out += "\n" + std::string(t.key()) + "\n" + text_at(texts, t.key()) + "\n";
    for (const auto& e : emails.as_object()) {
        out += "\n" + std::string(e.key()) + ", e-mail\n";
        for (const auto* piece : {"subject", "plain", "html"})
            if (const auto text = text_at(e.value(), piece); !text.empty())
                out += text + "\n";
    }
    return out;
}

} // namespace posthorn::cli
