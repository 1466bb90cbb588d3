#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/expected_units.h"
#include "gates/message_parts.h"

namespace gatehouse {

namespace {

constexpr FactKey kUnitStatesNeeds[] = {FactKey::model_status};

struct Judging {
  const Case& c;
  const ModelStatus& status;
  PlannedUnits planned;
  UnitIndex units;
};

// The clocks of controller and jumphost may differ by so much.
constexpr Milliseconds kSkewMax = std::chrono::minutes(5);

// A state that is older than what was done says nothing of what was done. Juju's own `since` is a
// hint: some versions leave it out, and what cannot be read is no reason to doubt.
bool is_older(const UnitStatus& unit, const std::optional<Moment>& newer_than) {
  if (!newer_than) return false;
  const auto since = parse_rfc3339(unit.workload.since);
  return since && *since + kSkewMax < *newer_than;
}

Check judge_units(const Judging& judging, const ApplicationStatus& application) {
  const ExpectedUnits expected = expected_units(judging.c.inputs.site.settled, application.name);
  const UnitsWanted wanted = units_wanted(judging.planned, application, judging.units);
  const auto units = judging.units.units_of(application.name);
  std::vector<std::string> wrong;
  for (const UnitStatus* unit : units) {
    if (!shows(*unit, expected)) {
      wrong.push_back(in_words(*unit));
    } else if (is_older(*unit, judging.c.facts.history.newer_than)) {
      wrong.push_back(
          fmt::format("{} since {}, before the deploy", unit->name, unit->workload.since));
    }
  }
  for (std::string& words : wrong_counts(units, expected)) wrong.push_back(std::move(words));
  for (const std::string& principal : wanted.bare_principals) {
    wrong.push_back("none with " + principal);
  }
  if (!application.life.empty()) wrong.push_back("the application is " + application.life);
  const bool is_count_wrong = wanted.count && *wanted.count != units.size();
  Check check{.subject = application.name,
              .expected = in_words(expected, wanted.count),
              .observed = counted(units.size(), "unit") + (wrong.empty() ? ", all so" : "")};
  if (units.empty()) check.observed = "no unit";
  if (!wrong.empty()) check.observed += ": " + listed(wrong);
  check.ruling = !wrong.empty() || is_count_wrong ? Ruling::fail
                 : !wanted.count                  ? Ruling::unknown
                                                  : Ruling::pass;
  check.span = expected.span;
  if (check.ruling == Ruling::fail) check.help = "see: juju status " + application.name;
  return check;
}

void note_policies(const ModelStatus& status, std::vector<Diagnostic>& findings) {
  for (const auto& [name, unit] : status.units) {
    if (!shown_message(unit.workload.message).has_broken_policy) continue;
    findings.push_back(
        remark("juju/policyd-broken", unit.application,
               fmt::format("{} shows PO (broken): its policy override does not work", name),
               "attach a policy archive, or unset use-policyd-override"));
  }
}

void judge_applications(const Judging& judging, std::vector<Check>& checks) {
  const auto& present = judging.status.applications;
  for (const PlannedApplication& planned : judging.c.plan->applications) {
    const auto entry = present.find(planned.name);
    if (entry != present.end()) {
      checks.push_back(judge_units(judging, entry->second));
    } else {
      checks.push_back(failed(planned.name, "in the model", "not in the model"));
    }
  }
  for (const auto& [name, application] : present) {
    if (judging.planned.has(name)) continue;
    checks.push_back(failed(name, "not in the model, for no bundle plans it", "in the model"));
  }
}

Verdict judge_unit_states(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  const Plan* plan = require_plan(c, checks);
  const ModelStatus* status = require_model(c, checks);
  if (!plan || !status) return conclude(std::move(checks));
  judge_applications({c, *status, PlannedUnits(plan), UnitIndex(*status)}, checks);
  for (Check& check : checks) check.evidence = c.facts.model_status.evidence();
  note_policies(*status, findings);
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate unit_states_gate;
const Gate unit_states_gate{
    .id = "unit_states",
    .question =
        "Shows every application as many units as planned, each in the state that the site "
        "expects of it?",
    .source = "phase 01, exit gate",
    .needs = kUnitStatesNeeds,
    .judge = judge_unit_states,
};

}  // namespace gatehouse
