// Disks of machines, each asked of the host that holds it: one round trip for all disks of a host,
// hosts side by side; disks of this very machine without ssh and without a shell.
#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/text.h"
#include "base/shell_quote.h"
#include "clients/sources.h"
#include "clients/ssh/disk_probe.h"
#include "clients/ssh/remote.h"

namespace gatehouse {

namespace {

using Disks = std::vector<const DiskQuestion*>;

constexpr Milliseconds kLocalDeadline{60'000};

/// One child process and the disks that its output tells of.
struct Probe {
  Disks disks;
  Command command;
  bool is_remote = false;
  Evidence evidence;
};

std::string key_of(const DiskQuestion& disk) {
  return disk.machine + ":" + disk.path;
}

void keep(const DiskQuestion& disk, const Result<ssh::DiskSize>& size, const Evidence& evidence,
          Facts& facts) {
  Observation<HostDisk>& slot = facts.host_disks[key_of(disk)];
  if (!size) {
    slot = Observation<HostDisk>::failed(size.error(), evidence);
    return;
  }
  slot = Observation<HostDisk>::seen({.machine = disk.machine,
                                      .path = disk.path,
                                      .virtual_size = size->virtual_size,
                                      .allocated = size->allocated},
                                     evidence);
}

Evidence evidence_of(const Command& command) {
  return {.source = "command", .locator = command_line(command.argv), .at = {}, .digest = {}};
}

Probe local_probe(const DiskQuestion& disk) {
  Probe probe;
  probe.disks = {&disk};
  probe.command.argv = ssh::disk_argv(disk);
  probe.command.environment = {{"LC_ALL", "C"}};
  probe.command.deadline = kLocalDeadline;
  probe.evidence = evidence_of(probe.command);
  return probe;
}

std::vector<Probe> make_probes(const Questions& questions, Moment now, Facts& facts) {
  std::vector<Probe> probes;
  std::map<std::string, Disks> by_host;
  for (const DiskQuestion& disk : questions.disks) {
    if (ssh::is_here(disk.host)) {
      probes.push_back(local_probe(disk));
    } else {
      by_host[disk.host].push_back(&disk);
    }
  }
  for (const auto& [host, disks] : by_host) {
    Result<Command> command = ssh::remote_command(host, ssh::disk_script(disks));
    if (!command) {
      const Evidence evidence{.source = "command", .locator = "ssh", .at = now, .digest = {}};
      for (const DiskQuestion* disk : disks) keep(*disk, fail(command.error()), evidence, facts);
      continue;
    }
    Evidence evidence = evidence_of(*command);
    probes.push_back({.disks = disks,
                      .command = std::move(*command),
                      .is_remote = true,
                      .evidence = std::move(evidence)});
  }
  return probes;
}

std::vector<Result<ssh::DiskSize>> all_failed(const Probe& probe, const Error& error) {
  return std::vector<Result<ssh::DiskSize>>(probe.disks.size(), fail(error));
}

std::vector<Result<ssh::DiskSize>> read(const Probe& probe, const Result<ProcessResult>& result) {
  constexpr int kSshItself = 255;
  const DiskQuestion& first = *probe.disks.front();
  if (!result) {
    Error error = with_context(result.error(), "asking " + first.host + " for its disks");
    if (error.kind == ErrorKind::not_found) {
      error.help = "install " + probe.command.argv.front() + " here";
    }
    return all_failed(probe, error);
  }
  if (!probe.is_remote) return {ssh::read_disk(*result, first)};
  if (result->exit_code == kSshItself) {
    return all_failed(probe, ssh::ssh_failure(first.host, result->err));
  }
  return ssh::read_disk_script(result->out, probe.disks);
}

void collect(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
             Facts& facts) {
  if (std::find(keys.begin(), keys.end(), FactKey::host_disks) == keys.end()) return;
  facts.at = effects.clock.now();
  std::vector<Probe> probes = make_probes(questions, facts.at, facts);
  if (probes.empty()) return;
  std::vector<Command> commands;
  for (const Probe& probe : probes) commands.push_back(probe.command);
  const auto results =
      effects.processes.run(commands, std::max<std::size_t>(1, questions.ssh_parallel));
  for (std::size_t at = 0; at < probes.size(); ++at) {
    probes[at].evidence.at = effects.clock.now();
    if (results[at]) probes[at].evidence.digest = sha256_hex(results[at]->out);
    const auto sizes = read(probes[at], results[at]);
    for (std::size_t disk = 0; disk < probes[at].disks.size(); ++disk) {
      keep(*probes[at].disks[disk], sizes[disk], probes[at].evidence, facts);
    }
  }
}

}  // namespace

const FactSource ssh_source{.keys = {FactKey::host_disks}, .collect = collect};

}  // namespace gatehouse
