#include "sim/settings.h"

#include "base/json.h"
#include "effects/file_modes.h"

namespace gatehouse::sim {
namespace {

constexpr std::size_t kSettingsBytesMax = 1 << 20;

std::set<std::string> texts_of(const json::value& value, std::string_view key) {
  std::set<std::string> texts;
  const json::array* array = find_array(value, key);
  if (array == nullptr) return texts;
  for (const json::value& item : *array) {
    if (item.is_string()) texts.insert(std::string(item.get_string()));
  }
  return texts;
}

json::array array_of(const std::set<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace

std::int64_t to_milliseconds(Moment moment) {
  return moment.time_since_epoch().count();
}

Moment from_milliseconds(std::int64_t since_epoch) {
  return Moment(Milliseconds(since_epoch));
}

Result<LabSettings> read_settings(const LabPaths& paths, FileStore& files) {
  Result<std::string> text = files.read(paths.settings(), kSettingsBytesMax);
  if (!text) return fail(with_context(text.error(), "reading the lab's settings"));
  Result<json::value> value = parse_json(*text);
  if (!value) return fail(with_context(value.error(), "reading " + paths.settings()));
  const auto wall = find_integer(*value, "wall_origin_ms");
  const auto lab = find_integer(*value, "lab_origin_ms");
  const auto speed = find_number(*value, "speed");
  const auto seed = find_integer(*value, "seed");
  if (!wall || !lab || !speed || *speed <= 0 || !seed) {
    return fail(ErrorKind::malformed, paths.settings() + " is no file of the lab");
  }
  return LabSettings{
      .id = string_or_empty(*value, "id"),
      .seed = static_cast<std::uint64_t>(*seed),
      .speed = *speed,
      .wall_origin = from_milliseconds(*wall),
      .lab_origin = from_milliseconds(*lab),
      .faults = texts_of(*value, "faults"),
      .bound_spaces = texts_of(*value, "bound_spaces"),
      .machine_tags = texts_of(*value, "machine_tags"),
      .maas_latency = Milliseconds(find_integer(*value, "maas_latency_ms").value_or(0)),
      .outer_path = string_or_empty(*value, "path")};
}

Result<void> write_settings(const LabPaths& paths, const LabSettings& settings, FileStore& files) {
  json::object object;
  object["id"] = settings.id;
  object["seed"] = static_cast<std::int64_t>(settings.seed);
  object["speed"] = settings.speed;
  object["wall_origin_ms"] = to_milliseconds(settings.wall_origin);
  object["lab_origin_ms"] = to_milliseconds(settings.lab_origin);
  object["faults"] = array_of(settings.faults);
  object["bound_spaces"] = array_of(settings.bound_spaces);
  object["machine_tags"] = array_of(settings.machine_tags);
  object["maas_latency_ms"] = settings.maas_latency.count();
  object["path"] = settings.outer_path;
  return files.write_atomic(paths.settings(), to_pretty_json(object), kPrivateFile);
}

}  // namespace gatehouse::sim
