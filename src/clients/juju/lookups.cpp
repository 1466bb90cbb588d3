#include "clients/juju/lookups.h"

#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/text.h"
#include "clients/juju/commands.h"
#include "clients/juju/exec_results.h"
#include "clients/juju/failure.h"
#include "clients/juju/name_probe.h"
#include "base/shell_quote.h"

namespace gatehouse::juju {

namespace {

// Juju fans out by itself; a batch only bounds the argument list and what one lost agent spoils.
constexpr std::size_t kBatchMax = 100;
constexpr std::size_t kParallel = 8;

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

  void ask(const std::vector<std::string>& machines);

 private:
  Batch make_batch(std::vector<std::string> machines) const;
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
  // A lookup in which all resolved is never asked again, so any former one had failed.
  if (!has_all(lookup, questions_.lookup_names)) {
    lookup.failing_since = former ? former->failing_since.value_or(former->at) : lookup.at;
  }
  slot = Observation<NameLookup>::seen(std::move(lookup), evidence);
}

void LookupCollector::keep_error(const std::string& machine, Error error,
                                 const Evidence& evidence) {
  Observation<NameLookup>& slot = facts_.name_lookups[machine];
  if (slot.value()) {
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

void LookupCollector::ask(const std::vector<std::string>& machines) {
  std::vector<Batch> batches;
  for (std::size_t at = 0; at < machines.size(); at += kBatchMax) {
    const std::size_t end = std::min(machines.size(), at + kBatchMax);
    batches.push_back(make_batch({machines.begin() + static_cast<std::ptrdiff_t>(at),
                                  machines.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  // One lost agent makes the whole batch time out without any document: then each is asked alone.
  std::vector<Batch> singles;
  for (std::string& machine : run(std::move(batches))) {
    singles.push_back(make_batch({std::move(machine)}));
  }
  if (!singles.empty()) run(std::move(singles));
}

}  // namespace

std::vector<std::string> machines_to_ask(const Facts& facts, const Questions& questions) {
  std::vector<std::string> machines;
  const ModelStatus* model = facts.model_status.value();
  if (!model || questions.lookup_names.empty()) return machines;
  for (const auto& [id, machine] : model->machines) {
    if (machine.agent.current != "started") continue;
    const auto lookup = facts.name_lookups.find(id);
    const bool is_done = lookup != facts.name_lookups.end() && lookup->second.value() &&
                         has_all(*lookup->second.value(), questions.lookup_names);
    if (!is_done) machines.push_back(id);
  }
  return machines;
}

void collect_lookups(const Questions& questions, Effects& effects, Facts& facts) {
  const std::vector<std::string> machines = machines_to_ask(facts, questions);
  if (machines.empty()) return;
  LookupCollector(questions, effects, facts).ask(machines);
}

}  // namespace gatehouse::juju
