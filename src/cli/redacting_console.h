// A console that blanks what the operator declared as secret, whoever repeats it: a tool's error, a
// charm's message, a record of an older version.
#pragma once

#include "base/redactor.h"
#include "cli/console.h"

namespace gatehouse::cli {

class RedactingConsole final : public Console {
 public:
  RedactingConsole(Console& inner, const Redactor& redactor) : inner_(inner), redactor_(redactor) {}
  void data(std::string_view text) override { inner_.data(redactor_.redacted(text)); }
  void talk(std::string_view text) override { inner_.talk(redactor_.redacted(text)); }
  Colour colour() const override { return inner_.colour(); }
  bool is_quiet() const override { return inner_.is_quiet(); }
  bool confirm(std::string_view question) override { return inner_.confirm(question); }

 private:
  Console& inner_;
  const Redactor& redactor_;
};

}  // namespace gatehouse::cli
