// Parts whose bytes left and whose answer never came, until something settles them: a receipt that
// can only be theirs, a resend after the type's uncertain_wait, a person, or the end of hold_for.
#pragma once

#include "delivery/outgoing.hpp"
#include "store/ops.hpp"

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace posthorn::delivery {

struct doubt {
    outgoing_ptr out;
    part_range parts;
    bool single = true;
    name_id account = 0;
    instant opened_at{};
    instant resend_at{}; // 0: never by itself (hold)
    instant give_up_at{};
    std::string text; // of this unit, as far as a receipt may repeat it
};

class doubts {
public:
    void add(doubt d);
    // The only doubt this receipt can be about: same account and recipient, sent before it, text
    // fits. Taken out when found.
    bool take_fitting(const store::add_receipt& receipt, doubt& found);
    // The one whose reference the receipt repeats.
    bool take_referenced(const store::add_receipt& receipt, std::uint16_t reference, doubt& found);
    bool take(posthorn::id message, std::uint8_t n, doubt& found);
    // Those whose time has come, taken out. `may_go`: those that can be sent again now.
    template <class MayGo>
    std::vector<doubt> take_due(instant now, MayGo may_go) {
        std::vector<doubt> out;
        for (auto d = open_.begin(); d != open_.end();) {
            const bool resend = d->resend_at != instant{} && d->resend_at <= now && may_go(*d);
            if (!resend && d->give_up_at > now) {
                ++d;
                continue;
            }
            out.push_back(std::move(*d));
            d = open_.erase(d);
        }
        return out;
    }
    // The link of an account is up again: what follows has its time from now.
    void postpone(name_id account, instant now,
                  const std::unordered_map<name_id, type_rules>& rules);
    std::size_t size() const { return open_.size(); }
    const std::list<doubt>& all() const { return open_; }

private:
    bool take_out(std::list<doubt>::iterator which, doubt& found);

    std::list<doubt> open_; // bounded by the windows: searched in order
};

// Whether a receipt's excerpt may come from this text: the shorter is a prefix of the other, as far
// as letters, digits and non-ASCII characters go (carriers mangle the rest). An empty excerpt fits
// all.
bool excerpt_fits(std::string_view excerpt, std::string_view text);

} // namespace posthorn::delivery
