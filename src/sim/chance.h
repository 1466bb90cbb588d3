// Numbers that look random and are not: a pure function of the lab's seed and a name, so that one
// seed gives one history whatever the order in which it is asked about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/moment.h"

namespace gatehouse::sim {

std::uint64_t chance_bits(std::uint64_t seed, std::string_view name);
/// From 0 up to, not including, 1.
double chance(std::uint64_t seed, std::string_view name);
/// Between the two, evenly.
Milliseconds chance_between(std::uint64_t seed, std::string_view name, Milliseconds least,
                            Milliseconds most);
/// Lower-case letters and digits.
std::string chance_word(std::uint64_t seed, std::string_view name, std::size_t length);
/// "8-4-4-4-12" hexadecimal digits, version 4.
std::string chance_uuid(std::uint64_t seed, std::string_view name);

}  // namespace gatehouse::sim
