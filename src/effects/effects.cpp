#include "effects/effects.h"

#include <algorithm>
#include <cctype>

namespace gatehouse {

std::string_view HttpResponse::header(std::string_view name) const {
  const auto is_same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (const HttpHeader& candidate : headers) {
    if (std::equal(candidate.name.begin(), candidate.name.end(), name.begin(), name.end(), is_same)) {
      return candidate.value;
    }
  }
  return {};
}

Result<ProcessResult> run_one(ProcessRunner& processes, Command command) {
  auto results = processes.run(std::span<const Command>(&command, 1), 1);
  return std::move(results.front());
}

}  // namespace gatehouse
