#include "smpp/simulator/carrier.hpp"

#include "smpp/codec/octets.hpp"
#include "smpp/codec/time.hpp"
#include "smpp/simulator/json.hpp"

#include <algorithm>
#include <cstdio>

namespace posthorn::smpp::simulator {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr milliseconds early_hold{20}, reorder_hold{200}, retry_delay{1000};
constexpr std::int64_t one_submit = 1'000'000; // of account::credit

bool wants_receipt(std::uint8_t registered_delivery, message_state state) {
    switch (registered_delivery & 3) {
    case 1:
        return true;
    case 2:
        return state != message_state::delivered;
    case 3:
        return state == message_state::delivered;
    default:
        return false;
    }
}

// By its UDH (element 00 or 08, the first) or its TLVs it is a part, and not the last.
bool more_parts_follow(const sm& text) {
    const auto octets = text.text();
    if ((text.esm_class & 0x40) != 0 && octets.size() > 6) {
        const bool wide = octets[1] == 0x08;
        const auto total = octet_at(octets, wide ? 5 : 4), number = octet_at(octets, wide ? 6 : 5);
        return (wide || octets[1] == 0x00) && number < total;
    }
    const auto total = text.tlvs.find_u8(tag::sar_total_segments);
    const auto number = text.tlvs.find_u8(tag::sar_segment_seqnum);
    return total && number && *number < *total;
}

// The first letters of the text, when they are letters a receipt can carry.
std::string_view excerpt(const sm& text) {
    const bool letters = text.data_coding <= 1 || text.data_coding == 3;
    return letters && (text.esm_class & 0x40) == 0 ? text.text() : std::string_view{};
}

void append_receipt_tlvs(std::string& out, std::string_view id, const fate& to) {
    append_tlv_text(out, tag::receipted_message_id, id);
    append_tlv_u8(out, tag::message_state, static_cast<std::uint8_t>(*to.state));
    if (to.error == "000")
        return;
    const int code = (to.error[1] - '0') * 10 + to.error[2] - '0';
    const char gsm_error[] = {3, 0, static_cast<char>(code)}; // network type 3: GSM
    append_tlv(out, tag::network_error_code, {gsm_error, sizeof gsm_error});
}

void append_vendor_tlvs(std::string& out) {
    append_tlv(out, 0x1500, "posthorn-sim");
    append_tlv(out, 0x3FFE, "");
}

std::uint64_t hash_text(const sm& text) {
    const char settings[] = {static_cast<char>(text.esm_class),
                             static_cast<char>(text.data_coding)};
    auto hash = hash_octets(text.source.digits, 1);
    hash = hash_octets(text.destination.digits, hash);
    hash = hash_octets({settings, sizeof settings}, hash);
    return hash_octets(text.text(), hash);
}

} // namespace

std::string_view minute_text::of(std::int64_t utc_us) {
    if (const auto minute = utc_us / 60'000'000; minute != minute_) {
        minute_ = minute;
        text_ = format_absolute(utc_us).substr(0, 10);
    }
    return text_;
}

carrier::carrier(boost::asio::io_context& io, options chosen)
    : options_(std::move(chosen)), faults_(options_.seed), outcomes_(options_.seed),
      ids_(options_.ids), journal_(options_.log, options_.log_minimal), timer_(io),
      started_(steady_clock::now()) {
    // The command line has been checked; a program that embeds us learns of its mistake here.
    const auto must = [](const std::optional<std::string>& wrong) {
        if (wrong)
            throw std::invalid_argument(*wrong);
    };
    if (!options_.shares.empty())
        must(outcomes_.set_shares(options_.shares));
    for (const auto& rule : options_.suffixes)
        must(outcomes_.add_suffix(rule));
    for (const auto& rule : options_.refusals)
        must(outcomes_.add_refusal(rule));
    for (const auto& fault : options_.fault_list)
        must(faults_.set(fault));
    tick();
}

void carrier::tick() {
    using std::chrono::system_clock;
    now_ = steady_clock::now();
    now_us_ = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

account* carrier::admit(const bind& who, smpp::status& refusal) {
    if (!options_.system_id.empty() && who.system_id != options_.system_id)
        refusal = status::invalid_system_id;
    else if (!options_.password.empty() && who.password != options_.password)
        refusal = status::invalid_password;
    else {
        auto& found = accounts_[std::string(who.system_id)];
        found.system_id = who.system_id;
        return &found;
    }
    return nullptr;
}

bool carrier::spend_credit(account& from) {
    const std::int64_t rate = options_.rate;
    const auto most = std::max<std::int64_t>(1, rate / 10) * one_submit;
    const auto elapsed = std::min<std::int64_t>(now_us_ - from.credit_at_us, 60 * one_submit);
    from.credit_at_us = now_us_;
    from.credit = std::clamp<std::int64_t>(from.credit + elapsed * rate, 0, most);
    if (from.credit < one_submit)
        return false;
    from.credit -= one_submit;
    return true;
}

smpp::status carrier::refuse(account& from, const fate& to, bool too_many) {
    if (faults_.strikes(fault::throttle))
        return status::throttled;
    if (faults_.strikes(fault::refuse_window))
        return status::queue_full;
    if (too_many)
        return options_.window_status;
    if (options_.rate > 0 && !spend_credit(from))
        return status::throttled;
    return to.refused;
}

carrier::verdict carrier::take(account& from, const sm& text, std::uint32_t sequence,
                               bool too_many) {
    ++counters_.submits;
    const auto to = outcomes_.of(text.destination.digits);
    verdict answer{.status = refuse(from, to, too_many), .id = {}};
    journal::submit_line line{.at_us = now_us_,
                              .system_id = from.system_id,
                              .sequence = sequence,
                              .text = &text,
                              .status = answer.status};
    if (options_.count_repeats || (journal_.on() && options_.log_minimal))
        line.hash = hash_text(text);
    if (answer.status == status::ok) {
        ++counters_.accepted;
        if (options_.count_repeats) {
            line.repeat = seen_.repeat(line.hash);
            ++(line.repeat ? counters_.repeats : counters_.unique);
        }
        ids_.next(response_id_, receipt_id_, faults_.strikes(fault::id_base),
                  faults_.strikes(fault::leading_zeros));
        answer.id = line.id = response_id_;
        if (to.state && wants_receipt(text.registered_delivery, *to.state) &&
            !(options_.one_receipt && more_parts_follow(text))) {
            const bool early = faults_.strikes(fault::early_receipt);
            answer.hold_back = early ? early_hold : milliseconds(0);
            add_receipts(from, text, to, early ? milliseconds(0) : options_.receipt_delay);
        }
    }
    journal_.submit(line);
    return answer;
}

void carrier::add_receipts(account& from, const sm& text, const fate& to, milliseconds after) {
    if (faults_.strikes(fault::missing_receipt))
        return;
    if (faults_.strikes(fault::late_receipt))
        after += options_.late;
    if (faults_.strikes(fault::reorder_receipts))
        after += reorder_hold;
    const int copies = faults_.strikes(fault::duplicate_receipt) ? 2 : 1;
    for (int i = 0; i < copies; ++i)
        add(from, make_receipt(text, to, after), after);
}

delivery carrier::make_receipt(const sm& text, const fate& to, milliseconds after) {
    return receipt_for(text, receipt_id_, to, now_us_ + duration_cast<microseconds>(after).count());
}

delivery carrier::receipt_for(const sm& text, std::string_view id, const fate& to,
                              std::int64_t done_us) {
    text_.clear();
    append_receipt_text(text_, {.id = id,
                                .state = *to.state,
                                .submit_date = submitted_.of(now_us_),
                                .done_date = done_.of(done_us),
                                .err = to.error,
                                .text = excerpt(text)});
    tlvs_.clear();
    append_receipt_tlvs(tlvs_, id, to);
    if (options_.echo_reference)
        if (const auto reference = text.tlvs.find_u16(tag::user_message_reference))
            append_tlv_u16(tlvs_, tag::user_message_reference, *reference);
    if (faults_.strikes(fault::unknown_tlv))
        append_vendor_tlvs(tlvs_);

    sm body;
    body.source = text.destination; // a receipt comes from the phone
    body.destination = text.source;
    body.esm_class = 0x04;
    body.short_message = text_;
    body.tlvs = {tlvs_};
    delivery item;
    item.octets.reserve(256);
    encode_sm(item.octets, command::deliver_sm, 0, body);
    item.tlvs_size = static_cast<std::uint32_t>(tlvs_.size());
    item.is_receipt = true;
    item.state = *to.state;
    item.id_at =
        static_cast<std::uint32_t>(item.octets.size() - tlvs_.size() - text_.size() + 3); // "id:"
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
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
        for (auto& [system_id, who] : accounts_)
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

smpp::status carrier::cancel(account& from, std::string_view id) {
    const auto taken = from.box.take_waiting(id);
    if (!taken)
        return status::cancel_failed;
    pdu old;
    if (decode(taken->octets, old))
        return status::system_error;
    const auto& receipt = std::get<sm>(old.body);
    sm text; // as far as a receipt repeats it
    text.source = receipt.destination;
    text.destination = receipt.source;
    const std::string name(id);
    --counters_.receipts.made; // the other one takes its place
    add(from, receipt_for(text, name, {.state = message_state::deleted}, now_us_), milliseconds(0));
    return status::ok;
}

std::optional<message_state> carrier::state_of(const account& from, std::string_view id) const {
    if (from.box.waiting(id))
        return message_state::enroute;
    for (const auto& one : told_)
        if (one.id == spread(id, 1))
            return one.state;
    return std::nullopt;
}

void carrier::sent(const delivery& item, std::uint32_t sequence) {
    ++kind_of(item).sent;
    if (item.is_receipt) {
        told_.at(next_told_) = {spread(item.id(), 1), item.state};
        next_told_ = (next_told_ + 1) % told_.size();
    }
    journal_.delivered(now_us_, "sent", item, sequence, status::ok);
}

void carrier::answered(account& who, delivery item, std::uint32_t sequence, smpp::status code) {
    journal_.delivered(now_us_, "answered", item, sequence, code);
    auto& kind = kind_of(item);
    const auto cls = classify(code);
    if (cls == status_class::ok)
        ++kind.answered;
    else if (cls == status_class::transient || cls == status_class::throttle) {
        ++kind.deferred;
        const auto due = now_ + retry_delay;
        who.box.add(std::move(item), due, now_);
        wake_at(due);
    } else
        ++kind.refused;
}

void carrier::lost(const delivery& item, std::uint32_t sequence) {
    journal_.delivered(now_us_, "lost", item, sequence, status::ok);
}

std::string carrier::from_phone(std::string_view from, std::string_view to, std::uint8_t esm_class,
                                std::uint8_t data_coding, std::string_view octets) {
    if (!last_receiver_)
        return "nobody has bound to receive yet";
    if (octets.size() > 254)
        return "a text of more than 254 octets does not fit a deliver_sm";
    tick();
    sm body;
    body.source = {1, 1, from};
    body.destination = {0, 1, to};
    body.esm_class = esm_class;
    body.data_coding = data_coding;
    body.short_message = octets;
    delivery item;
    encode_sm(item.octets, command::deliver_sm, 0, body);
    add(*last_receiver_, std::move(item), milliseconds(0));
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

} // namespace posthorn::smpp::simulator
