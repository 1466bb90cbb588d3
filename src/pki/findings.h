// Collects what the verifier finds. A finding has a place in the overlay and the option it is
// about; its text never holds a value of the overlay. The codes are listed in docs/formats/pki.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/diagnostic.h"

namespace gatehouse::pki {

enum class Strictness { usual, strict };

/// What one finding is about.
struct Place {
  Span span;
  std::string option;  ///< "" where it is about the overlay as a whole
};

class Findings {
 public:
  explicit Findings(Strictness strictness = Strictness::usual) : strictness_(strictness) {}

  void error(std::string_view code, const Place& place, std::string message, std::string help);
  void warning(std::string_view code, const Place& place, std::string message, std::string help);
  void note(std::string_view code, const Place& place, std::string message, std::string help);
  /// A warning that is an error under --strict.
  void strict_error(std::string_view code, const Place& place, std::string message,
                    std::string help);
  /// Adds a place to the newest finding.
  void relate(const Span& span, std::string message);

  bool has(std::string_view code) const;
  bool has_error() const;
  /// Sorted by place.
  std::vector<Diagnostic> take();

 private:
  Strictness strictness_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace gatehouse::pki
