#include "sim/lab_state.h"

#include <algorithm>

#include "effects/file_modes.h"
#include "input/site/load_site.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kStateBytesMax = std::size_t{32} << 20;

std::string model_file(const LabPaths& paths, const std::string& name) {
  return paths.models() + "/" + name + ".json";
}

std::string plan_file(const LabPaths& paths, const std::string& name) {
  return paths.models() + "/" + name + ".plan";
}

std::string progress_file(const LabPaths& paths, const std::string& name) {
  return paths.models() + "/" + name + ".progress";
}

/// An absent file is an empty optional.
Result<std::optional<json::value>> read_json(const std::string& path, FileStore& files) {
  Result<std::string> text = files.read(path, kStateBytesMax);
  if (!text) {
    if (text.error().kind == ErrorKind::not_found) return std::optional<json::value>{};
    return fail(text.error());
  }
  Result<json::value> value = parse_json(*text);
  if (!value) return fail(with_context(value.error(), "reading " + path));
  return std::optional<json::value>(std::move(*value));
}

LabModel model_from(const std::string& name, const json::value& value) {
  return {.name = name,
          .uuid = string_or_empty(value, "uuid"),
          .cloud = string_or_empty(value, "cloud"),
          .region = string_or_empty(value, "region"),
          .credential = string_or_empty(value, "credential"),
          .created = from_milliseconds(find_integer(value, "created_ms").value_or(0)),
          .is_foreign = find_bool(value, "foreign").value_or(false),
          .plan = nullptr,
          .runs = {},
          .done = 0,
          .step = Milliseconds(0)};
}

void add_progress(const json::value& value, LabModel& model) {
  model.done = static_cast<std::size_t>(find_integer(value, "done").value_or(0));
  model.step = Milliseconds(find_integer(value, "step_ms").value_or(0));
  const json::array* runs = find_array(value, "runs");
  if (runs == nullptr) return;
  for (const json::value& run : *runs) {
    model.runs.push_back({.first = static_cast<std::size_t>(find_integer(run, "first").value_or(0)),
                          .start = from_milliseconds(find_integer(run, "start_ms").value_or(0))});
  }
}

}  // namespace

Result<OpenLab> open_lab(const std::string& folder, FileStore& files) {
  const LabPaths paths{folder};
  Result<LabSettings> settings = read_settings(paths, files);
  if (!settings) return fail(settings.error());
  Result<std::string> text = files.read(paths.site(), kStateBytesMax);
  if (!text) return fail(with_context(text.error(), "reading the lab's site"));
  auto sources = std::make_unique<SourceMap>();
  LoadedSite loaded = load_site(sources->add(paths.site(), std::move(*text)));
  if (!loaded.site) {
    return fail(ErrorKind::invalid_input, "the lab's site file cannot be used",
                "gatehouse site check says why");
  }
  Result<LabWorld> world = build_world(std::move(*loaded.site), std::move(*settings));
  if (!world) return fail(world.error());
  return OpenLab{paths, std::move(sources), std::move(*world)};
}

bool is_model_name(const std::string& name) {
  const auto is_plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  };
  if (name.empty() || !is_plain(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char letter) { return is_plain(letter) || letter == '-'; });
}

Result<std::optional<LabModel>> read_model(const LabPaths& paths, const std::string& name,
                                           FileStore& files) {
  if (!is_model_name(name)) return std::optional<LabModel>{};
  if (paths.cache) {
    const auto known = paths.cache->find(name);
    if (known != paths.cache->end()) return std::optional<LabModel>(known->second);
  }
  const auto head = read_json(model_file(paths, name), files);
  if (!head) return fail(head.error());
  if (!*head) return std::optional<LabModel>{};
  LabModel model = model_from(name, **head);
  const auto plan = read_json(plan_file(paths, name), files);
  if (!plan) return fail(plan.error());
  if (*plan) {
    if (auto read = model_plan_from(**plan)) {
      model.plan = std::make_shared<const ModelPlan>(std::move(*read));
    }
  }
  const auto progress = read_json(progress_file(paths, name), files);
  if (!progress) return fail(progress.error());
  if (*progress) add_progress(**progress, model);
  if (paths.cache) (*paths.cache)[name] = model;
  return std::optional<LabModel>(std::move(model));
}

Result<std::vector<LabModel>> read_models(const LabPaths& paths, FileStore& files) {
  Result<std::vector<std::string>> names = files.list(paths.models());
  if (!names) return fail(names.error());
  std::vector<LabModel> models;
  constexpr std::string_view kEnding = ".json";
  for (const std::string& name : *names) {
    if (!name.ends_with(kEnding)) continue;
    auto model = read_model(paths, name.substr(0, name.size() - kEnding.size()), files);
    if (!model) return fail(model.error());
    if (*model) models.push_back(std::move(**model));
  }
  return models;
}

Result<void> create_model(const LabPaths& paths, const LabModel& model, FileStore& files) {
  json::object object;
  object["uuid"] = model.uuid;
  object["cloud"] = model.cloud;
  object["region"] = model.region;
  object["credential"] = model.credential;
  object["created_ms"] = to_milliseconds(model.created);
  object["foreign"] = model.is_foreign;
  return files.create(model_file(paths, model.name), to_pretty_json(object), kPrivateFile);
}

Result<void> write_model_plan(const LabPaths& paths, const LabModel& model, FileStore& files) {
  return files.write_atomic(plan_file(paths, model.name), json::serialize(to_json(*model.plan)),
                            kPrivateFile);
}

Result<void> remove_model(const LabPaths& paths, const std::string& name, FileStore& files) {
  for (const std::string& file : {progress_file(paths, name), plan_file(paths, name)}) {
    const Result<void> removed = files.remove(file);
    if (!removed && removed.error().kind != ErrorKind::not_found) return removed;
  }
  return files.remove(model_file(paths, name));
}

Result<void> write_progress(const LabPaths& paths, const LabModel& model, FileStore& files) {
  json::array runs;
  for (const LandingRun& run : model.runs) {
    runs.push_back(json::object{{"first", run.first}, {"start_ms", to_milliseconds(run.start)}});
  }
  const json::object object{
      {"done", model.done}, {"step_ms", model.step.count()}, {"runs", std::move(runs)}};
  return files.write_atomic(progress_file(paths, model.name), json::serialize(object),
                            kPrivateFile);
}

MachineTimes deployment_of_host(const LabWorld& world, const std::vector<LabModel>& models,
                                const std::string& hostname) {
  for (const LabModel& model : models) {
    if (!model.plan) continue;
    for (const LabModelMachine& machine : model.plan->machines) {
      if (machine.hostname != hostname || !model.landed(machine.change)) continue;
      return Timeline(world, model).machine(machine.number);
    }
  }
  return {};
}

}  // namespace gatehouse::sim
