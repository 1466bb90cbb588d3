#include "lab/commands.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/machine_effects.h"
#include "sim/fault_page.h"
#include "sim/lab.h"

namespace gatehouse::lab {
namespace {

// CONTRACT.md, "Exit codes".
constexpr int kHolds = 0;
constexpr int kInput = 2;
constexpr int kEffect = 4;
constexpr int kInterrupted = 130;

void say(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

int tell(const Error& error) {
  say("LAB error: " + to_string(error) + "\n");
  if (!error.help.empty()) say("  = help: " + error.help + "\n");
  switch (error.kind) {
    case ErrorKind::invalid_input:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
      return kInput;
    case ErrorKind::interrupted:
      return kInterrupted;
    case ErrorKind::denied:
    case ErrorKind::unavailable:
    case ErrorKind::timed_out:
    case ErrorKind::malformed:
    case ErrorKind::io:
      return kEffect;
  }
  return kEffect;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string own_program() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  return length <= 0 ? "" : std::string(path, static_cast<std::size_t>(length));
}

Result<std::string> absolute_path(const std::string& path) {
  if (path.rfind('/', 0) == 0) return path;
  char folder[4096];
  if (::getcwd(folder, sizeof folder) == nullptr) {
    return fail(ErrorKind::io, "the working directory cannot be told");
  }
  return std::string(folder) + "/" + path;
}

/// Where labs lie unless told otherwise: a folder that a snap could see, too.
std::string labs_folder() {
  return variable("HOME") + "/gatehouse-lab";
}

Result<std::string> fresh_folder(Entropy& entropy) {
  Result<std::string> bytes = entropy.bytes(4);
  if (!bytes) return fail(bytes.error());
  std::string name;
  for (const char byte : *bytes) name += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return labs_folder() + "/" + name;
}

Result<std::string> folder_of_lab(const DownOptions& options, FileStore& files) {
  if (!options.folder.empty()) return absolute_path(options.folder);
  // JUJU_DATA is what `up` printed: LABDIR/juju-data.
  const std::string data = variable("JUJU_DATA");
  constexpr std::string_view kEnding = "/juju-data";
  if (data.ends_with(kEnding)) return data.substr(0, data.size() - kEnding.size());
  const Result<std::vector<std::string>> names = files.list(labs_folder());
  if (names && names->size() == 1) return labs_folder() + "/" + names->front();
  return fail(ErrorKind::invalid_input, "which lab is to end cannot be told",
              "give --state, or evaluate what gatehouse-lab up printed");
}

std::string quoted(const std::string& text) {
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

std::string gate_text(const sim::Fault& fault) {
  return fault.gate.empty() ? "none closes" : std::string(fault.gate);
}

}  // namespace

int run_up(const UpOptions& options) {
  MachineEffects machine(std::nullopt);
  Effects& effects = machine.effects();
  const Result<std::string> folder =
      options.folder.empty() ? fresh_folder(effects.entropy) : absolute_path(options.folder);
  if (!folder) return tell(folder.error());
  const Result<std::string> site = absolute_path(options.site_file);
  if (!site) return tell(site.error());
  const Result<sim::LabHandle> lab =
      sim::start_lab({.site_file = *site,
                      .faults = options.faults,
                      .seed = options.seed,
                      .speed = options.speed,
                      .maas_latency = Milliseconds(options.maas_latency_ms),
                      .folder = *folder,
                      .program = own_program(),
                      .path = variable("PATH"),
                      .wall_now = {}},
                     effects);
  if (!lab) return tell(lab.error());
  for (const auto& [name, value] : lab->assignments) {
    std::fputs(fmt::format("export {}={}\n", name, quoted(value)).c_str(), stdout);
  }
  say(fmt::format("LAB {} is up in {} at {} times the speed of the wall\n", lab->id, lab->folder,
                  options.speed));
  if (!lab->lacking.empty()) say(lab->lacking + "\n");
  for (const std::string& name : options.faults) {
    const sim::Fault* fault = sim::find_fault(name);
    if (fault == nullptr) continue;
    say(fmt::format("LAB fault {}: {}{}\n", name, fault->does,
                    fault->kind == sim::FaultKind::input
                        ? " (an input fault: only gatehouse rehearse puts it in)"
                        : ""));
  }
  return kHolds;
}

int run_down(const DownOptions& options) {
  MachineEffects machine(std::nullopt);
  Effects& effects = machine.effects();
  const Result<std::string> folder = folder_of_lab(options, effects.files);
  if (!folder) return tell(folder.error());
  const Result<void> stopped = sim::stop_lab(
      *folder, effects, options.keeps_folder ? sim::Leftovers::keep : sim::Leftovers::remove);
  if (!stopped) return tell(stopped.error());
  say("LAB in " + *folder + " is down\n");
  return kHolds;
}

int run_faults(const FaultsOptions& options) {
  if (options.is_page) {
    std::fputs(sim::faults_page().c_str(), stdout);
    return kHolds;
  }
  if (!options.is_json) {
    for (const sim::Fault& fault : sim::all_faults()) {
      std::fputs(fmt::format("{:<31} {:<6} {:<20} {:<8} exit {}  {}{}\n", fault.name,
                             fault.kind == sim::FaultKind::input ? "input" : "world",
                             gate_text(fault), fault.ruling, fault.exit_code, fault.does,
                             fault.comes_when_resumed ? " (when resumed)" : "")
                     .c_str(),
                 stdout);
    }
    return kHolds;
  }
  json::array entries;
  for (const sim::Fault& fault : sim::all_faults()) {
    json::object entry{{"name", fault.name},
                       {"kind", fault.kind == sim::FaultKind::input ? "input" : "world"},
                       {"does", fault.does},
                       {"gate", nullptr},
                       {"ruling", fault.ruling},
                       {"exit_code", fault.exit_code},
                       {"when_resumed", fault.comes_when_resumed}};
    if (!fault.gate.empty()) entry["gate"] = fault.gate;
    entries.push_back(std::move(entry));
  }
  std::fputs(to_pretty_json(json::object{{"faults", std::move(entries)}}).c_str(), stdout);
  return kHolds;
}

int run_serve(const std::string& folder) {
  const auto scale = scale_of_lab(folder);
  if (!scale)
    return tell({.kind = ErrorKind::not_found,
                 .message = folder + " holds no lab",
                 .contexts = {},
                 .delivery = Delivery::not_sent,
                 .help = ""});
  MachineEffects machine(scale);
  const Result<void> served = sim::serve_lab(folder, machine.effects());
  return served ? kHolds : tell(served.error());
}

}  // namespace gatehouse::lab
