// One look at a model, grouped by what needs attention. Pure: of a status and of what the gates
// said about it. Not part of a run's report.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "facts/model_status.h"
#include "gates/gate.h"

namespace gatehouse {

struct TableRow {
  std::string what;   ///< "vault/0", "machine 2/lxd/3", "vault"
  std::string state;  ///< "error, idle", "down", "2 units"
  std::string words;  ///< message, or what differs
};

struct TableGroup {
  std::string title;  ///< "needs attention", "not as declared", "as declared"
  std::vector<TableRow> rows;
};

struct ModelTable {
  std::string model;  ///< "controller:model"
  std::size_t machines = 0, machines_started = 0;
  std::size_t containers = 0, containers_started = 0;
  std::size_t units = 0;
  std::vector<TableGroup> groups;  ///< always these three, in this order
};

/// `verdicts` are of the same status; each check of `unit_states` is about one application.
ModelTable model_table(const ModelStatus& status, std::span<const Verdict> verdicts);

std::string to_text(const ModelTable& table);
json::object to_json(const ModelTable& table);

}  // namespace gatehouse
