#include "sdk/simulator/mailbox.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::simulator {

void mailbox::add(delivery item, time_point due, time_point now) {
    if (due <= now)
        ready_.push_back(std::move(item));
    else if (waiting_.empty() || waiting_.back().first <= due)
        waiting_.emplace_back(due, std::move(item));
    else
        out_of_order_.emplace(due, std::move(item));
}

void mailbox::put_back(std::vector<delivery> items) {
    ready_.insert(ready_.begin(), std::make_move_iterator(items.begin()),
                  std::make_move_iterator(items.end()));
}

const delivery* mailbox::waiting(std::string_view id) const {
    for (const auto& [due, item] : waiting_)
        if (item.is_receipt && item.id() == id)
            return &item;
    for (const auto& [due, item] : out_of_order_)
        if (item.is_receipt && item.id() == id)
            return &item;
    return nullptr;
}

std::optional<delivery> mailbox::take_waiting(std::string_view id) {
    const auto is_it = [id](const auto& e) { return e.second.is_receipt && e.second.id() == id; };
    std::optional<delivery> taken;
    if (const auto at = std::find_if(waiting_.begin(), waiting_.end(), is_it);
        at != waiting_.end()) {
        taken = std::move(at->second);
        waiting_.erase(at);
    } else if (const auto other = std::find_if(out_of_order_.begin(), out_of_order_.end(), is_it);
               other != out_of_order_.end()) {
        taken = std::move(other->second);
        out_of_order_.erase(other);
    }
    return taken;
}

void mailbox::join(receiver& link) { links_.push_back(&link); }

void mailbox::leave(receiver& link) { std::erase(links_, &link); }

receiver* mailbox::link_with_room() {
    for (std::size_t tried = 0; tried < links_.size(); ++tried) {
        turn_ = (turn_ + 1) % links_.size();
        if (links_[turn_]->has_room())
            return links_[turn_];
    }
    return nullptr;
}

std::optional<mailbox::time_point> mailbox::pump(time_point now) {
    while (!waiting_.empty() && waiting_.front().first <= now) {
        ready_.push_back(std::move(waiting_.front().second));
        waiting_.pop_front();
    }
    while (!out_of_order_.empty() && out_of_order_.begin()->first <= now) {
        ready_.push_back(std::move(out_of_order_.begin()->second));
        out_of_order_.erase(out_of_order_.begin());
    }
    while (!ready_.empty()) {
        auto* link = link_with_room();
        if (!link)
            break;
        link->deliver(std::move(ready_.front()));
        ready_.pop_front();
    }
    const auto links = links_; // a link that fails to write leaves
    for (auto* link : links)
        link->flush();

    std::optional<time_point> next;
    if (!waiting_.empty())
        next = waiting_.front().first;
    if (!out_of_order_.empty() && (!next || out_of_order_.begin()->first < *next))
        next = out_of_order_.begin()->first;
    return next;
}

} // namespace posthorn::simulator
