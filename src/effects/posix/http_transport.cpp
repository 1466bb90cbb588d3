#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <curl/curl.h>

#include "effects/posix/http_exchange.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

// A MAAS region has four workers; more at once only wait there, against their own deadline.
constexpr std::size_t kAtOnceMax = 4;

/// Handles that wait for work, the one used last on top: its connection is the likeliest to live.
class HandlePool {
 public:
  std::unique_ptr<CurlHandle> take() {
    const std::lock_guard held(mutex_);
    if (idle_.empty()) return std::make_unique<CurlHandle>();
    auto handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }

  void give_back(std::unique_ptr<CurlHandle> handle) {
    const std::lock_guard held(mutex_);
    idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlHandle>> idle_;
};

/// Counts users of the library itself; must outlive every handle.
class CurlLibrary {
 public:
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary() { curl_global_cleanup(); }
};

/// Threads, not libcurl's multi interface: that one took a second where a server closed its
/// connections early, and the cause was not found.
class CurlTransport final : public HttpTransport {
 public:
  CurlTransport() {
    // A peer that closes while TLS is written to would end the program.
    std::signal(SIGPIPE, SIG_IGN);
  }

  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    if (!library_) library_.emplace();
    std::vector<Result<HttpResponse>> responses(requests.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      auto handle = pool_.take();
      for (std::size_t index = next++; index < requests.size(); index = next++) {
        responses[index] = handle->exchange(requests[index]);
      }
      pool_.give_back(std::move(handle));
    };
    {
      std::vector<std::jthread> helpers;
      for (std::size_t count = 1; count < std::min(requests.size(), kAtOnceMax); ++count) {
        helpers.emplace_back(work);
      }
      work();
    }
    return responses;
  }

 private:
  std::optional<CurlLibrary> library_;  // From the first exchange on: most commands make none.
  HandlePool pool_;
};

}  // namespace

std::unique_ptr<HttpTransport> make_http_transport() {
  return std::make_unique<CurlTransport>();
}

}  // namespace gatehouse::posix
