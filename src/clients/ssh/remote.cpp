#include "clients/ssh/remote.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse::ssh {

namespace {

constexpr Milliseconds kDeadline{60'000};
constexpr const char* kConnectTimeout = "ConnectTimeout=10";

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

Error error_of(ErrorKind kind, std::string message, std::string help) {
  return {.kind = kind,
          .message = std::move(message),
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = std::move(help)};
}

std::string last_line(const std::string& text) {
  std::string last;
  for (const std::string_view line : lines_of(text)) {
    if (!trim(line).empty()) last = printable(trim(line).substr(0, 200));
  }
  return last;
}

}  // namespace

bool is_here(const std::string& host) {
  return host == "jumphost" || host == "localhost";
}

Result<Command> remote_command(const std::string& host, const std::string& script) {
  const auto is_odd = [](char c) { return c <= ' ' || c == '\x7f'; };
  if (host.empty() || host.front() == '-' || std::any_of(host.begin(), host.end(), is_odd)) {
    return fail(ErrorKind::invalid_input, "no usable name of a host: " + printable(host));
  }
  Command command;
  command.argv = {"ssh", "-T", "-o", "BatchMode=yes", "-o", kConnectTimeout, "--", host, script};
  command.deadline = kDeadline;
  command.output_bytes_max = std::size_t{8} << 20;
  return command;
}

Error ssh_failure(const std::string& host, const std::string& err) {
  if (says(err, "Host key verification failed") || says(err, "IDENTIFICATION HAS CHANGED")) {
    return error_of(ErrorKind::denied, "the host key of " + host + " is not a known one",
                    "compare it, then log in once by hand: ssh " + host);
  }
  if (says(err, "Permission denied") || says(err, "Too many authentication failures")) {
    return error_of(ErrorKind::denied, host + " refuses the ssh login",
                    "make `ssh " + host + " true` work without a password or passphrase");
  }
  return error_of(ErrorKind::unavailable, host + " was not reached by ssh: " + last_line(err),
                  "try: ssh " + host + " true");
}

}  // namespace gatehouse::ssh
