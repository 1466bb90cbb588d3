#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kNeeds[] = {FactKey::dry_run};
constexpr std::size_t kDifferencesMax = 5;

struct Line {
  std::size_t number = 0;  ///< from 1
  std::string text;
};

std::vector<std::string> lines_of_plan(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Change& change : plan.changes) {
    lines.insert(lines.end(), change.description.begin(), change.description.end());
  }
  return lines;
}

// The lines of `from` that `other` has not, or not as often, in their order.
std::vector<Line> missing_in(const std::vector<std::string>& from,
                             const std::vector<std::string>& other) {
  std::map<std::string_view, std::size_t> left;
  for (const std::string& line : other) ++left[line];
  std::vector<Line> missing;
  for (std::size_t i = 0; i < from.size(); ++i) {
    auto entry = left.find(from[i]);
    if (entry != left.end() && entry->second > 0) {
      --entry->second;
    } else {
      missing.push_back({i + 1, from[i]});
    }
  }
  return missing;
}

Check difference(const Line* planned, const Line* printed) {
  std::string subject;
  if (planned) subject = fmt::format("line {} of the plan", planned->number);
  if (printed) {
    subject += fmt::format("{}line {} of the dry run", planned ? ", " : "", printed->number);
  }
  return failed(subject, planned ? planned->text : "no such change",
                printed ? printed->text : "no such change");
}

void judge_lines(const std::vector<std::string>& planned, const std::vector<std::string>& printed,
                 std::vector<Check>& checks) {
  const auto lacking = missing_in(planned, printed);
  const auto extra = missing_in(printed, planned);
  const std::size_t count = std::max(lacking.size(), extra.size());
  for (std::size_t i = 0; i < std::min(count, kDifferencesMax); ++i) {
    checks.push_back(difference(i < lacking.size() ? &lacking[i] : nullptr,
                                i < extra.size() ? &extra[i] : nullptr));
  }
  if (count > kDifferencesMax) {
    checks.push_back(
        failed("further differences", "none", fmt::to_string(count - kDifferencesMax)));
  }
  if (count > 0) return;
  const auto [first, second] =
      std::mismatch(planned.begin(), planned.end(), printed.begin(), printed.end());
  if (first == planned.end()) return;
  const auto number = static_cast<std::size_t>(first - planned.begin()) + 1;
  checks.push_back(failed(fmt::format("order of changes, from line {}", number), *first, *second));
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
    judge_lines(planned, dry_run->changes, checks);
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
    .needs = kNeeds,
    .judge = judge_plan_equals_dry_run,
    .waiving = Waiving::forbidden,
};

}  // namespace gatehouse
