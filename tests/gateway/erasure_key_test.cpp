#include "gateway/erasure_key.hpp"

#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace erasure_key_test {

using posthorn::gateway::name_of_erased;

TEST_CASE("erasure key: made once, for our eyes, and the same number always gets the same name") {
    const live_db::scratch_folder one, another;
    const auto key = one / "erasure.key";
    const auto name = name_of_erased(key, "8613800138000");
    CHECK(name.starts_with("erased:"));
    CHECK(name.size() == 39);
    CHECK(name.find_first_of("0123456789") == std::string::npos);
    CHECK(std::filesystem::status(key).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(name_of_erased(key, "8613800138000") == name);
    CHECK(name_of_erased(key, "8613800138001") != name);
    CHECK(name_of_erased(another / "erasure.key", "8613800138000") != name);
    std::ofstream(key) << "short";
    CHECK_THROWS_WITH_AS(name_of_erased(key, "1"), doctest::Contains("is no key"),
                         std::runtime_error);
}

} // namespace erasure_key_test
