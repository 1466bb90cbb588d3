#include "sim/fault_page.h"

#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/faults.h"

namespace gatehouse::sim {

namespace {

constexpr std::string_view kHead =
    "# Faults of the lab\n"
    "\n"
    "Written by `script/dev docs` from the lab's own tables; `gatehouse-lab faults` lists the "
    "same. Each\n"
    "fault is one way in which the operator's files (*input*) or the world are wrong; a rehearsal "
    "with it\n"
    "alone closes its gate with that ruling and ends with that exit code, and a test plays every "
    "one. A\n"
    "*control* is harmless and must end with 0; *when resumed*, the run itself ends in doubt, "
    "with 4.\n";

std::string fault_row(const Fault& fault) {
  return fmt::format("| `{}` | {} | {} | {}{} | {} |\n", fault.name,
                     fault.kind == FaultKind::input ? "input" : "world", fault.does, fault.ruling,
                     fault.comes_when_resumed ? ", when resumed" : "", fault.exit_code);
}

std::string gate_tables() {
  std::map<std::string, std::string> rows;
  for (const Fault& fault : all_faults()) rows[std::string(fault.gate)] += fault_row(fault);
  std::string text;
  for (const auto& [gate, own] : rows) {
    text += gate.empty() ? "\n## Controls\n\n" : fmt::format("\n## `{}`\n\n", gate);
    text += "| fault | kind | what is wrong | ruling | exit |\n|---|---|---|---|---|\n" + own;
  }
  return text;
}

std::string trap_table() {
  std::string text =
      "\n## Traps\n\nWhat others, or the runbook itself, ran into, and what shows it here.\n\n"
      "| learned from | trap | shown by |\n|---|---|---|\n";
  for (const Trap& trap : all_traps()) {
    std::vector<std::string> names;
    for (const std::string& name : words_of(trap.shown_by)) names.push_back("`" + name + "`");
    text += fmt::format("| {} | {} | {} |\n", trap.source, trap.what,
                        names.empty() ? "nothing yet" : join(names, ", "));
  }
  return text;
}

}  // namespace

std::string faults_page() {
  return std::string(kHead) + gate_tables() + trap_table();
}

}  // namespace gatehouse::sim
