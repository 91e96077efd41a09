// From an outbox row to a message, or to the reason why there is none: everything that can be said
// about a row without the store.
//
// The language is the text `language` in the event's data when the type has such a wording, else
// the type's default_language.
#pragma once

#include "intake/catalogue.hpp"
#include "intake/prepared.hpp"
#include "model/refusal.hpp"
#include "store/audience.hpp"
#include "store/outbox.hpp"
#include "store/preferred_addresses.hpp"
#include "templates/renderer.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace posthorn::intake {

// One thread; several preparers may share a catalogue.
class preparer {
public:
    // `reference`: where the references of texts in several parts begin; only its low 8 bits count.
    // `whom`: live.db, to be asked for each event to an account or customer; empty: all of them are
    // for many.
    explicit preparer(std::shared_ptr<const catalogue> known, unsigned reference = 0,
                      std::filesystem::path whom = {});

    // Never throws for what the row says. All reasons are given at once, joined by "; ".
    // received_at becomes `now` unless it is set: an event that was parked may be prepared again.
    // due_at is the later of not_before and `now`; expires_at the earlier of the event's own and
    // due_at + the type's validity, so it may lie before due_at.
    // An event to a topic, or for many, has no message here; its data is checked all the same. One to
    // an account or customer that has one number is no event for many, but for that number.
    prepared prepare(store::outbox_row row, instant now);

    // The message of an event for many to one of them; `data`: the event's, with what is the
    // recipient's own. Refused: why there can be none.
    result<message> message_for(const event& of, channel by, const std::string& recipient,
                                const boost::json::object& data, instant now);

    const catalogue& known() const { return *known_; }

private:
    struct draft;
    bool write_preferred_letter(draft& d);
    void check_type(draft& d) const;
    void check_recipient(draft& d) const;
    void check_data(draft& d) const;
    void write_for_many(draft& d, instant now);
    bool write_for_one(draft& d);
    std::optional<store::recipient> only_recipient(const draft& d);
    void check_for_many(draft& d);
    void write(draft& d, channel by);
    void write_letter(draft& d, std::string_view language);
    void write_text(draft& d, std::string_view language);
    void place(draft& d, instant now) const;

    std::shared_ptr<const catalogue> known_;
    std::optional<store::audience_reader> audiences_;
    store::preferred_addresses addresses_;
    templates::renderer renderer_;
    unsigned reference_;
};

} // namespace posthorn::intake
