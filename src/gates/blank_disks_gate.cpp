#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/maas_machines.h"

namespace gatehouse {

namespace {

constexpr FactKey kBlankDisksNeeds[] = {FactKey::maas_identity, FactKey::maas_machines,
                                        FactKey::host_disks};

bool declares_disks(const Inputs& inputs) {
  return !inputs.site.blank_disks.empty();
}

std::string path_for(const BlankDisk& disk, const SiteMachine& machine) {
  return replace_all(disk.path, "{machine}", machine.hostname);
}

std::string exact(std::uint64_t bytes) {
  return fmt::format("{} ({} B)", size_in_words(bytes), bytes);
}

Check judge_size(const std::string& subject, std::uint64_t wanted, std::uint64_t seen) {
  return Check{.subject = subject + ": size",
               .expected = exact(wanted),
               .observed = exact(seen),
               .ruling = wanted == seen ? Ruling::pass : Ruling::fail};
}

Check judge_amount(std::string subject, const BlankDisk& disk, std::uint64_t seen) {
  const bool is_blank = seen <= disk.allocated_at_most;
  return Check{.subject = std::move(subject),
               .expected = "at most " + exact(disk.allocated_at_most),
               .observed = exact(seen),
               .ruling = is_blank ? Ruling::pass : Ruling::fail,
               .help = is_blank ? "" : "the disk was written to; make it blank in phase 00"};
}

// What is mapped as data counts also where it lies in an image that this one is based on, and takes
// nothing of this one's own.
Check judge_data(std::string subject, const BlankDisk& disk, const HostDisk& found) {
  Check check = judge_amount(std::move(subject), disk, found.data);
  if (!found.is_data_at_least) return check;
  check.observed = "at least " + check.observed;
  if (check.ruling == Ruling::pass) check.ruling = Ruling::unknown;
  return check;
}

// A sparse image that nobody wrote to takes next to nothing of its host's disk.
void judge_image(const Case& c, const BlankDisk& disk, const SiteMachine& machine,
                 std::vector<Check>& checks) {
  const std::string path = path_for(disk, machine);
  const std::string subject = fmt::format("{} {}", machine.hostname, path);
  const auto entry = c.facts.host_disks.find(machine.hostname + ":" + path);
  const auto& seen = entry == c.facts.host_disks.end() ? Observation<HostDisk>() : entry->second;
  const HostDisk* found = require_seen(seen, subject, "a blank disk", checks);
  if (!found) {
    checks.back().span = disk.span;
    return;
  }
  checks.push_back(
      placed(judge_size(subject, disk.size, found->virtual_size), disk.span, seen.evidence()));
  for (Check check : {judge_amount(subject + ": allocated", disk, found->allocated),
                      judge_data(subject + ": data", disk, *found)}) {
    checks.push_back(placed(std::move(check), disk.span, seen.evidence()));
  }
}

// MAAS knows the size of a disk and nothing of what is on it, so only the size is judged here; the
// subject says so.
void judge_device(const Case& c, const BlankDisk& disk, const SiteMachine& declared,
                  std::vector<Check>& checks) {
  std::string name = path_for(disk, declared);
  if (name.starts_with("/dev/")) name = name.substr(5);
  const std::string subject =
      fmt::format("{} {}, as MAAS knows it, content unseen", declared.hostname, name);
  const auto* machines = require_seen(c.facts.maas_machines, subject, "a disk", checks);
  if (!machines) return;
  const MaasMachine* machine = require_machine(c, declared, *machines, checks);
  if (!machine) return;
  const auto found = machine->disks.find(name);
  Check check = found == machine->disks.end()
                    ? failed(subject, size_in_words(disk.size), "no such disk")
                    : judge_size(subject, disk.size, found->second);
  checks.push_back(placed(std::move(check), disk.span, c.facts.maas_machines.evidence()));
}

Verdict judge_blank_disks(const Case& c) {
  std::vector<Check> checks;
  for (const BlankDisk& disk : c.inputs.site.blank_disks) {
    for (const SiteMachine& machine : c.inputs.site.machines) {
      switch (disk.source) {
        case DiskSource::qemu_img:
          judge_image(c, disk, machine, checks);
          break;
        case DiskSource::maas:
          judge_device(c, disk, machine, checks);
          break;
      }
    }
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate blank_disks_gate;
const Gate blank_disks_gate{
    .id = "blank_disks",
    .question = "Is every disk that will be formatted there, of its size, and blank?",
    .source = "phase 01, step 1.1, check 4b",
    .needs = kBlankDisksNeeds,
    .applies = declares_disks,
    .judge = judge_blank_disks,
};

}  // namespace gatehouse
