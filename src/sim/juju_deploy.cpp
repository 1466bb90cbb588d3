// The lab's `juju deploy` of a local bundle. Its dry run shares our planner and so proves nothing
// about it: the corpus does that. Faults of a dry run are put into the printed text.
// Source: Juju 3.6.28 and notes juju-formats section 1.7.
#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "base/text.h"
#include "input/bundle/load_bundle.h"
#include "sim/juju_call.h"
#include "sim/unit_disks.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kBundleBytesMax = std::size_t{16} << 20;
/// How long a bundle of any size takes, of lab time.
constexpr Milliseconds kDeployTakes{150'000};
constexpr std::string_view kRemarkHead = "WARNING These fields\n";
constexpr std::string_view kRemarkEnd = "will be ignored during deployment\n";

/// What the package cannot see is not there for it.
BundleFiles visible_files(JujuRun& run) {
  BundleFiles files;
  files.working_directory = run.call.directory;
  files.read = [&run](const std::string& path) -> Result<std::string> {
    if (!is_visible_to_juju(run.call, run.effects.files, path)) {
      return fail(ErrorKind::not_found, "open " + path + ": no such file or directory");
    }
    return run.effects.files.read(path, kBundleBytesMax);
  };
  files.kind = [&run](const std::string& path) {
    if (!is_visible_to_juju(run.call, run.effects.files, path)) return PathKind::missing;
    const Result<std::string> real = run.effects.files.canonical(path);
    const Result<FileInfo> info = run.effects.files.info(real ? *real : path);
    if (!info) return PathKind::missing;
    return info->kind == FileKind::folder ? PathKind::folder : PathKind::file;
  };
  return files;
}

LoadedBundle load(JujuRun& run, SourceMap& sources) {
  BundleRequest request;
  request.bundle = run.arguments.rest.front();
  request.has_trust = run.arguments.is_set("trust");
  const auto overlays = run.arguments.flags.find("overlay");
  if (overlays != run.arguments.flags.end()) {
    for (const std::string& path : overlays->second) {
      request.overlays.push_back({.path = path, .sensitivity = Sensitivity::secret});
    }
  }
  return load_bundle(sources, visible_files(run), request);
}

/// Unknown fields are reported only in a dry run.
std::string without_remarks(const std::string& warnings) {
  const std::size_t begin = warnings.find(kRemarkHead);
  if (begin == std::string::npos) return warnings;
  const std::size_t end = warnings.find(kRemarkEnd, begin);
  if (end == std::string::npos) return warnings.substr(0, begin);
  return warnings.substr(0, begin) + warnings.substr(end + kRemarkEnd.size());
}

std::string with_third_warning(std::string warnings) {
  constexpr std::string_view kLine =
      "  line 1: field aplications not found in type charm.bundleData\n";
  const std::size_t end = warnings.find(kRemarkEnd);
  if (end != std::string::npos) return warnings.insert(end, kLine);
  return warnings + std::string(kRemarkHead) + " unmarshal document 0: yaml: unmarshal errors:\n" +
         std::string(kLine) + std::string(kRemarkEnd);
}

/// Something that no count, placement or channel shows: only a comparison line by line.
std::string with_different_line(const std::string& text) {
  const std::size_t at = text.rfind("architecture=amd64");
  if (at != std::string::npos) {
    return text.substr(0, at) + "architecture=arm64" + text.substr(at + 18);
  }
  const std::size_t last = text.rfind("\n- ");
  return last == std::string::npos ? text + "- set annotations for lab\n"
                                   : text.substr(0, last + 1);
}

std::string change_lines(const ModelPlan& plan, std::size_t change) {
  std::string text;
  for (const std::string& line : plan.changes[change]) text += "- " + line + "\n";
  return text;
}

/// Changes that the model lacks; all of them where it is empty.
std::size_t first_missing(const LabModel& model) {
  return model.plan ? model.done : 0;
}

/// Machines of the model that the command does not map: Juju would make each of them once more.
std::vector<std::string> unmapped_machines(const JujuRun& run, const LabModel& model,
                                           const Plan& plan) {
  std::vector<std::string> unmapped;
  if (!model.plan) return unmapped;
  const std::vector<std::string> mapped = split(run.arguments.value("map-machines"), ',');
  for (const LabModelMachine& machine : model.plan->machines) {
    if (!model.landed(machine.change)) continue;
    const auto planned =
        std::find_if(plan.machines.begin(), plan.machines.end(),
                     [&](const PlannedMachine& one) { return one.number == machine.number; });
    const std::string id = planned == plan.machines.end() ? "" : planned->bundle_id;
    if (std::find(mapped.begin(), mapped.end(), id + "=" + machine.number) == mapped.end()) {
      unmapped.push_back(id.empty() ? machine.number : id);
    }
  }
  return unmapped;
}

/// What the bundle's channel gives now is newer than what an application in the model has. Source:
/// notes juju-formats section 1.7.
std::string upgrade_line(const LabModel& model) {
  for (const LabApplication& application : model.plan->applications) {
    if (!model.landed(application.change)) continue;
    return fmt::format("- upgrade {} from charm-hub using charm {}\n", application.name,
                       application.charm);
  }
  return {};
}

FaceEnd print_dry_run(JujuRun& run, const LoadedBundle& loaded, const Plan& plan,
                      const LabModel& model, const ModelPlan& wanted) {
  const WorldFaults& faults = run.lab.world.faults;
  run.call.err(faults.juju.has_third_warning ? with_third_warning(loaded.warnings)
                                             : loaded.warnings);
  for (const std::string& line : plan.located) run.call.err(line + "\n");
  if (faults.juju.loses_dry_run) {
    return run.error("cannot deploy bundle: connection is shut down");
  }
  const std::size_t first = first_missing(model);
  if (first >= wanted.changes.size()) {
    run.call.err("No changes to apply.\n");
    return {};
  }
  std::string text = dry_run_text(plan);
  if (first > 0) {
    text = "Changes to deploy bundle:\n";
    if (faults.juju.has_newer_charm) text += upgrade_line(model);
    for (std::size_t i = first; i < wanted.changes.size(); ++i) text += change_lines(wanted, i);
    std::size_t next = wanted.machines.size();
    for (const std::string& id : unmapped_machines(run, model, plan)) {
      text += fmt::format("- add new machine {} (bundle machine {})\n", next++, id);
    }
  }
  run.out(faults.juju.has_different_line ? with_different_line(text) : text);
  return {};
}

/// Lands every change whose time has come, then prints its line, until all have landed. What is
/// killed on the way leaves a model with the changes so far.
FaceEnd land_changes(JujuRun& run, LabModel model) {
  const std::size_t total = model.plan->changes.size();
  const std::size_t first = model.done;
  const Moment start = run.now();
  model.step = kDeployTakes / static_cast<std::int64_t>(std::max<std::size_t>(total, 1));
  model.runs.push_back({.first = first, .start = start});
  run.out("Executing changes:\n");
  const bool stops = run.lab.world.faults.juju.stops_half_way && first == 0;
  while (model.done < total) {
    if (stops && model.done >= total / 2) {
      return run.error("cannot deploy bundle: cannot add unit: connection is shut down");
    }
    const auto due = static_cast<std::size_t>((run.now() - start) / model.step);
    const std::size_t reached = std::min(total, first + due);
    if (reached > model.done) {
      const std::size_t printed = model.done;
      model.done = reached;
      const Result<void> written = write_progress(run.lab.paths, model, run.effects.files);
      if (!written) return run.error("LAB: " + to_string(written.error()));
      for (std::size_t i = printed; i < reached; ++i) run.out(change_lines(*model.plan, i));
      continue;
    }
    if (run.effects.clock.wait(model.step) == WaitEnd::interrupted) {
      return {130, {}, {}};
    }
  }
  run.call.err("Deploy of bundle completed.\n");
  return {};
}

FaceEnd run_for_real(JujuRun& run, const LoadedBundle& loaded, const Plan& plan, LabModel model,
                     ModelPlan wanted) {
  run.call.err(without_remarks(loaded.warnings));
  for (const std::string& line : plan.located) run.call.err(line + "\n");
  if (first_missing(model) >= wanted.changes.size()) {
    run.call.err("No changes to apply.\n");
    return {};
  }
  if (!unmapped_machines(run, model, plan).empty()) {
    return run.error(
        "LAB: machines of the model are not mapped, and the lab does not make them a second time");
  }
  if (!model.plan || model.done == 0) {
    model.plan = std::make_shared<const ModelPlan>(std::move(wanted));
    const Result<void> written = write_model_plan(run.lab.paths, model, run.effects.files);
    if (!written) return run.error("LAB: " + to_string(written.error()));
    const auto on_disk = write_unit_disks(run.lab, model, *loaded.bundle, run.effects.files);
    if (!on_disk) return run.error("LAB: " + to_string(on_disk.error()));
  }
  return land_changes(run, std::move(model));
}

FaceEnd run_deploy(JujuRun& run) {
  if (run.arguments.rest.empty()) {
    run.call.err("ERROR no charm or bundle specified\n");
    return {2, {}, {}};
  }
  const std::string& target = run.arguments.rest.front();
  if (target.rfind('.', 0) != 0 && target.rfind('/', 0) != 0) {
    return run.error("LAB: only a local bundle, a path that begins with ./ or /, can be deployed");
  }
  const std::optional<LabModel> model = chosen_model(run);
  if (!model) return {1, {}, {}};
  SourceMap sources;
  const LoadedBundle loaded = load(run, sources);
  if (!loaded.bundle) {
    run.call.err(loaded.refusal + "\n");
    return {1, {}, {}};
  }
  const std::variant<Plan, PlanRefusal> planned = compute_plan(*loaded.bundle);
  if (const PlanRefusal* refusal = std::get_if<PlanRefusal>(&planned)) {
    run.call.err(refusal->text + "\n");
    return {1, {}, {}};
  }
  const Plan& plan = std::get<Plan>(planned);
  ModelPlan wanted = make_model_plan(run.lab.world, *loaded.bundle, plan);
  if (model->plan && model->done > 0 && model->plan->digest != wanted.digest) {
    return run.error(
        "cannot deploy bundle: LAB: another bundle was deployed into this model, and "
        "the lab cannot turn the one into the other");
  }
  if (run.arguments.is_set("dry-run")) return print_dry_run(run, loaded, plan, *model, wanted);
  return run_for_real(run, loaded, plan, *model, std::move(wanted));
}

}  // namespace

std::vector<JujuCommand> juju_deploy_commands() {
  const std::vector<JujuFlag> flags = {
      {"m", true, "model"},      {"model", true, ""},     {"overlay", true, ""},
      {"dry-run", false, ""},    {"trust", false, ""},    {"map-machines", true, ""},
      {"force", false, ""},      {"channel", true, ""},   {"base", true, ""},
      {"series", true, ""},      {"storage", true, ""},   {"device", true, ""},
      {"constraints", true, ""}, {"bind", true, ""},      {"config", true, ""},
      {"n", true, "num-units"},  {"num-units", true, ""}, {"to", true, ""},
      {"resource", true, ""},    {"revision", true, ""},  {"attach-storage", true, ""},
  };
  return {{"deploy", flags, Mixing::flags_anywhere, true, run_deploy}};
}

}  // namespace gatehouse::sim
