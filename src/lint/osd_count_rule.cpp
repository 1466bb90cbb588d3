#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "lint/osd_devices.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

constexpr const char* kExpected = "expected-osd-count";

std::optional<std::size_t> whole_number(const OptionValue& option) {
  const json::value& value = option.value;
  if (value.is_int64() && value.get_int64() >= 0) {
    return static_cast<std::size_t>(value.get_int64());
  }
  if (value.is_uint64()) return static_cast<std::size_t>(value.get_uint64());
  return std::nullopt;
}

void judge(const LintCase& c, Findings& findings) {
  std::size_t at_least = 0, at_most = 0;
  for (const OsdDevices& devices : osd_devices(c)) {
    // Disks that come by an action later cannot be counted.
    if (devices.paths + devices.storage == 0) return;
    at_least += devices.at_least();
    at_most += devices.at_most();
  }
  if (at_most == 0) return;
  for (const auto& [name, application] : c.bundle.applications) {
    const auto option = application.options.find(kExpected);
    if (option == application.options.end()) continue;
    const auto expected = whole_number(option->second);
    if (!expected || (*expected >= at_least && *expected <= at_most)) continue;
    const bool is_too_many = *expected > at_most;
    findings.add({.span = option->second.span,
                  .subject = name,
                  .message = fmt::format("{} OSDs are expected, and ceph-osd makes {} {}",
                                         *expected, is_too_many ? "at most" : "at least",
                                         is_too_many ? at_most : at_least),
                  .help = is_too_many ? "the cluster waits for OSDs that never come: correct the "
                                        "count, or the disks"
                                      : "pools are sized for fewer OSDs than there are: correct "
                                        "the count, or the disks"});
  }
}

}  // namespace

extern const Rule osd_count_rule;
const Rule osd_count_rule{
    .code = "bundle/osd-count",
    .severity = Severity::warning,
    .summary = "expected-osd-count is not what the disks of ceph-osd come to",
    .judge = judge,
};

}  // namespace gatehouse
