// Templates that a carrier has approved beforehand: it takes a template's id and what stands in its
// gaps, and no free text. Here the way back: from a text that was written and judged as a whole to the
// template that it fits, so that what is sent is exactly that text. Pure.
//
//     approved   您${month}月的电费为${amount}元。        gaps ${name} or {1}
//     text       【明湖供电】您11月的电费为86.50元。
//     parameters month=11 amount=86.50
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class approved_template {
public:
    using parameters = std::vector<std::pair<std::string, std::string>>; // in the order of the gaps

    approved_template(std::string id, std::string_view text);

    const std::string& id() const { return id_; }
    std::size_t literal_size() const; // octets that stand in it as they are
    // Two gaps that touch, a gap without an end; empty: it is understood.
    const std::string& mistake() const { return mistake_; }

    // Nothing when the text does not fit: every literal must be there, and no gap is empty.
    std::optional<parameters> fit(std::string_view text) const;
    // How many octets of its literals the text has, in order, before it goes its own way.
    std::size_t nearness(std::string_view text) const;

private:
    struct piece {
        std::string literal;
        std::string gap; // behind it; empty: the end
    };

    std::string id_;
    std::vector<piece> pieces_; // the last has no gap
    std::string mistake_;
};

// The text without a signature 【...】 at its beginning or end, or the same in Latin letters, "[...] ";
// nothing when 【...】 is not `sign_name`.
std::optional<std::string_view> without_signature(std::string_view text,
                                                  std::string_view sign_name);

// All that were approved for an account; the most literal ones are tried first.
class approved_templates {
public:
    explicit approved_templates(std::span<const std::pair<std::string, std::string>> id_and_text,
                                std::string sign_name);

    struct match {
        const approved_template* of = nullptr;
        approved_template::parameters parameters;
    };
    std::optional<match> find(std::string_view text) const;
    // Why none fits, with the id of the one that comes nearest; empty: one does.
    std::string mistake(std::string_view text) const;

private:
    std::vector<approved_template> all_;
    std::string sign_name_;
};

// For an option: what is wrong with an entry "ID: text".
std::string check_template(std::string_view id, std::string_view text);

} // namespace posthorn::sdk
