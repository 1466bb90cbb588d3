// A lint rule: one way in which a bundle that Juju accepts is still wrong, with the code under
// which a site may accept it. A rule reads its case and nothing else: no file, no clock, no
// network. Add one: a file NAME_rule.cpp with the constant NAME_rule, its page in docs/findings/,
// its tests.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/diagnostic.h"
#include "input/bundle/bundle.h"
#include "input/site/site.h"
#include "lint/charm_catalogue.h"
#include "plan/plan.h"

namespace gatehouse {

/// What a rule is handed. Without a plan or a site, the rules that need one say nothing.
struct LintCase {
  const Bundle& bundle;
  const Plan* plan = nullptr;  ///< absent where Juju would refuse to plan
  const CharmCatalogue& charms;
  const Site* site = nullptr;
};

struct Rule;

/// What one rule found; its code, and its severity where the remark has none, are put on each.
class Findings {
 public:
  struct Remark {
    Span span;
    std::string subject;  ///< an application, a machine or a space: what `accept` names in `on`
    std::string message;
    std::string help;
    std::optional<Severity> severity = {};
    std::vector<Label> related = {};
    bool is_withheld = false;  ///< the line there holds a secret
  };

  Findings(const Rule& rule, std::vector<Diagnostic>& list) : rule_(rule), list_(list) {}
  /// Listed, up to a thousand of one rule; of the others only the number is told.
  void add(Remark remark);
  /// Further ones are only counted: what they would say need not be worked out.
  bool is_full() const;
  /// Tells how many were not listed, with the gravest of their severities.
  void finish();

 private:
  const Rule& rule_;
  std::vector<Diagnostic>& list_;
  std::size_t listed_ = 0;
  std::size_t unlisted_ = 0;
  Severity gravest_ = Severity::note;
};

struct Rule {
  std::string_view code;  ///< stable: "bundle/nic-used-twice"; page in docs/findings/CODE.md
  Severity severity = Severity::warning;  ///< the usual one
  std::string_view summary;               ///< one line, lower case
  void (*judge)(const LintCase&, Findings&) = nullptr;
};

/// Sorted by file name; made by the build (cmake/Found.cmake).
std::span<const Rule* const> all_rules();

/// Everything that every rule finds, sorted by place.
std::vector<Diagnostic> lint(const LintCase& c);

}  // namespace gatehouse
