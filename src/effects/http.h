// Sending HTTP requests. No redirect is followed and nothing is sent twice.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/result.h"

namespace gatehouse {

struct HttpHeader {
  std::string name{};
  std::string value{};
  bool is_secret = false;  ///< shown as blanked wherever the request is shown
};

struct HttpRequest {
  std::string method = "GET";
  std::string url{};
  std::vector<HttpHeader> headers{};
  std::string body{};
  std::string ca_file{};  ///< PEM file for https; "" for the system's store
  std::string ca_pem{};   ///< certificates themselves, PEM; goes before ca_file
  Milliseconds deadline{30'000};
  std::size_t body_bytes_max = std::size_t{64} << 20;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers{};
  std::string body{};
  Milliseconds elapsed{0};

  /// The first header of that name, in any capitals; "" where there is none.
  std::string_view header(std::string_view name) const;
};

/// Takes an answer, with the number of its request in the order in which they were handed over.
/// The requests that it returns are sent too and get the next numbers.
using HttpTaker =
    std::function<std::vector<HttpRequest>(std::size_t number, Result<HttpResponse> response)>;

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  /// Sends all of them, overlapped, and gives the answers in the order of the requests. An answer
  /// of any status is a value. Errors: unavailable (no connection), timed_out, malformed (no HTTP,
  /// or the body is over its limit), interrupted (by the operator), all without the request's name;
  /// delivery is not_sent only where no connection was made.
  virtual std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) = 0;

  /// The same, each answer handed over as it arrives, always on the caller's thread, while others
  /// are under way. Here, for transports that cannot: wave after wave, in order.
  virtual void exchange(std::vector<HttpRequest> requests, const HttpTaker& take);

  /// Begins to load what sending needs while the caller does something else. May be left out.
  virtual void prepare() {}
};

}  // namespace gatehouse
