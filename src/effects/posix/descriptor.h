// An open file descriptor that closes itself, and the few moves every user of one needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace gatehouse::posix {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

/// Writes every byte, over interruptions and short writes; on failure errno says why.
bool write_all(int descriptor, std::string_view bytes);

/// Reads to the end of the file, or until more than `bytes_max` bytes were read; errno on failure.
/// Reserves `bytes_expected` once, so that secrets are not left behind in outgrown buffers.
bool read_all(int descriptor, std::size_t bytes_expected, std::size_t bytes_max,
              std::string& bytes);

/// The error for an errno value: "cannot ACTION: reason of the system".
Error system_error(int error_number, std::string_view action);

}  // namespace gatehouse::posix
