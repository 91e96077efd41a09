// PINs that people choose and codes that we give out: kept as salted hashes only (scrypt).
//
//     scrypt$12$8$1$SALT$KEY      log2 of N, r, p; salt and key in base64
//
// Hashing takes milliseconds and blocks: not on the loop's thread. Four to eight digits cannot
// withstand who has the hashes for long; what protects them is the lock of model/lockout.hpp.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::people {

// Why this cannot be the PIN of a number; empty when it can. Four to eight digits, and none of
// those everybody tries first: 0000, 1234, 9876, the end of the number itself.
std::string pin_mistake(std::string_view pin, std::string_view number);

// Six random digits.
std::string new_code();

// Both throw std::runtime_error when OpenSSL fails. Any thread.
std::string hash_of(std::string_view secret);
// False also for what is no hash of ours. Takes the same time however much of it is right.
bool fits(std::string_view secret, std::string_view hash);

} // namespace posthorn::people
