#include "gateway/gateway.hpp"

#include "gateway/house.hpp"
#include "gateway/state_lock.hpp"

namespace posthorn::gateway {

void run(configuration c, logger log) {
    const state_lock alone(c.settings.state_dir); // before anything there is read or mended
    store::configure();
    std::filesystem::create_directories(c.settings.outbox_dir);
    std::filesystem::create_directories(c.settings.result_dir);
    house(std::make_shared<const configuration>(std::move(c)), std::move(log)).run();
}

} // namespace posthorn::gateway
