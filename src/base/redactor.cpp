#include "base/redactor.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kValueBytesMin = 8;
constexpr std::string_view kInPlace = "(redacted)";

}  // namespace

void Redactor::add(std::string_view value) {
  if (value.size() < kValueBytesMin) return;
  const auto shorter = std::find_if(values_.begin(), values_.end(), [&](const Secret& known) {
    return known.size() < value.size();
  });
  values_.insert(shorter, Secret(value));
}

std::string Redactor::redacted(std::string_view text) const {
  std::string out(text);
  for (const Secret& value : values_) {
    for (std::size_t at = out.find(value.reveal()); at != std::string::npos;
         at = out.find(value.reveal(), at + kInPlace.size())) {
      out.replace(at, value.size(), kInPlace);
    }
  }
  return out;
}

}  // namespace gatehouse
