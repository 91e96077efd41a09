// money, number, plural: ICU's number formatting from exact decimal digits.

#include "templates/decimal.hpp"
#include "templates/formatters.hpp"
#include "templates/icu_text.hpp"

#include "settings/problem.hpp"

#include <unicode/currunit.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/strenum.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace posthorn::templates {

namespace {

using icu::number::FormattedNumber;
using icu::number::LocalizedNumberFormatter;
using icu::number::NumberFormatter;
using icu::number::Precision;

constexpr std::array<std::string_view, 2> money_styles{"code", "plain"};

FormattedNumber format(const LocalizedNumberFormatter& format, const scalar& value,
                       std::string& digits, UErrorCode& status) {
    digits.clear();
    append(digits, decimal{value.number, value.scale});
    return format.formatDecimal(
        icu::StringPiece(digits.data(), static_cast<int32_t>(digits.size())), status);
}

void append_formatted(const FormattedNumber& number, std::string& out, UErrorCode& status) {
    append_normalised(number.toTempString(status), out);
    if (U_FAILURE(status)) // out of memory; never for a value that was read
        throw std::runtime_error(std::string("ICU cannot format a number: ") + u_errorName(status));
}

class number_formatter final : public formatter {
public:
    explicit number_formatter(LocalizedNumberFormatter format) : format_(std::move(format)) {}

    void append(const scalar& value, std::string& out) override {
        UErrorCode status = U_ZERO_ERROR;
        append_formatted(templates::format(format_, value, digits_, status), out, status);
    }

private:
    LocalizedNumberFormatter format_;
    std::string digits_;
};

class plural_formatter final : public formatter {
public:
    plural_formatter(LocalizedNumberFormatter format, std::unique_ptr<icu::PluralRules> rules,
                     std::vector<std::pair<std::string, std::string>> forms)
        : format_(std::move(format)), rules_(std::move(rules)), forms_(std::move(forms)) {}

    void append(const scalar& value, std::string& out) override {
        UErrorCode status = U_ZERO_ERROR;
        const auto number = templates::format(format_, value, digits_, status);
        std::string category;
        rules_->select(number, status).toUTF8String(category);
        for (const char c : form_of(category)) {
            if (c == '#')
                append_formatted(number, out, status);
            else
                out += c;
        }
    }

private:
    const std::string& form_of(const std::string& category) const {
        const std::string* other = nullptr;
        for (const auto& [name, form] : forms_) {
            if (name == category)
                return form;
            if (name == "other")
                other = &form;
        }
        return *other; // make_plural has seen to it
    }

    LocalizedNumberFormatter format_;
    std::unique_ptr<icu::PluralRules> rules_;
    std::vector<std::pair<std::string, std::string>> forms_;
    std::string digits_;
};

std::vector<std::string> categories_of(const icu::PluralRules& rules) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> all(rules.getKeywords(status));
    std::vector<std::string> names;
    while (all && U_SUCCESS(status)) {
        const char* name = all->next(nullptr, status);
        if (name == nullptr)
            break;
        names.emplace_back(name);
    }
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// "many" of some languages is for millions only, so it may be left to "other".
std::string missing_form(const filter_call& call, const std::vector<std::string>& categories) {
    std::vector<std::string> given;
    for (const auto& [name, form] : call.forms)
        given.push_back(name);
    for (const auto& category : categories)
        if (category != "many" && !has(given, category))
            return category;
    return {};
}

} // namespace

made_formatter make_money(const filter_call& call, const std::string& language) {
    if (!call.word.empty() && call.word != "code" && call.word != "plain")
        return refuse("money has no style '" + call.word + "'; it has code and plain" +
                      settings::did_you_mean(call.word, money_styles));
    UErrorCode status = U_ZERO_ERROR;
    const auto code = to_icu(call.currency);
    const icu::CurrencyUnit unit(icu::ConstChar16Ptr(code.getBuffer()), status);
    if (U_FAILURE(status))
        return refuse("ICU knows no currency '" + call.currency + "'");
    auto format = NumberFormatter::withLocale(locale_of(language))
                      .unit(unit)
                      .precision(Precision::fixedFraction(call.minor_digits));
    if (call.word == "code")
        format = std::move(format).unitWidth(UNUM_UNIT_WIDTH_ISO_CODE);
    return std::unique_ptr<formatter>(std::make_unique<number_formatter>(std::move(format)));
}

made_formatter make_number(const filter_call& call, const std::string& language) {
    constexpr int most_digits = 9;
    if (call.count > most_digits)
        return refuse("number shows at most 9 digits after the point");
    auto format = NumberFormatter::withLocale(locale_of(language))
                      .sign(UNUM_SIGN_NEGATIVE); // what is rounded to zero has none: no "-0.00"
    if (call.count >= 0)
        format = std::move(format)
                     .precision(Precision::fixedFraction(static_cast<int>(call.count)))
                     .roundingMode(UNUM_ROUND_HALFUP);
    else
        format = std::move(format).precision(Precision::unlimited());
    return std::unique_ptr<formatter>(std::make_unique<number_formatter>(std::move(format)));
}

made_formatter make_plural(const filter_call& call, const std::string& language) {
    UErrorCode status = U_ZERO_ERROR;
    const auto locale = locale_of(language);
    std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(locale, status));
    if (U_FAILURE(status))
        return refuse("ICU knows no plurals of " + language);
    const auto categories = categories_of(*rules);
    for (const auto& [name, form] : call.forms)
        if (!has(categories, name))
            return refuse(language + " has no plural form '" + name + "'; it has " +
                          listed(categories));
    if (const auto missing = missing_form(call, categories); !missing.empty())
        return refuse("plural lacks the form '" + missing + "'; " + language + " has " +
                      listed(categories));
    auto format = NumberFormatter::withLocale(locale).precision(Precision::unlimited());
    return std::unique_ptr<formatter>(
        std::make_unique<plural_formatter>(std::move(format), std::move(rules), call.forms));
}

} // namespace posthorn::templates
