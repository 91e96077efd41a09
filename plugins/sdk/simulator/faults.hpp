// How the simulated carrier misbehaves, on request: `--fault KIND[:RATE]`.
//
// RATE is `5%` or `0.05` (chance per opportunity), `every 100` or `every=100`, `once`, or absent
// (always). Chances come from --seed, so the same traffic meets the same faults.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::simulator {

enum class fault : std::uint8_t {
    throttle,
    refuse_window,
    late_receipt,
    early_receipt,
    duplicate_receipt,
    missing_receipt,
    reorder_receipts,
    id_base,
    leading_zeros,
    reset_before_response,
    reset_after_response,
    half_open,
    garbage,
    slow_read,
    no_response,
    wrong_sequence,
    split_writes,
    unknown_tlv,
    receipts_stop,
    report_width,
};
constexpr std::size_t fault_count = 20;

/// One that a protocol's simulator has, and what it does there, in one line for the help.
struct known_fault {
    fault kind;
    std::string_view help; // empty: it does the same in each
};

/// `reset-before-response`.
std::string_view name(fault f) noexcept;
std::string_view explain(const known_fault& one) noexcept;

class faults {
public:
    /// `known` outlives this.
    faults(std::uint64_t seed, std::span<const known_fault> known);

    /// Switches one on (or changes its rate) from `KIND[:RATE]`. Returns what is wrong with the
    /// text, or nothing.
    std::optional<std::string> set(std::string_view text);
    /// Switches one off, or all of them for "". False when there is no such kind.
    bool clear(std::string_view kind);

    /// Whether this opportunity is hit; counts it.
    bool strikes(fault f) { return (active_ & bit(f)) != 0 && roll(f); }

    /// `{"throttle":3,…}`: how often each has struck.
    std::string struck_json() const;
    /// `throttle:5% garbage:once`: what is switched on.
    std::string list() const;

private:
    struct rate {
        std::string text;
        std::uint32_t per_million = 0; // a chance, when every is 0
        std::uint64_t every = 0;
        bool once = false;
    };

    std::optional<fault> find(std::string_view kind) const;
    static std::optional<rate> parse_rate(std::string_view text);
    static constexpr std::uint32_t bit(fault f) { return 1U << static_cast<unsigned>(f); }
    bool roll(fault f);

    std::span<const known_fault> known_;
    std::uint32_t active_ = 0;
    std::array<rate, fault_count> rates_;
    std::array<std::uint64_t, fault_count> chances_{}, struck_{};
    std::mt19937_64 random_;
};

} // namespace posthorn::simulator
