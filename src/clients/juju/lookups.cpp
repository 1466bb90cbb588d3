#include "clients/juju/lookups.h"

#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/juju/commands.h"
#include "clients/juju/decode_lists.h"
#include "clients/juju/exec_results.h"
#include "clients/juju/failure.h"
#include "clients/juju/name_probe.h"

namespace gatehouse::juju {

namespace {

// Juju fans out by itself; a batch only bounds the argument list and what one lost agent spoils.
constexpr std::size_t kBatchMax = 100;
// A batch that failed as a whole is asked again in parts, and those one by one.
constexpr std::size_t kPartMax = 10;
constexpr std::size_t kParallel = 8;
// Of one sample; whoever is left over is asked in the next, those asked least often first.
constexpr std::size_t kSshMax = 32;

bool has_all(const NameLookup& lookup, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&lookup](const std::string& name) {
    const auto entry = lookup.resolved.find(name);
    return entry != lookup.resolved.end() && entry->second;
  });
}

/// What one exec is asked for, and what it is evidence of.
struct Batch {
  std::vector<std::string> machines;
  Command command;
  Evidence evidence;
};

class LookupCollector {
 public:
  LookupCollector(const Questions& questions, Effects& effects, Facts& facts)
      : questions_(questions), effects_(effects), facts_(facts) {}

  void ask(const LookupRound& round);

 private:
  void ask_version();
  Batch make_batch(std::vector<std::string> machines) const;
  std::vector<Batch> make_batches(std::span<const std::string> machines, std::size_t size) const;
  void ask_by_ssh(const std::vector<std::string>& machines);
  std::vector<std::string> run(std::vector<Batch> batches);
  bool read(Batch& batch, const Result<ProcessResult>& result);
  void keep(const std::string& machine, const ExecResult& result, const Evidence& evidence);
  void keep_error(const std::string& machine, Error error, const Evidence& evidence);

  const Questions& questions_;
  Effects& effects_;
  Facts& facts_;
};

Batch LookupCollector::make_batch(std::vector<std::string> machines) const {
  const JujuClient* client = facts_.juju_client.value();
  Batch batch;
  batch.command = exec_command({questions_.controller, questions_.model},
                               {.machines = machines,
                                .script = name_probe(questions_.lookup_names),
                                .is_for_2_9 = client && client->version.starts_with("2.")});
  batch.machines = std::move(machines);
  batch.evidence = {
      .source = "command", .locator = command_line(batch.command.argv), .at = {}, .digest = {}};
  return batch;
}

void LookupCollector::keep(const std::string& machine, const ExecResult& result,
                           const Evidence& evidence) {
  ProbeAnswer answer = read_name_probe(result.out);
  if (answer.resolved.empty()) {
    const std::string why = result.message + " " + result.err;
    keep_error(machine,
               {.kind = ErrorKind::malformed,
                .message = "machine " + machine +
                           " did not answer the lookup: " + printable(trim(why).substr(0, 200)),
                .contexts = {},
                .delivery = Delivery::not_sent,
                .help = {}},
               evidence);
    return;
  }
  Observation<NameLookup>& slot = facts_.name_lookups[machine];
  const NameLookup* former = slot.value();
  NameLookup lookup{.resolved = std::move(answer.resolved),
                    .resolvers = std::move(answer.resolvers),
                    .at = evidence.at,
                    .tries = former ? former->tries + 1 : 1};
  if (!has_all(lookup, questions_.lookup_names)) {
    lookup.failing_since = former && !has_all(*former, questions_.lookup_names)
                               ? former->failing_since.value_or(former->at)
                               : lookup.at;
  }
  slot = Observation<NameLookup>::seen(std::move(lookup), evidence);
}

void LookupCollector::keep_error(const std::string& machine, Error error,
                                 const Evidence& evidence) {
  Observation<NameLookup>& slot = facts_.name_lookups[machine];
  // What it said before counts on, save where the question is whether that is still so.
  if (slot.value() && slot.value()->at >= questions_.lookups_not_before) {
    ++slot.value()->tries;
    return;
  }
  slot = Observation<NameLookup>::failed(std::move(error), evidence);
}

/// False where the batch as a whole failed and its machines may be asked one by one.
bool LookupCollector::read(Batch& batch, const Result<ProcessResult>& result) {
  batch.evidence.at = effects_.clock.now();
  Error error;
  if (!result) {
    error = result.error();
  } else if (const auto results = decode_exec_results(result->out)) {
    // A document counts even beside exit 1, which says only that some task did not end with 0.
    batch.evidence.digest = sha256_hex(result->out);
    for (const std::string& machine : batch.machines) {
      const auto found = results->find(machine);
      keep(machine,
           found != results->end()
               ? found->second
               : ExecResult{.return_code = -1, .out = {}, .err = {}, .message = "no result"},
           batch.evidence);
    }
    return true;
  } else {
    error = result->exit_code != 0 ? failure_of(*result, questions_.controller) : results.error();
  }
  // Neither a refused login nor an absent controller becomes better by asking once for each
  // machine.
  const bool is_hopeless =
      error.kind == ErrorKind::denied || error.kind == ErrorKind::unavailable ||
      error.kind == ErrorKind::not_found || error.kind == ErrorKind::interrupted;
  if (batch.machines.size() > 1 && !is_hopeless) return false;
  for (const std::string& machine : batch.machines) keep_error(machine, error, batch.evidence);
  return true;
}

/// The machines of those batches that failed as a whole.
std::vector<std::string> LookupCollector::run(std::vector<Batch> batches) {
  std::vector<Command> commands;
  for (const Batch& batch : batches) commands.push_back(batch.command);
  const auto results = effects_.processes.run(commands, kParallel);
  std::vector<std::string> again;
  for (std::size_t at = 0; at < batches.size(); ++at) {
    if (read(batches[at], results[at])) continue;
    again.insert(again.end(), batches[at].machines.begin(), batches[at].machines.end());
  }
  return again;
}

std::vector<Batch> LookupCollector::make_batches(std::span<const std::string> machines,
                                                 std::size_t size) const {
  std::vector<Batch> batches;
  for (std::size_t at = 0; at < machines.size(); at += size) {
    const auto part = machines.subspan(at, std::min(size, machines.size() - at));
    batches.push_back(make_batch({part.begin(), part.end()}));
  }
  return batches;
}

void LookupCollector::ask_version() {
  if (facts_.juju_client.value()) return;
  const Command command = version_command();
  const Evidence evidence{.source = "command",
                          .locator = command_line(command.argv),
                          .at = effects_.clock.now(),
                          .digest = {}};
  const auto out = output_of(run_one(effects_.processes, command), questions_.controller);
  const auto client = out ? decode_version(*out) : Result<JujuClient>(fail(out.error()));
  facts_.juju_client = client ? Observation<JujuClient>::seen(*client, evidence)
                              : Observation<JujuClient>::failed(client.error(), evidence);
}

void LookupCollector::ask_by_ssh(const std::vector<std::string>& machines) {
  const std::string probe = name_probe(questions_.lookup_names);
  std::vector<Command> commands;
  for (const std::string& machine : machines) {
    commands.push_back(ssh_command({questions_.controller, questions_.model}, machine, probe));
  }
  const auto results = effects_.processes.run(commands, questions_.ssh.parallel);
  for (std::size_t at = 0; at < machines.size(); ++at) {
    Evidence evidence{.source = "command",
                      .locator = command_line(commands[at].argv),
                      .at = effects_.clock.now(),
                      .digest = {}};
    const Result<std::string> out = output_of(results[at], questions_.controller);
    if (!out) {
      keep_error(machines[at], out.error(), evidence);
      continue;
    }
    evidence.digest = sha256_hex(*out);
    keep(machines[at], {.return_code = 0, .out = *out, .err = {}, .message = {}}, evidence);
  }
}

void LookupCollector::ask(const LookupRound& round) {
  if (!round.by_exec.empty()) {
    ask_version();
    // One lost agent makes a whole batch time out without any document.
    std::vector<std::string> left = run(make_batches(round.by_exec, kBatchMax));
    if (left.size() > kPartMax) left = run(make_batches(left, kPartMax));
    if (!left.empty()) run(make_batches(left, 1));
  }
  if (!round.by_ssh.empty()) ask_by_ssh(round.by_ssh);
}

/// Answered that all resolve, late enough.
bool is_done(const Observation<NameLookup>& seen, const Questions& questions) {
  const NameLookup* lookup = seen.value();
  return lookup && lookup->at >= questions.lookups_not_before &&
         has_all(*lookup, questions.lookup_names);
}

}  // namespace

LookupRound lookup_round(const Facts& facts, const Questions& questions) {
  LookupRound round;
  const ModelStatus* model = facts.model_status.value();
  if (!model || questions.lookup_names.empty()) return round;
  std::vector<std::pair<Moment, std::string>> by_ssh;
  for (const auto& [id, machine] : model->machines) {
    const auto entry = facts.name_lookups.find(id);
    const bool was_asked = entry != facts.name_lookups.end();
    if (was_asked && is_done(entry->second, questions)) continue;
    const bool is_silent = was_asked && entry->second.error();
    const bool has_address = machine.instance.current == "running" && !machine.addresses.empty();
    if (machine.agent.current == "started" && !(is_silent && has_address)) {
      round.by_exec.push_back(id);
    } else if (has_address) {
      by_ssh.emplace_back(was_asked ? entry->second.evidence().at : Moment{}, id);
    }
  }
  std::sort(by_ssh.begin(), by_ssh.end());
  by_ssh.resize(std::min(by_ssh.size(), kSshMax));
  for (auto& [asked, id] : by_ssh) round.by_ssh.push_back(std::move(id));
  return round;
}

void collect_lookups(const Questions& questions, Effects& effects, Facts& facts) {
  const LookupRound round = lookup_round(facts, questions);
  LookupCollector(questions, effects, facts).ask(round);
}

}  // namespace gatehouse::juju
