#include "smpp/adapter/habits.hpp"

#include "sdk/numerals.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace posthorn::smpp {

namespace {

constexpr std::size_t most_sampled = 5000, most_turned = 1000;
constexpr unsigned enough = 20; // receipts to judge by
constexpr unsigned nearly_all = 90, in_percent = 100;

// One of three, as it is written.
template <class Word>
bool read_digit(std::string_view& text, Word& word) {
    if (text.size() < 2 || text[0] < '0' || text[0] > '2' || text[1] != ' ')
        return false;
    word = static_cast<Word>(text[0] - '0');
    text.remove_prefix(2);
    return true;
}

} // namespace

habits::habits(sdk::host& host, const configuration& settings) : host_(host), settings_(settings) {
    const auto before = host_.recalled();
    std::string_view text = before;
    auto how = reading::as_is;
    recalled_ = read_digit(text, how) && read_digit(text, pads_) && read_digit(text, echoes_) &&
                text == of_what();
    if (recalled_)
        reading_ = how;
}

// What was learned is true of these options and of this carrier only.
std::string habits::of_what() const {
    return std::string(settings_.learn_ids ? "learned" : "given") + " of " + settings_.place();
}

void habits::remember() {
    std::string written;
    for (const auto n :
         {static_cast<int>(reading_), static_cast<int>(pads_), static_cast<int>(echoes_)})
        (written += std::to_string(n)) += ' ';
    host_.remember(written + of_what());
}

std::uint64_t phone_tail(std::string_view number) {
    constexpr std::uint64_t nine_digits = 1'000'000'000;
    std::uint64_t tail = 0;
    for (const char c : number)
        if (c >= '0' && c <= '9')
            tail = (tail * 10 + static_cast<std::uint64_t>(c - '0')) % nine_digits;
    return tail;
}

std::string habits::key_by(std::string_view ref, reading how) {
    if (how == reading::as_is)
        return smpp::match_key(ref);
    const bool to_hex = how == reading::decimal_to_hex;
    const auto plain = smpp::match_key(ref); // trimmed, lower case, without leading zeros
    const auto number = sdk::whole_number<std::uint64_t>(plain, to_hex ? 10 : 16);
    if (!number)
        return plain;
    std::array<char, 24> digits{};
    const auto written =
        std::to_chars(digits.data(), digits.data() + digits.size(), *number, to_hex ? 16 : 10);
    return {digits.data(), written.ptr};
}

void habits::answered(std::string_view id, std::uint64_t phone, std::uint16_t reference) {
    if (decided_ || id.empty() || ++answers_ % every_ != 0)
        return;
    auto key = smpp::match_key(id, settings_.submit_id);
    sample_.insert_or_assign(
        key,
        sent{phone, reference, static_cast<std::uint8_t>(std::min<std::size_t>(id.size(), 255))});
    order_.push_back(std::move(key));
    if (order_.size() >= most_sampled)
        thin_out();
}

// Receipts may come when thousands have been answered since: until one is met the sample reaches
// back to the first answer, then it is of the newest.
void habits::thin_out() {
    if (!has_met_)
        every_ *= 2;
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < order_.size(); ++i)
        if (has_met_ ? i < most_sampled / 2 : i % 2 == 0)
            sample_.erase(order_[i]);
        else
            kept.push_back(std::move(order_[i]));
    order_ = std::move(kept);
}

const habits::sent* habits::find(std::string_view ref, reading how, const sdk::receipt& r) const {
    const auto found = sample_.find(
        how == reading::as_is ? smpp::match_key(ref, settings_.receipt_id) : key_by(ref, how));
    if (found == sample_.end())
        return nullptr;
    // Some carriers do not swap the addresses in a receipt.
    const auto phone = found->second.phone;
    return phone == phone_tail(r.recipient) || phone == phone_tail(r.sender) ? &found->second
                                                                             : nullptr;
}

void habits::arrived(const sdk::receipt& r) {
    if (decided_ || r.ref.empty())
        return;
    if (const auto* known = find(r.ref, reading::as_is, r)) {
        if (reading_ != reading::as_is)
            turn(r.ref, reading::as_is);
        return count(*known, reading::as_is, r);
    }
    if (!settings_.learn_ids)
        return;
    for (const auto how : {reading::decimal_to_hex, reading::hex_to_decimal})
        if (const auto* known = find(r.ref, how, r)) {
            turn(r.ref, how);
            return count(*known, how, r);
        }
}

void habits::turn(const std::string& ref, reading how) {
    if (turned_.size() >= most_turned) // the host has asked for them by now
        turned_.clear();
    turned_.insert_or_assign(ref, how);
}

void habits::count(const sent& known, reading how, const sdk::receipt& r) {
    has_met_ = true;
    ++met_.at(static_cast<std::size_t>(how));
    echoed_ += r.reference == known.reference ? 1U : 0U;
    padded_ += r.ref.size() > 1 && r.ref.front() == '0' && r.ref.size() > known.size ? 1U : 0U;
    if (std::accumulate(met_.begin(), met_.end(), 0U) >= enough)
        decide();
}

void habits::decide() {
    const auto all = std::accumulate(met_.begin(), met_.end(), 0U);
    const auto most = std::max_element(met_.begin(), met_.end());
    if (*most * in_percent < all * nearly_all) { // no habit: each receipt is looked at for itself
        met_ = {};
        padded_ = echoed_ = 0;
        every_ = 1;
        return;
    }
    decided_ = true;
    reading_ = static_cast<reading>(most - met_.begin());
    const auto share = [all](unsigned n) {
        return n * in_percent >= all * nearly_all ? how_often::always
               : n == 0                           ? how_often::never
                                                  : how_often::sometimes;
    };
    pads_ = share(padded_);
    echoes_ = share(echoed_);
    remember();
    sample_.clear();
    order_.clear();
    turned_.clear();
    if (reading_ == reading::as_is)
        return;
    const bool hex = reading_ == reading::decimal_to_hex;
    host_.log(sdk::level::warn, std::string("learned that message ids are ") +
                                    (hex ? "hexadecimal in answers and decimal in receipts"
                                         : "decimal in answers and hexadecimal in receipts") +
                                    ": write submit_id: " + (hex ? "hex" : "dec") +
                                    " and receipt_id: " + (hex ? "dec" : "hex") +
                                    " into the account's options to have it from the start");
}

std::string habits::key(std::string_view ref, bool from_receipt) const {
    const auto base = from_receipt ? settings_.receipt_id : settings_.submit_id;
    if (base != id_base::raw || !from_receipt)
        return smpp::match_key(ref, base);
    if (decided_)
        return key_by(ref, reading_);
    const auto turned = turned_.find(std::string(ref));
    return key_by(ref, turned == turned_.end() ? reading_ : turned->second);
}

std::vector<std::pair<std::string, std::string>> habits::learned() const {
    const auto all = std::accumulate(met_.begin(), met_.end(), 0U);
    if (!decided_ && !recalled_)
        return {{"receipts watched", std::to_string(all) + " of " + std::to_string(enough)}};
    constexpr std::array shown{"no", "sometimes", "yes"};
    const auto word = [&shown](how_often n) { return shown.at(static_cast<std::size_t>(n)); };
    return {{"message ids",
             !settings_.learn_ids                  ? "as the options say"
             : reading_ == reading::decimal_to_hex ? "hex in answers, decimal in receipts"
             : reading_ == reading::hex_to_decimal ? "decimal in answers, hex in receipts"
                                                   : "alike in answers and receipts"},
            {"zeros before ids in receipts", word(pads_)},
            {"reference repeated in receipts", word(echoes_)}};
}

} // namespace posthorn::smpp
