// A decoded PDU laid out again as (field name, octets) in wire order, to compare with a vector.
#pragma once

#include "smpp/codec/pdu.hpp"

#include <string>
#include <utility>
#include <vector>

namespace smpp_test {

class field_list {
public:
    explicit field_list(const posthorn::smpp::pdu& p) {
        u32("command_length", p.head.length);
        u32("command_id", static_cast<std::uint32_t>(p.head.id));
        u32("command_status", static_cast<std::uint32_t>(p.head.status));
        u32("sequence_number", p.head.sequence);
        std::visit([this](const auto& b) { list(b); }, p.body);
    }

    std::vector<std::pair<std::string, std::string>> fields;

private:
    using address = posthorn::smpp::address;

    void octets(std::string name, std::string_view value) {
        fields.emplace_back(std::move(name), std::string(value));
    }
    void u8(std::string name, unsigned value) {
        octets(std::move(name), std::string(1, static_cast<char>(value)));
    }
    void u32(std::string name, std::uint32_t v) {
        std::string s;
        for (int shift = 24; shift >= 0; shift -= 8)
            s.push_back(static_cast<char>(v >> shift));
        octets(std::move(name), s);
    }
    void text(std::string name, std::string_view value) {
        octets(std::move(name), std::string(value) + '\0');
    }
    void addr(const std::string& ton, const std::string& npi, const std::string& digits,
              const address& a) {
        u8(ton, a.ton);
        u8(npi, a.npi);
        text(digits, a.digits);
    }
    void source(const address& a) { addr("source_addr_ton", "source_addr_npi", "source_addr", a); }
    void destination(const address& a, const std::string& index = "") {
        addr("dest_addr_ton" + index, "dest_addr_npi" + index, "destination_addr" + index, a);
    }
    void tlvs(posthorn::smpp::tlv_block block) {
        auto rest = block.octets;
        while (const auto next = posthorn::smpp::tlv_block::take(rest)) {
            const auto* kind = posthorn::smpp::find_tlv_kind(next->tag);
            std::string wire;
            posthorn::smpp::append_tlv(wire, next->tag, next->value);
            octets(kind ? std::string(kind->name) : "vendor_0x" + hex4(next->tag), wire);
        }
    }
    static std::string hex4(std::uint16_t v) {
        std::string s;
        for (int shift = 12; shift >= 0; shift -= 4)
            s.push_back("0123456789ABCDEF"[(v >> shift) & 15]);
        return s;
    }
    void settings(const posthorn::smpp::sm_settings& s) {
        u8("esm_class", s.esm_class);
        u8("protocol_id", s.protocol_id);
        u8("priority_flag", s.priority_flag);
        text("schedule_delivery_time", s.schedule_delivery_time);
        text("validity_period", s.validity_period);
        u8("registered_delivery", s.registered_delivery);
        u8("replace_if_present_flag", s.replace_if_present_flag);
        u8("data_coding", s.data_coding);
        u8("sm_default_msg_id", s.sm_default_msg_id);
        u8("sm_length", static_cast<unsigned>(s.short_message.size()));
        octets("short_message", s.short_message);
        tlvs(s.tlvs);
    }

    void list(const posthorn::smpp::no_body&) {}
    void list(const posthorn::smpp::bind& b) {
        text("system_id", b.system_id);
        text("password", b.password);
        text("system_type", b.system_type);
        u8("interface_version", b.interface_version);
        u8("addr_ton", b.addr_ton);
        u8("addr_npi", b.addr_npi);
        text("address_range", b.address_range);
    }
    void list(const posthorn::smpp::bind_resp& b) {
        text("system_id", b.system_id);
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::outbind& b) {
        text("system_id", b.system_id);
        text("password", b.password);
    }
    void list(const posthorn::smpp::sm& b) {
        text("service_type", b.service_type);
        source(b.source);
        destination(b.destination);
        settings(b);
    }
    void list(const posthorn::smpp::message_resp& b) {
        text("message_id", b.message_id);
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::submit_multi& b) {
        text("service_type", b.service_type);
        source(b.source);
        u8("number_of_dests", static_cast<unsigned>(b.targets.size()));
        for (std::size_t i = 0; i < b.targets.size(); ++i) {
            const auto index = "[" + std::to_string(i) + "]";
            const auto& target = b.targets[i];
            u8("dest_flag" + index, target.list_name.empty() ? 1 : 2);
            if (target.list_name.empty())
                destination(target.to, index);
            else
                text("dl_name" + index, target.list_name);
        }
        settings(b);
    }
    void list(const posthorn::smpp::submit_multi_resp& b) {
        text("message_id", b.message_id);
        u8("no_unsuccess", static_cast<unsigned>(b.failures.size()));
        for (std::size_t i = 0; i < b.failures.size(); ++i) {
            const auto index = "[" + std::to_string(i) + "]";
            destination(b.failures[i].to, index);
            u32("error_status_code" + index, static_cast<std::uint32_t>(b.failures[i].error));
        }
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::data_sm& b) {
        text("service_type", b.service_type);
        source(b.source);
        destination(b.destination);
        u8("esm_class", b.esm_class);
        u8("registered_delivery", b.registered_delivery);
        u8("data_coding", b.data_coding);
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::query_sm& b) {
        text("message_id", b.message_id);
        source(b.source);
    }
    void list(const posthorn::smpp::query_sm_resp& b) {
        text("message_id", b.message_id);
        text("final_date", b.final_date);
        u8("message_state", b.message_state);
        u8("error_code", b.error_code);
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::cancel_sm& b) {
        text("service_type", b.service_type);
        text("message_id", b.message_id);
        source(b.source);
        destination(b.destination);
    }
    void list(const posthorn::smpp::replace_sm& b) {
        text("message_id", b.message_id);
        source(b.source);
        text("schedule_delivery_time", b.schedule_delivery_time);
        text("validity_period", b.validity_period);
        u8("registered_delivery", b.registered_delivery);
        u8("sm_default_msg_id", b.sm_default_msg_id);
        u8("sm_length", static_cast<unsigned>(b.short_message.size()));
        octets("short_message", b.short_message);
        tlvs(b.tlvs);
    }
    void list(const posthorn::smpp::alert_notification& b) {
        source(b.source);
        addr("esme_addr_ton", "esme_addr_npi", "esme_addr", b.esme);
        tlvs(b.tlvs);
    }
};

} // namespace smpp_test
