// How many texts a second each codec writes and reads, and Debian's libsmpp34 beside ours: one processor, in one
// run, in turns, so that whatever else the machine does befalls all of them. Prints JSON.
//
//     codec_speed [--quick]
//
// What libsmpp34 writes must be what we write, octet by octet: else the figures compare nothing.
#include "cmpp/codec/pdu.hpp"
#include "sgip/codec/pdu.hpp"
#include "smgp/codec/pdu.hpp"
#include "smpp/codec/pdu.hpp"

#ifdef POSTHORN_LIBSMPP34
extern "C" {
#include <libsmpp34/smpp34.h>
#include <libsmpp34/smpp34_structs.h>

#include <libsmpp34/smpp34_params.h> // needs the structures
}
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace posthorn;
using clock = std::chrono::steady_clock;

constexpr std::string_view phone = "8613800138000", sender = "10690000",
                           text = "Your bill of 2026-11 is 128.50";

struct contestant {
    std::string name;
    std::function<void(std::string& out, std::uint32_t n)> write; // appends the n-th
    std::function<bool(std::string_view octets)> read;            // whether it could
    double writes = 0, reads = 0;                                 // a second, the best turn of each
};

// The best of its turns: what disturbs makes slower, nothing makes faster.
template <class Work>
double rate(std::chrono::milliseconds turn, Work work) {
    constexpr unsigned batch = 1000;
    std::uint64_t done = 0;
    const auto began = clock::now();
    auto now = began;
    for (; now - began < turn; now = clock::now()) {
        work(batch);
        done += batch;
    }
    return static_cast<double>(done) / std::chrono::duration<double>(now - began).count();
}

bool take_turn(contestant& c, std::chrono::milliseconds turn) {
    std::string out;
    c.writes = std::max(c.writes, rate(turn, [&](unsigned batch) {
                            out.clear();
                            for (unsigned i = 0; i < batch; ++i)
                                c.write(out, i + 1);
                        }));
    std::string one;
    c.write(one, 1);
    bool good = true;
    c.reads = std::max(c.reads, rate(turn, [&](unsigned batch) {
                           for (unsigned i = 0; i < batch; ++i)
                               good &= c.read(one);
                       }));
    return good;
}

smpp::sm smpp_text() {
    smpp::sm b;
    b.source = {1, 1, sender};
    b.destination = {1, 1, phone};
    b.registered_delivery = 1;
    b.short_message = text;
    return b;
}

contestant smpp_codec() {
    return {
        "smpp",
        [b = smpp_text()](std::string& out, std::uint32_t n) {
            smpp::encode_sm(out, smpp::command::submit_sm, n, b);
        },
        [p = smpp::pdu()](std::string_view octets) mutable { return !smpp::decode(octets, p); }};
}

contestant cmpp_codec() {
    cmpp::submit b;
    b.service_id = "SVC01";
    b.msg_src = "901234";
    b.fee_type = "01";
    b.fee_code = "0";
    b.src_id = sender;
    b.terminals = {phone};
    b.content = text;
    return {"cmpp",
            [b](std::string& out, std::uint32_t n) {
                cmpp::encode_submit(out, cmpp::dialect::v30, n, b);
            },
            [p = cmpp::pdu()](std::string_view octets) mutable {
                return !cmpp::decode(octets, cmpp::dialect::v30, p);
            }};
}

contestant sgip_codec() {
    sgip::submit b;
    b.sp_number = sender;
    b.charge_number = sgip::own_charge;
    b.users = {phone};
    b.corp_id = "12345";
    b.service_type = "SVC01";
    b.fee_value = "0";
    b.content = text;
    return {
        "sgip",
        [b](std::string& out, std::uint32_t n) {
            sgip::encode_submit(out, {3010012345, 1122093045, n}, b);
        },
        [p = sgip::pdu()](std::string_view octets) mutable { return !sgip::decode(octets, p); }};
}

contestant smgp_codec() {
    smgp::submit b;
    b.service_id = "SVC01";
    b.fee_type = "00";
    b.fee_code = "0";
    b.fixed_fee = "0";
    b.src_term_id = sender;
    b.terminals = {phone};
    b.content = text;
    return {
        "smgp", [b](std::string& out, std::uint32_t n) { smgp::encode_submit(out, n, b); },
        [p = smgp::pdu()](std::string_view octets) mutable { return !smgp::decode(octets, p); }};
}

#ifdef POSTHORN_LIBSMPP34
template <std::size_t N>
void set(std::uint8_t (&field)[N], std::string_view value) {
    std::memcpy(field, value.data(), std::min(value.size(), N));
}

contestant peer_codec() {
    submit_sm_t b{};
    b.command_id = SUBMIT_SM;
    b.source_addr_ton = b.source_addr_npi = b.dest_addr_ton = b.dest_addr_npi = 1;
    set(b.source_addr, sender);
    set(b.destination_addr, phone);
    b.registered_delivery = 1;
    b.sm_length = static_cast<std::uint8_t>(text.size());
    set(b.short_message, text);
    return {"libsmpp34",
            [b](std::string& out, std::uint32_t n) mutable {
                std::uint8_t octets[512];
                int size = 0;
                b.sequence_number = n;
                if (smpp34_pack2(octets, sizeof octets, &size, &b) == 0)
                    out.append(reinterpret_cast<const char*>(octets),
                               static_cast<std::size_t>(size));
            },
            [p = submit_sm_t()](std::string_view octets) mutable {
                std::uint8_t copy[512];
                std::memcpy(copy, octets.data(), std::min(octets.size(), sizeof copy));
                return smpp34_unpack2(&p, copy, static_cast<int>(octets.size())) == 0;
            }};
}
#endif

} // namespace

int main(int argc, char** argv) {
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    std::vector<contestant> all{smpp_codec(), cmpp_codec(), sgip_codec(), smgp_codec()};
#ifdef POSTHORN_LIBSMPP34
    all.push_back(peer_codec());
    std::string ours, its;
    all.front().write(ours, 7);
    all.back().write(its, 7);
    if (ours != its) {
        std::fprintf(stderr, "codec_speed: libsmpp34 writes another submit_sm than we do\n");
        return 1;
    }
#endif
    for (int turn = 0; turn < (quick ? 1 : 5); ++turn)
        for (auto& c : all)
            if (!take_turn(c, std::chrono::milliseconds(quick ? 20 : 200))) {
                std::fprintf(stderr, "codec_speed: %s does not read what it wrote\n",
                             c.name.c_str());
                return 1;
            }
    std::printf("{");
    for (const auto& c : all)
        std::printf("%s\"%s\": {\"encode_per_second\": %.0f, \"decode_per_second\": %.0f}",
                    &c == &all.front() ? "" : ", ", c.name.c_str(), c.writes, c.reads);
    std::printf("}\n");
    return 0;
}
