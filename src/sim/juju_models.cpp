// The lab's `juju models`, `show-model`, `add-model`, `spaces` and `status`.
// Source: Juju 3.6.28 and notes juju-formats sections 1.1, 1.3 and 1.6.
#include <fmt/format.h>

#include "base/text.h"
#include "sim/chance.h"
#include "sim/juju_call.h"
#include "sim/status.h"
#include "sim/status_faults.h"

namespace gatehouse::sim {
namespace {

const std::vector<JujuFlag> kController = {{"c", true, "controller"}, {"controller", true, ""}};
const std::vector<JujuFlag> kModel = {{"m", true, "model"}, {"model", true, ""}};
const std::vector<JujuFlag> kFormatFlags = {
    {"format", true, ""}, {"o", true, "output"}, {"output", true, ""}};

std::vector<JujuFlag> flags_of(std::vector<std::vector<JujuFlag>> groups) {
  std::vector<JujuFlag> flags;
  for (const auto& group : groups) flags.insert(flags.end(), group.begin(), group.end());
  return flags;
}

std::string ago(Moment since, Moment now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - since).count();
  if (minutes < 1) return "just now";
  if (minutes < 60) return fmt::format("{} minute{} ago", minutes, minutes == 1 ? "" : "s");
  const auto hours = minutes / 60;
  return fmt::format("{} hour{} ago", hours, hours == 1 ? "" : "s");
}

json::object model_entry(JujuRun& run, const LabModel& model) {
  const Site& site = run.lab.world.site;
  json::object entry;
  entry["name"] = "admin/" + model.name;
  entry["short-name"] = model.name;
  entry["model-uuid"] = model.uuid;
  entry["model-type"] = "iaas";
  entry["controller-uuid"] =
      chance_uuid(run.lab.world.settings.seed, "controller " + site.juju.controller);
  entry["controller-name"] = site.juju.controller;
  entry["is-controller"] = false;
  entry["owner"] = "admin";
  entry["cloud"] = model.cloud;
  if (!model.region.empty()) entry["region"] = model.region;
  entry["credential"] =
      json::object{{"name", model.credential}, {"owner", "admin"}, {"cloud", model.cloud}};
  entry["type"] = "maas";
  const bool is_dying = model.is_foreign && run.lab.world.faults.juju.is_foreign_model_dying;
  entry["life"] = is_dying ? "dying" : "alive";
  entry["status"] = json::object{{"current", is_dying ? "destroying" : "available"},
                                 {"since", ago(model.created, run.now())}};
  entry["access"] = "admin";
  entry["last-connection"] = model.is_foreign ? "never connected" : "just now";
  entry["sla"] = "unsupported";
  entry["agent-version"] = ScriptBook().agent_version();
  return entry;
}

/// The controller's own model, which every controller has.
LabModel controller_model(JujuRun& run) {
  const Site& site = run.lab.world.site;
  return {.name = "controller",
          .uuid = chance_uuid(run.lab.world.settings.seed, "model controller"),
          .cloud = site.juju.cloud,
          .region = site.juju.region,
          .credential = site.juju.credential,
          .created = run.lab.world.settings.lab_origin - std::chrono::hours(24),
          .is_foreign = false,
          .plan = nullptr,
          .runs = {},
          .done = 0,
          .step = Milliseconds(0)};
}

void print_model_table(JujuRun& run, const std::vector<LabModel>& models) {
  run.out(fmt::format("Controller: {}\n\n", run.lab.world.site.juju.controller));
  run.out("Model       Cloud/Region  Type  Status     Access  Last connection\n");
  const std::string current = chosen_model_name(run);
  for (const LabModel& model : models) {
    const std::string name = model.name + (model.name == current ? "*" : "");
    run.out(fmt::format("{:<11} {:<13} maas  available  admin   just now\n", name,
                        model.cloud + "/" + model.region));
  }
}

FaceEnd run_models(JujuRun& run) {
  if (run.lab.world.faults.juju.is_model_list_unreachable) {
    if (run.arguments.value("format") == "json") run.out("{}\n");
    return run.error(
        "cannot list models: unable to connect to API: dial tcp 127.0.0.1:17070: "
        "i/o timeout");
  }
  auto stored = read_models(run.lab.paths, run.effects.files);
  if (!stored) return run.error("LAB: " + to_string(stored.error()));
  std::vector<LabModel> models = {controller_model(run)};
  for (LabModel& model : *stored) models.push_back(std::move(model));
  if (run.arguments.value("format") != "json") {
    print_model_table(run, models);
    return {};
  }
  json::array entries;
  for (const LabModel& model : models) {
    json::object entry = model_entry(run, model);
    if (model.name == "controller") entry["is-controller"] = true;
    entries.push_back(std::move(entry));
  }
  json::object answer{{"models", std::move(entries)}};
  const std::string current = chosen_model_name(run);
  if (!current.empty()) answer["current-model"] = current;
  if (run.lab.world.faults.juju.is_model_list_polluted) {
    run.out("19:04:10 INFO  juju.cmd supercommand.go:56 running juju [3.6.28]\n");
  }
  print_document(run, answer);
  return {};
}

FaceEnd run_show_model(JujuRun& run) {
  if (!run.arguments.rest.empty()) run.arguments.flags["model"] = {run.arguments.rest.front()};
  const std::optional<LabModel> model = chosen_model(run);
  if (!model) {
    if (run.arguments.value("format") == "json") run.out("{}\n");
    return {1, {}, {}};
  }
  json::object entry = model_entry(run, *model);
  entry.erase("access");
  entry.erase("last-connection");
  entry["users"] = json::object{{"admin", json::object{{"display-name", "admin"},
                                                       {"access", "admin"},
                                                       {"last-connection", "just now"}}}};
  json::object machines;
  if (model->plan) {
    for (const LabModelMachine& machine : model->plan->machines) {
      if (model->landed(machine.change)) machines[machine.number] = json::object{{"cores", 16}};
    }
  }
  if (!machines.empty()) entry["machines"] = std::move(machines);
  entry["credential"].as_object()["validity-check"] = "valid";
  json::object answer;
  answer[model->name] = std::move(entry);
  print_document(run, answer);
  return {};
}

/// "maas", "maas/default" or "" for the controller's own; gives what is wrong with it.
std::string problem_with_cloud(const Site& site, const std::string& written) {
  if (written.empty()) return "";
  const std::string cloud = written.substr(0, written.find('/'));
  const std::string region =
      written.find('/') == std::string::npos ? "" : written.substr(written.find('/') + 1);
  if (cloud != site.juju.cloud && written != site.juju.region) {
    return fmt::format(
        "\"{}\" is neither a cloud supported by this controller,\nnor a region in "
        "the controller's default cloud \"{}\".",
        cloud, site.juju.cloud);
  }
  if (!region.empty() && region != site.juju.region) {
    return fmt::format("region \"{}\" not found in cloud \"{}\"", region, cloud);
  }
  return "";
}

FaceEnd run_add_model(JujuRun& run) {
  const Site& site = run.lab.world.site;
  if (run.arguments.rest.empty()) {
    run.call.err("ERROR model name is required\n");
    return {2, {}, {}};
  }
  const std::string name = run.arguments.rest.front();
  if (!is_model_name(name)) {
    return run.error(
        fmt::format("\"{}\" is not a valid name: model names may only contain "
                    "lowercase letters, digits and hyphens",
                    printable(name)));
  }
  const std::string cloud = run.arguments.rest.size() > 1 ? run.arguments.rest[1] : "";
  const std::string problem = problem_with_cloud(site, cloud);
  if (!problem.empty()) return run.error(problem);
  const std::string credential = run.arguments.value("credential");
  if (!credential.empty() && credential != site.juju.credential) {
    return run.error(fmt::format("credential \"{}\" not found", printable(credential)));
  }
  LabModel model = controller_model(run);
  model.name = name;
  model.uuid = chance_uuid(run.lab.world.settings.seed, "model " + name);
  model.created = run.now();
  const Result<void> made = create_model(run.lab.paths, model, run.effects.files);
  if (!made && made.error().kind == ErrorKind::conflict) {
    return run.error(
        fmt::format("failed to create new model: model \"{}\" for admin already "
                    "exists (already exists)",
                    name));
  }
  if (!made) return run.error("LAB: " + to_string(made.error()));
  if (!run.arguments.is_set("no-switch")) {
    (void)run.effects.files.write_atomic(run.lab.paths.current_model(), name + "\n", 0600);
  }
  run.call.err(fmt::format("Added '{}' model on {}{} with credential '{}' for user 'admin'\n", name,
                           model.cloud, model.region.empty() ? "" : "/" + model.region,
                           model.credential));
  return {};
}

FaceEnd run_spaces(JujuRun& run) {
  json::array spaces;
  spaces.push_back(json::object{{"id", "0"}, {"name", "alpha"}, {"subnets", json::object()}});
  for (const LabPlane& plane : run.lab.world.planes) {
    json::object subnets;
    subnets[to_string(plane.plane.cidr)] =
        json::object{{"type", "ipv4"},
                     {"provider-id", std::to_string(plane.subnet_id)},
                     {"status", "in-use"},
                     {"zones", json::array{"default"}}};
    spaces.push_back(json::object{{"id", std::to_string(spaces.size())},
                                  {"name", plane.plane.space},
                                  {"subnets", std::move(subnets)}});
  }
  print_document(run, json::object{{"spaces", std::move(spaces)}});
  return {};
}

FaceEnd run_status(JujuRun& run) {
  const bool is_own = chosen_model_name(run) == "controller";
  const std::optional<LabModel> model = is_own ? controller_model(run) : chosen_model(run);
  if (!model) {
    if (run.arguments.value("format") == "json") run.out("{}\n");
    return {1, {}, {}};
  }
  if (is_controller_away(run.lab.world, *model, run.now())) {
    run.out("{}\n");
    return run.error(
        "unable to connect to API: dial tcp 127.0.0.1:17070: connect: connection refused");
  }
  if (!run.arguments.rest.empty()) {
    // 4.0.0 knows no selector, and others select otherwise than a reader expects.
    return run.error("LAB: a status is asked for whole and filtered by who asks");
  }
  const bool is_iso =
      run.arguments.is_set("utc") || run.call.variable("JUJU_STATUS_ISO_TIME") == "true";
  const json::object status =
      model_status(run.lab.world, *model, run.now(), is_iso ? TimeForm::iso : TimeForm::juju);
  if (!model->plan || model->done == 0) {
    run.call.err(fmt::format("Model \"admin/{}\" is empty.\n", model->name));
  }
  print_document(run, status);
  return {};
}

}  // namespace

std::vector<JujuCommand> juju_model_commands() {
  const auto models = flags_of(
      {kController,
       kFormatFlags,
       {{"all", false, ""}, {"user", true, ""}, {"uuid", false, ""}, {"exact-time", false, ""}}});
  const auto status = flags_of({kModel,
                                kFormatFlags,
                                {{"utc", false, ""},
                                 {"relations", false, ""},
                                 {"storage", false, ""},
                                 {"integrations", false, ""},
                                 {"retry-count", true, ""},
                                 {"retry-delay", true, ""},
                                 {"watch", true, ""}}});
  return {
      {"models", models, Mixing::flags_anywhere, true, run_models},
      {"list-models", models, Mixing::flags_anywhere, true, run_models},
      {"show-model", flags_of({kModel, kFormatFlags}), Mixing::flags_anywhere, true,
       run_show_model},
      {"add-model",
       flags_of({kController,
                 {{"config", true, ""},
                  {"credential", true, ""},
                  {"owner", true, ""},
                  {"no-switch", false, ""}}}),
       Mixing::flags_anywhere, true, run_add_model},
      {"spaces", flags_of({kModel, kFormatFlags, {{"short", false, ""}}}), Mixing::flags_anywhere,
       true, run_spaces},
      {"list-spaces", flags_of({kModel, kFormatFlags, {{"short", false, ""}}}),
       Mixing::flags_anywhere, true, run_spaces},
      {"status", status, Mixing::flags_anywhere, true, run_status},
  };
}

}  // namespace gatehouse::sim
