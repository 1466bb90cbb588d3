#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <curl/curl.h>

#include "base/secret.h"
#include "effects/posix/curl_memory.h"
#include "effects/posix/http_exchange.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

// A MAAS region has four workers. Two more wait there rather than here, so that no round trip
// passes between a worker's answer and its next request.
constexpr std::size_t kAtOnceMax = 6;

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
  CurlLibrary() { init_curl_with_wiped_memory(); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary() { curl_global_cleanup(); }
};

/// Requests on their way to the threads that send them, and answers on their way back.
class Exchanges {
 public:
  void add(HttpRequest request) {
    const std::lock_guard held(mutex_);
    waiting_.emplace_back(next_number_++, std::move(request));
    ++open_;
    has_work_.notify_one();
  }

  /// For a sending thread: the next one; nothing once all is over.
  std::optional<std::pair<std::size_t, HttpRequest>> next() {
    std::unique_lock held(mutex_);
    has_work_.wait(held, [this] { return is_over_ || !waiting_.empty(); });
    if (is_over_) return std::nullopt;
    auto request = std::move(waiting_.front());
    waiting_.pop_front();
    return request;
  }

  void answered(std::size_t number, Result<HttpResponse> response) {
    const std::lock_guard held(mutex_);
    answers_.emplace_back(number, std::move(response));
    has_answer_.notify_one();
  }

  /// For the caller's thread: the next answer; nothing once every request has had one.
  std::optional<std::pair<std::size_t, Result<HttpResponse>>> take() {
    std::unique_lock held(mutex_);
    if (open_ == 0) {
      is_over_ = true;
      has_work_.notify_all();
      return std::nullopt;
    }
    has_answer_.wait(held, [this] { return !answers_.empty(); });
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    --open_;
    return answer;
  }

  /// Requests that have had no answer yet.
  std::size_t open() {
    const std::lock_guard held(mutex_);
    return open_ - answers_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_work_, has_answer_;
  std::deque<std::pair<std::size_t, HttpRequest>> waiting_;
  std::deque<std::pair<std::size_t, Result<HttpResponse>>> answers_;
  std::size_t next_number_ = 0;
  std::size_t open_ = 0;  ///< not yet taken by the caller
  bool is_over_ = false;
};

/// Threads, not libcurl's multi interface: that one took a second where a server closed its
/// connections early, and the cause was not found.
class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(Clock& clock) : clock_(clock) {
    // A peer that closes while TLS is written to would end the program.
    std::signal(SIGPIPE, SIG_IGN);
  }

  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> responses(requests.size());
    exchange({requests.begin(), requests.end()},
             [&](std::size_t number, Result<HttpResponse> response) {
               responses[number] = std::move(response);
               return std::vector<HttpRequest>{};
             });
    return responses;
  }

  void prepare() override {
    if (library_ || loading_.valid()) return;
    loading_ = std::async(std::launch::async, [this] { library_.emplace(); });
  }

  void exchange(std::vector<HttpRequest> requests, const HttpTaker& take) override {
    if (loading_.valid()) loading_.get();
    if (!library_) library_.emplace();
    Exchanges exchanges;
    std::vector<std::jthread> threads;
    const auto add = [&](std::vector<HttpRequest> added) {
      for (HttpRequest& request : added) exchanges.add(std::move(request));
      while (threads.size() < std::min(exchanges.open(), kAtOnceMax)) {
        threads.emplace_back([&] { work(exchanges); });
      }
    };
    add(std::move(requests));
    while (auto answer = exchanges.take()) add(take(answer->first, std::move(answer->second)));
  }

 private:
  void work(Exchanges& exchanges) {
    auto handle = pool_.take();
    while (auto request = exchanges.next()) {
      exchanges.answered(request->first, handle->exchange(request->second, clock_));
      for (HttpHeader& header : request->second.headers) {
        if (header.is_secret) wipe(header.value);
      }
    }
    pool_.give_back(std::move(handle));
  }

  Clock& clock_;
  std::optional<CurlLibrary> library_;  // From the first exchange on: most commands make none.
  HandlePool pool_;
  std::future<void> loading_;  // Last: it is waited for before the rest goes away.
};

}  // namespace

std::unique_ptr<HttpTransport> make_http_transport(Clock& clock) {
  return std::make_unique<CurlTransport>(clock);
}

}  // namespace gatehouse::posix
