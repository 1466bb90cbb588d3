#include "effects/posix/keeper.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::posix {
namespace {

[[maybe_unused]] constexpr int kLock = 3;    ///< where program and keeper hold the lock
constexpr int kReport = 4;  ///< the pipe to us, in both until the program is executed
constexpr int kExitCannotRun = 127;

void set_dispositions(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
}

void set_disposition(int number, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigaction(number, &action, nullptr);
}

void unblock_all() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void write_bytes(int descriptor, const void* bytes, std::size_t size) {
  while (::write(descriptor, bytes, size) < 0 && errno == EINTR) {
  }
}

/// Puts the descriptors at 0 to 4 and closes all others: our own locks must not live on in here.
bool arrange_descriptors(const KeeperPlan& plan) {
  const int wanted[] = {plan.input, plan.output, plan.errors, plan.lock, plan.report};
  int moved[5];
  // First out of the way of each other, then to their places.
  for (int at = 0; at < 5; ++at) {
    moved[at] = ::fcntl(wanted[at], F_DUPFD, 5);
    if (moved[at] < 0) return false;
  }
  for (int at = 0; at < 5; ++at) {
    if (::dup2(moved[at], at) < 0) return false;
  }
  return ::close_range(5, ~0U, 0) == 0;
}

[[noreturn]] void become_program(const KeeperPlan& plan) {
  // A session of its own: a kill of its group spares the keeper, and no terminal can reach it.
  ::setsid();
  ::fcntl(kReport, F_SETFD, FD_CLOEXEC);
  set_dispositions(SIG_DFL);
  unblock_all();
  if (plan.image.directory() == nullptr || ::chdir(plan.image.directory()) == 0) {
    ::execve(plan.image.program(), plan.image.arguments(), plan.image.environment());
  }
  const int error_number = errno;
  write_bytes(kReport, &error_number, sizeof error_number);
  _exit(kExitCannotRun);
}

/// "/proc/PID/stat" without the formatter, which may allocate.
void write_stat_path(int pid, char* path) {
  char digits[12];
  int count = 0;
  for (int rest = pid; rest > 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
  std::memcpy(path, "/proc/", 6);
  path += 6;
  while (count > 0) *path++ = digits[--count];
  std::memcpy(path, "/stat", 6);
}

void report_start(int pid) {
  KeeperReport report;
  report.pid = pid;
  report.error_number = pid < 0 ? errno : 0;
  if (pid > 0) {
    char path[32];
    write_stat_path(pid, path);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t count = ::read(file, report.stat, sizeof report.stat);
    report.stat_bytes = count > 0 ? static_cast<int>(count) : 0;
    ::close(file);
  }
  write_bytes(kReport, &report, sizeof report);
}

void write_exit_file(const KeeperPlan& plan, int exit_code) {
  char text[8];
  int size = 0;
  if (exit_code >= 100) text[size++] = static_cast<char>('0' + exit_code / 100);
  if (exit_code >= 10) text[size++] = static_cast<char>('0' + exit_code / 10 % 10);
  text[size++] = static_cast<char>('0' + exit_code % 10);
  text[size++] = '\n';
  const int file = ::open(plan.exit_file_temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR);
  if (file < 0) return;
  write_bytes(file, text, static_cast<std::size_t>(size));
  ::fsync(file);
  ::close(file);
  if (std::rename(plan.exit_file_temporary, plan.exit_file) != 0) return;
  const int folder = ::open(plan.exit_folder, O_RDONLY | O_DIRECTORY);
  ::fsync(folder);
  ::close(folder);
}

}  // namespace

void become_keeper(const KeeperPlan& plan) {
  ::setsid();
  // Nothing that is meant for us may end it before its program; SIGCHLD stays, or there were no
  // exit code to collect.
  set_dispositions(SIG_DFL);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2}) {
    set_disposition(number, SIG_IGN);
  }
  unblock_all();
  // It is a picture of our memory, so it leaves no core file and cannot be traced.
  ::prctl(PR_SET_DUMPABLE, 0);
  ::prctl(PR_SET_NAME, "gatehouse-keep");
  if (!arrange_descriptors(plan)) _exit(kExitCannotRun);

  const pid_t pid = ::fork();
  if (pid == 0) become_program(plan);
  report_start(pid);
  ::close(kReport);
  if (pid < 0) _exit(kExitCannotRun);
  // The standard streams are the program's; a reader at their other end must see them close with
  // it.
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);

  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  // Recorded before it is collected: a process that is gone has left its word.
  write_exit_file(plan, info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status);
  ::waitpid(pid, nullptr, 0);
  _exit(0);
}

}  // namespace gatehouse::posix
