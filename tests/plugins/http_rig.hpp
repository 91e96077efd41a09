// An account over HTTP under test, and a carrier of the test's own that says what it is told to.
#pragma once

#include "http_server.hpp"
#include "plugins/fake_host.hpp"
#include "recorded.hpp"

namespace posthorn::tests {

inline boost::json::array vectors_of(const std::string& file) {
    return vectors::read("plugins/http/vectors/" + file).at("vectors").as_array();
}

inline std::string text_in(const boost::json::value& v, std::string_view name) {
    return std::string(v.at(boost::json::string_view(name.data(), name.size())).as_string());
}

inline boost::json::value vector_named(const std::string& file, std::string_view id) {
    for (const auto& v : vectors_of(file))
        if (text_in(v, "id") == id)
            return v;
    FAIL("no vector ", id);
    return {};
}

// What a carrier says: in its response, or when it calls.
inline std::string body_of(std::string_view id) {
    return text_in(vector_named("http_bodies.json", id), "request");
}

inline sdk::field_list fields_in(const boost::json::value& v, std::string_view name) {
    sdk::field_list out;
    for (const auto& entry : v.at(boost::json::string_view(name.data(), name.size())).as_object())
        out.emplace_back(std::string(entry.key()), std::string(entry.value().as_string()));
    return out;
}

struct http_rig {
    explicit http_rig(http_server::handler answer) : server(std::move(answer)) {}

    void set(const std::string& name, const std::string& text) { options.set(name, {text, 0}); }
    void set(const std::string& name, std::int64_t number) {
        options.set(name, {std::to_string(number), number});
    }
    void set_entries(const std::string& name,
                     std::vector<std::pair<std::string, std::string>> entries) {
        options.set(name, {{}, 0, std::move(entries)});
    }

    // Until it is ready.
    void run() {
        adapter.emplace(host, options);
        host.until([&] { return host.open_slots > 0; });
    }
    sdk::unit unit(std::uint64_t handle, std::string_view text,
                   std::string_view recipient = "8613800138000") const {
        sdk::unit u;
        u.handle = handle;
        u.message = 1000 + handle;
        u.recipient = recipient;
        u.sender = "10690001";
        u.type = "bill.issued";
        u.octets = text;
        u.validity = std::chrono::hours(1);
        return u;
    }
    sdk::verdict verdict_of(const sdk::unit& u) {
        (*adapter)->submit({&u, 1});
        host.until([&] { return host.given.contains(u.handle); });
        return host.given[u.handle];
    }
    // Its answer, once all it brought is stored.
    sdk::answer call(const sdk::call& what) {
        std::optional<sdk::answer> said;
        (*adapter)->called_back(what, [&](sdk::answer a) { said = std::move(a); });
        if (!host.unstored.empty()) {
            CHECK_FALSE(said); // not before
            host.unstored.front()();
            host.unstored.pop_front();
        }
        REQUIRE(said);
        return *said;
    }

    http_server server;
    fake_host host;
    sdk::options options = fallbacks();
    std::optional<running_adapter> adapter;
};

// "你好" and the like as a unit has them.
inline std::string ucs2(std::u16string_view text) {
    std::string out;
    for (const auto c : text) {
        out += static_cast<char>(c >> 8);
        out += static_cast<char>(c & 0xFF);
    }
    return out;
}

} // namespace posthorn::tests
