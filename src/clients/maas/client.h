// Reads of MAAS's API: signed anew for each try, overlapped, and repeated a bounded number of times
// where MAAS was not reached or not ready. There is no call here that changes anything.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "clients/maas/login.h"
#include "effects/effects.h"
#include "facts/observation.h"

namespace gatehouse::maas {

struct Answer {
  Result<std::string> body;  ///< JSON, by its Content-Type
  Evidence evidence;         ///< "GET <URL>"; digest of a body that could be read, "" else
};

/// Takes one answer; the paths that it returns are asked for as well, and get the next numbers.
using AnswerTaker = std::function<std::vector<std::string>(std::size_t number, Answer answer)>;

class Client {
 public:
  /// `deadline` of each request, by the wall.
  Client(Login login, Effects& effects, Milliseconds deadline)
      : login_(std::move(login)), effects_(effects), deadline_(deadline) {}

  /// Paths below the API root, each ending in a slash before its query: "machines/?id=4na83t". Each
  /// is answered once, as its answer arrives, while others are under way. Up to three tries of
  /// each, 0.25 s and 0.5 s (or what Retry-After says, at most 5 s) apart, for `unavailable` only.
  void get(std::vector<std::string> paths, const AnswerTaker& take);

  const std::string& root() const { return login_.root; }

 private:
  struct Round;
  Result<HttpRequest> make_request(const std::string& path);
  std::vector<HttpRequest> make_requests(Round& round, std::vector<std::string> paths,
                                         const AnswerTaker& take);
  void send(Round& round, const AnswerTaker& take);
  Answer read(const std::string& path, Result<HttpResponse> response);

  Login login_;
  Effects& effects_;
  Milliseconds deadline_;
};

}  // namespace gatehouse::maas
