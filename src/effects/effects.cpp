#include "effects/effects.h"

#include <algorithm>
#include <cctype>

namespace gatehouse {

std::string_view HttpResponse::header(std::string_view name) const {
  const auto is_same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (const HttpHeader& candidate : headers) {
    if (std::equal(candidate.name.begin(), candidate.name.end(), name.begin(), name.end(),
                   is_same)) {
      return candidate.value;
    }
  }
  return {};
}

void HttpTransport::exchange(std::vector<HttpRequest> requests, const HttpTaker& take) {
  for (std::size_t number = 0; !requests.empty();) {
    std::vector<Result<HttpResponse>> responses = send(requests);
    std::vector<HttpRequest> following;
    for (Result<HttpResponse>& response : responses) {
      for (HttpRequest& request : take(number++, std::move(response))) {
        following.push_back(std::move(request));
      }
    }
    requests = std::move(following);
  }
}

Result<ProcessResult> run_one(ProcessRunner& processes, Command command) {
  auto results = processes.run(std::span<const Command>(&command, 1), 1);
  return std::move(results.front());
}

}  // namespace gatehouse
