// A text with gaps, {{name}}, that are filled with values as it is right where they stand. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::http {

class filling {
public:
    filling() = default;
    explicit filling(std::string_view text);

    bool empty() const { return pieces_.empty(); }
    std::vector<std::string> names() const;
    bool is_open() const { return open_; } // a {{ without its }}

    using value_of = std::function<std::string(std::string_view name)>;
    // `escape` is done to what stands in the gaps, not to what stands around them.
    std::string filled(const value_of& value, std::string (*escape)(std::string_view)) const;

private:
    struct piece {
        std::string literal;
        std::string name; // of the gap behind it; empty: the end
    };
    std::vector<piece> pieces_;
    bool open_ = false;
};

std::string unescaped(std::string_view text); // as it is

} // namespace posthorn::http
