// What Aliyun pushes and tells of texts: receipts, texts from phones, details. Pure.
#pragma once

#include "sdk/simulator/http/provider.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::aliyun::simulator {

std::string new_biz_id(std::int64_t now_us, std::uint64_t number);
/// "20261122": when one was given, in China. Empty: it is none of ours.
std::string day_of(std::string_view biz_id);

boost::json::object report_of(const posthorn::simulator::http::text& of, std::string_view id,
                              posthorn::simulator::outcome outcome, std::int64_t sent_us,
                              std::int64_t done_us);
boost::json::object inbound_of(std::string_view phone, std::string_view dest_code,
                               std::string_view content, std::int64_t now_us,
                               std::uint64_t sequence);
/// Of QuerySendDetails.
boost::json::object detail_of(std::string_view phone, std::string_view biz_id,
                              posthorn::simulator::outcome outcome);

/// Before its JSON an item has the id, which nowhere stands in it as one.
posthorn::simulator::delivery item_of(std::string_view id, const boost::json::object& json);
std::string_view json_in(std::string_view item);

} // namespace posthorn::aliyun::simulator
