#include "report/model_table.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

bool needs_attention(const UnitStatus& unit) {
  return unit.workload.current == "error" || unit.agent.current == "failed" ||
         unit.agent.current == "lost";
}

bool needs_attention(const MachineStatus& machine) {
  return machine.agent.current == "error" || machine.agent.current == "down" ||
         machine.agent.current == "stopped" || machine.instance.current == "provisioning error";
}

TableRow row_of(const UnitStatus& unit) {
  return {.what = unit.name,
          .state = unit.workload.current + ", " + unit.agent.current,
          .words = printable(unit.workload.message)};
}

TableRow row_of(const MachineStatus& machine) {
  return {.what = "machine " + machine.id,
          .state = machine.agent.current,
          .words = printable(machine.agent.message.empty() ? machine.instance.message
                                                           : machine.agent.message)};
}

void count_machines(const ModelStatus& status, ModelTable& table) {
  for (const auto& [id, machine] : status.machines) {
    const bool is_started = machine.agent.current == "started";
    (machine.is_container() ? table.containers : table.machines) += 1;
    (machine.is_container() ? table.containers_started : table.machines_started) += is_started;
  }
}

json::object to_json(const TableGroup& group) {
  json::array rows;
  for (const TableRow& row : group.rows) {
    rows.push_back(json::object{{"what", row.what}, {"state", row.state}, {"words", row.words}});
  }
  return {{"group", group.title}, {"rows", std::move(rows)}};
}

}  // namespace

ModelTable model_table(const ModelStatus& status, std::span<const Verdict> verdicts) {
  ModelTable table;
  table.model = status.controller + ":" + status.name;
  table.units = status.units.size();
  count_machines(status, table);
  TableGroup attention{.title = "needs attention", .rows = {}};
  for (const auto& [id, machine] : status.machines) {
    if (needs_attention(machine)) attention.rows.push_back(row_of(machine));
  }
  for (const auto& [name, unit] : status.units) {
    if (needs_attention(unit)) attention.rows.push_back(row_of(unit));
  }
  for (const std::string& part : status.unread) {
    attention.rows.push_back({.what = part, .state = "unread", .words = "cannot be decoded"});
  }
  TableGroup others{.title = "not as declared", .rows = {}};
  TableGroup fine{.title = "as declared", .rows = {}};
  for (const Verdict& verdict : verdicts) {
    for (const Check& check : verdict.checks) {
      const bool is_state = verdict.gate == "unit_states";
      if (check.ruling != Ruling::pass) {
        // What a never-message or a unit in error breaks stands above already, as the unit itself.
        if (is_state)
          others.rows.push_back({check.subject, check.observed, "expected " + check.expected});
        if (verdict.gate == "never_messages" && check.ruling == Ruling::fail) {
          attention.rows.push_back({check.subject, "never", check.observed});
        }
      } else if (is_state) {
        fine.rows.push_back({check.subject, check.observed, ""});
      }
    }
  }
  table.groups = {std::move(attention), std::move(others), std::move(fine)};
  return table;
}

std::string to_text(const ModelTable& table) {
  std::string text =
      fmt::format("{}: {} of {} machines and {} of {} containers started, {} units\n", table.model,
                  table.machines_started, table.machines, table.containers_started,
                  table.containers, table.units);
  for (const TableGroup& group : table.groups) {
    text += fmt::format("\n{} ({})\n", group.title, group.rows.size());
    for (const TableRow& row : group.rows) {
      std::string line = fmt::format("  {:<28} {:<22} {}", row.what, row.state, row.words);
      text += std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
    }
  }
  return text;
}

json::object to_json(const ModelTable& table) {
  json::array groups;
  for (const TableGroup& group : table.groups) groups.push_back(to_json(group));
  return {{"model", table.model},
          {"machines", {{"started", table.machines_started}, {"all", table.machines}}},
          {"containers", {{"started", table.containers_started}, {"all", table.containers}}},
          {"units", table.units},
          {"groups", std::move(groups)}};
}

}  // namespace gatehouse
