// Which findings the site file accepts, and which of its entries accept nothing.
#pragma once

#include <vector>

#include "diag/diagnostic.h"
#include "input/site/site.h"

namespace gatehouse::cli {

/// The site must outlive it.
class Acceptances {
 public:
  explicit Acceptances(const Site& site);

  /// The entry that covers the finding, by code and subject; nullptr where none does.
  const Acceptance* of(const Diagnostic& finding);

  /// An error for each entry whose code no finding has.
  std::vector<Diagnostic> unknown() const;
  /// A note for each other entry that covered nothing so far.
  std::vector<Diagnostic> unused() const;

 private:
  const std::vector<Acceptance>& entries_;
  std::vector<bool> is_used_;
};

}  // namespace gatehouse::cli
