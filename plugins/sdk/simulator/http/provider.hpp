// A provider over HTTP, without its words: what each says in its own way, the one derived from it says.
//
//     request ── stranger ── hear ──► texts ── take ──► verdicts ── answer ──► response
//                   │          └────► response
//                   └───────────────► response
//     receipts, texts from phones ── write_call ──► the client's listener ── reception_of
#pragma once

#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/http/message.hpp"
#include "sdk/simulator/http/options.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::simulator::http {

class provider;

/// A text of a request.
class text final : public submitted {
public:
    text(provider& to, std::string recipient, std::string sender, std::string words);
    text(const text&) = delete;
    text& operator=(const text&) = delete;

    const std::string recipient, sender, words; // as the client wrote them
    std::string reference;                      // the client's own, which receipts repeat
    bool receipt_wanted = true;

    bool is_whole() const { return !destination.empty() && !words.empty(); }
    bool wants_receipt(outcome of) const override;
    bool more_parts_follow() const override { return false; }
    delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const override;

private:
    provider& to_;
};

struct reply {
    std::string_view status = "200 OK";
    std::string body;
    std::string_view type = json_type;
    std::string headers; // whole lines
};

/// A request that was understood: texts, or what is said to one that has none.
struct heard {
    std::deque<text> texts;
    bool together = false; // all of them are taken, or none
    std::string to_call;   // where their receipts shall go; empty: it does not say
    reply answer;
};

/// A call of the client.
struct call {
    std::string method = "POST", target; // "/v1/carriers/a?b=c"
    std::string body;
    std::string_view type = json_type;
    std::string headers; // whole lines
};

/// Where a part of a longer text from a phone stands.
struct piece {
    unsigned reference = 0, total = 0, number = 0; // from 1
};

/// A receipt whose id stands behind `before`.
delivery with_id(std::string_view before, std::string_view id, std::string_view after);

class provider : public carrier {
public:
    provider(boost::asio::io_context& io, const options& chosen, const protocol& speaks);

    const certificate& tls() const { return tls_; }
    account& client() { return client_; }
    /// Where it calls; nothing: nobody has said so yet.
    const std::optional<callback>& calls() const { return calls_; }
    /// A text says where to; heeded where nothing is known.
    void learn_callback(std::string_view url);
    /// `then` is called once it is known.
    void on_callback(std::function<void()> then);

    // What a provider says.

    /// The answer to who may not ask; nothing: it may.
    virtual std::optional<reply> stranger(const message& asked) = 0;
    virtual heard hear(const message& asked) = 0;
    virtual reply answer(const heard& what, std::span<const verdict> verdicts) = 0;
    /// To what is no HTTP.
    virtual reply no_request() = 0;

    virtual delivery write_receipt(const text& of, std::string_view id, const fate& to,
                                   std::int64_t done_us) = 0;
    /// A whole text from a phone; digits, and UTF-8.
    virtual delivery write_inbound(std::string_view from, std::string_view to,
                                   std::string_view words) = 0;
    /// Where the protocol's alphabet is not letters::utf8, long ones come in parts.
    virtual delivery write_inbound_part(std::string_view from, std::string_view to,
                                        std::string_view words, const piece& of);
    /// Whether it has a receipt for that at all.
    virtual bool reports(outcome) const { return true; }
    /// So many receipts share a call; or so many texts from phones.
    virtual std::size_t items_in_a_call(bool /*receipts*/) const { return 1; }
    /// One of what the other two wrote.
    virtual call write_call(std::span<const std::string_view> items, const callback& where) = 0;
    virtual reception reception_of(const message& answered) const;

protected:
    /// A new one, the same in the receipt.
    virtual std::string new_id(const text& of) = 0;
    /// Of this run: no two runs have the same ids.
    const std::string& run() const { return run_; }
    std::uint64_t next_number() { return ++count_; }
    std::string next_name() { return run_ + "-" + std::to_string(next_number()); }

private:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) final;

    // Where there is nobody to call, receipts are kept for who asks.
    class shelf final : public receiver {
    public:
        explicit shelf(provider& of) : of_(of) {}
        bool has_room() const override { return true; }
        void deliver(delivery item) override;
        void flush() override {}

    private:
        provider& of_;
    };

    certificate tls_;
    account& client_;
    shelf shelf_;
    std::optional<callback> calls_;
    std::function<void()> callback_known_;
    std::string run_;
    std::uint64_t count_ = 0;
};

} // namespace posthorn::simulator::http
