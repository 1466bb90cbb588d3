// The machine's clock, and the one place that handles signals.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "effects/posix/descriptor.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

constexpr int kExitInterrupted = 130;

// A signal handler is given nothing but a number, so what it sets cannot be a member. Both are
// lock-free, and written by nobody but the clock that lives and this handler.
std::atomic<bool> g_is_interrupted{false};
std::atomic<int> g_wake_descriptor{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_stop_signal(int signal_number) {
  const int saved_errno = errno;
  const bool was_interrupted = g_is_interrupted.exchange(true);
  // Asked once, we stop in order; an operator who insists gets out at once.
  if (was_interrupted && signal_number == SIGINT) _exit(kExitInterrupted);
  const int wake = g_wake_descriptor.load();
  const std::uint64_t one = 1;
  if (wake >= 0 && ::write(wake, &one, sizeof one) < 0) {
    // The counter is full only where it is readable already, which is all that is wanted.
  }
  errno = saved_errno;
}

/// Puts a disposition in place, and the former one back.
class SignalDisposition {
 public:
  SignalDisposition(int number, void (*handler)(int)) : number_(number) {
    struct sigaction action{};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    ::sigaction(number_, &action, &former_);
  }
  SignalDisposition(const SignalDisposition&) = delete;
  SignalDisposition& operator=(const SignalDisposition&) = delete;
  ~SignalDisposition() { ::sigaction(number_, &former_, nullptr); }

 private:
  int number_;
  struct sigaction former_{};
};

/// What must be in place before a handler may run.
class WakeDescriptor {
 public:
  WakeDescriptor() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    g_is_interrupted.store(false);
    g_wake_descriptor.store(descriptor_.number());
  }
  WakeDescriptor(const WakeDescriptor&) = delete;
  WakeDescriptor& operator=(const WakeDescriptor&) = delete;
  ~WakeDescriptor() { g_wake_descriptor.store(-1); }
  int number() const { return descriptor_.number(); }

 private:
  Descriptor descriptor_;
};

using Steady = std::chrono::steady_clock;
using FineDuration = std::chrono::duration<double, std::milli>;

class SystemClock final : public Clock {
 public:
  explicit SystemClock(std::optional<ClockScale> scale)
      : scale_(std::move(scale)), factor_(scale_ && scale_->factor > 0 ? scale_->factor : 1) {}

  Moment now() override {
    const auto wall = std::chrono::system_clock::now();
    if (!scale_) return std::chrono::time_point_cast<Milliseconds>(wall);
    const FineDuration passed = wall - scale_->wall_origin;
    return scale_->lab_origin + std::chrono::duration_cast<Milliseconds>(passed * factor_);
  }

  Milliseconds monotonic() override {
    const FineDuration passed = Steady::now().time_since_epoch();
    return std::chrono::duration_cast<Milliseconds>(passed * factor_);
  }

  WaitEnd wait(Milliseconds duration) override {
    const auto end = Steady::now() +
                     std::chrono::ceil<std::chrono::nanoseconds>(FineDuration(duration) / factor_);
    while (!is_interrupted()) {
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - Steady::now());
      if (left.count() <= 0) return WaitEnd::reached;
      wait_for_signal(left);
    }
    return WaitEnd::interrupted;
  }

  bool is_interrupted() override { return g_is_interrupted.load(); }

 private:
  void wait_for_signal(std::chrono::nanoseconds at_most) const {
    // Bounded, so that a wait still ends where no descriptor could be had.
    const auto bounded = std::min<std::chrono::nanoseconds>(at_most, std::chrono::seconds(60));
    timespec left{};
    left.tv_sec = bounded.count() / 1'000'000'000;
    left.tv_nsec = bounded.count() % 1'000'000'000;
    pollfd wake{.fd = wake_.number(), .events = POLLIN, .revents = 0};
    ::ppoll(&wake, 1, &left, nullptr);
  }

  std::optional<ClockScale> scale_;
  double factor_;
  WakeDescriptor wake_;
  SignalDisposition interrupt_{SIGINT, on_stop_signal};
  SignalDisposition terminate_{SIGTERM, on_stop_signal};
  // A lost terminal must not kill a run that is in the middle of an effect.
  SignalDisposition hangup_{SIGHUP, SIG_IGN};
  SignalDisposition broken_pipe_{SIGPIPE, SIG_IGN};
};

}  // namespace

std::unique_ptr<Clock> make_clock(std::optional<ClockScale> scale) {
  return std::make_unique<SystemClock>(std::move(scale));
}

}  // namespace gatehouse::posix
