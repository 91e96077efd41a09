// cancel_sm, query_sm and enquire_link: the questions a person has about a text that the carrier has
// taken, or about the link. They share it with the submits, but neither their window nor their
// deadlines.
#include "smpp/adapter/printable.hpp"
#include "smpp/adapter/session.hpp"
#include "smpp/codec/receipt.hpp"

#include <algorithm>

namespace posthorn::smpp {

namespace {

constexpr std::size_t most_questions = 100; // a carrier that answers none must not gather them

sdk::cancellation cancellation_of(status code) {
    using kind = sdk::cancellation::kind;
    if (code == status::ok)
        return {kind::cancelled, {}};
    const bool no = code == status::cancel_failed || code == status::invalid_message_id;
    return {no ? kind::too_late : kind::cannot, code_word(code)};
}

sdk::receipt_state state_of(message_state s) {
    return s == message_state::delivered ? sdk::receipt_state::delivered
           : s == message_state::expired ? sdk::receipt_state::expired
           : is_final(s)                 ? sdk::receipt_state::undelivered
                                         : sdk::receipt_state::enroute;
}

sdk::inquiry inquiry_of(const pdu& p) {
    using kind = sdk::inquiry::kind;
    if (p.head.status != status::ok)
        return {kind::cannot, {}, code_word(p.head.status)};
    const auto* fields = std::get_if<query_sm_resp>(&p.body);
    constexpr auto last = static_cast<std::uint8_t>(message_state::skipped);
    if (!fields || fields->message_state > last)
        return {kind::cannot, {}, "the carrier's answer has no state"};
    const auto state = static_cast<message_state>(fields->message_state);
    std::string code(stat_word(state));
    if (fields->error_code != 0)
        code += " err:" + std::to_string(fields->error_code);
    return {kind::known, state_of(state), std::move(code)};
}

} // namespace

// Not by an answer to it. `certain`: nothing came of it.
void session::question::end(bool certain, std::string why) const {
    if (cancelled)
        cancelled({certain ? sdk::cancellation::kind::cannot : sdk::cancellation::kind::unknown,
                   std::move(why)});
    else if (found)
        found({false, std::move(why), {}});
    else
        told({certain ? sdk::inquiry::kind::cannot : sdk::inquiry::kind::unknown,
              {},
              std::move(why)});
}

bool session::may_ask(std::string& why) const {
    if (state_ != state::bound)
        why = "not bound";
    else if (questions_.size() >= most_questions)
        why = "too many questions wait for an answer";
    return why.empty();
}

std::uint32_t session::remember(question q) {
    now_ = clock::now();
    const auto sequence = next_sequence();
    q.deadline = now_ + settings_.response_timeout;
    wake_by(q.deadline);
    questions_.emplace(sequence, std::move(q));
    return sequence;
}

void session::cancel(const sdk::accepted_part& which, std::function<void(sdk::cancellation)> done) {
    std::string why;
    if (!may_ask(why))
        return done({sdk::cancellation::kind::cannot, std::move(why)});
    pdu request;
    request.head.id = command::cancel_sm;
    request.head.sequence = remember({{}, std::move(done), {}, {}});
    request.body = cancel_sm{.service_type = settings_.service_type,
                             .message_id = which.ref,
                             .source = submission_.source(which.sender),
                             .destination = {}}; // with an id it is empty
    encode(out_.tail(), request);
    flush();
}

void session::query(const sdk::accepted_part& which, std::function<void(sdk::inquiry)> done) {
    std::string why;
    if (!may_ask(why))
        return done({sdk::inquiry::kind::cannot, {}, std::move(why)});
    pdu request;
    request.head.id = command::query_sm;
    request.head.sequence = remember({{}, {}, std::move(done), {}});
    request.body = query_sm{.message_id = which.ref, .source = submission_.source(which.sender)};
    encode(out_.tail(), request);
    flush();
}

void session::probe(std::function<void(sdk::finding)> done) {
    std::string why;
    if (!may_ask(why))
        return done({false, std::move(why), {}});
    const auto sequence = remember({{}, {}, {}, std::move(done)});
    encode_header(out_.tail(), command::enquire_link, status::ok, sequence);
    flush();
}

// Those of look_at_link() are nobody's question.
void session::take_enquiry_answer(std::uint32_t sequence) {
    const auto asked = questions_.find(sequence);
    if (asked == questions_.end() || !asked->second.found)
        return;
    const auto q = std::move(asked->second);
    questions_.erase(asked);
    q.found(about_link(now_ - (q.deadline - settings_.response_timeout)));
}

sdk::finding session::about_link(clock::duration answered_in) {
    const auto shown = [](clock::duration d) {
        return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(d).count()) + " ms";
    };
    sdk::finding out{.answered = true};
    const auto add = [&](const char* what, std::string value) {
        out.learned.emplace_back(what, std::move(value));
    };
    add("bound as", std::string(name(role_)) + " to " + settings_.place());
    add("carrier calls itself", peer_.empty() ? "nothing" : peer_);
    add("interface version", peer_interface_ == 0 ? "not said: it is sent no TLVs of ours"
                                                  : std::to_string(peer_interface_ >> 4) + "." +
                                                        std::to_string(peer_interface_ & 0x0F));
    add("answer to the bind", shown(bind_took_));
    add("answer to enquire_link", shown(answered_in));
    if (!tls_stream_) {
        add("TLS", "no");
        return out;
    }
    add("TLS", SSL_get_version(tls_stream_->native_handle()));
    if (const auto end = certificate_end(*tls_stream_)) {
        const auto left = std::chrono::floor<std::chrono::days>(*end - host_.now());
        add("certificate ends", "in " + std::to_string(left.count()) + " days");
    }
    return out;
}

void session::take_ask_answer(const pdu& p) {
    const auto asked = questions_.extract(p.head.sequence);
    if (!asked)
        return host_.log(sdk::level::debug, "unasked command=" + std::string(name(p.head.id)));
    const auto& q = asked.mapped();
    if (q.cancelled && p.head.id == command::cancel_sm_resp)
        q.cancelled(cancellation_of(p.head.status));
    else if (q.told && p.head.id == command::query_sm_resp)
        q.told(inquiry_of(p));
    else
        q.end(false, "the answer is of another kind");
}

// A carrier without these commands.
bool session::nack_question(const header& head) {
    const auto asked = questions_.extract(head.sequence);
    if (!asked)
        return false;
    asked.mapped().end(true, "generic_nack " + code_word(head.status));
    return true;
}

void session::forget_questions(clock::time_point due, std::string_view why) {
    for (auto q = questions_.begin(); q != questions_.end();) {
        if (q->second.deadline > due) {
            ++q;
            continue;
        }
        const auto gone = std::move(q->second);
        q = questions_.erase(q);
        gone.end(false, std::string(why));
    }
}

session::clock::time_point session::next_question() const {
    auto next = clock::time_point::max();
    for (const auto& [sequence, q] : questions_)
        next = std::min(next, q.deadline);
    return next;
}

} // namespace posthorn::smpp
