#include "effects/posix/detached_child.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "effects/posix/child_environment.h"
#include "effects/posix/folder.h"
#include "effects/posix/keeper.h"
#include "effects/posix/process_table.h"

namespace gatehouse::posix {
namespace {

constexpr std::size_t kExitFileBytesMax = 16;

/// A new 0600 file that goes away again unless the child was started.
class OutputFile {
 public:
  static Result<OutputFile> make(const std::string& path) {
    OutputFile file;
    file.path_ = path;
    file.descriptor_ = Descriptor(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
               S_IRUSR | S_IWUSR));
    if (!file.descriptor_.is_open()) {
      if (errno == EEXIST) return fail(ErrorKind::conflict, path + " exists already");
      return fail(system_error(errno, "make " + path));
    }
    return file;
  }
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile() {
    if (descriptor_.is_open()) ::unlink(path_.c_str());
  }

  int number() const { return descriptor_.number(); }
  void keep() { descriptor_.close(); }

 private:
  OutputFile() = default;
  std::string path_;
  Descriptor descriptor_;
};

Result<Descriptor> take_lock(const std::string& path) {
  Descriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return fail(system_error(errno, "open the lock file " + path));
  if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return fail(system_error(errno, "lock " + path));
  return fail(ErrorKind::conflict, path + " is held by a child that still runs");
}

/// Signals wait while we fork, so that none of our handlers runs in the keeper.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

 private:
  sigset_t former_{};
};

/// fork, not posix_spawn: the keeper is our own code, and a library has no program of its own to
/// start. It copies page tables once for each effect, of which a phase has a handful.
Result<pid_t> fork_keeper(const KeeperPlan& plan) {
  const SignalsHeld held;
  const pid_t pid = ::fork();
  if (pid < 0) return fail(system_error(errno, "fork a keeper"));
  if (pid == 0) become_keeper(plan);
  return pid;
}

/// Reads until `size` bytes or the end; gives the number of bytes.
std::size_t read_up_to(int descriptor, void* bytes, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(descriptor, static_cast<char*>(bytes) + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

/// Waits until the program runs, which closes the pipe, or says why it does not.
Result<ChildId> await_report(int pipe, const char* program) {
  KeeperReport report;
  if (read_up_to(pipe, &report, sizeof report) != sizeof report) {
    return fail(ErrorKind::io, fmt::format("the keeper of {} ended before its program", program));
  }
  const std::string action = fmt::format("start {}", program);
  if (report.error_number != 0) return fail(system_error(report.error_number, action));
  int error_number = 0;
  if (read_up_to(pipe, &error_number, sizeof error_number) == sizeof error_number) {
    return fail(system_error(error_number, action));
  }
  const auto entry = parse_process_entry(
      std::string_view(report.stat, static_cast<std::size_t>(report.stat_bytes)));
  return ChildId{.pid = report.pid, .start_ticks = entry ? entry->start_ticks : 0};
}

Result<std::optional<int>> read_exit_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::optional<int>{};
    return fail(system_error(errno, "open " + path));
  }
  std::string text;
  if (!read_all(file.number(), 0, kExitFileBytesMax, text)) {
    return fail(system_error(errno, "read " + path));
  }
  int code = 0;
  const std::string_view digits = trim(std::string_view(text).substr(0, text.find('\n')));
  const auto [end, failure] = std::from_chars(digits.begin(), digits.end(), code);
  if (failure != std::errc() || end != digits.end() || digits.empty()) {
    return fail(ErrorKind::malformed, path + " holds no exit code");
  }
  return std::optional<int>(code);
}

}  // namespace

Result<ChildId> Keepers::start(const DetachedCommand& command) {
  reap();
  Result<ExecutionImage> image =
      ExecutionImage::prepare(command.argv, command.directory, command.environment);
  if (!image) return fail(image.error());
  if (::access(command.exit_file.c_str(), F_OK) == 0) {
    return fail(ErrorKind::conflict, command.exit_file + " exists already");
  }
  const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!input.is_open()) return fail(system_error(errno, "open /dev/null"));
  Result<Descriptor> lock = take_lock(command.lock_file);
  if (!lock) return fail(lock.error());
  Result<OutputFile> out = OutputFile::make(command.out_file);
  if (!out) return fail(out.error());
  Result<OutputFile> err = OutputFile::make(command.err_file);
  if (!err) return fail(err.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(system_error(errno, "make a pipe"));
  const Descriptor report_read(ends[0]);
  Descriptor report_write(ends[1]);

  const std::string temporary = command.exit_file + ".tmp";
  const std::string exit_folder = folder_of(command.exit_file);
  const Result<pid_t> keeper = fork_keeper({.image = *image,
                                            .input = input.number(),
                                            .output = out->number(),
                                            .errors = err->number(),
                                            .lock = lock->number(),
                                            .report = report_write.number(),
                                            .exit_file = command.exit_file.c_str(),
                                            .exit_file_temporary = temporary.c_str(),
                                            .exit_folder = exit_folder.c_str()});
  if (!keeper) return fail(keeper.error());
  keepers_.push_back(*keeper);
  report_write.close();
  Result<ChildId> child = await_report(report_read.number(), image->program());
  if (child) {
    out->keep();
    err->keep();
  } else {
    // No program, so its keeper is at its end too; what it wrote is about nothing.
    if (::waitpid(*keeper, nullptr, 0) == *keeper) std::erase(keepers_, *keeper);
    ::unlink(command.exit_file.c_str());
  }
  return child;
}

Result<ChildState> Keepers::state_of(const ChildId& child, const std::string& exit_file) {
  reap();
  const std::optional<ProcessEntry> entry = process_entry(child.pid);
  const bool is_there = entry && entry->start_ticks == child.start_ticks;
  if (is_there && entry->state != 'Z' && entry->state != 'X') {
    return ChildState{.is_running = true, .exit_code = std::nullopt};
  }
  // The keeper writes before it collects, so whatever is gone by now has left its word by now.
  Result<std::optional<int>> code = read_exit_file(exit_file);
  if (!code) return fail(code.error());
  if (*code) return ChildState{.is_running = false, .exit_code = *code};
  // Ended, not collected: its keeper is about to write, unless that was killed and the child fell
  // to the first process, which in a container may collect nobody.
  constexpr int kFirstProcess = 1;
  return ChildState{.is_running = is_there && entry->parent != kFirstProcess,
                    .exit_code = std::nullopt};
}

void Keepers::reap() {
  std::erase_if(keepers_, [](pid_t keeper) { return ::waitpid(keeper, nullptr, WNOHANG) != 0; });
}

}  // namespace gatehouse::posix
