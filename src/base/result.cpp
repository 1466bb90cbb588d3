#include "base/result.h"

namespace gatehouse {

std::string to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_input:
      return "invalid_input";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::timed_out:
      return "timed_out";
    case ErrorKind::malformed:
      return "malformed";
    case ErrorKind::io:
      return "io";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  std::string text;
  for (auto context = error.contexts.rbegin(); context != error.contexts.rend(); ++context) {
    text += *context + ": ";
  }
  return text + error.message;
}

Error with_context(Error error, std::string context) {
  error.contexts.push_back(std::move(context));
  return error;
}

tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string help) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  error.help = std::move(help);
  return tl::unexpected<Error>(std::move(error));
}

tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace gatehouse
