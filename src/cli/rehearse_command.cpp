#include "cli/rehearse_command.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/lab_clock.h"
#include "cli/lab_effects.h"
#include "cli/run_commands.h"
#include "cli/site_session.h"
#include "gates/vips.h"
#include "pki/create.h"
#include "sim/input_faults.h"
#include "sim/lab.h"

namespace gatehouse::cli {

namespace {

/// Where a rehearsal keeps everything: a visible folder of the home, for Juju's package sees no
/// other.
struct RehearsalFolders {
  std::string top;
  std::string site() const { return top + "/site"; }
  std::string lab() const { return top + "/lab"; }
  std::string pki() const { return top + "/pki"; }
  std::string state() const { return top + "/state"; }
};

Result<RehearsalFolders> make_folders(const Inputs& inputs, Context& context) {
  const auto random = context.effects.entropy.bytes(3);
  if (!random) return fail(random.error());
  std::string suffix;
  for (const char byte : *random) suffix += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  const RehearsalFolders folders{fmt::format("{}/gatehouse/rehearsals/{}-{}",
                                             context.environment.home, inputs.site.name, suffix)};
  for (const std::string& folder : {folders.top, folders.site(), folders.state()}) {
    if (auto made = context.effects.files.make_folder(folder, 0700); !made)
      return fail(made.error());
  }
  return folders;
}

// The operator's own secrets stay where they are: a rehearsal makes its own.
Inputs without_secrets(Inputs inputs) {
  std::erase_if(inputs.files, [](const InputFile& file) { return file.is_secret; });
  return inputs;
}

int days_ago(const std::vector<std::string>& faults) {
  int days = 0;
  for (const std::string& name : faults) {
    if (const sim::Fault* fault = sim::find_fault(name)) {
      days = std::max(days, fault->pki_created_days_ago);
    }
  }
  return days;
}

Result<void> make_pki(const Inputs& inputs, const RehearsalFolders& folders,
                      const std::vector<std::string>& faults, Context& context) {
  if (!inputs.site.pki) return {};
  const SitePki& declared = *inputs.site.pki;
  for (const SiteOverlay& overlay : inputs.site.overlays) {
    if (!overlay.is_secret) continue;
    const std::string path = folders.site() + "/" + overlay.file;
    if (auto made = context.effects.files.make_folder(parent_folder(path), 0700); !made)
      return made;
    std::vector<std::string> ips;
    if (const auto ip = vip_on_plane(inputs, declared.application, declared.ip_from_vip)) {
      ips.push_back(to_string(*ip));
    }
    const pki::PkiRequest request{
        .workspace = folders.pki(),
        .overlay = path,
        .application = declared.application,
        .organisation = declared.organisation,
        .name = declared.name,
        .dns = declared.dns,
        .ips = std::move(ips),
        .now = context.effects.clock.now() - std::chrono::days(days_ago(faults)),
        .work_tree = pki::WorkTree::allowed};
    const auto key_maker = pki::make_key_maker();
    const auto created = pki::create_pki(request, context.effects, *key_maker);
    if (!created) return fail(with_context(created.error(), "making the PKI"));
    context.console.talk(fmt::format("LAB pki create: {} certificates, overlay {}\n",
                                     created->certificates.size(), path));
    break;
  }
  return {};
}

Result<void> prepare(const Inputs& inputs, const RehearsalFolders& folders,
                     const RehearseOptions& options, Context& context) {
  auto done = stage_inputs(without_secrets(inputs), folders.site(), context.effects.files);
  if (done) done = make_pki(inputs, folders, options.faults, context);
  for (const std::string& name : options.faults) {
    const sim::Fault* fault = sim::find_fault(name);
    if (!done || !fault || fault->kind != sim::FaultKind::input) continue;
    done = sim::apply_input_fault(name, folders.site() + "/" + inputs.site_file.path,
                                  context.effects.files);
  }
  return done;
}

std::optional<posix::ClockScale> scale_of(const sim::LabHandle& lab, const Environment& lab_env,
                                          Console& console) {
  const auto text = lab.assignments.find("GATEHOUSE_LAB_CLOCK");
  const auto scale = lab_clock_scale(lab_env, text == lab.assignments.end() ? "" : text->second);
  if (!scale) tell_error(console, scale.error());
  return scale ? *scale : std::nullopt;
}

std::string assignment(const sim::LabHandle& lab, const std::string& name) {
  const auto found = lab.assignments.find(name);
  return found == lab.assignments.end() ? std::string() : found->second;
}

int run_in_lab(const sim::LabHandle& lab, const RehearsalFolders& folders, const Inputs& inputs,
               const RehearseOptions& options, Context& context) {
  Environment environment = context.environment;
  environment.lab = assignment(lab, "GATEHOUSE_LAB");
  environment.maas_url = assignment(lab, "GATEHOUSE_MAAS_URL");
  environment.maas_key_file = assignment(lab, "GATEHOUSE_MAAS_KEY_FILE");
  environment.ssh_config = assignment(lab, "GATEHOUSE_SSH_CONFIG");
  environment.state_folder = folders.state();
  const auto scale = scale_of(lab, environment, context.console);
  if (!scale) return kExitBug;
  const auto clock = posix::make_clock(scale);
  LabProcesses processes(context.effects.processes, lab.assignments);
  Effects effects{context.effects.http, processes, context.effects.files, *clock,
                  context.effects.entropy};
  CommonOptions common = context.options;
  common.site_file = folders.site() + "/" + inputs.site_file.path;
  Context inside{effects,      context.console,  environment,         common,
                 context.kept, context.redactor, context.open_journal};
  RunOptions run;
  run.until = options.until;
  run.has_consent = true;
  return run_run(run, inside);
}

Result<sim::LabHandle> start(const RehearsalFolders& folders, const Inputs& inputs,
                             const RehearseOptions& options, Context& context) {
  sim::LabRequest request;
  request.site_file = folders.site() + "/" + inputs.site_file.path;
  request.faults = options.faults;
  request.seed = options.seed;
  request.speed = options.speed;
  request.folder = folders.lab();
  request.program = context.environment.program + "-lab";
  request.path = context.environment.path;
  return sim::start_lab(request, context.effects);
}

}  // namespace

int run_rehearse(const RehearseOptions& options, Context& context) {
  if (!context.environment.lab.empty()) {
    context.console.talk(
        "error: a rehearsal brings its own lab; GATEHOUSE_LAB is set\n"
        "  = help: unset what gatehouse-lab up printed, or use gatehouse run\n");
    return kExitInput;
  }
  for (const std::string& name : options.faults) {
    if (sim::find_fault(name)) continue;
    context.console.talk(
        fmt::format("error: no fault {}\n  = help: gatehouse-lab faults\n", printable(name)));
    return kExitInput;
  }
  SiteSession session(context);
  if (const auto stopped = session.open()) return *stopped;
  const auto folders = make_folders(session.inputs(), context);
  if (!folders) return tell_error(context.console, folders.error());
  if (auto prepared = prepare(session.inputs(), *folders, options, context); !prepared) {
    return tell_error(context.console, prepared.error());
  }
  const auto lab = start(*folders, session.inputs(), options, context);
  if (!lab) return tell_error(context.console, with_context(lab.error(), "starting the lab"));
  if (!lab->lacking.empty()) context.console.talk(lab->lacking + "\n");
  const int code = run_in_lab(*lab, *folders, session.inputs(), options, context);
  if (auto stopped = sim::stop_lab(folders->lab(), context.effects); !stopped) {
    tell_error(context.console, with_context(stopped.error(), "ending the lab"));
  }
  return code;
}

}  // namespace gatehouse::cli
