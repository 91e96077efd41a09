// The contract between the daemon and a carrier adapter: a shared object NAME.so in
// plugins/NAME/adapter.
//
//   host ──submit(units)──► adapter ══► carrier
//   host ◄──verdicts─────── adapter ◄══  one for each unit, in any order, in batches
//   host ◄──arrived──────── adapter ◄══  receipts and texts; acknowledge them in `stored`
//   host ◄──slots────────── adapter      how many units it can have unanswered now; 0: no link
//   host ◄──link_ended───── adapter      what it did not see acknowledged the carrier brings again
//
// Everything runs on one thread, that of host::executor(). An adapter
//   MUST give exactly one verdict for every unit handed to submit(), also when its link dies:
//        `uncertain` when a byte of the unit may have left, `deferred` with counts = false when
//        surely none did;
//   MUST answer its deadline itself: a unit without an answer in time is `uncertain`;
//   MAY report the answer to such a unit that comes after all, as a second, `late` verdict;
//   MUST NOT acknowledge a receipt or a text to the carrier before `stored` was called;
//   MUST NOT touch a store, a configuration file, the environment or the system clock;
//   MUST NOT log a secret or a text, and masks numbers;
//   MAY call the sink from inside submit();
//   MAY take parts back (cancel), ask for them (query), and ask whether the carrier answers (probe).
//        None uses a slot. `done` is called
//        exactly once, perhaps from inside, at the latest when the adapter's run() ends;
//   MAY take long texts whole (carries): one unit, one verdict, one ref for all their parts;
//   MAY be called by its carrier over the daemon's HTTP listener (called_back).
#pragma once

#include "sdk/call.hpp"
#include "sdk/options.hpp"
#include "sdk/unit.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::sdk {

enum class level : std::uint8_t { debug, info, warn, error };

// What the daemon gives one account's adapter. Outlives the adapter.
class host {
public:
    virtual boost::asio::any_io_executor executor() = 0;
    virtual instant now() const = 0;
    virtual std::uint32_t random() = 0;
    // `what` begins with the event: "bound host=... system_id=...". The account's name is added.
    virtual void log(level l, std::string_view what) = 0;

    virtual void verdicts(std::span<const verdict> batch) = 0;
    // `stored` is called once all of it is committed; never when the daemon dies before.
    virtual void arrived(std::vector<receipt> receipts, std::vector<inbound> texts,
                         std::function<void()> stored) = 0;
    // A word by which somebody opts out. `done` is called once it is committed, or with false where
    // it cannot be heeded: then a person should read it. Never when the daemon dies before.
    virtual void opted_out(opt_out word, std::function<void(bool heeded)> done) {
        (void)word;
        done(false);
    }
    // How many units may be unanswered at once, over all links. Called whenever it changes.
    // `why`: in a person's words, shown by `posthorn status`, e.g. "bind refused: 0x0E
    // ESME_RINVPASWD".
    virtual void slots(unsigned open, std::string_view why) = 0;
    // A link over which texts came has ended, whoever ended it and however: once for each such link,
    // after the last `arrived` of it and before the next link in its place. An acknowledgement that
    // was to leave over it may be lost, and the carrier then brings the text again.
    virtual void link_ended() = 0;

    // What remember() was told last, perhaps before the daemon was started, perhaps by an adapter with other
    // options; empty: nothing yet. Kept as it is: what an adapter has learned about its carrier and would
    // have to learn again.
    virtual std::string recalled() const { return {}; }
    virtual void remember(std::string what) { (void)what; }

protected:
    ~host() = default;
};

// What a unit of GSM 7-bit may be made of: all of that alphabet, or what another one has of it too.
// The latter fits its part in that other one as well (sdk/text.hpp recodes it), octet for septet.
enum class alphabet : std::uint8_t { gsm7, latin1, ascii };

// How an account takes texts.
struct carriage {
    // The longest text, in octets, that goes as one unit without UDH; the carrier cuts it. What is
    // longer, or has begun in parts, goes in parts. 0: every text does.
    std::size_t whole = 0;
    // The first final receipt of any part is for all parts of its text that have left.
    bool one_receipt = false;
    // A text with a character that is not in it comes as UCS-2.
    sdk::alphabet alphabet = alphabet::gsm7;
};

class adapter {
public:
    virtual ~adapter() = default;

    // Always the same.
    virtual carriage carries() const { return {}; }

    // Always the same. All units leave and all texts come over one link, or one after another, never
    // over two at once, and the carrier reads it in order: by the time it answers a unit, it has
    // read every acknowledgement that left before the unit.
    virtual bool one_link() const { return false; }

    // Lives as long as the account; keeps the links. Ends after stop(); an exception out of it is
    // logged and it is run again after a pause.
    virtual boost::asio::awaitable<void> run() = 0;

    // At most as many units as there are open slots.
    virtual void submit(std::span<const unit> units) = 0;

    // No more units will come. Wait for answers (half a minute at most), close links, let run()
    // end.
    virtual void stop() = 0;

    // The same string for a ref from a verdict (always) and the ref of its receipt (as far as the
    // adapter has learned), however the carrier writes them: number base, leading zeros, case.
    virtual std::string match_key(std::string_view ref, bool from_receipt) const {
        (void)from_receipt;
        return std::string(ref);
    }

    // The host has no time limit of its own for these: the adapter keeps one.
    virtual void cancel(const accepted_part& which, std::function<void(cancellation)> done) {
        (void)which;
        done({cancellation::kind::cannot, "this adapter cannot cancel"});
    }
    virtual void query(const accepted_part& which, std::function<void(inquiry)> done) {
        (void)which;
        done({inquiry::kind::cannot, {}, "this adapter cannot ask"});
    }

    // Whether the carrier answers over a link that is up (slots are open), and what is known of that
    // link. As cancel and query.
    virtual void probe(std::function<void(finding)> done) {
        done({false, "this adapter cannot ask its carrier whether it answers", {}});
    }

    // The carrier calls us: /v1/carriers/ACCOUNT[/...] on the daemon's HTTP listener. Anybody can, so
    // the adapter finds out whether it is the carrier. `done` is called exactly once, perhaps from
    // inside; with a word of success only in `stored` of what the call brought. May come whenever
    // the adapter exists, also before run() and after stop().
    virtual void called_back(const call& what, std::function<void(answer)> done) {
        (void)what;
        done({404, "text/plain", "this account takes no calls\n", false});
    }

    // What a code of a verdict or a receipt means, in plain words; empty: it speaks for itself.
    virtual std::string describe(std::string_view code) const {
        (void)code;
        return {};
    }

    // What the adapter has found out about its carrier by watching, as words and values for
    // `posthorn accounts`, e.g. {"message ids", "hex in answers, decimal in receipts"}. Empty
    // where there is nothing to tell.
    virtual std::vector<std::pair<std::string, std::string>> learned() const { return {}; }
};

// Bump when anything in plugins/sdk changes shape. First, and stays first, so that a stranger can
// be read safely and refused by name.
constexpr std::uint32_t abi_version = 10;

struct adapter_plugin {
    std::uint32_t abi = abi_version;
    const char* build_tag = nullptr; // compiler and Boost; must equal the daemon's
    const char* name = nullptr;
    const char* help = nullptr; // one sentence
    std::span<const option> options;
    bool repeat_safe =
        false; // the carrier drops a repeated unit itself: uncertain units are always resent
    sdk::channel channel = sdk::channel::sms; // email: every unit is a letter, and nothing reports
                                              // what arrived, only what did not
    std::unique_ptr<adapter> (*create)(host&, const sdk::options&) = nullptr;
};

#define POSTHORN_SDK_TEXT_(x) #x
#define POSTHORN_SDK_TEXT(x) POSTHORN_SDK_TEXT_(x)
inline constexpr const char* build_tag =
    "gcc " __VERSION__ ", boost " POSTHORN_SDK_TEXT(BOOST_ASIO_VERSION);

} // namespace posthorn::sdk

// Once per adapter, at namespace scope: POSTHORN_ADAPTER("acme", "Acme Mobile, SMS API v2.", acme,
// options, false); POSTHORN_ADAPTER_OF says which channel it is of, last.
#define POSTHORN_ADAPTER(name_, help_, type_, options_, repeat_safe_)                              \
    POSTHORN_ADAPTER_OF(name_, help_, type_, options_, repeat_safe_, posthorn::sdk::channel::sms)

#define POSTHORN_ADAPTER_OF(name_, help_, type_, options_, repeat_safe_, channel_)                 \
    extern "C" __attribute__((visibility("default")))                                              \
    const posthorn::sdk::adapter_plugin posthorn_adapter_plugin;                                   \
    const posthorn::sdk::adapter_plugin posthorn_adapter_plugin {                                  \
        posthorn::sdk::abi_version, posthorn::sdk::build_tag, name_, help_, options_,              \
            repeat_safe_, channel_,                                                                \
            [](posthorn::sdk::host& h,                                                             \
               const posthorn::sdk::options& o) -> std::unique_ptr<posthorn::sdk::adapter> {       \
                return std::make_unique<type_>(h, o);                                              \
            }                                                                                      \
    }
