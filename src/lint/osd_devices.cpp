#include "lint/osd_devices.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr const char* kCharm = "ceph-osd";
constexpr const char* kDevices = "osd-devices";  // both the option and the storage

OsdDevices devices_of(const BundleApplication& application) {
  OsdDevices devices{.application = &application};
  devices.units = static_cast<std::size_t>(std::max<std::int64_t>(0, application.num_units));
  if (const auto option = application.options.find(kDevices); option != application.options.end()) {
    devices.paths = words_of(replace_all(option->second.text, "\n", " ")).size();
    devices.paths_span = option->second.span;
  }
  if (const auto storage = application.storage.find(kDevices);
      storage != application.storage.end()) {
    devices.storage = storage_count(storage->second.value);
    devices.storage_span = storage->second.span;
  }
  return devices;
}

}  // namespace

std::size_t storage_count(const std::string& directive) {
  for (const std::string& part : split(directive, ',')) {
    const bool is_count =
        !part.empty() && part.size() < 6 &&
        std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (is_count) return std::stoul(part);
  }
  return 1;
}

std::vector<OsdDevices> osd_devices(const LintCase& c) {
  std::vector<OsdDevices> all;
  for (const auto& [name, application] : c.bundle.applications) {
    if (application.has_local_charm() || application.charm_name() != kCharm) continue;
    all.push_back(devices_of(application));
  }
  return all;
}

}  // namespace gatehouse
