// Events that came by HTTP, on the way every event goes: prepared off the loop, committed, queued.
// Their senders are told after the commit.
#pragma once

#include "api/surroundings.hpp"
#include "delivery/desk.hpp"
#include "intake/preparer.hpp"
#include "intake/quotas.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <span>

namespace posthorn::gateway {

struct web_intake_surroundings {
    boost::asio::io_context& loop;
    delivery::desk& desk;
    intake::quotas& quota;
    std::function<instant()> now; // any thread
    // Source, type and pool by number; as for rows of an outbox.
    std::function<store::add_event(const std::string& source, intake::prepared row)> completed;
    std::function<std::string(const std::string& source)> closed; // why nothing is taken in now
};

// On the loop's thread, but for the preparing.
class web_intake {
public:
    web_intake(const std::shared_ptr<const intake::catalogue>& known, unsigned reference,
               web_intake_surroundings around)
        : preparer_(std::make_unique<intake::preparer>(known, reference, known->people)),
          around_(std::move(around)) {}

    // As surroundings::take of the API.
    void take(std::string source, std::vector<event> events,
              std::function<void(api::intake_answer)> done);

    // For what comes from now on.
    void use(std::shared_ptr<const intake::catalogue> known, unsigned reference) {
        boost::asio::post(pool_, [this, known = std::move(known), reference] {
            preparer_ = std::make_unique<intake::preparer>(known, reference, known->people);
        });
    }

private:
    struct batch;
    using batch_ptr = std::shared_ptr<batch>;
    void go_on(const batch_ptr& b);
    void commit(const batch_ptr& b, std::vector<intake::prepared> rows);
    void note(batch& b, std::span<const store::outcome> outcomes);

    std::unique_ptr<intake::preparer> preparer_; // on the pool's one thread
    web_intake_surroundings around_;
    boost::asio::thread_pool pool_{1};
};

} // namespace posthorn::gateway
