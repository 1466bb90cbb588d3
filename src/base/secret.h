// Bytes that must not leave memory by accident: no printer, no copy, wiped on the way out.
// Reading them is one explicit call, `reveal`, so that a review can search for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  /// Takes the bytes over and wipes where they came from.
  static Secret take(std::string& bytes);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  Secret copy() const { return Secret(reveal()); }
  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  /// The bytes themselves; never to be stored in anything that outlives this object.
  std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
  /// Takes the same time wherever the first difference is.
  bool equals(std::string_view other) const;

 private:
  void wipe();
  std::vector<char> bytes_;
};

/// Overwrites the bytes in a way that the compiler may not remove, then empties the string.
void wipe(std::string& bytes);
void wipe(void* bytes, std::size_t size);
/// Overwrites 32 KiB of the stack below the caller: a library that was called may have left there
/// what it decoded.
void wipe_stack();

}  // namespace gatehouse
