// What the simulator has seen and done, for `stats`.
#pragma once

#include <cstdint>
#include <map>

namespace posthorn::simulator {

struct counters {
    std::uint64_t links = 0; // open now
    std::uint64_t binds = 0; // accepted, ever
    std::uint64_t refused_binds = 0;
    std::uint64_t pdus_in = 0, pdus_out = 0, bytes_in = 0, bytes_out = 0;
    std::uint64_t broken = 0;                         // PDUs that could not be read
    std::uint64_t submits = 0;                        // asked
    std::uint64_t accepted = 0;                       // taken, whether or not the response was sent
    std::uint64_t unique = 0, repeats = 0;            // of the accepted
    std::map<std::uint32_t, std::uint64_t> responses; // to submits, by status

    struct deliveries {
        std::uint64_t made = 0;     // due some time
        std::uint64_t sent = 0;     // written, each time
        std::uint64_t answered = 0; // taken by the client
        std::uint64_t deferred = 0; // answered "later": will be sent again
        std::uint64_t refused = 0;  // answered "never": given up
        std::uint64_t pending() const { return made - answered - refused; }
    } receipts, texts;

    /// What QUERY of CMPP and SMGP asks for, in the fields they share.
    template <class Answer>
    void tell(Answer& answer) const {
        const auto number = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
        answer.mt_tlmsg = answer.mt_tlusr = number(submits);
        answer.mt_scs = number(accepted);
        answer.mt_wt = number(receipts.pending());
        answer.mt_fl = number(submits - accepted);
        answer.mo_scs = number(texts.answered);
        answer.mo_wt = number(texts.pending());
        answer.mo_fl = number(texts.refused);
    }
};

} // namespace posthorn::simulator
