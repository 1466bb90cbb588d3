// Operating system bases and series, store channels: two parsers that Juju has, one lenient (in
// verification), one strict (in planning). Source: charm library v12 (base.go, channel.go),
// Juju 3.6 core/base.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::bundle {

struct Channel {
  std::string track;
  std::string risk;
  std::string branch;
};
/// "TRACK/RISK/BRANCH" without what is empty.
std::string to_string(const Channel& channel);

template <class T>
struct Parsed {
  T value{};
  std::string error;  ///< in Juju's words; "" where it is right

  explicit operator bool() const { return error.empty(); }
};

/// A charm's channel; the risk defaults to stable.
Parsed<Channel> parse_channel(const std::string& text);

/// What verification asks of a base.
bool is_lenient_base(const std::string& text);

/// `text` as it is printed: "ubuntu@22.04/stable"; "" of nothing.
struct Base {
  std::string os;
  Channel channel;

  bool is_empty() const { return os.empty(); }
};
std::string to_string(const Base& base);

Parsed<Base> parse_base(const std::string& text);
/// `series "x" not valid` where Juju does not know it.
Parsed<Base> base_of_series(const std::string& series);
/// `os "ubuntu" version "99.99" not found` where no series has that version.
Parsed<std::string> series_of_base(const Base& base);

}  // namespace gatehouse::bundle
