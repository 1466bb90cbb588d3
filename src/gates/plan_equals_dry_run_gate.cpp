#include <algorithm>

#include <fmt/format.h>

#include "gates/change_comparison.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kPlanEqualsDryRunNeeds[] = {FactKey::dry_run};
constexpr std::size_t kDifferencesMax = 20;

std::vector<std::string> lines_of_plan(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Change& change : plan.changes) {
    lines.insert(lines.end(), change.description.begin(), change.description.end());
  }
  return lines;
}

std::vector<std::string> lines_of_dry_run(const DryRun& dry_run) {
  std::vector<std::string> lines;
  for (const std::string& line : dry_run.changes) lines.push_back(with_base_for_series(line));
  return lines;
}

std::string place_of(const ChangeDifference& difference) {
  std::string place;
  if (difference.planned) place = fmt::format("line {} of the plan", difference.planned->number);
  if (difference.printed) {
    place += fmt::format("{}line {} of the dry run", place.empty() ? "" : ", ",
                         difference.printed->number);
  }
  return place;
}

Check difference_check(const ChangeDifference& difference) {
  const std::string place = place_of(difference);
  switch (difference.kind) {
    case DifferenceKind::changed:
      return failed("changed: " + place, difference.planned->text, difference.printed->text);
    case DifferenceKind::missing:
      return failed("missing: " + place, difference.planned->text, "no such change");
    case DifferenceKind::extra:
      return failed("extra: " + place, "no such change", difference.printed->text);
    case DifferenceKind::moved:
      return failed(
          "moved: " + place, fmt::format("as line {}", difference.planned->number),
          fmt::format("as line {}: {}", difference.printed->number, difference.printed->text));
  }
  return failed(place, "the same", "another");
}

void judge_lines(const std::vector<std::string>& planned, const std::vector<std::string>& printed,
                 std::vector<Check>& checks) {
  const auto differences = compare_changes(planned, printed);
  for (std::size_t i = 0; i < std::min(differences.size(), kDifferencesMax); ++i) {
    checks.push_back(difference_check(differences[i]));
  }
  if (differences.size() > kDifferencesMax) {
    checks.push_back(failed("further differences", "none",
                            fmt::to_string(differences.size() - kDifferencesMax)));
  }
}

Verdict judge_plan_equals_dry_run(const Case& c) {
  std::vector<Check> checks;
  const auto& seen = c.facts.dry_run;
  const Plan* plan = require_plan(c, checks);
  const DryRun* dry_run = require_seen(seen, "dry run", "the offline plan", checks);
  if (!plan || !dry_run) return conclude(std::move(checks));
  const std::vector<std::string> planned = lines_of_plan(*plan);
  if (!dry_run->refusal.empty()) {
    checks.push_back(failed("dry run", counted(planned.size(), "change"), dry_run->refusal));
  } else if (planned.empty()) {
    checks.push_back(
        unknown("dry run", "some change", "the plan has none, so nothing is compared"));
  } else {
    checks.push_back(expect_equal("number of changes", fmt::to_string(planned.size()),
                                  fmt::to_string(dry_run->changes.size())));
    judge_lines(planned, lines_of_dry_run(*dry_run), checks);
  }
  for (Check& check : checks) check.evidence = seen.evidence();
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate plan_equals_dry_run_gate;
const Gate plan_equals_dry_run_gate{
    .id = "plan_equals_dry_run",
    .question = "Would Juju make exactly the changes of the offline plan, in its order?",
    .source = "phase 01, step 1.2, gate",
    .needs = kPlanEqualsDryRunNeeds,
    .judge = judge_plan_equals_dry_run,
    .waiving = Waiving::forbidden,
};

}  // namespace gatehouse
