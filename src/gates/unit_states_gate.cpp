#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/model_units.h"

namespace gatehouse {

namespace {

constexpr FactKey kNeeds[] = {FactKey::model_status};

/// What one application's units must show, the site's default filled in.
struct Expected {
  std::string workload, agent;
  std::optional<std::string> message;
  std::map<std::string, std::size_t> exactly;
  Span span;
};

/// How many units there must be; absent where only its principals can tell and have none yet.
using UnitCount = std::optional<std::size_t>;

Expected expectation_for(const Settled& settled, const std::string& application) {
  const ExpectedState& otherwise = settled.otherwise;
  const ExpectedState* entry = settled.find(application);
  const ExpectedState& own = entry ? *entry : otherwise;
  const auto either = [](const auto& first, const auto& second) { return first ? first : second; };
  return {.workload = either(own.workload, otherwise.workload).value_or("active"),
          .agent = either(own.agent, otherwise.agent).value_or("idle"),
          .message = either(own.message, otherwise.message),
          .exactly = own.exactly,
          .span = own.span ? own.span : settled.span};
}

std::string sorted_parts(std::string_view text) {
  std::vector<std::string> parts = split(text, ',');
  for (std::string& part : parts) part = std::string(trim(part));
  std::sort(parts.begin(), parts.end());
  return join(parts, ", ");
}

// Charms join unmet relations from a set: two units may show the same parts in another order.
bool message_matches(const std::string& pattern, const std::string& message) {
  return glob_matches(pattern, message) ||
         glob_matches(sorted_parts(pattern), sorted_parts(message));
}

bool shows(const UnitStatus& unit, const Expected& expected) {
  if (unit.workload.current != expected.workload || unit.agent.current != expected.agent) {
    return false;
  }
  const std::string message = shown_message(unit.workload.message).text;
  return !expected.message || message_matches(*expected.message, message);
}

std::size_t planned_units(const Plan& plan, const std::string& application) {
  return static_cast<std::size_t>(
      std::count_if(plan.units.begin(), plan.units.end(),
                    [&](const PlannedUnit& unit) { return unit.application == application; }));
}

bool has_relation(const Plan& plan, const std::string& application) {
  return std::any_of(plan.relations.begin(), plan.relations.end(), [&](const PlannedRelation& r) {
    return application_of(r.first) == application || application_of(r.second) == application;
  });
}

// A subordinate has a unit with each unit of its principals. An application without units of its
// own and without a relation gets none; with one it may be a subordinate whose principal is to
// come.
UnitCount units_wanted(const Plan& plan, const ModelStatus& status,
                       const ApplicationStatus& application) {
  const std::size_t planned = planned_units(plan, application.name);
  if (planned > 0) return planned;
  std::size_t count = 0;
  for (const std::string& principal : application.subordinate_to) {
    count += units_of(status, principal).size();
  }
  if (count > 0) return count;
  return has_relation(plan, application.name) ? UnitCount() : UnitCount(0);
}

std::string words_of_expectation(const Expected& expected, const UnitCount& count) {
  std::string words = fmt::format("{}: {}, {}", count ? counted(*count, "unit") : "some units",
                                  expected.workload, expected.agent);
  if (expected.message) words += fmt::format(", message \"{}\"", *expected.message);
  for (const auto& [pattern, number] : expected.exactly) {
    words += fmt::format(", {} x \"{}\"", number, pattern);
  }
  return words;
}

// The globs of `exactly` whose number of units is another.
std::vector<std::string> wrong_counts(const std::vector<const UnitStatus*>& units,
                                      const Expected& expected) {
  std::vector<std::string> wrong;
  for (const auto& [pattern, number] : expected.exactly) {
    const auto seen = std::count_if(units.begin(), units.end(), [&](const UnitStatus* unit) {
      return message_matches(pattern, shown_message(unit->workload.message).text);
    });
    if (static_cast<std::size_t>(seen) != number) {
      wrong.push_back(fmt::format("{} x \"{}\"", seen, pattern));
    }
  }
  return wrong;
}

Check judge_units(const Case& c, const ModelStatus& status, const ApplicationStatus& application) {
  const Expected expected = expectation_for(c.inputs.site.settled, application.name);
  const UnitCount wanted = units_wanted(*c.plan, status, application);
  const auto units = units_of(status, application.name);
  std::vector<std::string> wrong;
  for (const UnitStatus* unit : units) {
    if (!shows(*unit, expected)) wrong.push_back(in_words(*unit));
  }
  for (std::string& words : wrong_counts(units, expected)) wrong.push_back(std::move(words));
  const bool is_count_wrong = wanted && *wanted != units.size();
  Check check{.subject = application.name,
              .expected = words_of_expectation(expected, wanted),
              .observed = counted(units.size(), "unit") + (wrong.empty() ? ", all so" : "")};
  if (units.empty()) check.observed = "no unit";
  if (!wrong.empty()) check.observed += ": " + listed(wrong);
  check.ruling = !wrong.empty() || is_count_wrong ? Ruling::fail
                 : !wanted                        ? Ruling::unknown
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

void judge_applications(const Case& c, const ModelStatus& status, std::vector<Check>& checks) {
  for (const PlannedApplication& planned : c.plan->applications) {
    const auto entry = status.applications.find(planned.name);
    if (entry != status.applications.end()) {
      checks.push_back(judge_units(c, status, entry->second));
      continue;
    }
    checks.push_back(failed(planned.name, "in the model", "not in the model"));
  }
  for (const auto& [name, application] : status.applications) {
    const auto& planned = c.plan->applications;
    const bool is_planned =
        std::any_of(planned.begin(), planned.end(),
                    [&](const PlannedApplication& one) { return one.name == name; });
    if (!is_planned) {
      checks.push_back(failed(name, "not in the model, for no bundle plans it", "in the model"));
    }
  }
}

Verdict judge_unit_states(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  const Plan* plan = require_plan(c, checks);
  const ModelStatus* status = require_model(c, checks);
  if (!plan || !status) return conclude(std::move(checks));
  judge_applications(c, *status, checks);
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
    .needs = kNeeds,
    .judge = judge_unit_states,
};

}  // namespace gatehouse
