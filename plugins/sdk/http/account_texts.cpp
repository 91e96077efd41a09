// Of an account over HTTP: texts on their way, from the units to the verdicts.
#include "sdk/http/account.hpp"
#include "sdk/text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace posthorn::sdk {

void http_account::submit(std::span<const unit> units) {
    std::map<std::string, std::vector<http_text>> groups;
    for (const auto& u : units) {
        http_text t;
        if (!convert(u, t))
            continue;
        const auto name = group(t);
        auto& together = groups[name];
        if (std::ranges::find(together, t.recipient, &http_text::recipient) != together.end())
            send(std::exchange(together, {})); // an id may be for a phone and a request
        together.push_back(std::move(t));
        if (name.empty() || together.size() >= batch())
            send(std::exchange(together, {}));
    }
    for (auto& [name, together] : groups)
        if (!together.empty())
            send(std::move(together));
}

// False: it is refused already.
bool http_account::convert(const unit& u, http_text& to) {
    to = {.handle = u.handle,
          .message = u.message,
          .recipient = std::string(u.recipient),
          .sender = std::string(u.sender),
          .type = std::string(u.type),
          .text = utf8_of(u),
          .unicode = u.coding == coding::ucs2,
          .reference = u.reference,
          .validity = u.validity};
    http_reading no{.what = http_meaning::elsewhere}; // another carrier may take it
    if (u.coding == coding::email)
        no.code = "an e-mail: this account carries texts";
    else if (!recoded_header(u).empty() || characters_in(to.text) > longest())
        no.code = "longer than the " + std::to_string(longest()) + " characters this carrier takes";
    else
        no.code = mistake(to);
    if (no.code.empty())
        return true;
    const auto v = verdict_of(u.handle, no);
    host_.verdicts({&v, 1});
    return false;
}

// As many requests as connections: what is more waits here, where it can still be taken back.
void http_account::send(std::vector<http_text> texts) {
    if (client_.under_way() >= connections_)
        waiting_.push_back(std::move(texts));
    else
        begin(std::move(texts));
}

void http_account::give_back_waiting(const std::string& why) {
    for (const auto& texts : std::exchange(waiting_, {})) {
        std::vector<verdict> none;
        for (const auto& t : texts)
            none.push_back(verdict_of(t.handle, {.what = http_meaning::again, .code = why}));
        host_.verdicts(none);
    }
}

void http_account::begin(std::vector<http_text> texts) {
    const auto request = make_request(texts, now());
    client_.send(request, [this, texts = std::move(texts)](const http_result& result) {
        answered(texts, result);
        while (!waiting_.empty() && client_.under_way() < connections_) {
            auto next = std::move(waiting_.front());
            waiting_.pop_front();
            begin(std::move(next));
        }
        if (stopping_)
            change_.cancel();
    });
}

void http_account::answered(const std::vector<http_text>& texts, const http_result& result) {
    std::vector<http_reading> said;
    if (const auto* failed = std::get_if<http_failure>(&result)) {
        const auto what = failed->may_have_left ? http_meaning::uncertain : http_meaning::again;
        said.assign(texts.size(), {.what = what, .code = failed->why});
        if (!failed->may_have_left)
            fail(failed->why);
    } else {
        said = readings(texts, std::get<http_response>(result));
    }
    std::vector<verdict> batch;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (said[i].what == http_meaning::apart && texts.size() > 1) {
            send({texts[i]});
            continue;
        }
        heed(texts[i], said[i]);
        batch.push_back(verdict_of(texts[i].handle, said[i]));
    }
    if (!batch.empty())
        host_.verdicts(batch);
}

std::vector<http_reading> http_account::readings(const std::vector<http_text>& texts,
                                                 const http_response& r) {
    std::vector<http_reading> said;
    try {
        said = read_response(texts, r);
    } catch (const std::exception& e) { // it was sent, whatever that answer means
        host_.log(level::error, std::string("an answer that cannot be read: ") + e.what());
    }
    said.resize(texts.size(),
                {.what = http_meaning::uncertain, .code = "no word of it in the answer"});
    for (const auto& one : said)
        if (one.what == http_meaning::clock) {
            set_clock(r);
            break;
        }
    return said;
}

void http_account::heed(const http_text& t, const http_reading& said) {
    if (said.what == http_meaning::config)
        fail(said.code);
    if (said.what != http_meaning::accepted)
        return;
    pause_.reset();
    inquiries_.add({said.ref, t.recipient, t.sender}, ask_times());
    if (!wide_ && trouble_.empty() && !stopping_) {
        wide_ = true;
        open();
    }
}

void http_account::set_clock(const http_response& r) {
    const auto theirs = date_of(r);
    if (theirs == instant{})
        return;
    skew_ = theirs - host_.now();
    host_.log(level::error,
              "the carrier's clock differs by " +
                  std::to_string(std::chrono::duration_cast<std::chrono::seconds>(skew_).count()) +
                  " s: its time is used; see to the clock of this machine");
}

} // namespace posthorn::sdk
