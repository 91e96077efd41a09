// How one account's carrier does: how many texts arrive, how soon we hear of it, and what it is in the
// habit of. Learned from a sample of what it accepts, at most 4,096 parts that wait for their receipt: a
// place is free again when the receipt comes, or a day later, so that slow receipts count like quick ones.
//
//     accepted(message) ──► sample ──► ended(message) ──► figures of its prefix and of all
//
// Older figures weigh less: they are halved at every 4,000. On the loop's thread.
#pragma once

#include "model/id.hpp"
#include "model/time.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::delivery {

class track_record {
public:
    // `recipient`: E.164 digits. Of a long text each part is told, and the first counts.
    void accepted(posthorn::id message, std::string_view recipient, instant now);
    // Its final receipt came.
    void ended(posthorn::id message, bool delivered, instant now);
    void receipt_came_first() { early_ = true; } // before the answer to its part
    void reference_came_back() { echoes_ = true; }

    // Of a hundred texts so many arrive; nothing while too few are known.
    std::optional<unsigned> delivered_of_hundred() const;
    // Words and values for people.
    std::vector<std::pair<std::string, std::string>> told() const;

    // For the next start; what cannot be read is left out.
    std::string written() const;
    static track_record read(std::string_view written);
    // Something has been learned since this was asked last.
    bool changed() { return std::exchange(changed_, false); }

private:
    // By the power of two of milliseconds: under 1, 2, 4 ... 2^22 (70 minutes), and longer.
    static constexpr std::size_t buckets = 24;
    struct figures {
        std::uint32_t delivered = 0, not_delivered = 0;
        std::array<std::uint32_t, buckets> after{}; // receipts, by how long they took

        std::uint32_t all() const { return delivered + not_delivered; }
        void count(bool arrived, duration took);
        std::string delay(unsigned percent) const; // within which so many of them came
    };
    struct sample {
        posthorn::id message = 0;
        instant since{};
        std::uint32_t prefix = 0;
    };

    static std::uint32_t prefix_of(std::string_view recipient);
    sample& place_of(posthorn::id message);
    bool read_line(std::string_view line);

    std::vector<sample> samples_; // empty until something is accepted
    figures all_;
    std::map<std::uint32_t, figures> by_prefix_;
    bool early_ = false, echoes_ = false, changed_ = false;
};

} // namespace posthorn::delivery
