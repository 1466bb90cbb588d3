#include <algorithm>
#include <csignal>
#include <vector>

#include <poll.h>

#include "effects/posix/child.h"
#include "effects/posix/detached_child.h"
#include "effects/posix/posix.h"

namespace gatehouse::posix {
namespace {

// How long an interruption by the operator may go unnoticed; the clock has no descriptor to poll.
constexpr std::chrono::milliseconds kPollAtMost{100};

Error interrupted_error(Delivery delivery) {
  Error error;
  error.kind = ErrorKind::interrupted;
  error.message = "stopped by the operator";
  error.delivery = delivery;
  return error;
}

/// All commands of one call: one poll loop carries them, so many at a time.
class Batch {
 public:
  Batch(std::span<const Command> commands, std::size_t parallel, Clock& clock)
      : commands_(commands), parallel_(std::max<std::size_t>(parallel, 1)), clock_(clock) {
    results_.reserve(commands.size());
    for (std::size_t index = 0; index < commands.size(); ++index) {
      results_.emplace_back(fail(interrupted_error(Delivery::not_sent)));
    }
  }

  std::vector<Result<ProcessResult>> run() {
    while (true) {
      start_what_fits();
      if (running_.empty()) return std::move(results_);
      watch();
      collect_finished();
    }
  }

 private:
  struct Running {
    std::size_t index;
    Child child;
  };

  void start_what_fits() {
    while (next_ < commands_.size() && running_.size() < parallel_ && !clock_.is_interrupted()) {
      const std::size_t index = next_++;
      Result<Child> child = Child::start(commands_[index]);
      if (child) {
        running_.push_back({index, std::move(*child)});
      } else {
        results_[index] = fail(std::move(child.error()));
      }
    }
  }

  void watch() {
    // Three places for each child; a closed descriptor is -1, which poll leaves out.
    std::vector<pollfd> watched;
    for (Running& running : running_) {
      Child& child = running.child;
      const int pidfd = child.has_exited() ? -1 : child.pidfd();
      for (const int number : {pidfd, child.out().number(), child.err().number()}) {
        watched.push_back({.fd = number, .events = POLLIN, .revents = 0});
      }
    }
    ::poll(watched.data(), watched.size(), static_cast<int>(time_to_poll().count()));
    const auto now = Steady::now();
    for (std::size_t at = 0; at < running_.size(); ++at) {
      Child& child = running_[at].child;
      // Output first: what was printed before the end is in the pipe before the end is seen.
      if (watched[at * 3 + 1].revents != 0) child.out().read_available();
      if (watched[at * 3 + 2].revents != 0) child.err().read_available();
      if (watched[at * 3].revents != 0) child.collect_exit(now);
      if (clock_.is_interrupted() && !child.has_exited()) {
        child.give_up(interrupted_error(Delivery::maybe_applied), now);
      }
      child.advance(now);
    }
  }

  std::chrono::milliseconds time_to_poll() const {
    auto until = Steady::now() + kPollAtMost;
    for (const Running& running : running_) {
      until = std::min(until, running.child.next_moment());
    }
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()),
                    std::chrono::milliseconds(0));
  }

  void collect_finished() {
    const auto now = Steady::now();
    for (Running& running : running_) {
      if (running.child.is_finished(now)) results_[running.index] = running.child.result();
    }
    std::erase_if(running_,
                  [now](const Running& running) { return running.child.is_finished(now); });
  }

  std::span<const Command> commands_;
  std::size_t parallel_;
  Clock& clock_;
  std::size_t next_ = 0;
  std::vector<Running> running_;
  std::vector<Result<ProcessResult>> results_;
};

class PosixProcessRunner final : public ProcessRunner {
 public:
  explicit PosixProcessRunner(Clock& clock) : clock_(clock) {
    // Where our caller left SIGCHLD ignored, the kernel would throw exit codes away.
    std::signal(SIGCHLD, SIG_DFL);
  }

  std::vector<Result<ProcessResult>> run(std::span<const Command> commands,
                                         std::size_t parallel) override {
    return Batch(commands, parallel, clock_).run();
  }

  Result<ChildId> start_detached(const DetachedCommand& command) override {
    return keepers_.start(command);
  }

  Result<ChildState> state_of(const ChildId& child, const std::string& exit_file) override {
    return keepers_.state_of(child, exit_file);
  }

 private:
  Clock& clock_;
  Keepers keepers_;
};

}  // namespace

std::unique_ptr<ProcessRunner> make_process_runner(Clock& clock) {
  return std::make_unique<PosixProcessRunner>(clock);
}

}  // namespace gatehouse::posix
