// config/lookups against config/sample/billing.sql: what is shipped answers.
#include "rig.hpp"

#include "settings/daemon_settings.hpp"

#include <fstream>
#include <sstream>

namespace shipped_test {

using namespace lookups_rig;

TEST_CASE("shipped: every lookup is answered by the sample billing system") {
    rig r;
    std::ostringstream sql;
    sql << std::ifstream(PROJECT_DIR "/config/sample/billing.sql").rdbuf();
    database{r.dir.path / "billing.db"}(sql.str());

    auto configured = settings::load_daemon_settings(PROJECT_DIR "/config/posthorn.yaml").settings;
    REQUIRE(configured.systems.size() == 1);
    auto loaded = load_lookups(configured.lookups_dir, configured.systems,
                               *templates::zone::named("Asia/Shanghai"));
    REQUIRE(settings::format(loaded.problems) == "");
    CHECK(loaded.lookups.size() == 11);
    configured.systems[0].where = (r.dir.path / "billing.db").string();
    for (const auto& l : loaded.lookups)
        CHECK(l->system == "billing");
    r.asks.use(configured.systems, loaded.lookups);

    const auto rows = [&](std::string_view name, const json::object& parameters) {
        const auto a = r.ask(name, parameters);
        CAPTURE(name);
        CHECK((a.has_value() ? "" : a.error().why) == "");
        return a.has_value() ? *a : json::array();
    };
    const json::object zhang{{"account", "3100000001"}}, li{{"account", "3100000002"}};

    const auto balance = rows("balance", li);
    REQUIRE(balance.size() == 1);
    CHECK(balance[0].at("account_name") == "李四");
    CHECK(balance[0].at("balance") == 0);

    const auto newest = rows("bill", li);
    REQUIRE(newest.size() == 1);
    CHECK(newest[0].at("paid") == false);
    CHECK(newest[0].at("amount") == balance[0].at("due"));
    const std::string month(newest[0].at("month").as_string());
    CHECK(rows("bill", {{"account", "3100000002"}, {"month", month}}) == newest);
    CHECK(rows("bill", {{"account", "3100000002"}, {"month", month.substr(0, 7)}}) == newest);
    CHECK(rows("bill", {{"account", "3100000002"}, {"month", "1999-01-01"}}).empty());

    CHECK(rows("payments", zhang).size() == 5);
    CHECK(rows("outage", zhang).size() == 2);
    CHECK(rows("outage", {{"account", "3100000016"}}).empty()); // over
    const auto order = rows("order_progress", zhang);
    REQUIRE(order.size() == 1);
    CHECK(order[0].at("next") == "设计文件审核");
    CHECK(!rows("order_progress", {{"account", "3100000006"}})[0].as_object().contains("next"));
    CHECK(rows("tracking", {{"document", "fp20260001"}}).size() == 1);
    CHECK(rows("sales", {{"number", "8613900000001"}}).size() == 1);
    CHECK(rows("sales", {{"number", "8613900000002"}}).empty());
    CHECK(rows("stock", {{"item", "db-01"}}).size() == 1);
    CHECK(rows("stock", {{"item", "电能表"}}).size() == 2);
    CHECK(rows("sales_of_today", {}).size() == 1);
    CHECK(rows("stock_levels", {}).size() == 4);
    CHECK(rows("route", {{"number", "8613900000003"}}).size() == 4);
}

} // namespace shipped_test
