#include "tokens/digest.hpp"
#include "tokens/token_file.hpp"

#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>

namespace token_test {

using namespace posthorn;
using namespace posthorn::tokens;

TEST_CASE("tokens: a token opens for its own text alone, and its file does not hold it") {
    live_db::scratch_folder folder;
    const auto file = folder / "tokens";
    const auto made = make_token("billing", "bill run", live_db::start_of_time);
    const auto other = make_token("billing", "", live_db::start_of_time);
    CHECK(made.text.size() == 4 + 8 + 1 + 64);
    CHECK(made.text != other.text);
    CHECK(opens(made.token, made.text));
    CHECK_FALSE(opens(made.token, other.text));
    CHECK_FALSE(opens(made.token, made.text.substr(1)));

    add_token(file, made.token);
    add_token(file, other.token);
    struct stat s {};
    REQUIRE(::stat(file.c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0640);
    std::ifstream in(file);
    const std::string content(std::istreambuf_iterator<char>(in), {});
    CHECK(content.find(made.text.substr(13)) == std::string::npos);

    const auto read = read_tokens(file);
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 2);
    CHECK(read->front().name == "bill run");
    CHECK(read->front().created_at == live_db::start_of_time);
    CHECK(opens(read->front(), made.text));
}

TEST_CASE("tokens: the ring follows its file, and keeps what it knows when that is broken") {
    live_db::scratch_folder folder;
    const auto file = folder / "tokens";
    const auto made = make_token("billing", "", live_db::start_of_time);
    token_ring ring(file);
    CHECK_FALSE(ring.refresh());
    CHECK(ring.holder(made.text) == nullptr);

    add_token(file, made.token);
    CHECK_FALSE(ring.refresh());
    REQUIRE(ring.holder(made.text) != nullptr);
    CHECK(ring.holder(made.text)->source == "billing");
    auto forged = made.text;
    forged.back() = forged.back() == '0' ? '1' : '0';
    for (const auto& text : {forged, std::string("pht_"), std::string(), made.token.hash})
        CHECK(ring.holder(text) == nullptr);

    std::ofstream(file, std::ios::app) << "nonsense\n";
    const auto wrong = ring.refresh();
    REQUIRE(wrong);
    CHECK(wrong->find("tokens:3: is no token") != std::string::npos);
    CHECK_FALSE(ring.refresh()); // told once
    CHECK(ring.holder(made.text) != nullptr);
}

TEST_CASE("tokens: revoking ends one token and says when there is none") {
    live_db::scratch_folder folder;
    const auto file = folder / "tokens";
    CHECK_FALSE(revoke_token(file, "00000000"));
    const auto made = make_token("", "", live_db::start_of_time);
    add_token(file, made.token);
    CHECK_FALSE(revoke_token(file, "00000000"));
    CHECK(revoke_token(file, made.token.id));
    CHECK(read_tokens(file)->empty());
}

TEST_CASE("digest: as the standards have it") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
        std::string back;
        CHECK(read_base64(base64(text), back) == !text.empty());
        CHECK(back == text);
    }
    CHECK(base64("fooba") == "Zm9vYmE=");
    std::string out;
    for (const std::string_view wrong : {"Zg", "Zg=", "!!!!", "===="})
        CHECK_FALSE(read_base64(wrong, out));
}

} // namespace token_test
