// How many texts a second each protocol's codec writes and reads; SMPP's beside Debian's libsmpp34,
// which must come to the same octets.
//
//     codecs COUNT      of each, three times: the middle one counts
//
// Seconds are the processor's: a machine that does other things too changes nothing.
// Prints JSON: {"smpp_encode_per_second": ..., "smpp_encode_times_libsmpp34": ..., ...}.
#include "cmpp/codec/pdu.hpp"
#include "sgip/codec/pdu.hpp"
#include "smgp/codec/pdu.hpp"
#include "smpp/codec/pdu.hpp"

#ifdef WITH_LIBSMPP34
#include <cstdint>
extern "C" {
#include <smpp34.h>
#include <smpp34_structs.h>
}
#endif

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace posthorn;

constexpr std::string_view phone = "8613800138000", sender = "10690000";
constexpr std::string_view until = "261122093045032+";
const std::string content = [] { // 40 Chinese characters
    std::string out;
    for (int i = 0; i < 40; ++i)
        out += "\x4F\x60";
    return out;
}();

std::size_t seen = 0; // of what was made: so that it is

double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

template <class Work>
double per_second(std::size_t count, Work work) {
    std::array<double, 3> rates{};
    for (auto& rate : rates) {
        const auto begun = cpu_seconds();
        for (std::size_t i = 0; i < count; ++i)
            work(static_cast<std::uint32_t>(i + 1));
        rate = static_cast<double>(count) / (cpu_seconds() - begun);
    }
    std::sort(rates.begin(), rates.end());
    return rates[1];
}

// `write(out, sequence)` appends a text, `read(octets)` says whether it could be read.
template <class Write, class Read>
std::pair<double, double> both(std::size_t count, Write write, Read read) {
    std::string out;
    write(out, 1U);
    const auto wire = out;
    if (!read(wire))
        throw std::runtime_error("what was written cannot be read");
    const auto writing = per_second(count, [&](std::uint32_t sequence) {
        out.clear();
        write(out, sequence);
        seen += out.size();
    });
    const auto reading = per_second(count, [&](std::uint32_t) { seen += read(wire) ? 1U : 0U; });
    return {writing, reading};
}

smpp::sm smpp_text() {
    smpp::sm b;
    b.source = {1, 1, sender};
    b.destination = {1, 1, phone};
    b.validity_period = until;
    b.registered_delivery = 1;
    b.data_coding = 8;
    b.short_message = content;
    return b;
}

std::pair<double, double> smpp_rates(std::size_t count) {
    const auto b = smpp_text();
    smpp::pdu p;
    return both(
        count,
        [&](std::string& out, std::uint32_t sequence) {
            smpp::encode_sm(out, smpp::command::submit_sm, sequence, b);
        },
        [&](std::string_view octets) { return !smpp::decode(octets, p); });
}

std::pair<double, double> cmpp_rates(std::size_t count) {
    cmpp::submit b{.service_id = "SVC01",
                   .msg_fmt = 8,
                   .msg_src = "901234",
                   .fee_type = "01",
                   .fee_code = "0",
                   .valid_time = until,
                   .src_id = sender,
                   .terminals = {phone},
                   .content = content};
    cmpp::pdu p;
    return both(
        count,
        [&](std::string& out, std::uint32_t sequence) {
            cmpp::encode_submit(out, cmpp::dialect::v30, sequence, b);
        },
        [&](std::string_view octets) { return !cmpp::decode(octets, cmpp::dialect::v30, p); });
}

std::pair<double, double> sgip_rates(std::size_t count) {
    sgip::submit b{.sp_number = sender,
                   .charge_number = sgip::own_charge,
                   .users = {phone},
                   .corp_id = "12345",
                   .service_type = "SVC01",
                   .fee_value = "0",
                   .given_value = "0",
                   .expire_time = until,
                   .message_coding = 8,
                   .content = content};
    sgip::pdu p;
    return both(
        count,
        [&](std::string& out, std::uint32_t n) {
            sgip::encode_submit(out, {3'010'012'345U, 1122093045U, n}, b);
        },
        [&](std::string_view octets) { return !sgip::decode(octets, p); });
}

std::pair<double, double> smgp_rates(std::size_t count) {
    std::string tlvs;
    smgp::append_tlv(tlvs, smgp::tag::msg_src, "12345678");
    smgp::submit b{.service_id = "SVC01",
                   .fee_type = "00",
                   .fee_code = "0",
                   .fixed_fee = "0",
                   .msg_format = 8,
                   .valid_time = until,
                   .src_term_id = sender,
                   .terminals = {phone},
                   .content = content,
                   .tlvs = tlvs};
    smgp::pdu p;
    return both(
        count,
        [&](std::string& out, std::uint32_t sequence) { smgp::encode_submit(out, sequence, b); },
        [&](std::string_view octets) { return !smgp::decode(octets, p); });
}

#ifdef WITH_LIBSMPP34

template <std::size_t Size>
void put(std::uint8_t (&field)[Size], std::string_view text) {
    std::memcpy(field, text.data(), std::min(Size, text.size()));
}

// The same text as smpp_text().
submit_sm_t peer_text() {
    submit_sm_t b{};
    b.command_id = SUBMIT_SM;
    b.source_addr_ton = b.source_addr_npi = b.dest_addr_ton = b.dest_addr_npi = 1;
    put(b.source_addr, sender);
    put(b.destination_addr, phone);
    put(b.validity_period, until);
    b.registered_delivery = 1;
    b.data_coding = 8;
    b.sm_length = static_cast<std::uint8_t>(content.size());
    put(b.short_message, content);
    return b;
}

std::pair<double, double> libsmpp34_rates(std::size_t count) {
    auto b = peer_text();
    std::array<std::uint8_t, 1024> buffer{};
    const auto write = [&](std::string& out, std::uint32_t sequence) {
        int size = 0;
        b.sequence_number = sequence;
        if (smpp34_pack(SUBMIT_SM, buffer.data(), static_cast<int>(buffer.size()), &size, &b) != 0)
            throw std::runtime_error("libsmpp34 cannot write the text");
        out.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(size));
    };
    std::string theirs, ours;
    write(theirs, 7);
    smpp::encode_sm(ours, smpp::command::submit_sm, 7, smpp_text());
    if (theirs != ours)
        throw std::runtime_error("libsmpp34 writes the same text otherwise");
    std::vector<std::uint8_t> in;
    submit_sm_t read{};
    return both(count, write, [&](std::string_view octets) {
        // It writes into what it reads.
        in.assign(octets.begin(), octets.end());
        return smpp34_unpack(SUBMIT_SM, &read, in.data(), static_cast<int>(in.size())) == 0;
    });
}

#endif

void print(const char* name, std::pair<double, double> rates) {
    std::printf(", \"%s_encode_per_second\": %.0f, \"%s_decode_per_second\": %.0f", name,
                rates.first, name, rates.second);
}

} // namespace

int main(int argc, char** argv) {
    const auto count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000UL;
    try {
        std::printf("{\"codec_texts\": %lu", count);
        const auto smpp = smpp_rates(count);
        print("smpp", smpp);
        print("cmpp", cmpp_rates(count));
        print("sgip", sgip_rates(count));
        print("smgp", smgp_rates(count));
#ifdef WITH_LIBSMPP34
        const auto peer = libsmpp34_rates(count);
        print("libsmpp34", peer);
        std::printf(
            ", \"smpp_encode_times_libsmpp34\": %.1f, \"smpp_decode_times_libsmpp34\": %.1f",
            smpp.first / peer.first, smpp.second / peer.second);
#endif
        std::printf("}\n");
    } catch (const std::exception& e) {
        std::fprintf(stderr, "codecs: %s\n", e.what());
        return 1;
    }
    return seen == 0 ? 1 : 0;
}
