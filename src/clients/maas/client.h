// Reads of MAAS's API: signed anew for each try, overlapped, and repeated a bounded number of times
// where MAAS was not reached or not ready. There is no call here that changes anything.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "clients/maas/login.h"
#include "effects/effects.h"
#include "facts/observation.h"

namespace gatehouse::maas {

struct Answer {
  Result<json::value> document;
  Evidence evidence;  ///< "GET <URL>"; digest of a body that could be read, "" else
};

class Client {
 public:
  Client(Login login, Effects& effects) : login_(std::move(login)), effects_(effects) {}

  /// Paths below the API root, each ending in a slash before its query: "machines/?id=4na83t". All
  /// are sent at once; answers come in their order. Up to three tries of each, 0.25 s and 0.5 s (or
  /// what Retry-After says, at most 5 s) apart, for `unavailable` only.
  std::vector<Answer> get(std::span<const std::string> paths);

 private:
  Result<HttpRequest> make_request(const std::string& path);
  void send(std::span<const std::string> paths, std::vector<std::size_t>& pending,
            std::vector<Answer>& answers, Milliseconds& pause);
  Answer read(const std::string& path, const Result<HttpResponse>& response);

  Login login_;
  Effects& effects_;
};

}  // namespace gatehouse::maas
