#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "lint/places.h"
#include "lint/rule.h"
#include "lint/spaces.h"
#include "lint/unit_places.h"

namespace gatehouse {

namespace {

constexpr const char* kOption = "reserved-host-memory";  // of nova-compute, in MiB
constexpr std::int64_t kReservedByDefault = 512;         // its default
// A rule of thumb: an API service of OpenStack with its workers, or a database, needs that and
// more.
constexpr std::int64_t kMemoryOfContainer = 1024;  // MiB

std::optional<std::int64_t> memory_of_text(const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > 9) return std::nullopt;
  const std::int64_t number = std::stoll(text.substr(0, digits));
  const std::string unit = text.substr(digits);
  if (unit.empty() || unit == "M") return number;
  if (unit == "G") return number << 10;
  return unit == "T" ? std::optional(number << 20) : std::nullopt;
}

// The least that a machine may have, in MiB: MAAS chooses among the site's.
std::optional<std::int64_t> least_memory(const LintCase& c, const PlannedMachine& machine) {
  if (c.site && !c.site->machines.empty()) {
    std::optional<std::uint64_t> least;
    const auto& machines = c.site->machines;
    const bool all = std::all_of(machines.begin(), machines.end(),
                                 [](const SiteMachine& m) { return m.memory.has_value(); });
    if (all) {
      for (const SiteMachine& m : machines) least = least ? std::min(*least, *m.memory) : *m.memory;
      return static_cast<std::int64_t>(*least >> 20U);
    }
  }
  return memory_of_text(constraint(machine.constraints, "mem"));
}

std::int64_t reserved_by(const BundleApplication& application) {
  const auto option = application.options.find(kOption);
  if (option == application.options.end()) return kReservedByDefault;
  const json::value& value = option->second.value;
  if (value.is_int64()) return value.get_int64();
  return kReservedByDefault;
}

struct Host {
  std::int64_t containers = 0;
  std::set<const BundleApplication*> hypervisors;
};

std::map<std::string, Host> hosts_of(const LintCase& c) {
  std::map<std::string, Host> hosts;
  for (const PlannedContainer& container : c.plan->containers) {
    ++hosts[container.machine].containers;
  }
  for (const auto& [name, places] : unit_places(*c.plan)) {
    const BundleApplication* application = c.bundle.find(name);
    const CharmFacts* facts = application ? c.charms.find(*application) : nullptr;
    if (!facts || !facts->options.listed.contains(kOption)) continue;
    for (const UnitPlace& place : places) {
      if (!place.is_in_container) hosts[place.machine].hypervisors.insert(application);
    }
  }
  return hosts;
}

Span option_span(const BundleApplication& application) {
  const auto option = application.options.find(kOption);
  return option == application.options.end() ? application.span : option->second.span;
}

// Each application and machine is told about once, where it is worst.
class MemoryCheck {
 public:
  MemoryCheck(const LintCase& c, Findings& findings) : c_(c), findings_(findings) {}

  void run() {
    const std::map<std::string, Host> hosts = hosts_of(c_);
    for (const Harm harm : {Harm::leaves_nothing, Harm::is_short}) look_for(harm, hosts);
  }

 private:
  enum class Harm { leaves_nothing, is_short };

  void look_for(Harm harm, const std::map<std::string, Host>& hosts) {
    for (const PlannedMachine& machine : c_.plan->machines) {
      const auto host = hosts.find(machine.number);
      const auto memory = least_memory(c_, machine);
      if (host == hosts.end()) continue;
      const std::string name = machine_text(*c_.plan, machine.number);
      for (const BundleApplication* application : host->second.hypervisors) {
        hypervisor(harm, *application, host->second.containers, memory, name);
      }
      if (memory && harm == Harm::is_short) {
        containers(machine, host->second.containers, *memory, name);
      }
    }
  }

  void hypervisor(Harm harm, const BundleApplication& application, std::int64_t containers,
                  std::optional<std::int64_t> memory, const std::string& machine) {
    const std::int64_t reserved = reserved_by(application);
    const bool leaves_nothing = memory && reserved >= *memory;
    const bool is_short = reserved < containers * kMemoryOfContainer;
    const bool is_it = harm == Harm::leaves_nothing ? leaves_nothing : is_short;
    if (!is_it || !told_.insert(&application).second) return;
    findings_.add(
        {.span = option_span(application),
         .subject = application.name,
         .message = leaves_nothing
                        ? fmt::format("{} reserves {} MiB on {}, which has {}: no instance can "
                                      "start",
                                      application.name, reserved, machine, *memory)
                        : fmt::format("{} reserves {} MiB on {}, beside {} containers: nova gives "
                                      "away what they need",
                                      application.name, reserved, machine, containers),
         .help = fmt::format("set {} to what the host and its containers take: at least {} MiB a "
                             "container",
                             kOption, kMemoryOfContainer),
         .severity = leaves_nothing ? Severity::error : Severity::warning});
  }

  void containers(const PlannedMachine& machine, std::int64_t containers, std::int64_t memory,
                  const std::string& name) {
    if (containers * kMemoryOfContainer <= memory) return;
    const auto found = c_.bundle.machines.find(machine.bundle_id);
    findings_.add(
        {.span = found == c_.bundle.machines.end() ? Span{} : found->second.span,
         .subject = machine.bundle_id.empty() ? machine.number : machine.bundle_id,
         .message = fmt::format("{} has {} MiB and {} containers", name, memory, containers),
         .help = fmt::format("reckon with at least {} MiB a container", kMemoryOfContainer)});
  }

  const LintCase& c_;
  Findings& findings_;
  std::set<const BundleApplication*> told_;
};

void judge(const LintCase& c, Findings& findings) {
  if (c.plan) MemoryCheck(c, findings).run();
}

}  // namespace

extern const Rule host_memory_rule;
const Rule host_memory_rule{
    .code = "bundle/host-memory",
    .severity = Severity::warning,
    .summary = "what is reserved on a machine does not go with its memory and its containers",
    .judge = judge,
};

}  // namespace gatehouse
