// One child that we wait for: its pipes, its end, and how it is put to an end before its time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <sys/types.h>

#include "effects/posix/descriptor.h"
#include "effects/process.h"

namespace gatehouse::posix {

using Steady = std::chrono::steady_clock;

/// One of the two output streams, read as it comes and never beyond its limit.
class OutputStream {
 public:
  OutputStream() = default;
  OutputStream(Descriptor pipe, std::size_t bytes_max);

  bool is_open() const { return pipe_.is_open(); }
  int number() const { return pipe_.number(); }
  bool is_over_limit() const { return is_over_limit_; }
  /// Takes what is there now, and closes at the end of the stream.
  void read_available();
  void close() { pipe_.close(); }
  std::string take() { return std::move(bytes_); }

 private:
  Descriptor pipe_;
  std::string bytes_;
  std::size_t bytes_max_ = 0;
  bool is_over_limit_ = false;
};

/// A session of its own, so that a kill reaches whatever it started and ssh finds no terminal.
class Child {
 public:
  static Result<Child> start(const Command& command);

  Child(Child&&) = default;
  Child& operator=(Child&&) = default;

  int pidfd() const { return pidfd_.number(); }
  OutputStream& out() { return out_; }
  OutputStream& err() { return err_; }
  bool has_exited() const { return exited_at_.has_value(); }

  /// Acts on the hour: deadline, output limit, the harder signal after the softer one.
  void advance(Steady::time_point now);
  /// Collects the exit code; call when the pidfd is readable.
  void collect_exit(Steady::time_point now);
  void give_up(Error reason, Steady::time_point now);
  bool is_finished(Steady::time_point now) const;
  /// When advance or is_finished could say something new though nothing happens.
  Steady::time_point next_moment() const;
  Result<ProcessResult> result();

 private:
  Child() = default;
  Error too_much_output() const;
  Error too_slow() const;

  std::string title_;
  pid_t pid_ = 0;
  Descriptor pidfd_;
  OutputStream out_;
  OutputStream err_;
  Milliseconds time_allowed_{0};
  std::size_t bytes_allowed_ = 0;
  Steady::time_point started_at_;
  std::optional<Steady::time_point> exited_at_;
  std::optional<Steady::time_point> kill_at_;  ///< set with the first, softer signal
  bool is_killed_ = false;                     ///< the harder signal was sent
  bool is_abandoned_ = false;                  ///< neither signal ended it
  std::optional<Error> failure_;
  int exit_code_ = 0;
};

}  // namespace gatehouse::posix
