#include <fmt/format.h>

#include "lint/osd_devices.h"
#include "lint/places.h"

namespace gatehouse {

namespace {

void judge(const LintCase& c, Findings& findings) {
  for (const OsdDevices& devices : osd_devices(c)) {
    if (devices.paths == 0 || devices.storage == 0) continue;
    findings.add(
        {.span = lint_places::key_of("osd-devices", devices.storage_span),
         .subject = devices.application->name,
         .message = fmt::format("storage is added to the option osd-devices and does not replace "
                                "it: up to {} OSDs on {} units",
                                devices.at_most(), devices.units),
         .help = "keep one of the two",
         .related = {{devices.paths_span, "the option"}}});
  }
}

}  // namespace

extern const Rule osd_storage_added_rule;
const Rule osd_storage_added_rule{
    .code = "bundle/osd-storage-added",
    .severity = Severity::warning,
    .summary = "ceph-osd has disks both from its option and from storage, which add up",
    .judge = judge,
};

}  // namespace gatehouse
