#include "sim/chance.h"

#include <fmt/format.h>

namespace gatehouse::sim {

std::uint64_t chance_bits(std::uint64_t seed, std::string_view name) {
  // FNV-1a over the name, then splitmix64's last step; public domain constants.
  std::uint64_t bits = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
  for (const char letter : name) {
    bits = (bits ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  }
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

double chance(std::uint64_t seed, std::string_view name) {
  constexpr double kSteps = 9007199254740992.0;  // 2 to the 53rd, what a double holds exactly
  return static_cast<double>(chance_bits(seed, name) >> 11) / kSteps;
}

Milliseconds chance_between(std::uint64_t seed, std::string_view name, Milliseconds least,
                            Milliseconds most) {
  const auto width = static_cast<double>((most - least).count());
  return least + Milliseconds(static_cast<std::int64_t>(width * chance(seed, name)));
}

std::string chance_word(std::uint64_t seed, std::string_view name, std::size_t length) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string word;
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint64_t bits = chance_bits(seed + i * 7919, name);
    word += kLetters[bits % kLetters.size()];
  }
  return word;
}

std::string chance_uuid(std::uint64_t seed, std::string_view name) {
  const std::uint64_t high = chance_bits(seed, name);
  const std::uint64_t low = chance_bits(seed + 1, name);
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, low >> 52, low & 0xffffffffffffULL);
}

}  // namespace gatehouse::sim
