// Values by the leading digits of a number; the longest known ones count.
#pragma once

#include "model/digits.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace posthorn::routing {

template <class T>
class prefix_map {
public:
    // False, and nothing changed, when this is no prefix.
    bool put(std::string_view digits, T value) {
        if (!is_prefix(digits))
            return false;
        values_.insert_or_assign(key_of(digits), std::move(value));
        longest_ = std::max(longest_, digits.size());
        return true;
    }

    // Null: no prefix of it is known.
    const T* of(std::string_view number) const {
        number = number.substr(0, longest_);
        if (number.empty() || !all_digits(number))
            return nullptr;
        auto key = key_of(number);
        for (; key > 1; key /= 10)
            if (const auto found = values_.find(key); found != values_.end())
                return &found->second;
        return nullptr;
    }

    bool empty() const { return values_.empty(); }
    std::size_t size() const { return values_.size(); }

private:
    // The digits after a 1, so that leading zeros count.
    static std::uint64_t key_of(std::string_view digits) {
        std::uint64_t key = 1;
        for (const char c : digits)
            key = key * 10 + static_cast<std::uint64_t>(c - '0');
        return key;
    }

    std::unordered_map<std::uint64_t, T> values_;
    std::size_t longest_ = 0;
};

} // namespace posthorn::routing
