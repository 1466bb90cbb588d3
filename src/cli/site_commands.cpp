#include "cli/site_commands.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/bundle_commands.h"
#include "cli/print_result.h"
#include "cli/site_session.h"
#include "clients/juju/decode_status.h"
#include "clients/juju/recorded_status.h"
#include "engine/fact_collector.h"
#include "facts/facts_json.h"
#include "gates/gate.h"
#include "gates/gates_page.h"
#include "gates/why_not_yet.h"
#include "input/yaml/to_json.h"

namespace gatehouse::cli {

namespace {

// Gates of a deployed model have nothing to examine before there is one.
constexpr std::string_view kModelGates[] = {
    "addresses_on_planes", "deploy_continues", "machines_started",  "names_resolve",
    "never_messages",      "no_unit_error",    "unit_certificates", "unit_states"};
constexpr std::string_view kPlanGates[] = {"bundle_warnings",     "channels",
                                           "declared_options",    "placement",
                                           "plan_counts",         "plan_equals_dry_run",
                                           "relations_forbidden", "relations_required"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_offline_gate(const Gate& gate) {
  return std::all_of(gate.needs.begin(), gate.needs.end(),
                     [](FactKey key) { return key == FactKey::pki || key == FactKey::dry_run; }) &&
         gate.id != "plan_equals_dry_run";
}

// An observation that failed stands in the document as {"error":...}.
bool has_unobserved(const Facts& facts, std::span<const FactKey> keys) {
  const json::object document = facts_to_json(facts, keys);
  return std::any_of(document.begin(), document.end(), [](const auto& member) {
    const auto* fact = member.value().if_object();
    return !fact || fact->contains("error") || fact->empty();
  });
}

int print_verdicts(std::span<const Verdict> verdicts, const SiteSession& session,
                   CommandResult result, Context& context) {
  result.findings = session.read().findings;
  result.accepted = session.read().accepted;
  result.verdicts = rows_of(verdicts);
  print(result, context.options.format, context.console);
  const int code = exit_code_of(verdicts);
  return code == kExitHolds && fails(result.findings, result.warnings) ? int{kExitFails} : code;
}

std::vector<FactKey> needs_of(std::span<const Gate* const> gates, const Inputs& inputs) {
  std::set<FactKey> needs;
  for (const Gate* gate : gates) {
    if (!gate->applies || gate->applies(inputs))
      needs.insert(gate->needs.begin(), gate->needs.end());
  }
  return {needs.begin(), needs.end()};
}

// A dry run needs a model, and a model that is not empty would be changed by no dry run but would
// answer with a difference: it is asked only where the declared model is there and has nothing in
// it.
bool may_dry_run(const Facts& facts, const Inputs& inputs) {
  const auto* models = facts.juju_models.value();
  const ModelStatus* status = facts.model_status.value();
  return models && status && status->applications.empty() && status->machines.empty() &&
         std::any_of(models->begin(), models->end(), [&](const JujuModel& model) {
           return model.name == inputs.site.juju.model && model.life == "alive";
         });
}

std::vector<Verdict> judge_all(std::span<const Gate* const> gates, const SiteSession& session,
                               Context& context) {
  const Questions questions = session.questions();
  const std::vector<const FactSource*> sources = all_sources();
  FactCollector collector(sources, questions, context.effects);
  std::vector<FactKey> needs = needs_of(gates, session.inputs());
  if (context.options.is_offline) {
    std::erase_if(needs, [](FactKey key) { return key != FactKey::pki; });
  }
  const auto dry_run = std::find(needs.begin(), needs.end(), FactKey::dry_run);
  const bool wants_dry_run = dry_run != needs.end();
  if (wants_dry_run) needs.erase(dry_run);
  constexpr Milliseconds kAgeMax = std::chrono::minutes(10);
  collector.refresh(needs, kAgeMax);
  if (wants_dry_run && !context.options.is_offline) {
    constexpr FactKey kModel[] = {FactKey::juju_models};
    constexpr FactKey kStatus[] = {FactKey::model_status};
    constexpr FactKey kDryRun[] = {FactKey::dry_run};
    const auto* models = collector.refresh(kModel, kAgeMax).juju_models.value();
    const bool is_there = models && std::any_of(models->begin(), models->end(), [&](const auto& m) {
                            return m.name == session.inputs().site.juju.model;
                          });
    if (is_there) collector.refresh(kStatus, kAgeMax);
    if (may_dry_run(collector.facts(), session.inputs())) collector.refresh(kDryRun, kAgeMax);
  }
  const Case c{session.inputs(), session.plan(), collector.facts()};
  std::vector<Verdict> verdicts;
  for (const Gate* gate : gates) {
    if (!gate->applies || gate->applies(session.inputs())) verdicts.push_back(judge(*gate, c));
  }
  return verdicts;
}

}  // namespace

int run_site_check(Context& context) {
  SourceMap sources;
  const std::string path = absolute_path(
      context.options.site_file, context.environment.working_directory, context.environment.home);
  auto read = read_inputs(path, context.options.site_file, context.effects.files, sources);
  if (!read) return tell_error(context.console, read.error());
  CommandResult result = make_result("site check", context.options.is_strict);
  result.subject = context.options.site_file;
  result.findings = std::move(read->findings);
  result.accepted = std::move(read->accepted);
  print(result, context.options.format, context.console);
  if (!read->refusal.empty()) context.console.talk(read->refusal + "\n");
  const bool is_usable = read->inputs && read->plan;
  return is_usable && !fails(result.findings, result.warnings) ? int{kExitHolds} : int{kExitFails};
}

int run_check(const std::vector<std::string>& names, Context& context) {
  SiteSession session(context, Telling::with_result);
  if (const auto stopped = session.open()) return *stopped;
  std::vector<const Gate*> gates;
  for (const std::string& name : names) {
    const Gate* gate = find_gate(name);
    if (!gate) {
      context.console.talk(
          fmt::format("error: no gate {}\n  = help: gatehouse gates list\n", printable(name)));
      return kExitInput;
    }
    gates.push_back(gate);
  }
  if (gates.empty()) {
    for (const Gate* gate : all_gates()) {
      if (is_among(kModelGates, gate->id) || gate->id == "plan_equals_dry_run") continue;
      if (!context.options.is_offline || is_offline_gate(*gate)) gates.push_back(gate);
    }
  }
  const auto verdicts = judge_all(gates, session, context);
  return print_verdicts(verdicts, session, make_result("check", context.options.is_strict),
                        context);
}

int run_plan(Context& context) {
  SiteSession session(context, Telling::with_result);
  if (const auto stopped = session.open()) return *stopped;
  std::vector<const Gate*> gates;
  for (const Gate* gate : all_gates()) {
    if (!is_among(kPlanGates, gate->id)) continue;
    if (!context.options.is_offline || gate->id != "plan_equals_dry_run") gates.push_back(gate);
  }
  const auto verdicts = judge_all(gates, session, context);
  CommandResult result = make_result("plan", context.options.is_strict);
  if (context.options.format == OutputFormat::text) {
    context.console.data(dry_run_text(*session.plan()));
  } else {
    if (refuses_json(*session.plan(), context.console)) return kExitInput;
    result.more = to_json(*session.plan());
  }
  return print_verdicts(verdicts, session, std::move(result), context);
}

int run_gates_list(Context& context) {
  json::array array;
  std::string text;
  for (const Gate* gate : all_gates()) {
    array.push_back(json::object{{"gate", std::string(gate->id)},
                                 {"question", std::string(gate->question)},
                                 {"source", std::string(gate->source)}});
    text += fmt::format("{:<22} {}\n", gate->id, gate->question);
  }
  context.console.data(context.options.wants_json
                           ? to_pretty_json(json::object{{"gates", std::move(array)}})
                           : text);
  return kExitHolds;
}

int run_gates_page(Context& context) {
  context.console.data(gates_page());
  return kExitHolds;
}

int run_gates_explain(const std::string& name, Context& context) {
  const Gate* gate = find_gate(name);
  if (!gate) {
    context.console.talk(
        fmt::format("error: no gate {}\n  = help: gatehouse gates list\n", printable(name)));
    return kExitInput;
  }
  std::vector<std::string> needs;
  for (const FactKey key : gate->needs) needs.push_back(to_string(key));
  if (context.options.wants_json) {
    context.console.data(
        to_pretty_json(json::object{{"gate", std::string(gate->id)},
                                    {"question", std::string(gate->question)},
                                    {"source", std::string(gate->source)},
                                    {"needs", json::array(needs.begin(), needs.end())},
                                    {"may_be_waived", gate->waiving == Waiving::allowed}}));
    return kExitHolds;
  }
  context.console.data(fmt::format(
      "{}\n  {}\n  runbook: {}\n  facts it needs: {}\n  {}\n  judge it now: gatehouse check {}\n",
      gate->id, gate->question, gate->source, needs.empty() ? "none" : join(needs, ", "),
      gate->waiving == Waiving::allowed ? "may be waived for one run, with a reason"
                                        : "cannot be waived",
      gate->id));
  return kExitHolds;
}

namespace {

std::vector<FactKey> keys_of(const std::string& what) {
  if (what == "maas") {
    return {FactKey::maas_identity, FactKey::maas_machines, FactKey::maas_subnets,
            FactKey::maas_ranges, FactKey::maas_addresses};
  }
  if (what == "juju") {
    return {FactKey::juju_client, FactKey::juju_controller, FactKey::juju_models};
  }
  return {FactKey::host_disks};
}

bool has_model(const Facts& facts, const std::string& name) {
  const auto* models = facts.juju_models.value();
  return models && std::any_of(models->begin(), models->end(),
                               [&](const JujuModel& model) { return model.name == name; });
}

}  // namespace

int run_observe(const std::string& what, Context& context) {
  if (what == "maas") context.effects.http.prepare();
  SiteSession session(context, Telling::at_once, Judging::inputs_only);
  if (const auto stopped = session.open()) return *stopped;
  std::vector<FactKey> keys = keys_of(what);
  const Questions questions = session.questions();
  const std::vector<const FactSource*> sources = all_sources();
  FactCollector collector(sources, questions, context.effects);
  if (!context.console.is_quiet()) context.console.talk("asking " + what + "\n");
  const Facts& facts = collector.refresh(keys, Milliseconds(0));
  if (what == "hosts" && questions.disks.empty()) {
    context.console.talk("the site file declares no disk images: blank_disks, source qemu-img\n");
  }
  // What only a model can be asked for.
  if (has_model(facts, questions.model)) {
    const std::vector<FactKey> of_model{FactKey::juju_spaces, FactKey::model_status};
    collector.refresh(of_model, Milliseconds(0));
    keys.insert(keys.end(), of_model.begin(), of_model.end());
  }
  context.console.data(to_pretty_json(facts_to_json(facts, keys)));
  return has_unobserved(facts, keys) ? int{kExitUnknown} : int{kExitHolds};
}

namespace {

constexpr std::string_view kSettledGates[] = {"machines_started", "never_messages", "no_unit_error",
                                              "unit_states"};

// `juju status` also prints YAML, and crash dumps and support reports keep it in that form.
Result<std::string> as_json(std::string text, const std::string& path) {
  const auto form = juju::recorded_form(text);
  if (!form) return fail(form.error());
  if (*form == juju::RecordedForm::json) return text;
  const Source source(path, std::move(text), Sensitivity::open);
  const yaml::File file = yaml::parse(source);
  if (file.error() || file.documents().empty() || !file.documents().front()) {
    return fail(ErrorKind::invalid_input,
                file.error() ? "neither JSON nor YAML: " + file.error()->message
                             : std::string("an empty document"),
                "record it with: juju status --format json > status.json");
  }
  return json::serialize(yaml::to_json(*file.documents().front()));
}

Result<ModelStatus> read_status_file(const std::string& path, FileStore& files) {
  constexpr std::size_t kStatusBytesMax = std::size_t{256} << 20;
  auto text = files.read(path, kStatusBytesMax);
  if (!text) return fail(text.error());
  const auto document = as_json(std::move(*text), path);
  if (!document) return fail(document.error());
  auto status = juju::decode_status(*document);
  if (status) return status;
  Error error = status.error();
  error.kind = ErrorKind::invalid_input;
  error.help = "record it with: juju status --format json > status.json";
  return fail(std::move(error));
}

std::string lines_text(const NotYet& why) {
  constexpr std::size_t kLinesMax = 40;
  std::string text;
  for (const std::string& line : lines_of(why, kLinesMax)) text += "  " + line + "\n";
  return text.empty() ? text : "not yet:\n" + text;
}

}  // namespace

int run_settled(const std::string& status_file, Context& context) {
  SiteSession session(context, Telling::with_result);
  if (const auto stopped = session.open()) return *stopped;
  auto status = read_status_file(status_file, context.effects.files);
  if (!status) {
    return tell_error(context.console, with_context(status.error(), "reading " + status_file));
  }
  Facts facts;
  facts.model_status = Observation<ModelStatus>::seen(std::move(*status),
                                                      {.source = "file", .locator = status_file});
  // One sample has no history: an error in it is not younger than any grace.
  const Case c{session.inputs(), session.plan(), facts};
  std::vector<Verdict> verdicts;
  for (const std::string_view id : kSettledGates) {
    const Gate* gate = find_gate(id);
    if (gate && (!gate->applies || gate->applies(session.inputs()))) {
      verdicts.push_back(judge(*gate, c));
    }
  }
  const NotYet why = why_not_yet(c);
  CommandResult result = make_result("settled", context.options.is_strict);
  result.more["not_yet"] = to_json(why);
  const auto& unknown = facts.model_status.value()->unknown;
  result.more["unknown_members"] = json::array(unknown.begin(), unknown.end());
  result.text_more = lines_text(why);
  return print_verdicts(verdicts, session, std::move(result), context);
}

}  // namespace gatehouse::cli
