#include "cli/setup_commands.h"

#include <array>

#include <fmt/format.h>

#include "base/shell_quote.h"
#include "base/text.h"
#include "cli/print_result.h"
#include "cli/run_session.h"
#include "cli/site_session.h"
#include "clients/juju/commands.h"
#include "clients/juju/failure.h"
#include "clients/sources.h"
#include "input/site/load_site.h"
#include "pki/core_dumps.h"
#include "setup/first_site.h"
#include "setup/jumphost.h"

namespace gatehouse::cli {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{256} << 20;
constexpr unsigned kPlainFile = 0644;
constexpr unsigned kOthers = 077;

/// What is read and asked before a line is written.
struct InitRun {
  std::string path;    ///< absolute, of the file to write
  std::string folder;  ///< that it lies in
  SourceMap sources = {};
  LoadedBundle loaded = {};
  std::optional<Plan> plan = {};
  setup::FirstSite site = {};
  Questions questions = {};
  Facts facts = {};
};

int refuse(Console& console, const std::string& message, const std::string& help) {
  console.talk(fmt::format("error: {}\n  = help: {}\n", printable(message), printable(help)));
  return kExitInput;
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Letters, digits, '.', '_' and '-', as the name of a site wants it.
std::string as_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') ||
                         ((c == '.' || c == '_' || c == '-') && !name.empty());
    if (is_word) name += c;
  }
  return name.empty() ? "site" : name;
}

/// A path as the site file writes it: relative to its folder, in which it must lie.
std::optional<std::string> inside(const InitRun& run, const std::string& path,
                                  const Context& context) {
  const std::string absolute =
      absolute_path(path, context.environment.working_directory, context.environment.home);
  if (!absolute.starts_with(run.folder + "/")) return std::nullopt;
  return absolute.substr(run.folder.size() + 1);
}

setup::FirstOverlay overlay_of(const InitRun& run, const std::string& file, FileStore& files) {
  const auto info = files.info(run.folder + "/" + file);
  if (!info)
    return {.file = file, .is_secret = true, .origin = "not there yet, so it is to be made"};
  const bool is_closed = (info->mode & kOthers) == 0;
  return {.file = file,
          .is_secret = is_closed,
          .origin = is_closed ? "closed to others, so it holds secrets" : "--overlay"};
}

std::optional<int> read_bundle(InitRun& run, const SiteInitOptions& options, Context& context) {
  FileStore& files = context.effects.files;
  const auto bundle = inside(run, options.bundle, context);
  if (!bundle) {
    return refuse(context.console, "the bundle " + options.bundle + " lies outside " + run.folder,
                  "the site file stands beside its bundle: --site FOLDER/site.yaml");
  }
  run.site.bundle_file = *bundle;
  BundleRequest request;
  request.bundle = "./" + *bundle;
  for (const std::string& path : options.overlays) {
    const auto file = inside(run, path, context);
    if (!file) {
      return refuse(context.console, "the overlay " + path + " lies outside " + run.folder,
                    "overlays stand in the folder of the site file");
    }
    run.site.overlays.push_back(overlay_of(run, *file, files));
    if (!files.info(run.folder + "/" + *file)) continue;
    request.overlays.push_back({"./" + *file, run.site.overlays.back().is_secret
                                                  ? Sensitivity::secret
                                                  : Sensitivity::open});
  }
  const BundleFiles access = bundle_files_in(run.folder, files, kFileBytesMax);
  run.loaded = load_bundle(run.sources, access, request);
  if (!run.loaded.bundle) {
    tell(context.console, run.loaded.findings);
    context.console.talk(run.loaded.refusal + "\n");
    return kExitInput;
  }
  auto plan = compute_plan(*run.loaded.bundle, PlanArguments::left_out);
  if (const auto* refusal = std::get_if<PlanRefusal>(&plan)) {
    context.console.talk(refusal->text + "\n");
    return kExitInput;
  }
  run.plan = std::move(std::get<Plan>(plan));
  return std::nullopt;
}

std::optional<int> choose_maas(InitRun& run, const SiteInitOptions& options, Context& context) {
  const Environment& environment = context.environment;
  run.site.maas = {
      .profile = options.maas_profile,
      .url = options.maas_url,
      .key_file = options.maas_key_file,
      .origin = options.maas_profile.empty() ? "--maas-url, --maas-key-file" : "--maas-profile"};
  if (!environment.lab.empty() && run.site.maas.profile.empty() && run.site.maas.url.empty()) {
    run.site.maas = {.profile = {},
                     .url = environment.maas_url,
                     .key_file = environment.maas_key_file,
                     .origin = "the lab"};
  }
  const setup::FirstMaas& maas = run.site.maas;
  if (maas.profile.empty() && (maas.url.empty() || maas.key_file.empty())) {
    return refuse(
        context.console, "how to reach MAAS is not told",
        "--maas-profile NAME of the maas command, or --maas-url URL --maas-key-file FILE");
  }
  run.questions.maas = {.profile = maas.profile,
                        .url = maas.url,
                        .key_file = maas.key_file,
                        .ca_file = {},
                        .home = environment.home};
  if (!environment.lab.empty()) {
    run.questions.maas = {.profile = {},
                          .url = environment.maas_url,
                          .key_file = environment.maas_key_file,
                          .ca_file = {},
                          .home = environment.home};
  }
  if (!run.questions.maas.key_file.empty()) {
    run.questions.maas.key_file =
        absolute_path(run.questions.maas.key_file, run.folder, environment.home);
  }
  return std::nullopt;
}

/// What the juju client keeps of its controllers: local data.
void ask_controllers(InitRun& run, Context& context) {
  const Command command = juju::controllers_command();
  const auto out = juju::output_of(run_one(context.effects.processes, command), "");
  const auto document = out ? parse_json(*out) : Result<json::value>(fail(out.error()));
  if (!document) return;
  const std::string origin = "Juju: " + command_line(command.argv);
  setup::FirstSite& site = run.site;
  if (site.controller.value.empty()) {
    site.controller = {string_or_empty(*document, "current-controller"), origin};
  }
  const json::object* controllers = find_object(*document, "controllers");
  const json::object* entry =
      controllers ? find_object(*controllers, site.controller.value) : nullptr;
  if (!entry) return;
  site.cloud = {string_or_empty(*entry, "cloud"), origin};
  site.region = {string_or_empty(*entry, "region"), origin};
  if (site.cloud.value.empty()) site.region.value.clear();
}

/// The credential of the first model of that cloud.
void ask_models(InitRun& run, Context& context) {
  run.questions.controller = run.site.controller.value;
  constexpr std::array kKeys{FactKey::juju_models};
  juju_source.collect(kKeys, run.questions, context.effects, run.facts);
  const auto* models = run.facts.juju_models.value();
  if (!models) {
    context.console.talk("juju models: " + printable(run.facts.juju_models.why_unknown()) + "\n");
    return;
  }
  for (const JujuModel& model : *models) {
    if (model.credential.empty() || model.cloud != run.site.cloud.value) continue;
    run.site.credential = {model.credential, "Juju: model " + model.name};
    return;
  }
}

std::optional<int> ask_juju(InitRun& run, const SiteInitOptions& options, Context& context) {
  run.site.controller = {options.controller, "--controller"};
  ask_controllers(run, context);
  if (run.site.controller.value.empty()) {
    return refuse(context.console,
                  "which controller is meant is not told, and Juju has no current one",
                  "--controller NAME, as juju controllers lists it");
  }
  ask_models(run, context);
  const bool has_model = !options.model.empty();
  run.site.model = {has_model ? options.model : run.site.name.value,
                    has_model ? "--model" : "the site's name"};
  return std::nullopt;
}

std::optional<int> ask_maas(InitRun& run, Context& context) {
  context.console.talk("asking MAAS\n");
  pki::forbid_core_dumps();
  constexpr std::array kKeys{FactKey::maas_machines, FactKey::maas_subnets, FactKey::maas_ranges};
  maas_source.collect(kKeys, run.questions, context.effects, run.facts);
  const auto stopped = [&](const auto& observation) -> std::optional<int> {
    if (observation.value()) return std::nullopt;
    tell_error(context.console, *observation.error());
    return kExitUnknown;
  };
  if (const auto code = stopped(run.facts.maas_machines)) return code;
  if (const auto code = stopped(run.facts.maas_subnets)) return code;
  return stopped(run.facts.maas_ranges);
}

void ask_disks(InitRun& run, const SiteInitOptions& options, Context& context) {
  if (options.disk_host.empty()) return;
  run.site.disks = setup::FirstDisks{
      .host = options.disk_host, .path = options.disk_path, .uses_sudo = options.uses_disk_sudo};
  const auto machines = setup::machines_for(*run.loaded.bundle, *run.facts.maas_machines.value());
  if (machines.empty()) return;
  const std::string& hostname = machines.front()->hostname;
  run.questions.disks = {{.machine = hostname,
                          .host = replace_all(options.disk_host, "{machine}", hostname),
                          .path = replace_all(options.disk_path, "{machine}", hostname),
                          .uses_sudo = options.uses_disk_sudo}};
  context.console.talk("asking " + printable(run.questions.disks.front().host) + "\n");
  constexpr std::array kKeys{FactKey::host_disks};
  ssh_source.collect(kKeys, run.questions, context.effects, run.facts);
  for (const auto& [key, disk] : run.facts.host_disks) {
    if (disk.error()) tell_error(context.console, *disk.error());
  }
}

std::string text_of(const InitRun& run) {
  return setup::first_site_text(run.site, {*run.loaded.bundle, *run.plan, run.facts});
}

/// What we write, we can read: else nothing is written.
std::optional<int> prove(InitRun& run, const std::string& text, Context& context) {
  const LoadedSite loaded = load_site(run.sources.add(run.path, text));
  if (loaded.site) return std::nullopt;
  context.console.talk("what was seen makes no site file that can be used; nothing was written:\n");
  tell(context.console, loaded.findings);
  return kExitInput;
}

/// Errors of the bundle beside the new file become accepted ones, each to be decided.
Result<void> accept_errors(InitRun& run, Context& context) {
  SourceMap sources;
  const auto read =
      read_inputs(run.path, context.options.site_file, context.effects.files, sources);
  if (!read) return fail(read.error());
  for (const Diagnostic& finding : read->findings) {
    if (finding.severity != Severity::error) continue;
    run.site.accept.push_back(
        {.code = finding.code, .subject = finding.subject, .message = finding.message});
    context.console.talk(render(finding, context.console.colour()));
  }
  if (run.site.accept.empty()) return {};
  return context.effects.files.write_atomic(run.path, text_of(run), kPlainFile);
}

std::optional<int> write_file(InitRun& run, Context& context) {
  const std::string text = text_of(run);
  if (const auto stopped = prove(run, text, context)) return stopped;
  if (auto made = context.effects.files.create(run.path, text, kPlainFile); !made) {
    return tell_error(context.console, made.error());
  }
  if (auto accepted = accept_errors(run, context); !accepted) {
    return tell_error(context.console, accepted.error());
  }
  return std::nullopt;
}

std::optional<int> prepare(InitRun& run, const SiteInitOptions& options, Context& context) {
  if (context.effects.files.info(run.path)) {
    return refuse(context.console, run.path + " is there already, and is never written over",
                  "give another path by --site, or look at it: gatehouse site check");
  }
  if (options.disk_host.empty() != options.disk_path.empty()) {
    return refuse(context.console, "--disk-host and --disk-path belong together",
                  "for example --disk-host hv1 --disk-path '/images/{machine}.qcow2'");
  }
  if (const auto stopped = read_bundle(run, options, context)) return stopped;
  if (const auto stopped = choose_maas(run, options, context)) return stopped;
  if (const auto stopped = ask_juju(run, options, context)) return stopped;
  if (const auto stopped = ask_maas(run, context)) return stopped;
  ask_disks(run, options, context);
  return std::nullopt;
}

void tell_made(const InitRun& run, Context& context) {
  const std::string next =
      "gatehouse --site " + shell_quote(context.options.site_file) + " site check";
  if (context.options.wants_json) {
    json::array accepted;
    for (const setup::FirstAcceptance& each : run.site.accept) {
      accepted.push_back(json::object{{"code", each.code}, {"on", each.subject}});
    }
    context.console.data(to_pretty_json(
        json::object{{"site_file", run.path}, {"accepted", std::move(accepted)}, {"next", next}}));
    return;
  }
  context.console.data(run.path + "\n");
  if (!run.site.accept.empty()) {
    context.console.talk(fmt::format(
        "{} of the bundle's errors stand under `accept`, to be decided\n", run.site.accept.size()));
  }
  context.console.talk("read it line by line, then: " + next + "\n");
}

}  // namespace

int run_site_init(const SiteInitOptions& options, Context& context) {
  const Environment& environment = context.environment;
  InitRun run;
  run.path =
      absolute_path(context.options.site_file, environment.working_directory, environment.home);
  run.folder = parent_folder(run.path);
  const bool has_name = !options.name.empty();
  run.site.name = {has_name ? options.name : as_name(last_part(run.folder)),
                   has_name ? "--name" : "the folder's name"};
  run.site.made_at = context.effects.clock.now();
  run.questions.ssh.control_folder = ssh_control_folder(environment);
  if (!environment.ssh_config.empty()) run.questions.ssh.names_of_here.clear();
  if (const auto stopped = prepare(run, options, context)) return *stopped;
  if (const auto stopped = write_file(run, context)) return *stopped;
  tell_made(run, context);
  return kExitHolds;
}

int run_doctor(Context& context) {
  const std::string path = absolute_path(
      context.options.site_file, context.environment.working_directory, context.environment.home);
  setup::JumphostQuestions asked;
  asked.home = context.environment.home;
  SiteSession session(context, Telling::with_result);
  // A site file that is there must be one that can be used; without one this machine is still
  // looked at.
  if (context.effects.files.info(path)) {
    if (const auto stopped = session.open()) return *stopped;
    asked.has_site = true;
    asked.questions = session.questions();
    asked.state_folder = session.state_folder();
    asked.site_option = site_option(context);
    if (!context.console.is_quiet()) {
      context.console.talk("looking at this machine, MAAS, the controller and the hosts\n");
    }
  }
  const auto verdicts = setup::judge_jumphost(setup::observe_jumphost(asked, context.effects));
  if (context.options.format == OutputFormat::text) {
    context.console.data(setup::jumphost_text(verdicts));
  } else {
    CommandResult result = make_result("doctor", context.options.is_strict);
    result.verdicts = rows_of(verdicts);
    print(result, context.options.format, context.console);
  }
  return exit_code_of(verdicts);
}

}  // namespace gatehouse::cli
