// The real implementations of the five interfaces, for Linux. Each is made by one function so that
// system headers stay in the sources. Deadlines of requests and children are the wall's, also where
// the clock is scaled: a real program does not run faster in a rehearsal.
#pragma once

#include <memory>
#include <optional>

#include "effects/effects.h"

namespace gatehouse::posix {

/// libcurl: TLS 1.2 or later, no redirect, proxies from the environment but never for loopback. The
/// clock tells of an interruption, which is noticed within about a second.
std::unique_ptr<HttpTransport> make_http_transport(Clock& clock);

/// posix_spawn with an own session, an empty signal mask, no descriptor of ours.
std::unique_ptr<ProcessRunner> make_process_runner(Clock& clock);

std::unique_ptr<FileStore> make_file_store();

/// Lab time: at wall moment `wall_origin` it shows `lab_origin`, and runs `factor` times as fast.
struct ClockScale {
  Moment wall_origin;
  Moment lab_origin;
  double factor = 1;
};

/// Installs handlers for SIGINT and SIGTERM that end waits early; SIGHUP and SIGPIPE are ignored.
std::unique_ptr<Clock> make_clock(std::optional<ClockScale> scale);

std::unique_ptr<Entropy> make_entropy();

}  // namespace gatehouse::posix
