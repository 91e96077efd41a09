#include "delivery/brake.hpp"

#include <doctest/doctest.h>

using namespace posthorn;
using namespace posthorn::delivery;

namespace {

struct braked {
    brake b{{.on = true, .first = 100, .good = 90, .enough = 20, .rejects = 20}};
    posthorn::id last = 0;

    message next(const std::string& run = "bills", name_id source = 1) {
        message m;
        m.id = ++last;
        m.source = source;
        m.run = run;
        return m;
    }
    std::optional<brake_order> leave(const std::string& run = "bills", name_id source = 1) {
        const auto m = next(run, source);
        const auto said = b.leaves(m, "bill.issued");
        if (!said)
            b.left(m, "bill.issued");
        return said;
    }
    void first_leave() {
        for (int i = 0; i < 100; ++i)
            REQUIRE(!leave());
    }
    std::optional<brake_order> receipts(posthorn::id from, unsigned n, bool delivered) {
        std::optional<brake_order> said;
        for (unsigned i = 0; i < n && !said; ++i)
            said = b.receipt(from + i, delivered);
        return said;
    }
};

} // namespace

TEST_CASE_FIXTURE(braked,
                  "brake: a run pauses after its first, and goes on when receipts are good") {
    first_leave();
    const auto stop = leave();
    REQUIRE(stop);
    CHECK(stop->pause);
    CHECK(stop->which == scope{scope_kind::run, "bills"});
    CHECK(!receipts(1, 19, true));
    const auto go = b.receipt(20, true);
    REQUIRE(go);
    CHECK(!go->pause);
    CHECK(go->which == stop->which);
    CHECK(!leave());
    CHECK(!b.receipt(21, false)); // trusted from then on
}

TEST_CASE_FIXTURE(braked,
                  "brake: receipts that are not good let nothing go on, until a person does") {
    first_leave();
    REQUIRE(leave());
    CHECK(!receipts(1, 3, false));
    CHECK(!receipts(4, 26, true)); // 26 of 29: below 90 %
    CHECK(b.receipt(30, true));    // 27 of 30
    for (int i = 0; i < 100; ++i)
        REQUIRE(!leave("other"));
    REQUIRE(leave("other"));
    b.let_go({scope_kind::run, "other"});
    CHECK(!leave("other"));
}

TEST_CASE_FIXTURE(braked, "brake: receipts that came before the pause count") {
    first_leave();
    CHECK(!receipts(1, 20, true));
    CHECK(!leave());
}

TEST_CASE_FIXTURE(braked, "brake: without a run the type is one, and sources do not share a run") {
    for (int i = 0; i < 100; ++i)
        REQUIRE(!leave(""));
    const auto stop = leave("");
    REQUIRE(stop);
    CHECK(stop->which == scope{scope_kind::type, "bill.issued"});
    CHECK(!leave("", 2));
}

TEST_CASE_FIXTURE(braked, "brake: too many rejections among the last 200 pause a run") {
    const auto m = next();
    for (int i = 0; i < 1000; ++i) // one in five is not too many
        REQUIRE(!b.answered(m, "bill.issued", i % 5 == 0));
    std::optional<brake_order> stop;
    for (int i = 0; i < 2 && !stop; ++i)
        stop = b.answered(m, "bill.issued", true);
    REQUIRE(stop);
    CHECK(stop->pause);
    CHECK(stop->reason.find("of its last 200") != std::string::npos);
    CHECK(!b.answered(m, "bill.issued", true)); // counted anew
}

TEST_CASE_FIXTURE(braked, "brake: off, it says nothing") {
    b.use({});
    for (int i = 0; i < 1000; ++i)
        REQUIRE(!leave());
}

TEST_CASE_FIXTURE(braked, "brake: what it remembers is bounded") {
    for (int i = 0; i < 3000; ++i)
        CHECK(!leave("run " + std::to_string(i)));
    CHECK(!b.receipt(1, true)); // forgotten with its run
}
