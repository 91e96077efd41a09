#include "sdk/simulator/carrier.hpp"

#include "sdk/simulator/json.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace posthorn::simulator {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr milliseconds early_hold{20}, reorder_hold{200}, retry_delay{1000};
constexpr std::int64_t one_submit = 1'000'000; // of account::credit
constexpr std::size_t longest_phone_text = 254;

std::uint64_t hash_text(const submitted& text) {
    const char settings[] = {static_cast<char>(text.esm_class),
                             static_cast<char>(text.data_coding)};
    auto hash = hash_octets(text.source, 1);
    hash = hash_octets(text.destination, hash);
    hash = hash_octets({settings, sizeof settings}, hash);
    return hash_octets(text.text, hash);
}

} // namespace

carrier::carrier(boost::asio::io_context& io, const options& chosen, const protocol& speaks)
    : options_(chosen), protocol_(speaks), faults_(options_.seed, speaks.faults),
      outcomes_(options_.seed, options_.read_status),
      journal_(options_.log, options_.log_minimal, speaks.binary_ids), timer_(io),
      started_(steady_clock::now()) {
    if (const auto wrong = set_rules(options_, outcomes_, faults_))
        throw std::invalid_argument(*wrong);
    tick();
}

void carrier::tick() {
    using std::chrono::system_clock;
    now_ = steady_clock::now();
    now_us_ = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

account& carrier::open(std::string_view name) {
    auto& found = accounts_[std::string(name)];
    found.name = name;
    return found;
}

bool carrier::spend_credit(account& from, std::size_t texts) {
    const std::int64_t rate = options_.rate;
    const auto most = std::max<std::int64_t>(1, rate / 10) * one_submit;
    const auto elapsed = std::min<std::int64_t>(now_us_ - from.credit_at_us, 60 * one_submit);
    from.credit_at_us = now_us_;
    from.credit = std::min<std::int64_t>(from.credit + elapsed * rate, most);
    if (from.credit < one_submit)
        return false;
    from.credit -= static_cast<std::int64_t>(texts) * one_submit; // several at once may borrow
    return true;
}

// A packet as a whole, whatever its texts are.
std::uint32_t carrier::refuse(account& from, std::size_t texts, bool too_many) {
    if (faults_.strikes(fault::throttle))
        return protocol_.throttled;
    if (faults_.strikes(fault::refuse_window))
        return protocol_.queue_full;
    if (too_many)
        return protocol_.window_exceeded;
    if (options_.rate > 0 && !spend_credit(from, texts))
        return protocol_.throttled;
    return 0;
}

carrier::verdict carrier::take(account& from, const submitted& text, std::uint32_t sequence,
                               bool too_many) {
    const auto to = outcomes_.of(text.destination);
    const auto whole = refuse(from, 1, too_many);
    return take_as(from, text, sequence, to, whole != 0 ? whole : to.refused);
}

std::vector<carrier::verdict> carrier::take_all(account& from,
                                                std::span<const submitted* const> texts,
                                                bool too_many, bool together) {
    const bool as_one = together || protocol_.paces_packets;
    auto whole = as_one ? refuse(from, texts.size(), too_many) : 0;
    std::vector<fate> fates;
    std::vector<std::uint32_t> statuses;
    for (const auto* text : texts) {
        fates.push_back(outcomes_.of(text->destination));
        const auto own = as_one ? 0 : refuse(from, 1, too_many);
        statuses.push_back(own != 0 ? own : fates.back().refused);
        if (together && whole == 0)
            whole = fates.back().refused;
    }
    std::vector<verdict> answers;
    ids_.assign(texts.size(), {});
    for (std::size_t i = 0; i < texts.size(); ++i) {
        answers.push_back(take_as(from, *texts[i], 0, fates[i], whole != 0 ? whole : statuses[i]));
        ids_[i] = answers[i].id;
        answers[i].id = ids_[i];
    }
    return answers;
}

carrier::verdict carrier::take_as(account& from, const submitted& text, std::uint32_t sequence,
                                  const fate& to, std::uint32_t status) {
    ++counters_.submits;
    verdict answer{.status = status, .id = {}};
    journal::submit_line line{.at_us = now_us_,
                              .system_id = from.name,
                              .sequence = sequence,
                              .text = &text,
                              .status = answer.status};
    if (options_.count_repeats || (journal_.on() && options_.log_minimal))
        line.hash = hash_text(text);
    if (answer.status == 0) {
        ++counters_.accepted;
        if (options_.count_repeats) {
            line.repeat = seen_.repeat(line.hash);
            ++(line.repeat ? counters_.repeats : counters_.unique);
        }
        name_text(text, response_id_, receipt_id_);
        answer.id = line.id = response_id_;
        if (to.outcome != outcome::none && text.wants_receipt(to.outcome) &&
            !(options_.one_receipt && text.more_parts_follow())) {
            const bool early = faults_.strikes(fault::early_receipt);
            answer.hold_back = early ? early_hold : milliseconds(0);
            add_receipts(from, text, to, early ? milliseconds(0) : options_.receipt_delay);
        }
    }
    journal_.submit(line);
    return answer;
}

void carrier::add_receipts(account& from, const submitted& text, const fate& to,
                           milliseconds after) {
    if (faults_.strikes(fault::missing_receipt))
        return;
    if (faults_.strikes(fault::late_receipt))
        after += options_.late;
    if (faults_.strikes(fault::reorder_receipts))
        after += reorder_hold;
    const int copies = faults_.strikes(fault::duplicate_receipt) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        auto receipt =
            text.receipt(receipt_id_, to, now_us_ + duration_cast<microseconds>(after).count());
        receipt.is_receipt = true;
        receipt.outcome = to.outcome;
        add(from, std::move(receipt), after);
    }
}

void carrier::add(account& to, delivery item, milliseconds after) {
    item.number = ++deliveries_;
    ++kind_of(item).made;
    const auto due = now_ + after;
    to.box.add(std::move(item), due, now_);
    if (due > now_)
        wake_at(due);
}

void carrier::wake_at(steady_clock::time_point due) {
    if (wake_ && *wake_ <= due)
        return;
    // Not more often than every millisecond: a batch is cheaper than many wake-ups.
    wake_ = std::max(due, now_ + milliseconds(1));
    timer_.expires_at(*wake_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return; // moved to an earlier time, or stopping
        wake_.reset();
        tick();
        for (auto& [name, who] : accounts_)
            pump(who);
    });
}

void carrier::pump(account& who) {
    if (const auto next = who.box.pump(now_))
        wake_at(*next);
}

counters::deliveries& carrier::kind_of(const delivery& item) {
    return item.is_receipt ? counters_.receipts : counters_.texts;
}

std::optional<delivery> carrier::take_back(account& from, std::string_view id) {
    auto taken = from.box.take_waiting(id);
    if (taken)
        --counters_.receipts.made; // the other one takes its place
    return taken;
}

void carrier::replace(account& of, delivery receipt) {
    receipt.is_receipt = true;
    receipt.outcome = outcome::deleted;
    add(of, std::move(receipt), milliseconds(0));
}

std::optional<outcome> carrier::state_of(const account& from, std::string_view id) const {
    if (from.box.waiting(id))
        return outcome::enroute;
    for (const auto& one : told_)
        if (one.id == spread(id, 1))
            return one.outcome;
    return std::nullopt;
}

void carrier::sent(const delivery& item, std::uint32_t sequence) {
    ++kind_of(item).sent;
    if (item.is_receipt) {
        told_.at(next_told_) = {spread(item.id(), 1), item.outcome};
        next_told_ = (next_told_ + 1) % told_.size();
    }
    journal_.delivered(now_us_, "sent", item, sequence, 0);
}

carrier::reception carrier::reception_of(sdk::result_class answer) {
    switch (answer) {
    case sdk::result_class::ok:
        return reception::taken;
    case sdk::result_class::transient:
    case sdk::result_class::throttle:
        return reception::later;
    default:
        return reception::never;
    }
}

void carrier::answered(account& who, delivery item, std::uint32_t sequence, std::uint32_t status,
                       reception how) {
    journal_.delivered(now_us_, "answered", item, sequence, status);
    auto& kind = kind_of(item);
    if (how == reception::taken)
        ++kind.answered;
    else if (how == reception::later) {
        ++kind.deferred;
        const auto due = now_ + retry_delay;
        who.box.add(std::move(item), due, now_);
        wake_at(due);
    } else
        ++kind.refused;
}

void carrier::lost(const delivery& item, std::uint32_t sequence) {
    journal_.delivered(now_us_, "lost", item, sequence, 0);
}

std::string carrier::from_phone(std::string_view from, std::string_view to, bool header,
                                std::uint8_t data_coding, std::string_view octets) {
    if (!last_receiver_)
        return "nobody has bound to receive yet";
    if (octets.size() > longest_phone_text && protocol_.alphabet != letters::utf8)
        return "a text of more than " + std::to_string(longest_phone_text) + " octets does not fit";
    tick();
    add(*last_receiver_, write_phone_text(from, to, header, data_coding, octets), milliseconds(0));
    pump(*last_receiver_);
    return {};
}

std::string carrier::stats_json() const {
    const auto& c = counters_;
    std::string text;
    json_line json(text);
    json.number("uptime_ms", duration_cast<milliseconds>(steady_clock::now() - started_).count());
    json.number("links", c.links).number("binds", c.binds);
    json.number("refused_binds", c.refused_binds).number("pdus_in", c.pdus_in);
    json.number("pdus_out", c.pdus_out).number("bytes_in", c.bytes_in);
    json.number("bytes_out", c.bytes_out).number("broken", c.broken);
    json.number("submits", c.submits).number("accepted", c.accepted);
    json.number("unique", c.unique).number("repeats", c.repeats);
    std::string by_status;
    json_line responses(by_status);
    for (const auto& [code, count] : c.responses) {
        char key[16];
        std::snprintf(key, sizeof key, "0x%02X", static_cast<unsigned>(code));
        responses.number(key, count);
    }
    responses.end();
    json.raw("responses", by_status);
    const auto add_kind = [&json](const std::string& kind, const counters::deliveries& d) {
        json.number(kind + "_made", d.made).number(kind + "_sent", d.sent);
        json.number(kind + "_answered", d.answered).number(kind + "_deferred", d.deferred);
        json.number(kind + "_refused", d.refused).number(kind + "_pending", d.pending());
    };
    add_kind("receipts", c.receipts);
    add_kind("mo", c.texts);
    json.raw("faults", faults_.struck_json()).end();
    return text;
}

void carrier::stop() { timer_.cancel(); }

} // namespace posthorn::simulator
