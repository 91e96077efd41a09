// loopback: a carrier that accepts everything and reports it delivered, without a network. It is
// the shortest whole adapter: to write one for a new carrier, copy this folder to
// plugins/NAME/adapter, and replace what follows piece by piece. Nothing else has to be edited.
//
//     host ──submit(units)──► loopback
//     host ◄──verdicts─────── accepted, one for each unit        (in a later turn of the event
//     loop) host ◄──arrived──────── delivered, for each accepted one   (when `receipts` is on)
//
// What an adapter does not do: keep a queue, retry, pace, store, read files or the clock. The host
// does all that, and hands over no more units than there are open slots.

#include "sdk/adapter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace {

using namespace posthorn::sdk;

// 1. The options: what people may write in accounts.d/ACCOUNT.yaml. The daemon checks them, shows
//    them with `posthornd --describe loopback`, and masks those of kind `secret`.
constexpr option option_table[] = {
    {.name = "slots",
     .what = option::kind::integer,
     .fallback = "1000",
     .least = 1,
     .most = 100000,
     .help = "How many texts may be unanswered at once."},
    {.name = "receipts",
     .what = option::kind::flag,
     .fallback = "on",
     .help = "Report every text as delivered."},
    {.name = "carries",
     .what = option::kind::choice,
     .fallback = "part",
     .choices = "part|message",
     .help = "Take long texts in parts, or whole."},
};

// 2. The adapter. One object per account; everything runs on the thread of host.executor(), so
//    there are no locks.
class loopback final : public adapter {
public:
    loopback(host& h, const options& o)
        : host_(h), slots_(static_cast<unsigned>(o.integer("slots"))),
          receipts_(o.flag("receipts")), whole_(o.text("carries") == "message" ? longest : 0),
          stopped_(h.executor(), boost::asio::steady_timer::time_point::max()) {}

    carriage carries() const override { return {.whole = whole_}; }

    // 3. The life of the account. A real adapter connects here, says when it is ready by opening
    //    slots, closes them when the link is lost (and tells link_ended() when texts came over it),
    //    waits, and connects again.
    boost::asio::awaitable<void> run() override {
        if (!stopping_) {
            host_.slots(slots_, "ready");
            co_await stopped_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        host_.slots(0, "stopped");
    }

    // 4. The units. Their views are gone when submit() returns, so take what is needed now: a real
    //    adapter encodes them into its write buffer and remembers handle and deadline of each.
    void submit(std::span<const unit> units) override {
        batch work;
        for (const auto& u : units) {
            const auto ref = std::to_string(++last_ref_);
            verdict v;
            v.handle = u.handle;
            v.what = verdict::kind::accepted;
            v.ref = ref;
            work.verdicts.push_back(std::move(v));
            if (receipts_)
                work.receipts.push_back({ref,
                                         receipt_state::delivered,
                                         "DELIVRD",
                                         std::string(u.recipient),
                                         std::string(u.sender),
                                         {}});
        }
        // A carrier answers later. Should this object have gone by then, so have its units.
        boost::asio::post(host_.executor(),
                          [weak = std::weak_ptr(alive_), this, work = std::move(work)]() mutable {
                              if (weak.lock())
                                  answer(std::move(work));
                          });
    }

    // 5. The end: no more units will come. Here every answer is already on its way.
    void stop() override {
        stopping_ = true;
        stopped_.cancel();
    }

    // 6. A trial, for `posthorn accounts test`: a real adapter asks its carrier something harmless.
    void probe(std::function<void(finding)> done) override {
        done({true, {}, {{"carrier", "none: every text is accepted here"}}});
    }

private:
    struct batch {
        std::vector<verdict> verdicts;
        std::vector<receipt> receipts;
    };

    // 7. Answers go to the host in batches: verdicts first, then what arrived. `stored` is the
    //    moment to acknowledge to the carrier, never earlier; there is nobody to tell here.
    void answer(batch work) {
        host_.verdicts(work.verdicts);
        if (!work.receipts.empty())
            host_.arrived(std::move(work.receipts), {}, [] {});
    }

    static constexpr std::size_t longest = 65535;

    host& host_;
    unsigned slots_;
    bool receipts_;
    std::size_t whole_;
    std::uint64_t last_ref_ = 0;
    bool stopping_ = false;
    boost::asio::steady_timer stopped_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

} // namespace

// 8. The one symbol of the shared object. `true`: a repeated unit harms nobody, so the host may
//    send again what it is not sure about.
POSTHORN_ADAPTER("loopback", "Accepts everything and reports it delivered; for trying things out.",
                 loopback, option_table, true);
