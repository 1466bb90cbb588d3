// Disks of machines, each asked of the host that holds it: one round trip for all disks of a host,
// hosts side by side; disks of this very machine without ssh and without a shell.
#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/sources.h"
#include "clients/ssh/disk_probe.h"
#include "clients/ssh/remote.h"

namespace gatehouse {

namespace {

using Disks = std::vector<const DiskQuestion*>;

/// What is run for some disks, and what it says: here two commands for one disk, elsewhere one for
/// all of a host.
struct Probe {
  Disks disks;
  std::vector<Command> commands;
  bool is_remote = false;
  Evidence evidence;
};

std::string key_of(const DiskQuestion& disk) {
  return disk.machine + ":" + disk.path;
}

void keep(const DiskQuestion& disk, const Result<ssh::DiskState>& state, const Evidence& evidence,
          Facts& facts) {
  Observation<HostDisk>& slot = facts.host_disks[key_of(disk)];
  if (!state) {
    slot = Observation<HostDisk>::failed(state.error(), evidence);
    return;
  }
  slot = Observation<HostDisk>::seen({.machine = disk.machine,
                                      .path = disk.path,
                                      .virtual_size = state->virtual_size,
                                      .allocated = state->allocated,
                                      .data = state->data,
                                      .is_data_at_least = state->is_data_at_least},
                                     evidence);
}

Evidence evidence_of(std::span<const Command> commands) {
  std::string locator;
  for (const Command& command : commands) {
    locator += (locator.empty() ? "" : "; ") + command_line(command.argv);
  }
  return {.source = "command", .locator = std::move(locator), .at = {}, .digest = {}};
}

Probe local_probe(const DiskQuestion& disk, Milliseconds deadline) {
  Probe probe;
  probe.disks = {&disk};
  for (const ssh::DiskCommand each : {ssh::DiskCommand::info, ssh::DiskCommand::map}) {
    Command command;
    command.argv = ssh::disk_argv(disk, each);
    command.environment = {{"LC_ALL", "C"}};
    command.deadline = deadline;
    probe.commands.push_back(std::move(command));
  }
  probe.evidence = evidence_of(probe.commands);
  return probe;
}

std::vector<Probe> make_probes(const Questions& questions, const SshAccess& access, Moment now,
                               Facts& facts) {
  std::vector<Probe> probes;
  std::map<std::string, Disks> by_host;
  for (const DiskQuestion& disk : questions.disks) {
    if (ssh::is_here(access, disk.host)) {
      probes.push_back(local_probe(disk, access.deadline));
    } else {
      by_host[disk.host].push_back(&disk);
    }
  }
  for (const auto& [host, disks] : by_host) {
    Result<Command> command = ssh::remote_command(access, host, ssh::disk_script(disks));
    if (!command) {
      const Evidence evidence{.source = "command", .locator = "ssh", .at = now, .digest = {}};
      for (const DiskQuestion* disk : disks) keep(*disk, fail(command.error()), evidence, facts);
      continue;
    }
    Probe probe{
        .disks = disks, .commands = {std::move(*command)}, .is_remote = true, .evidence = {}};
    probe.evidence = evidence_of(probe.commands);
    probes.push_back(std::move(probe));
  }
  return probes;
}

using Results = std::span<const Result<ProcessResult>>;

std::vector<Result<ssh::DiskState>> all_failed(const Probe& probe, const Error& error) {
  return std::vector<Result<ssh::DiskState>>(probe.disks.size(), fail(error));
}

Error not_run(const Probe& probe, const Error& error) {
  const std::string& host = probe.disks.front()->host;
  Error told = with_context(error, "asking " + host + " for its disks");
  if (told.kind == ErrorKind::not_found) {
    told.help = "install " + probe.commands.front().argv.front() + " here";
  } else if (told.kind == ErrorKind::timed_out && told.help.empty()) {
    told.help = "see what keeps it: ssh " + host + " true; or give more time by ssh.deadline";
  }
  return told;
}

std::vector<Result<ssh::DiskState>> read(const Probe& probe, Results results) {
  const DiskQuestion& first = *probe.disks.front();
  for (const Result<ProcessResult>& result : results) {
    if (!result) return all_failed(probe, not_run(probe, result.error()));
  }
  if (!probe.is_remote) return {ssh::read_disk(*results[0], *results[1], first)};
  if (results[0]->exit_code == ssh::kSshTrouble) {
    return all_failed(probe, ssh::ssh_failure(first.host, results[0]->err));
  }
  return ssh::read_disk_script(*results[0], probe.disks);
}

void keep_answers(Probe& probe, Results results, Moment now, Facts& facts) {
  std::string bytes;
  for (const Result<ProcessResult>& result : results) {
    if (result) bytes += result->out;
  }
  probe.evidence.at = now;
  if (!bytes.empty()) probe.evidence.digest = sha256_hex(bytes);
  const auto states = read(probe, results);
  for (std::size_t at = 0; at < probe.disks.size(); ++at) {
    keep(*probe.disks[at], states[at], probe.evidence, facts);
  }
}

void collect_by_ssh(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
                    Facts& facts) {
  if (std::find(keys.begin(), keys.end(), FactKey::host_disks) == keys.end()) return;
  facts.at = effects.clock.now();
  const SshAccess access = ssh::with_reuse_where_possible(questions.ssh, effects.files);
  std::vector<Probe> probes = make_probes(questions, access, facts.at, facts);
  std::vector<Command> commands;
  for (const Probe& probe : probes) {
    commands.insert(commands.end(), probe.commands.begin(), probe.commands.end());
  }
  if (commands.empty()) return;
  const auto results = effects.processes.run(commands, std::max<std::size_t>(1, access.parallel));
  std::size_t next = 0;
  for (Probe& probe : probes) {
    const Results own = Results(results).subspan(next, probe.commands.size());
    next += probe.commands.size();
    keep_answers(probe, own, effects.clock.now(), facts);
  }
}

}  // namespace

const FactSource ssh_source{.keys = {FactKey::host_disks}, .collect = collect_by_ssh};

}  // namespace gatehouse
