#include "effects/posix/child.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "effects/posix/child_environment.h"

// glibc 2.36 forgot to declare these for C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace gatehouse::posix {
namespace {

constexpr std::chrono::milliseconds kKillGrace{2'000};
// A grandchild that left the session may hold the pipe for ever; the program's own output is in
// the pipe by the time it has exited.
constexpr std::chrono::milliseconds kDrainGrace{250};
constexpr std::size_t kPipeBytes = std::size_t{64} << 10;
constexpr int kReadsInARow = 16;

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(system_error(errno, "make a pipe"));
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  // Ours never blocks; the child's end stays as programs expect it.
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return fail(system_error(errno, "set up a pipe"));
  return pipe;
}

/// The null device, or the given text in memory, which cannot dead-lock as a pipe could.
Result<Descriptor> make_input(const std::string& text) {
  if (text.empty()) {
    Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null.is_open()) return fail(system_error(errno, "open /dev/null"));
    return null;
  }
  Descriptor memory(::memfd_create("input", MFD_CLOEXEC));
  if (!memory.is_open() || !write_all(memory.number(), text) ||
      ::lseek(memory.number(), 0, SEEK_SET) != 0) {
    return fail(system_error(errno, "hold the input of a command"));
  }
  return memory;
}

/// Spawn attributes: own session, no blocked signal, every disposition as at boot.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Three standard streams and nothing else, even from libraries that forget to close on exec.
class SpawnActions {
 public:
  SpawnActions(int input, int output, int errors, const char* directory) {
    ::posix_spawn_file_actions_init(&actions_);
    const std::array streams = {input, output, errors};
    for (int target = 0; target < 3; ++target) {
      note(::posix_spawn_file_actions_adddup2(&actions_, streams[static_cast<std::size_t>(target)],
                                              target));
    }
    note(::posix_spawn_file_actions_addclosefrom_np(&actions_, 3));
    if (directory != nullptr) {
      note(::posix_spawn_file_actions_addchdir_np(&actions_, directory));
    }
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }
  int error_number() const { return error_number_; }

 private:
  void note(int error_number) {
    if (error_number_ == 0) error_number_ = error_number;
  }
  posix_spawn_file_actions_t actions_{};
  int error_number_ = 0;
};

/// The program and its subcommand: enough to recognise, and short.
std::string title_of(const std::vector<std::string>& argv) {
  std::string title = argv.front();
  if (argv.size() > 1 && !argv[1].empty() && argv[1].front() != '-') title += " " + argv[1];
  return title;
}

Result<pid_t> spawn(const ExecutionImage& image, const SpawnActions& actions) {
  const SpawnAttributes attributes;
  pid_t pid = 0;
  int error_number = actions.error_number();
  if (error_number == 0) {
    error_number = ::posix_spawn(&pid, image.program(), actions.get(), attributes.get(),
                                 image.arguments(), image.environment());
  }
  if (error_number != 0) {
    return fail(system_error(error_number, fmt::format("start {}", image.program())));
  }
  return pid;
}

}  // namespace

OutputStream::OutputStream(Descriptor pipe, std::size_t bytes_max)
    : pipe_(std::move(pipe)), bytes_max_(bytes_max) {}

void OutputStream::read_available() {
  std::array<char, kPipeBytes> buffer;
  for (int reads = 0; reads < kReadsInARow && pipe_.is_open(); ++reads) {
    const ssize_t count = ::read(pipe_.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      pipe_.close();
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    const std::size_t room = bytes_max_ - bytes_.size();
    // Beyond its limit it is read on and thrown away, so that the child can be seen to end.
    bytes_.append(buffer.data(), std::min(size, room));
    is_over_limit_ = is_over_limit_ || size > room;
  }
}

Result<Child> Child::start(const Command& command) {
  Result<ExecutionImage> image =
      ExecutionImage::prepare(command.argv, command.directory, command.environment);
  if (!image) return fail(image.error());
  Result<Descriptor> input = make_input(command.input);
  if (!input) return fail(input.error());
  Result<Pipe> out = make_pipe();
  if (!out) return fail(out.error());
  Result<Pipe> err = make_pipe();
  if (!err) return fail(err.error());

  Child child;
  child.title_ = title_of(command.argv);
  child.time_allowed_ = command.deadline;
  child.bytes_allowed_ = command.output_bytes_max;
  child.started_at_ = Steady::now();
  const SpawnActions actions(input->number(), out->write_end.number(), err->write_end.number(),
                             image->directory());
  const Result<pid_t> pid = spawn(*image, actions);
  if (!pid) return fail(pid.error());
  child.pid_ = *pid;
  child.pidfd_ = Descriptor(::pidfd_open(*pid, 0));
  child.out_ = OutputStream(std::move(out->read_end), command.output_bytes_max);
  child.err_ = OutputStream(std::move(err->read_end), command.output_bytes_max);
  if (!child.pidfd_.is_open()) {
    const int error_number = errno;
    ::kill(-child.pid_, SIGKILL);
    ::waitpid(child.pid_, nullptr, 0);
    Error error = system_error(error_number, "watch " + child.title_);
    error.delivery = Delivery::maybe_applied;
    return fail(std::move(error));
  }
  return child;
}

void Child::give_up(Error reason, Steady::time_point now) {
  if (failure_) return;
  reason.delivery = Delivery::maybe_applied;
  failure_ = std::move(reason);
  if (has_exited()) return;
  ::kill(-pid_, SIGTERM);
  kill_at_ = now + kKillGrace;
}

Error Child::too_much_output() const {
  Error error;
  error.kind = ErrorKind::malformed;
  error.message =
      fmt::format("{} printed more than the {} bytes that are read", title_, bytes_allowed_);
  return error;
}

Error Child::too_slow() const {
  Error error;
  error.kind = ErrorKind::timed_out;
  error.message = fmt::format("{} did not end within {}", title_, to_words(time_allowed_));
  return error;
}

void Child::advance(Steady::time_point now) {
  if (out_.is_over_limit() || err_.is_over_limit()) {
    give_up(too_much_output(), now);
  }
  if (has_exited()) return;
  if (now >= started_at_ + time_allowed_) {
    give_up(too_slow(), now);
  }
  if (!kill_at_ || now < *kill_at_) return;
  // What even this does not end (it runs as another user, or hangs in the kernel) must not hold
  // the caller up: after the second grace it is left to itself.
  is_abandoned_ = is_killed_;
  is_killed_ = true;
  ::kill(-pid_, SIGKILL);
  kill_at_ = now + kKillGrace;
}

void Child::collect_exit(Steady::time_point now) {
  if (has_exited()) return;
  siginfo_t info{};
  // Looked at before it is collected: until then no other process group can take its number.
  if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.number()), &info, WEXITED | WNOHANG | WNOWAIT) !=
          0 ||
      info.si_pid == 0) {
    return;
  }
  if (failure_) ::kill(-pid_, SIGKILL);
  ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.number()), &info, WEXITED | WNOHANG);
  exit_code_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  exited_at_ = now;
}

bool Child::is_finished(Steady::time_point now) const {
  if (!has_exited()) return is_abandoned_;
  return (!out_.is_open() && !err_.is_open()) || now >= *exited_at_ + kDrainGrace;
}

Steady::time_point Child::next_moment() const {
  if (has_exited()) return *exited_at_ + kDrainGrace;
  if (kill_at_) return *kill_at_;
  return started_at_ + time_allowed_;
}

Result<ProcessResult> Child::result() {
  // What the program itself printed is in the pipe, even where a grandchild still holds it open.
  out_.read_available();
  err_.read_available();
  out_.close();
  err_.close();
  if (failure_) return fail(std::move(*failure_));
  if (out_.is_over_limit() || err_.is_over_limit()) {
    Error error = too_much_output();
    error.delivery = Delivery::maybe_applied;
    return fail(std::move(error));
  }
  return ProcessResult{
      .exit_code = exit_code_,
      .out = out_.take(),
      .err = err_.take(),
      .elapsed = std::chrono::duration_cast<Milliseconds>(*exited_at_ - started_at_)};
}

}  // namespace gatehouse::posix
