// The lookups that the shipped commands ask, as far as a command knows them.
#pragma once

#include "commands/command.hpp"

#include <vector>

namespace posthorn::commands {

inline std::vector<lookup_shape> shipped_lookups() {
    using templates::kind;
    const auto money = [](const char* name) {
        return templates::field{.name = name, .kind = kind::money, .currency = "CNY"};
    };
    return {
        {"balance",
         {"account"},
         {{.name = "account_name"},
          money("balance"),
          money("due"),
          {.name = "as_of", .kind = kind::date}},
         {{"account_name", "张三"},
          {"balance", "20.00"},
          {"due", "0.00"},
          {"as_of", "2026-11-25"}}},
        {"bill",
         {"account", "month"},
         {{.name = "month", .kind = kind::date},
          {.name = "usage", .kind = kind::decimal},
          money("amount"),
          {.name = "paid", .kind = kind::boolean}},
         {{"month", "2026-10-01"}, {"usage", "218.4"}, {"amount", "128.50"}, {"paid", false}}},
        {"payments",
         {"account"},
         {{.name = "paid_on", .kind = kind::date}, money("amount"), {.name = "way"}},
         {{"paid_on", "2026-11-05"}, {"amount", "128.50"}, {"way", "微信"}}},
        {"outage",
         {"account"},
         {{.name = "place"},
          {.name = "begins_at", .kind = kind::time},
          {.name = "ends_at", .kind = kind::time},
          {.name = "cause"}},
         {{"place", "滨河路1至86号"},
          {"begins_at", "2026-11-28T08:00:00+08:00"},
          {"ends_at", "2026-11-28T17:30:00+08:00"},
          {"cause", "线路检修"}}},
        {"order_progress",
         {"account"},
         {{.name = "number"},
          {.name = "step", .kind = kind::integer},
          {.name = "steps", .kind = kind::integer},
          {.name = "title"},
          {.name = "next", .required = false},
          {.name = "updated_on", .kind = kind::date}},
         {{"number", "YK2026003"},
          {"step", 2},
          {"steps", 5},
          {"title", "现场勘查"},
          {"next", "方案答复"},
          {"updated_on", "2026-11-24"}}},
        {"tracking",
         {"document"},
         {{.name = "document"}, {.name = "state"}, {.name = "updated_on", .kind = kind::date}},
         {{"document", "WL2026001"}, {"state", "处理中"}, {"updated_on", "2026-11-24"}}},
        {"sales",
         {"number", "date"},
         {{.name = "day", .kind = kind::date},
          money("day_amount"),
          money("month_amount"),
          {.name = "day_quantity", .kind = kind::integer},
          money("margin")},
         {{"day", "2026-11-25"},
          {"day_amount", "12800.00"},
          {"month_amount", "310500.00"},
          {"day_quantity", 36},
          {"margin", "2150.00"}}},
        {"stock",
         {"item"},
         {{.name = "item"}, {.name = "name"}, {.name = "quantity", .kind = kind::integer}},
         {{"item", "DB-01"}, {"name", "电表"}, {"quantity", 120}}},
        {"route",
         {"number"},
         {{.name = "place", .kind = kind::integer}, {.name = "retailer"}, {.name = "address"}},
         {{"place", 1}, {"retailer", "明湖超市"}, {"address", "滨河路12号"}}},
    };
}

} // namespace posthorn::commands
