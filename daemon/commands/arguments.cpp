#include "commands/arguments.hpp"

#include "commands/argument_reader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace posthorn::commands {

namespace {

// The fewer texts a kind can read, the earlier it is asked.
int breadth_of(argument_kind kind) {
    switch (kind) {
    case argument_kind::month:
    case argument_kind::date:
    case argument_kind::time:
        return 0;
    case argument_kind::code:
        return 1;
    case argument_kind::pin:
        return 2;
    case argument_kind::account:
        return 3;
    case argument_kind::number:
        return 4;
    case argument_kind::integer:
        return 5;
    case argument_kind::amount:
        return 6;
    case argument_kind::document:
        return 7;
    default:
        return 8;
    }
}

class pieces {
public:
    pieces(std::span<const argument> takes, const plain_text& text, std::size_t at,
           std::chrono::year_month_day today)
        : takes_(takes), text_(text), begin_(text.skip(at)), today_(today), values_(takes.size()) {}

    read_arguments read() {
        std::vector<std::size_t> order(takes_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (in_order(begin_))
            return made();
        values_.assign(takes_.size(), std::nullopt);
        std::ranges::sort(order, {},
                          [&](std::size_t i) { return std::pair(breadth_of(takes_[i].kind), i); });
        return by_kind(order, begin_) ? made() : mistake();
    }

private:
    // Every argument is there, one after the other.
    bool in_order(std::size_t at) {
        for (std::size_t i = 0; i < takes_.size(); ++i) {
            auto value = at < text_.size() ? read_at(i, at) : std::nullopt;
            if (!value)
                return false;
            at = text_.skip(value->end);
            values_[i] = std::move(value->value);
        }
        return at == text_.size();
    }

    bool by_kind(const std::vector<std::size_t>& order, std::size_t at) {
        if (at == text_.size() && missing() == nullptr)
            return true;
        if (!furthest_ || at > *furthest_) {
            furthest_ = at;
            at_furthest_ = next_unread();
        }
        if (at == text_.size())
            return false;
        for (const auto i : order) {
            if (values_[i])
                continue;
            auto value = read_at(i, at);
            if (!value)
                continue;
            values_[i] = std::move(value->value);
            if (by_kind(order, text_.skip(value->end)))
                return true;
            values_[i].reset();
        }
        return false;
    }

    std::optional<argument_text> read_at(std::size_t i, std::size_t at) const {
        return read_argument(takes_[i].kind, text_, at, today_);
    }

    const argument* missing() const {
        for (std::size_t i = 0; i < takes_.size(); ++i)
            if (takes_[i].required && !values_[i])
                return &takes_[i];
        return nullptr;
    }

    const argument* next_unread() const {
        if (const auto* required = missing())
            return required;
        for (std::size_t i = 0; i < takes_.size(); ++i)
            if (!values_[i])
                return &takes_[i];
        return nullptr;
    }

    read_arguments made() const {
        read_arguments all;
        for (std::size_t i = 0; i < takes_.size(); ++i)
            if (values_[i])
                all.values[takes_[i].name] = *values_[i];
        return all;
    }

    read_arguments mistake() const {
        read_arguments none;
        if (at_furthest_ == nullptr) {
            none.wrong = misuse::too_many;
            return none;
        }
        none.wrong = *furthest_ == text_.size() ? misuse::missing : misuse::unreadable;
        none.argument = at_furthest_->name;
        return none;
    }

    std::span<const argument> takes_;
    const plain_text& text_;
    std::size_t begin_;
    std::chrono::year_month_day today_;
    std::vector<std::optional<std::string>> values_;
    std::optional<std::size_t> furthest_;   // how far any way of reading came
    const argument* at_furthest_ = nullptr; // what was to come there
};

} // namespace

read_arguments read_all(std::span<const argument> takes, const plain_text& text, std::size_t at,
                        std::chrono::year_month_day today) {
    return pieces(takes, text, at, today).read();
}

} // namespace posthorn::commands
