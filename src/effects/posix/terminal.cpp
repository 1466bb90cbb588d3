#include "effects/posix/terminal.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "effects/posix/descriptor.h"

namespace gatehouse::posix {

namespace {

constexpr std::size_t kLineBytesMax = 1024;

/// Silent as long as it lives.
class SilentTerminal {
 public:
  explicit SilentTerminal(int descriptor) : descriptor_(descriptor) {
    if (tcgetattr(descriptor_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_silent_ = tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (is_silent_) tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }

  bool is_silent() const { return is_silent_; }

 private:
  int descriptor_;
  termios before_{};
  bool is_silent_ = false;
};

/// Waits until something was typed; false where the operator stops us or the terminal is gone. A
/// read would go on after a signal, and a second one would end us while the terminal is silent.
bool wait_for_input(int terminal, Clock& clock) {
  constexpr int kPollMilliseconds = 100;
  while (!clock.is_interrupted()) {
    pollfd watched{.fd = terminal, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&watched, 1, kPollMilliseconds);
    if (ready > 0) return (watched.revents & POLLIN) != 0;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

}  // namespace

Result<Secret> ask_secret(std::string_view question, Clock& clock) {
  // A signal empties what was typed, also after we were told of it: a read must not wait then.
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!terminal.is_open()) {
    return fail(ErrorKind::unavailable, "there is no terminal to ask at",
                "name a file of mode 0600 that holds it: --passphrase-file FILE");
  }
  const SilentTerminal silent(terminal.number());
  if (!silent.is_silent()) {
    return fail(ErrorKind::unavailable, "the terminal would show what is typed",
                "name a file of mode 0600 that holds it: --passphrase-file FILE");
  }
  write_all(terminal.number(), question);
  std::string line;
  line.reserve(kLineBytesMax);
  char byte = 0;
  bool is_whole = false;
  while (!is_whole && line.size() < kLineBytesMax && wait_for_input(terminal.number(), clock)) {
    const ssize_t taken = ::read(terminal.number(), &byte, 1);
    if (taken < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (taken != 1) break;
    is_whole = byte == '\n';
    if (!is_whole) line += byte;
  }
  write_all(terminal.number(), "\n");
  Secret secret = Secret::take(line);
  if (clock.is_interrupted()) return fail(ErrorKind::interrupted, "stopped by the operator");
  if (secret.size() == kLineBytesMax && !is_whole) {
    return fail(ErrorKind::invalid_input,
                "what was typed is longer than " + std::to_string(kLineBytesMax) + " bytes");
  }
  if (!is_whole) return fail(ErrorKind::unavailable, "no line was typed");
  return secret;
}

}  // namespace gatehouse::posix
