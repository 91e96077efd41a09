#include "answers/phrases.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace phrases_test {

using namespace posthorn;
using namespace posthorn::answers;

namespace {

const std::string shipped_file = PROJECT_DIR "/config/phrases.yaml";

std::string shipped() {
    std::ifstream in(shipped_file);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string mistakes_of(std::string text) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("posthorn-phrases-" + std::to_string(::getpid()) + ".yaml");
    std::ofstream(file) << text;
    const auto loaded = load_phrases(file);
    std::filesystem::remove(file);
    return settings::format(loaded.problems);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("answers: the shipped phrases are in order, and say what they are given") {
    const auto loaded = load_phrases(shipped_file);
    CHECK(settings::format(loaded.problems) == "");
    templates::renderer render;
    const auto& choose = loaded.said.of(phrase::choose);
    const boost::json::object two{{"accounts",
                                   {{{"n", 1}, {"account", "3100000001"}, {"name", "张三"}},
                                    {{"n", 2}, {"account", "3100000002"}}}}};
    CHECK(render.render(choose, "zh-CN", two)->text ==
          "您绑定了多个户号，请回复序号：1 3100000001（张*）；2 3100000002；");
    CHECK(has(render.render(choose, "en", two)->text, "2 3100000002"));
    // a language nobody wrote falls back to the default
    CHECK(render.render(loaded.said.of(phrase::ask_pin), "fr", {})->text == "请回复您的查询密码。");
}

TEST_CASE("answers: a mistake in the phrases is told with its line") {
    CHECK(has(mistakes_of(replaced(shipped(), "ask_pin:", "ask_pln:")), "missing key 'ask_pin'"));
    CHECK(has(mistakes_of(replaced(shipped(), "ask_pin:", "ask_pln:")), "did you mean 'ask_pin'"));
    CHECK(has(mistakes_of(replaced(shipped(), "{{ minutes }}", "{{ minuts }}")), "minuts"));
    CHECK(has(mistakes_of(replaced(shipped(), "  en: \"Please reply with your PIN.\"\n", "")),
              "ask_pin: has no text in 'en'"));
    CHECK(has(mistakes_of(replaced(shipped(), "default_language: zh-CN", "default_language: fr")),
              "there is no text in 'fr'"));
}

} // namespace phrases_test
