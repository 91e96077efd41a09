// Writes the text format that Prometheus reads (0.0.4). One family at a time: its head, then its
// samples.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace posthorn::api {

class metric_text {
public:
    using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    void gauge(std::string_view name, std::string_view help) { head(name, help, "gauge"); }
    void counter(std::string_view name, std::string_view help) { head(name, help, "counter"); }
    void summary(std::string_view name, std::string_view help) { head(name, help, "summary"); }

    void add(std::int64_t value, labels of = {}) { sample("", std::to_string(value), of); }
    // `micros` as seconds, without rounding.
    void add_seconds(std::int64_t micros, labels of = {}) { sample("", seconds(micros), of); }
    // `some` of `all`, in millionths.
    void add_ratio(std::int64_t some, std::int64_t all, labels of = {}) {
        sample("", seconds(some * 1'000'000 / all), of);
    }
    // Of a summary.
    void add_sum(std::int64_t micros, std::int64_t count, labels of = {}) {
        sample("_sum", seconds(micros), of);
        sample("_count", std::to_string(count), of);
    }

    const std::string& text() const { return text_; }

private:
    void head(std::string_view name, std::string_view help, std::string_view type);
    void sample(std::string_view suffix, const std::string& value, labels of);
    static std::string seconds(std::int64_t micros);

    std::string family_;
    std::string text_;
};

} // namespace posthorn::api
