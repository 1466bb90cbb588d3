// What a gate is: a question, the facts it needs, and a pure judgement. A gate never fetches. No
// checks means unknown, and unknown blocks. Add one: ARCHITECTURE.md, "Add a gate".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/diagnostic.h"
#include "facts/facts.h"
#include "input/inputs.h"
#include "plan/plan.h"

namespace gatehouse {

enum class Ruling { pass, fail, unknown };

struct Check {
  std::string subject;
  std::string expected;
  std::string observed;
  Ruling ruling = Ruling::unknown;
  Span span = {};          ///< the line of the operator's that promised it
  Evidence evidence = {};  ///< where the observed came from
  std::string help = {};   ///< the next command, where it does not hold
};

struct Verdict {
  std::string gate;
  Ruling ruling = Ruling::unknown;
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;  ///< remarks that never change the ruling
};

/// Whether a living model of the declared name stops the run. An empty one may be taken up where an
/// `add-model` of ours has no outcome, or where the operator said so.
enum class ModelUse { must_be_absent, may_be_empty };

/// What a gate is handed. The plan is absent where the bundle was refused.
struct Case {
  const Inputs& inputs;
  const Plan* plan;
  const Facts& facts;
  ModelUse model_use = ModelUse::must_be_absent;
};

enum class Waiving { allowed, forbidden };

struct Gate {
  std::string_view id;        ///< as its file: "vip_policy"
  std::string_view question;  ///< in plain words
  std::string_view source;    ///< the runbook's step
  std::span<const FactKey> needs = {};
  /// Whether the site declares anything for it; absent means it always applies. A gate that does
  /// not apply is listed as not declared, and never as passed.
  bool (*applies)(const Inputs&) = nullptr;
  Verdict (*judge)(const Case&) = nullptr;
  Waiving waiving = Waiving::allowed;
};

/// All gates, sorted by id; made by the build from the names of the files.
std::span<const Gate* const> all_gates();
const Gate* find_gate(std::string_view id);

/// Judges and puts the gate's id on the verdict.
Verdict judge(const Gate& gate, const Case& c);

/// The worst of the checks: fail before unknown before pass; none is unknown.
Verdict conclude(std::vector<Check> checks, std::vector<Diagnostic> findings = {});

Check passed(std::string subject, std::string expected, std::string observed);
Check failed(std::string subject, std::string expected, std::string observed,
             std::string help = {});
Check unknown(std::string subject, std::string expected, std::string why, std::string help = {});
/// pass where they are equal, fail where not.
Check expect_equal(std::string subject, std::string expected, std::string observed);

/// The observation's value, or an unknown check in its place: no gate can forget to.
template <class T>
const T* require_seen(const Observation<T>& observation, std::string subject, std::string expected,
                      std::vector<Check>& checks) {
  if (const T* value = observation.value()) return value;
  Check check = unknown(std::move(subject), std::move(expected), observation.why_unknown());
  if (observation.error()) check.help = observation.error()->help;
  check.evidence = observation.evidence();
  checks.push_back(std::move(check));
  return nullptr;
}

std::string to_string(Ruling ruling);
json::object to_json(const Verdict& verdict);

}  // namespace gatehouse
