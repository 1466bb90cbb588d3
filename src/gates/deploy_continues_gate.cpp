#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "facts/change_line.h"
#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kDeployContinuesNeeds[] = {FactKey::dry_run, FactKey::model_status};

using Changes = std::set<ChangeLine>;

Changes planned_changes(const Plan& plan) {
  Changes changes;
  for (const Change& change : plan.changes) {
    for (const std::string& line : change.description) changes.insert(parse_change_line(line));
  }
  return changes;
}

// What the bundle plans and the model has not.
Changes missing_changes(const Plan& plan, const ModelStatus& status) {
  Changes missing;
  for (const PlannedApplication& one : plan.applications) {
    if (!status.applications.contains(one.name)) {
      missing.insert({ChangeAction::deploy_application, one.name});
    }
  }
  for (const PlannedMachine& one : plan.machines) {
    if (!status.machines.contains(one.number))
      missing.insert({ChangeAction::add_machine, one.number});
  }
  for (const PlannedContainer& one : plan.containers) {
    if (!status.machines.contains(one.id)) missing.insert({ChangeAction::add_container, one.id});
  }
  for (const PlannedUnit& one : plan.units) {
    if (!status.units.contains(one.name)) missing.insert({ChangeAction::add_unit, one.name});
  }
  return missing;
}

// Things that are made once: printed again for what is there already they would make another one.
bool makes_a_thing(ChangeAction action) {
  return action == ChangeAction::deploy_application || action == ChangeAction::add_machine ||
         action == ChangeAction::add_container || action == ChangeAction::add_unit;
}

std::string in_words(const ChangeLine& change) {
  return fmt::format("{} {}", to_words(change.action), change.subject);
}

Check judge_printed(const std::string& line, const Changes& planned, const Changes& missing) {
  const ChangeLine change = parse_change_line(line);
  if (change.action == ChangeAction::upgrade_application) {
    return failed(
        in_words(change), "no upgrade of what is there", line,
        "another charm revision came out; take it over by hand, then gatehouse run --adopt");
  }
  if (!planned.contains(change)) return failed(in_words(change), "a change of the plan", line);
  if (makes_a_thing(change.action) && !missing.contains(change)) {
    return failed(in_words(change), "nothing that is there already", line);
  }
  return passed(in_words(change), "a change of the plan that is not done yet", line);
}

Verdict judge_deploy_continues(const Case& c) {
  std::vector<Check> checks;
  const Plan* plan = require_plan(c, checks);
  const ModelStatus* status = require_model(c, checks);
  const DryRun* dry_run = require_seen(c.facts.dry_run, "dry run", "only what is missing", checks);
  if (!plan || !status || !dry_run) return conclude(std::move(checks));
  const Evidence& evidence = c.facts.dry_run.evidence();
  if (!dry_run->refusal.empty()) {
    return conclude(
        {placed(failed("dry run", "only what is missing", dry_run->refusal), {}, evidence)});
  }
  if (plan->changes.empty()) {
    return conclude({unknown("plan", "some change", "none, so nothing is compared")});
  }
  const Changes planned = planned_changes(*plan);
  Changes missing = missing_changes(*plan, *status);
  std::size_t count = 0;
  for (const std::string& line : dry_run->changes) {
    Check check = judge_printed(line, planned, missing);
    // What is right is many lines; their number says enough.
    if (check.ruling == Ruling::pass) {
      ++count;
    } else {
      checks.push_back(std::move(check));
    }
  }
  for (const std::string& line : dry_run->changes) missing.erase(parse_change_line(line));
  for (const ChangeLine& change : missing) {
    checks.push_back(failed(in_words(change), "among the changes left", "not printed"));
  }
  checks.push_back(passed("changes left", "of the plan and not done yet", fmt::to_string(count)));
  for (Check& check : checks) check.evidence = evidence;
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate deploy_continues_gate;
const Gate deploy_continues_gate{
    .id = "deploy_continues",
    .question = "Would going on with a deploy that landed in part only do what is missing?",
    .source = "phase 01, step 1.3, after an interruption",
    .needs = kDeployContinuesNeeds,
    .judge = judge_deploy_continues,
    .waiving = Waiving::forbidden,
};

}  // namespace gatehouse
