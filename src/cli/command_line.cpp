#include "cli/command_line.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/bundle_commands.h"
#include "cli/completion.h"
#include "cli/explain_command.h"
#include "cli/journal_commands.h"
#include "cli/pki_command_line.h"
#include "cli/redacting_console.h"
#include "cli/rehearse_command.h"
#include "cli/run_commands.h"
#include "cli/setup_commands.h"
#include "cli/shown_effects.h"
#include "cli/site_commands.h"
#include "cli/site_session.h"
#include "cli/watch_command.h"

namespace gatehouse::cli {

namespace {

using Action = std::function<int(Context&)>;

/// What the flags say, before any command runs; one object for all commands of one invocation.
struct Flags {
  CommonOptions common;
  ConsoleOptions console;
  std::string at;
  bool is_verbose = false;
  std::string format;
  BundlePlanOptions bundle;
  BundleCheckOptions check;
  BundleWhereOptions where;
  PkiFlags pki;
  RunOptions run;
  RehearseOptions rehearse;
  ReportOptions report;
  std::size_t kept_runs = 20;
  SiteInitOptions init;
  WatchOptions watch;
  std::vector<std::string> waived, reasons;
  std::vector<std::string> gates;
  std::string name;
  bool wants_list = false;
  bool wants_page = false;
  Action action;
};

constexpr const char* kOverlayHelp = "An overlay, applied in the order given; may be repeated";

// What CLI11 reads as a number of any size, or "" as 0, is none here.
std::string refuse_no_count(const std::string& text) {
  const bool is_number = !text.empty() && text.size() <= 9 &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? "" : "a whole number from 0 wanted, \"" + text + "\" found";
}

// An empty word is a variable that is not set.
std::string refuse_empty(const std::string& text) {
  return text.empty() ? "a value wanted, \"\" found" : "";
}

CLI::App* command(CLI::App& parent, const std::string& name, const std::string& help,
                  const std::string& example, Flags& flags, Action action) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->footer("Example:\n  " + example);
  app->callback([&flags, action = std::move(action)] { flags.action = action; });
  return app;
}

// Of a command that judges files or gates.
void add_result_format(CLI::App& command, Flags& flags) {
  command.add_option("--format", flags.format, "text, json, sarif or junit")
      ->check(CLI::IsMember({"text", "json", "sarif", "junit"}));
}

void add_bundle(CLI::App& app, Flags& flags) {
  CLI::App* bundle =
      app.add_subcommand("bundle", "Read a bundle as Juju does; no site, no network");
  bundle->require_subcommand(1);
  CLI::App* check =
      command(*bundle, "check", "What Juju would refuse, and what Gatehouse knows beyond it",
              "gatehouse bundle check bundle.yaml --overlay overlays/octavia-pki.yaml", flags,
              [&flags](Context& context) {
                flags.check.format = flags.common.format;
                flags.check.strict = flags.common.is_strict;
                return run_bundle_check(flags.check, context.effects.files, context.console);
              });
  check->add_option("BUNDLE", flags.check.bundle, "The bundle's path")->required();
  check->add_option("--overlay", flags.check.overlays, kOverlayHelp);
  add_result_format(*check, flags);
  CLI::App* plan = command(*bundle, "plan", "The changes that Juju would make to an empty model",
                           "gatehouse bundle plan bundle.yaml --format dry-run", flags,
                           [&flags](Context& context) {
                             flags.bundle.format = flags.format.empty() ? "text" : flags.format;
                             return run_bundle_plan(flags.bundle, context);
                           });
  plan->add_option("BUNDLE", flags.bundle.bundle, "The bundle's path")->required();
  plan->add_option("--overlay", flags.bundle.overlays, kOverlayHelp);
  plan->add_flag("--trust", flags.bundle.trust, "As juju deploy --trust");
  plan->add_option("--format", flags.format, "text, json or dry-run")
      ->check(CLI::IsMember({"text", "json", "dry-run"}));
  CLI::App* where =
      command(*bundle, "where", "Which file and line supplied a value, and what it replaced",
              "gatehouse bundle where bundle.yaml applications.octavia.options.vip", flags,
              [&flags](Context& context) {
                flags.where.json = flags.common.wants_json;
                return run_bundle_where(flags.where, context.effects.files, context.console);
              });
  where->add_option("BUNDLE", flags.where.bundle, "The bundle's path")->required();
  where->add_option("PATH", flags.where.path, "For example applications.octavia.options.vip")
      ->required();
  where->add_option("--overlay", flags.where.overlays, kOverlayHelp);
}

void add_pki(CLI::App& app, Flags& flags) {
  const AddPkiCommand add = [&flags](CLI::App& parent, const std::string& name,
                                     const std::string& help, const std::string& example,
                                     Action action) {
    return command(parent, name, help, example, flags, std::move(action));
  };
  for (CLI::App* judging : add_pki_commands(app, flags.pki, add)) {
    add_result_format(*judging, flags);
  }
}

void add_site_init(CLI::App& site, Flags& flags) {
  CLI::App* init =
      command(site, "init", "Write a first site file from a bundle and what MAAS and Juju answer",
              "gatehouse --site cloud/site.yaml site init --bundle cloud/bundle.yaml "
              "--maas-profile admin --model openstack",
              flags, [&flags](Context& context) { return run_site_init(flags.init, context); });
  SiteInitOptions& options = flags.init;
  init->add_option("--bundle", options.bundle, "The bundle; it lies beside the site file")
      ->required();
  init->add_option("--overlay", options.overlays, kOverlayHelp);
  init->add_option("--name", options.name, "What the site is called; else as its folder");
  init->add_option("--controller", options.controller, "Juju's; else the current one");
  init->add_option("--model", options.model, "The model that the phase makes");
  init->add_option("--maas-profile", options.maas_profile, "A profile of the maas command");
  init->add_option("--maas-url", options.maas_url, "Of MAAS's region, with --maas-key-file");
  init->add_option("--maas-key-file", options.maas_key_file, "Holds one API key, mode 0600");
  init->add_option("--disk-host", options.disk_host,
                   "The host that keeps the guests' images; {machine} stands for each");
  init->add_option("--disk-path", options.disk_path, "Of an image there, with {machine}");
  init->add_flag("--disk-sudo", options.uses_disk_sudo, "Read them by sudo -n");
}

void add_looking(CLI::App& app, Flags& flags) {
  CLI::App* site = app.add_subcommand("site", "The site file");
  site->require_subcommand(1);
  add_site_init(*site, flags);
  CLI::App* doctor = command(app, "doctor", "Whether this jumphost can do the phase",
                             "gatehouse --site cloud/site.yaml doctor", flags, run_doctor);
  add_result_format(*doctor, flags);
  CLI::App* site_check =
      command(*site, "check", "Everything wrong with the site file and its bundle",
              "gatehouse site check --site sites/omega/site.yaml", flags, run_site_check);
  add_result_format(*site_check, flags);
  CLI::App* observe = command(
      app, "observe", "The facts as seen now, as JSON, without judging", "gatehouse observe maas",
      flags, [&flags](Context& context) { return run_observe(flags.name, context); });
  observe->add_option("WHAT", flags.name, "maas, juju or hosts")
      ->required()
      ->check(CLI::IsMember({"maas", "juju", "hosts"}));
  CLI::App* check = command(app, "check", "Judge every read-only gate that can be judged now",
                            "gatehouse check vip_policy machine_links", flags,
                            [&flags](Context& context) { return run_check(flags.gates, context); });
  check->add_option("GATE", flags.gates, "Only these gates");
  check->add_flag("--offline", flags.common.is_offline, "Only gates that need no peer");
  add_result_format(*check, flags);
  CLI::App* gates = app.add_subcommand("gates", "What the gates are");
  gates->require_subcommand(1);
  CLI::App* list =
      command(*gates, "list", "All gates and their questions", "gatehouse gates list", flags,
              [&flags](Context& context) {
                return flags.wants_page ? run_gates_page(context) : run_gates_list(context);
              });
  list->add_flag("--page", flags.wants_page)->group("");  // for script/dev docs
  CLI::App* explain =
      command(*gates, "explain", "One gate: question, source, facts it needs",
              "gatehouse gates explain vip_policy", flags,
              [&flags](Context& context) { return run_gates_explain(flags.name, context); });
  explain->add_option("GATE", flags.name, "The gate's id")->required();
  CLI::App* plan = command(app, "plan", "Offline plan, Juju's dry run, and the plan gates",
                           "gatehouse plan --offline", flags, run_plan);
  plan->add_flag("--offline", flags.common.is_offline, "Without Juju's dry run");
  CLI::App* settled =
      command(app, "settled", "Judge one recorded status document",
              "gatehouse settled --status status.json", flags,
              [&flags](Context& context) { return run_settled(flags.name, context); });
  settled->add_option("--status", flags.name, "Output of juju status --format json")->required();
}

void add_watching(CLI::App& app, Flags& flags) {
  const auto add_model = [&flags](CLI::App& command) {
    command.add_option("--model", flags.watch.model,
                       "CONTROLLER:MODEL instead of the site's; without a site file every unit is "
                       "expected to be active and idle");
  };
  CLI::App* watch = command(
      app, "watch", "Watch the model until it settles or cannot; attaches to a run that goes on",
      "gatehouse watch --model omega:openstack", flags,
      [&flags](Context& context) { return run_watch(flags.watch, context); });
  add_model(*watch);
  CLI::App* status = command(
      app, "status", "The model as a table, grouped by what needs attention", "gatehouse status",
      flags, [&flags](Context& context) { return run_status(flags.watch, context); });
  add_model(*status);
}

void add_explain(CLI::App& app, Flags& flags) {
  CLI::App* explain = command(
      app, "explain", "What a code means, why it matters, what to do",
      "gatehouse explain bundle/duplicate-key", flags, [&flags](Context& context) {
        return flags.wants_list ? run_explain_list(context) : run_explain(flags.name, context);
      });
  explain->add_option("CODE", flags.name, "As a finding shows it, in brackets");
  explain->add_flag("--list", flags.wants_list, "All codes, each with its sentence");
}

void add_waivers(CLI::App& app, Flags& flags) {
  app.add_option("--until", flags.run.until, "The last step to do");
  app.add_flag("--yes", flags.run.has_consent, "Do not ask before acting");
  app.add_flag("--use-empty-model", flags.run.uses_empty_model,
               "Take up a living model of that name that is empty");
  app.add_option("--waive", flags.waived, "A gate that may fail in this run; needs --reason");
  app.add_option("--reason", flags.reasons, "Why the gate before it is waived");
}

void add_acting(CLI::App& app, Flags& flags) {
  CLI::App* run = command(app, "run", "Carry the site through the phase",
                          "gatehouse run --site sites/omega/site.yaml --yes", flags,
                          [&flags](Context& context) { return run_run(flags.run, context); });
  add_waivers(*run, flags);
  run->add_flag_callback(
      "--adopt", [&flags] { flags.run.beginning = Beginning::adoption; },
      "Take over a model that was deployed by hand: begin at its watch");
  CLI::App* resume = command(
      app, "resume", "Go on with a run that was cut off", "gatehouse resume 20261122-190410-3f2a",
      flags, [&flags](Context& context) { return run_resume(flags.name, flags.run, context); });
  resume->add_option("RUN", flags.name, "The run's id; the newest where not given");
  add_waivers(*resume, flags);
  CLI::App* report = command(app, "report", "What a run did, from its journal alone",
                             "gatehouse report --format json", flags, [&flags](Context& context) {
                               flags.report.run = flags.name;
                               flags.report.format = flags.format;
                               return run_report(flags.report, context);
                             });
  report->add_option("RUN", flags.name, "The run's id; the newest where not given");
  report->add_option("--format", flags.format, "text, json, md, html or junit")
      ->check(CLI::IsMember({"text", "json", "md", "html", "junit"}));
  report
      ->add_option("--bundle", flags.report.bundle,
                   "Write all that a colleague may see, without a secret, to this tar file")
      ->check(refuse_empty);
  CLI::App* rehearse =
      command(app, "rehearse", "The whole phase against a lab on this machine",
              "gatehouse rehearse --site sites/omega/site.yaml --fault nic-unlinked", flags,
              [&flags](Context& context) { return run_rehearse(flags.rehearse, context); });
  rehearse->add_option("--fault", flags.rehearse.faults, "A fault of gatehouse-lab faults");
  rehearse->add_option("--seed", flags.rehearse.seed, "What chance in the lab begins with");
  rehearse->add_option("--speed", flags.rehearse.speed, "How many times as fast as the wall clock")
      ->check(CLI::Range(1.0, 100'000.0));
  rehearse->add_option("--until", flags.rehearse.until, "The last step to do");
}

void add_journal(CLI::App& app, Flags& flags) {
  CLI::App* journal = app.add_subcommand("journal", "The record of all runs");
  journal->require_subcommand(1);
  command(*journal, "list", "All runs", "gatehouse journal list", flags, run_journal_list);
  CLI::App* show =
      command(*journal, "show", "What happened in a run, in order", "gatehouse journal show", flags,
              [&flags](Context& context) { return run_journal_show(flags.name, context); });
  show->add_option("RUN", flags.name, "The run's id; the newest where not given");
  command(*journal, "verify", "Whether a row was changed, dropped or reordered",
          "gatehouse journal verify", flags, run_journal_verify);
  CLI::App* exported = command(
      *journal, "export", "A run as JSON lines", "gatehouse journal export > run.jsonl", flags,
      [&flags](Context& context) { return run_journal_export(flags.name, context); });
  exported->add_option("RUN", flags.name, "The run's id; the newest where not given");
  CLI::App* prune =
      command(*journal, "prune", "Take old runs out of the journal, into a file beside it",
              "gatehouse journal prune --keep 20", flags,
              [&flags](Context& context) { return run_journal_prune(flags.kept_runs, context); });
  prune->add_option("--keep", flags.kept_runs, "How many of the newest runs stay")
      ->required()
      ->check(refuse_no_count);
}

void add_common(CLI::App& app, Flags& flags, const Environment& environment) {
  if (!environment.site_file.empty()) flags.common.site_file = environment.site_file;
  app.add_option("--site", flags.common.site_file, "The site file (or GATEHOUSE_SITE)")
      ->check(refuse_empty);
  app.add_flag("--json", flags.common.wants_json, "The same as --format json");
  app.add_option("--format", flags.format, "text, or json: one document on standard output")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--at", flags.at, "The moment at which certificates and ages are judged, RFC 3339")
      ->check(refuse_empty);
  app.add_flag("--strict", flags.common.is_strict, "Warnings count as failures");
  app.add_flag("--show-commands", flags.common.shows_commands,
               "Tell every juju, ssh and HTTP call before it is made, secrets blanked");
  app.add_flag("--no-color", flags.console.no_colour, "No colours (or NO_COLOR)");
  app.add_flag("--quiet", flags.console.is_quiet, "No progress");
  app.add_flag("--verbose", flags.is_verbose, "More talk: implies --show-commands");
}

std::optional<std::string> take_waivers(Flags& flags) {
  if (flags.waived.size() != flags.reasons.size()) return "each --waive GATE needs a --reason TEXT";
  for (std::size_t i = 0; i < flags.waived.size(); ++i) {
    flags.run.waivers.push_back({flags.waived[i], flags.reasons[i]});
  }
  return std::nullopt;
}

int run_action(Flags& flags, const Outside& outside, Console& terminal) {
  if (!flags.at.empty()) {
    flags.common.at = parse_rfc3339(flags.at);
    if (!flags.common.at) {
      terminal.talk(
          fmt::format("error: --at {}: RFC 3339 wanted, for example 2026-11-22T19:00:00Z\n",
                      printable(flags.at)));
      return kExitInput;
    }
  }
  if (const auto wrong = take_waivers(flags)) {
    terminal.talk(fmt::format("error: {}\n", *wrong));
    return kExitInput;
  }
  if (flags.common.wants_json) flags.format = "json";
  flags.common.format = parse_output_format(flags.format).value_or(OutputFormat::text);
  flags.common.wants_json = flags.common.format == OutputFormat::json;
  flags.common.shows_commands |= flags.is_verbose;
  Redactor redactor;
  RedactingConsole console(terminal, redactor);
  const Effects& effects = outside.effects;
  ShownHttp http(effects.http, console);
  ShownProcesses processes(effects.processes, console);
  Effects shown{http, processes, effects.files, effects.clock, effects.entropy};
  Context context{flags.common.shows_commands ? shown : outside.effects,
                  console,
                  outside.environment,
                  flags.common,
                  outside.kept,
                  redactor};
  return flags.action(context);
}

/// Where a command was wanted and none stands: what stands there, and what could.
std::string missing_command(const CLI::App& app) {
  const CLI::App* parent = &app;
  std::string path = "gatehouse ";
  for (auto parsed = app.get_subcommands(); !parsed.empty(); parsed = parent->get_subcommands()) {
    parent = parsed.front();
    path += parent->get_name() + ' ';
  }
  const std::vector<std::string> words = app.remaining(true);
  if (parent->get_require_subcommand_min() == 0) return {};
  std::vector<std::string> names;
  for (const CLI::App* child : parent->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(child->get_name());
  }
  const bool has_word = !words.empty() && !words.front().starts_with('-');
  return fmt::format("{}{}; there are {}", path,
                     has_word ? printable(words.front()) + ": no such command" : "wants a command",
                     join(names, ", "));
}

}  // namespace

int run_command_line(int argc, char** argv, const Outside& outside,
                     const MakeConsole& make_console) {
  Flags flags;
  CLI::App app("Carries a Juju bundle through one phase of a deployment on MAAS, gate by gate.",
               "gatehouse");
  app.set_version_flag("--version", fmt::format("gatehouse {}", kVersion));
  app.require_subcommand(1);
  app.fallthrough();
  add_common(app, flags, outside.environment);
  add_bundle(app, flags);
  add_pki(app, flags);
  add_looking(app, flags);
  add_watching(app, flags);
  add_explain(app, flags);
  add_acting(app, flags);
  add_journal(app, flags);
  CLI::App* completion =
      command(app, "completion", "Completion for a shell", "source <(gatehouse completion bash)",
              flags, [&](Context& context) {
                context.console.data(completion_for(flags.name, app));
                return int{kExitHolds};
              });
  completion->add_option("SHELL", flags.name, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  // A command's flags may follow its arguments, and the common ones may stand anywhere.
  for (CLI::App* child : app.get_subcommands([](CLI::App*) { return true; })) {
    child->fallthrough();
    for (CLI::App* grandchild : child->get_subcommands([](CLI::App*) { return true; })) {
      grandchild->fallthrough();
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto console = make_console(flags.console);
    if (error.get_exit_code() == 0) return app.exit(error);
    // Of what else is wrong the library's own words are the better ones.
    const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
    const bool may_lack_it =
        code == CLI::ExitCodes::RequiredError || code == CLI::ExitCodes::ExtrasError;
    const std::string missing = may_lack_it ? missing_command(app) : "";
    console->talk(fmt::format("error: {}\n  = help: gatehouse --help, or --help after a command\n",
                              missing.empty() ? printable(error.what()) : missing));
    return kExitInput;
  }
  const auto console = make_console(flags.console);
  const int code = run_action(flags, outside, *console);
  // What the operator broke off was not out of sight.
  const bool is_broken_off = outside.effects.clock.is_interrupted();
  return code == kExitUnknown && is_broken_off ? int{kExitInterrupted} : code;
}

}  // namespace gatehouse::cli
