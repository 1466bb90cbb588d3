// One answer of the world: the value with its evidence, or the Error that prevented it. "Not asked",
// "asked, could not tell" and "asked, got nothing" are three different things.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/moment.h"
#include "base/result.h"

namespace gatehouse {

/// Where an answer came from.
struct Evidence {
  std::string source{};   ///< "http", "command", "file"
  std::string locator{};  ///< method and path; argument list; path: never with a secret
  Moment at{};          ///< when it was observed
  std::string digest{};   ///< SHA-256 of the raw bytes; "" where they may hold a secret
};

template <class T>
class Observation {
 public:
  Observation() = default;
  static Observation seen(T value, Evidence evidence) {
    Observation observation;
    observation.value_ = std::move(value);
    observation.evidence_ = std::move(evidence);
    return observation;
  }
  static Observation failed(Error error, Evidence evidence) {
    Observation observation;
    observation.error_ = std::move(error);
    observation.evidence_ = std::move(evidence);
    return observation;
  }

  /// nullptr where it was not asked or could not be told.
  const T* value() const { return value_ ? &*value_ : nullptr; }
  T* value() { return value_ ? &*value_ : nullptr; }
  const Error* error() const { return error_ ? &*error_ : nullptr; }
  bool was_asked() const { return value_ || error_; }
  const Evidence& evidence() const { return evidence_; }
  /// Why there is no value: the error's text, or "not asked".
  std::string why_unknown() const { return error_ ? to_string(*error_) : "not asked"; }

 private:
  std::optional<T> value_;
  std::optional<Error> error_;
  Evidence evidence_;
};

}  // namespace gatehouse
