#include "report/model_table.h"

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

void add_machine(ModelStatus& status, const std::string& id, const std::string& state,
                 const std::string& message) {
  status.machines[id].id = id;
  status.machines[id].agent = {state, message, ""};
}

void add_unit(ModelStatus& status, const std::string& name, const std::string& workload,
              const std::string& message) {
  UnitStatus& unit = status.units[name];
  unit.name = name;
  unit.application = name.substr(0, name.find('/'));
  unit.workload = {workload, message, ""};
  unit.agent = {"idle", "", ""};
}

ModelStatus model_in_trouble() {
  ModelStatus status;
  status.controller = "omega";
  status.name = "openstack";
  add_machine(status, "0", "started", "");
  add_machine(status, "1", "down", "agent is not communicating");
  add_machine(status, "0/lxd/0", "pending", "");
  add_unit(status, "vault/0", "error", "hook failed: \"install\"");
  add_unit(status, "ntp/0", "active", "chrony: Ready");
  return status;
}

std::vector<Verdict> verdicts() {
  Verdict states = conclude({failed("vault", "1 unit: blocked", "1 unit: vault/0 error"),
                             passed("ntp", "1 unit: active", "1 unit, all so")});
  states.gate = "unit_states";
  Verdict never = conclude({failed("octavia", "never that", "octavia/0: Missing certificate")});
  never.gate = "never_messages";
  return {states, never};
}

TEST(ModelTable, groups_by_what_needs_attention) {
  const ModelTable table = model_table(model_in_trouble(), verdicts());
  EXPECT_EQ(to_text(table),
            "omega:openstack: 1 of 2 machines and 0 of 1 containers started, 2 units\n"
            "\nneeds attention (3)\n"
            "  machine 1                    down                   agent is not communicating\n"
            "  vault/0                      error, idle            hook failed: \"install\"\n"
            "  octavia                      never                  octavia/0: Missing certificate\n"
            "\nnot as declared (1)\n"
            "  vault                        1 unit: vault/0 error  expected 1 unit: blocked\n"
            "\nas declared (1)\n"
            "  ntp                          1 unit, all so\n");
}

TEST(ModelTable, of_an_empty_model_has_three_empty_groups) {
  ModelStatus status;
  status.controller = "c";
  status.name = "m";
  const json::object document = to_json(model_table(status, {}));
  ASSERT_EQ(document.at("groups").as_array().size(), 3U);
  for (const json::value& group : document.at("groups").as_array()) {
    EXPECT_TRUE(group.at("rows").as_array().empty());
  }
}

TEST(ModelTable, names_what_could_not_be_decoded) {
  ModelStatus status;
  status.unread = {"machine 3"};
  const ModelTable table = model_table(status, {});
  ASSERT_EQ(table.groups[0].rows.size(), 1U);
  EXPECT_EQ(table.groups[0].rows[0].what, "machine 3");
}

}  // namespace

}  // namespace gatehouse
