// How an operation that could not be carried out is told: Error, and Result<T>, which holds a value
// or an Error. Text of the operator that is wrong is a Diagnostic (diag/), a state of the world
// that is wrong is a Verdict (gates/); neither is an Error. Start at ErrorKind.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace gatehouse {

/// Few on purpose: each kind must change what a caller does (ARCHITECTURE.md, "The three
/// outcomes").
enum class ErrorKind {
  invalid_input,  ///< a file, flag or answer of the operator cannot be used
  not_found,      ///< the thing asked for does not exist
  denied,         ///< the peer refuses these credentials; never retried
  conflict,       ///< exists already, changed meanwhile, or locked
  unavailable,    ///< never reached the peer
  timed_out,      ///< the deadline passed
  malformed,      ///< the peer answered and the answer cannot be read
  io,             ///< local disk or pipe failed
  interrupted,    ///< the operator asked to stop
};

/// The one bit that decides whether repeating is safe.
enum class Delivery { not_sent, maybe_applied };

struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;                ///< lower case, names the thing, expected and observed
  std::vector<std::string> contexts;  ///< inner to outer: "reading subnets of omega"
  Delivery delivery = Delivery::not_sent;
  std::string help;  ///< the next step, where one is known

  bool operator==(const Error&) const = default;
};

/// The kind's name as it stands in the journal: "not_found".
std::string to_string(ErrorKind kind);

/// "outer: inner: message"; without the help.
std::string to_string(const Error& error);

/// Adds one layer of context to an error on its way up.
Error with_context(Error error, std::string context);

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  // tl::expected's own combinators return their base; this lets them be returned as a Result.
  Result(tl::expected<T, Error> base) : tl::expected<T, Error>(std::move(base)) {}
};

/// What `return fail(...)` hands back in a function that returns a Result.
tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string help = {});
tl::unexpected<Error> fail(Error error);

}  // namespace gatehouse
