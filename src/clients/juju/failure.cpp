#include "clients/juju/failure.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::juju {

namespace {

constexpr std::size_t kTextBytesMax = 400;

struct Sign {
  std::string_view text;  ///< lower case, somewhere in what Juju says
  ErrorKind kind;
};

// The lock file is in /tmp and may be another user's (juju/juju 18949).
constexpr std::string_view kStoreLock = "cannot acquire lock file";

// The order matters: a stale login is often wrapped in words that also speak of the connection.
constexpr std::array kSigns = {
    Sign{kStoreLock, ErrorKind::unavailable},
    Sign{"cannot get discharge", ErrorKind::denied},
    Sign{"please enter password", ErrorKind::denied},
    Sign{"enter password", ErrorKind::denied},
    Sign{"not logged in", ErrorKind::denied},
    Sign{"no credentials provided", ErrorKind::denied},
    Sign{"invalid entity name or password", ErrorKind::denied},
    Sign{"macaroon discharge", ErrorKind::denied},
    Sign{"discharge required", ErrorKind::denied},
    Sign{"login expired", ErrorKind::denied},
    Sign{"cannot log into controller", ErrorKind::denied},
    Sign{"cannot log in", ErrorKind::denied},
    Sign{"unauthorized", ErrorKind::denied},
    Sign{"inappropriate ioctl", ErrorKind::denied},
    Sign{"no controllers registered", ErrorKind::not_found},
    Sign{"no controller", ErrorKind::not_found},
    Sign{"unable to connect", ErrorKind::unavailable},
    Sign{"cannot connect", ErrorKind::unavailable},
    Sign{"connection refused", ErrorKind::unavailable},
    Sign{"connection reset", ErrorKind::unavailable},
    Sign{"connection timed out", ErrorKind::unavailable},
    Sign{"connection is shut down", ErrorKind::unavailable},
    Sign{"broken pipe", ErrorKind::unavailable},
    Sign{"i/o timeout", ErrorKind::unavailable},
    Sign{"no route to host", ErrorKind::unavailable},
    Sign{"network is unreachable", ErrorKind::unavailable},
    Sign{"context deadline exceeded", ErrorKind::unavailable},
    Sign{"opening api connection", ErrorKind::unavailable},
    Sign{"cannot open api", ErrorKind::unavailable},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// "controller omega not found", "model omega:admin/openstack not found": the subject must be one of
// these, for a bundle's refusal also says "not found" of charms and files.
bool names_lost_subject(const std::string& text) {
  return text.ends_with("not found") &&
         (text.starts_with("controller ") || text.starts_with("model "));
}

std::optional<ErrorKind> kind_of(std::string_view err) {
  const std::string all = lower(err);
  for (const Sign& sign : kSigns) {
    if (all.find(sign.text) != std::string::npos) return sign.kind;
  }
  const std::string text = lower(error_text(err));
  if (names_lost_subject(text)) return ErrorKind::not_found;
  // Of a file that Juju may not open this says nothing about the login.
  if (text.ends_with("permission denied") && text.find("open ") == std::string::npos) {
    return ErrorKind::denied;
  }
  return std::nullopt;
}

bool is_log_line(std::string_view line) {
  return line.starts_with("WARNING ") || line.starts_with("INFO ") || line.starts_with("ERROR");
}

}  // namespace

std::string error_text(std::string_view err) {
  std::string text;
  bool is_inside = false;
  for (const std::string_view line : lines_of(err)) {
    if (is_log_line(line)) {
      is_inside = line.starts_with("ERROR");
      if (is_inside) text = std::string(trim(line.substr(5)));
    } else if (is_inside && !trim(line).empty()) {
      text += (text.empty() ? "" : " ") + std::string(trim(line));
    } else if (!is_inside && !trim(line).empty()) {
      text = std::string(trim(line));
    }
  }
  std::string out = printable(text.substr(0, kTextBytesMax));
  return text.size() > kTextBytesMax ? out + "..." : out;
}

bool says_that_it_exists(std::string_view err) {
  return lower(error_text(err)).find("already exists") != std::string::npos;
}

Error failure_of(const ProcessResult& result, const std::string& controller) {
  const std::string text = error_text(result.err);
  Error error{.kind = ErrorKind::malformed,
              .message = {},
              .contexts = {},
              .delivery = Delivery::not_sent,
              .help = {}};
  const auto kind = kind_of(result.err);
  error.kind =
      kind.value_or(result.exit_code == 2 ? ErrorKind::invalid_input : ErrorKind::malformed);
  if (error.kind == ErrorKind::denied) {
    error.message = "juju would ask for a login to " + controller + ": " + text;
    error.help = "log in with: juju login -c " + controller;
  } else if (lower(text).find(kStoreLock) != std::string::npos) {
    error.message = "juju's own store is locked: " + text;
    error.help =
        "see whose it is: ls -l /tmp/juju-store-lock-*; end that client, or remove the file";
  } else if (error.kind == ErrorKind::unavailable) {
    const bool is_store = text.find("charmhub") != std::string::npos;
    error.message = is_store ? "the charm store was not reached: " + text
                             : "controller " + controller + " was not reached: " + text;
    if (!is_store) error.help = "try: juju controllers --refresh";
  } else if (error.kind == ErrorKind::not_found) {
    error.message = text;
    error.help = "see: juju controllers, juju models -c " + controller;
  } else {
    error.message =
        fmt::format("juju ended {}: {}", result.exit_code, text.empty() ? "without a word" : text);
  }
  return error;
}

Result<std::string> output_of(const Result<ProcessResult>& result, const std::string& controller) {
  if (!result) {
    Error error = result.error();
    if (error.kind == ErrorKind::not_found) error.help = "install the juju client";
    return fail(std::move(error));
  }
  if (result->exit_code != 0) return fail(failure_of(*result, controller));
  return result->out;
}

}  // namespace gatehouse::juju
