#include "templates/data.hpp"

#include "model/blank.hpp"
#include "model/digits.hpp"
#include "model/number.hpp"
#include "settings/problem.hpp"
#include "templates/calendar.hpp"
#include "templates/decimal.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace posthorn::templates {

namespace {

namespace json = boost::json;

constexpr unsigned most_mistakes = 10;

// As a person would write it, not 1.285E2; with a point, so that it is seen to be no integer.
std::string fraction(double number) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    std::string text(digits.data(), end);
    return text + (text.find_first_not_of("-0123456789") == std::string::npos ? ".0" : "");
}

std::string shown(const json::value& v) {
    constexpr std::size_t longest_shown = 40;
    if (v.is_structured())
        return v.is_array() ? "a list" : "an object";
    auto text = v.is_string()   ? "'" + std::string(v.get_string()) + "'"
                : v.is_double() ? fraction(v.get_double())
                                : json::serialize(v);
    if (text.size() > longest_shown) {
        auto end = longest_shown;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
            --end;
        text.resize(end);
        text += "..";
    }
    return text;
}

class data_reader {
public:
    explicit data_reader(const zone& local) : local_(local) {}

    std::vector<value> read(const std::vector<field>& fields, const json::object& data) {
        std::vector<value> values(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto* found = data.if_contains(fields[i].name);
            if (found == nullptr || found->is_null())
                miss(fields[i], fields, data);
            else
                read_at(fields[i], fields[i].name, *found, values[i]);
            values[i].kind = fields[i].kind;
        }
        return values;
    }

    bool good() const { return count_ == 0; }
    std::string mistakes() const {
        return count_ > most_mistakes
                   ? mistakes_ + "; and " + std::to_string(count_ - most_mistakes) + " more"
                   : mistakes_;
    }

private:
    void add(const std::string& mistake) {
        if (++count_ <= most_mistakes)
            mistakes_ += (mistakes_.empty() ? "" : "; ") + mistake;
    }
    void wrong(const std::string& what) { add(path_ + ": " + what); }
    void miss(const field& f, const std::vector<field>& fields, const json::object& data) {
        if (!f.required)
            return;
        const auto meant = misspelt(f, fields, data);
        add("missing field '" + (path_.empty() ? "" : path_ + ".") + f.name + "'" +
            (meant.empty() ? "" : " (is '" + std::string(meant) + "' it?)"));
    }

    // The member nobody declared that comes nearest to a missing field; empty when none is near.
    static std::string_view misspelt(const field& f, const std::vector<field>& fields,
                                     const json::object& data) {
        std::vector<std::string_view> strangers;
        for (const auto& member : data)
            if (std::ranges::find(fields, std::string_view(member.key()), &field::name) ==
                fields.end())
                strangers.emplace_back(member.key());
        return settings::nearest(f.name, strangers);
    }

    void read_at(const field& f, const std::string& step, const json::value& v, value& out) {
        const auto outer = path_.size();
        path_ += (path_.empty() || step.starts_with('[') ? "" : ".") + step;
        out.kind = f.kind;
        out.present = true;
        read_value(f, v, out);
        path_.resize(outer);
    }

    void read_value(const field& f, const json::value& v, value& out) {
        switch (f.kind) {
        case kind::text:
        case kind::choice:
        case kind::number:
            return read_text(f, v, out);
        case kind::integer:
            return read_integer(v, out);
        case kind::decimal:
            return read_decimal(v, out);
        case kind::money:
            return read_money(f, v, out);
        case kind::date:
        case kind::time:
            return read_calendar(f, v, out);
        case kind::boolean:
            if (!v.is_bool())
                return wrong("not true or false: " + shown(v));
            out.number = v.get_bool() ? 1 : 0;
            return;
        case kind::list:
            return read_list(f, v, out);
        case kind::object:
            if (!v.is_object())
                return wrong("not an object: " + shown(v));
            out.items = read(f.fields, v.get_object());
            return;
        }
    }

    void read_text(const field& f, const json::value& v, value& out) {
        if (!v.is_string())
            return wrong("not a text: " + shown(v) + (v.is_number() ? " (put it in quotes)" : ""));
        out.text = std::string_view(v.get_string());
        if (is_blank(out.text)) {
            out.present = false;
            if (f.required)
                wrong("is empty");
        } else if (std::any_of(out.text.begin(), out.text.end(), is_control)) {
            wrong("has a control character");
        } else if (f.kind == kind::choice) {
            check_choice(f, out.text);
        } else if (f.kind == kind::number && !is_number(out.text)) {
            wrong("not a phone number: " + shown(json::value(masked(out.text))));
        }
    }

    void check_choice(const field& f, std::string_view text) {
        if (std::find(f.choices.begin(), f.choices.end(), text) != f.choices.end())
            return;
        const std::vector<std::string_view> known(f.choices.begin(), f.choices.end());
        wrong("no such choice: '" + std::string(text) + "'" + settings::did_you_mean(text, known));
    }

    void read_integer(const json::value& v, value& out) {
        if (v.is_uint64())
            return wrong("too large: " + shown(v));
        if (!v.is_int64())
            return wrong("not a whole number: " + shown(v) +
                         (v.is_string() ? " (without quotes)" : ""));
        out.number = v.get_int64();
    }

    // Digits of a decimal string; false once the mistake is recorded.
    bool read_digits(const json::value& v, decimal& out) {
        if (v.is_double()) {
            wrong("a JSON number with a fraction (" + shown(v) +
                  ") is not exact: send a decimal string like \"12.50\"");
            return false;
        }
        if (!v.is_string()) {
            wrong("not a decimal string: " + shown(v));
            return false;
        }
        const auto parsed = parse_decimal(std::string_view(v.get_string()));
        if (parsed)
            out = *parsed;
        else
            wrong(parsed.error().reason);
        return parsed.has_value();
    }

    void read_decimal(const json::value& v, value& out) {
        decimal digits;
        if (v.is_int64())
            digits.digits = v.get_int64();
        else if (!read_digits(v, digits))
            return;
        out.number = digits.digits;
        out.scale = digits.scale;
    }

    void read_money(const field& f, const json::value& v, value& out) {
        out.scale = static_cast<std::uint8_t>(f.minor_digits);
        if (f.in == money_form::minor) {
            if (v.is_int64())
                out.number = v.get_int64();
            else
                wrong(v.is_uint64() ? "too large: " + shown(v)
                                    : "not an integer of minor units: " + shown(v));
            return;
        }
        if (v.is_int64() || v.is_uint64())
            return wrong("an integer (" + shown(v) +
                         ") may be minor units or not: send a decimal string like \"" + shown(v) +
                         ".00\", or declare the field with 'in: minor'");
        decimal digits;
        if (!read_digits(v, digits))
            return;
        const auto minor = rescale(digits, out.scale);
        if (minor)
            out.number = *minor;
        else
            wrong(minor.error().reason);
    }

    void read_calendar(const field& f, const json::value& v, value& out) {
        if (!v.is_string())
            return wrong((f.kind == kind::date
                              ? "not a date like \"2025-07-31\": "
                              : "not a time like \"2025-07-31T08:00:00+08:00\": ") +
                         shown(v));
        const std::string_view text = v.get_string();
        const auto parsed = f.kind == kind::date ? parse_date(text) : parse_time(text, local_);
        if (parsed)
            out.number = *parsed;
        else
            wrong(parsed.error().reason);
    }

    void read_list(const field& f, const json::value& v, value& out) {
        if (!v.is_array())
            return wrong("not a list: " + shown(v));
        const auto& array = v.get_array();
        out.items.resize(array.size());
        out.number = static_cast<std::int64_t>(array.size());
        for (std::size_t i = 0; i < array.size(); ++i) {
            const auto step = "[" + std::to_string(i) + "]";
            if (array[i].is_null())
                add("missing item " + path_ + step);
            else
                read_at(f.of.front(), step, array[i], out.items[i]);
        }
    }

    static bool is_control(char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet == 0x7F || (octet < 0x20 && c != '\n' && c != '\t' && c != '\r');
    }
    static bool is_number(std::string_view text) {
        if (text.starts_with('+'))
            text.remove_prefix(1);
        return text.size() >= 3 && text.size() <= 20 && all_digits(text);
    }

    const zone& local_;
    std::string path_;
    std::string mistakes_;
    unsigned count_ = 0;
};

} // namespace

result<std::vector<value>> read_data(const std::vector<field>& fields, const json::object& data,
                                     const zone& local) {
    data_reader reader(local);
    auto values = reader.read(fields, data);
    if (!reader.good())
        return refuse(reader.mistakes());
    return values;
}

std::optional<std::string> validate(const wording_set& set, const json::object& data) {
    auto values = read_data(set.fields, data, set.zone);
    if (values)
        return std::nullopt;
    return values.error().reason;
}

} // namespace posthorn::templates
