// The facts that the `juju` command tells. What can be asked side by side is; then come the calls
// that need a model, and last the lookups, which need a fresh status.
#include <algorithm>

#include "base/digest.h"
#include "base/shell_quote.h"
#include "clients/juju/commands.h"
#include "clients/juju/decode_lists.h"
#include "clients/juju/decode_status.h"
#include "clients/juju/dry_run_text.h"
#include "clients/juju/failure.h"
#include "clients/juju/lookups.h"
#include "clients/juju/unit_certificates.h"
#include "clients/sources.h"

namespace gatehouse {

namespace {

constexpr std::size_t kParallel = 4;

bool has(std::span<const FactKey> keys, FactKey key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// One call of `juju` and what it gave.
struct Call {
  Command command;
  Result<ProcessResult> result;
  Evidence evidence;

  Result<std::string> output(const std::string& controller) const {
    Result<std::string> out = juju::output_of(result, controller);
    if (!out) return fail(with_context(out.error(), evidence.locator));
    return out;
  }
};

Call make_call(Command command) {
  Evidence evidence{
      .source = "command", .locator = command_line(command.argv), .at = {}, .digest = {}};
  return {.command = std::move(command),
          .result = fail(ErrorKind::interrupted, "not asked"),
          .evidence = std::move(evidence)};
}

void run(std::span<Call* const> calls, Effects& effects) {
  std::vector<Command> commands;
  for (const Call* call : calls) commands.push_back(call->command);
  auto results = effects.processes.run(commands, kParallel);
  const Moment now = effects.clock.now();
  for (std::size_t at = 0; at < calls.size(); ++at) {
    calls[at]->result = std::move(results[at]);
    calls[at]->evidence.at = now;
    if (calls[at]->result) calls[at]->evidence.digest = sha256_hex(calls[at]->result->out);
  }
}

template <class T>
Observation<T> observe(const Call& call, const std::string& controller,
                       Result<T> (*decode)(std::string_view)) {
  const Result<std::string> out = call.output(controller);
  if (!out) return Observation<T>::failed(out.error(), call.evidence);
  Result<T> value = decode(*out);
  if (!value) {
    return Observation<T>::failed(with_context(value.error(), call.evidence.locator),
                                  call.evidence);
  }
  return Observation<T>::seen(std::move(*value), call.evidence);
}

Error not_logged_in(const std::string& controller) {
  return {.kind = ErrorKind::denied,
          .message = "nobody is logged in to controller " + controller,
          .contexts = {},
          .delivery = Delivery::not_sent,
          .help = "log in with: juju login -c " + controller};
}

/// Logged in by local data, reached by the answer of `juju models`, without a prompt in either.
Observation<JujuController> observe_controller(const Call& controllers, const Call& whoami,
                                               const Call& models, const std::string& name) {
  using Seen = Observation<JujuController>;
  const Result<std::string> list = controllers.output(name);
  if (!list) return Seen::failed(list.error(), controllers.evidence);
  const auto listed = juju::decode_controller(*list, name);
  if (!listed) return Seen::failed(listed.error(), controllers.evidence);
  if (!*listed) return Seen::seen({}, controllers.evidence);
  const juju::ControllerEntry& entry = **listed;

  const Result<std::string> who = whoami.output(name);
  if (!who) return Seen::failed(who.error(), whoami.evidence);
  const Result<std::optional<juju::Whoami>> user = juju::decode_whoami(*who);
  if (!user) return Seen::failed(user.error(), whoami.evidence);
  if (!*user) return Seen::failed(not_logged_in(name), whoami.evidence);
  // Where whoami speaks of another controller, the entry alone tells.
  const bool is_same = (*user)->controller == name;
  if (!is_same && entry.user.empty())
    return Seen::failed(not_logged_in(name), controllers.evidence);

  const Result<std::string> answer = models.output(name);
  if (!answer) return Seen::failed(answer.error(), models.evidence);
  const auto decoded = juju::decode_models(*answer);
  if (!decoded) return Seen::failed(decoded.error(), models.evidence);
  return Seen::seen({.name = name,
                     .uuid = entry.uuid,
                     .user = is_same ? (*user)->user : entry.user,
                     .agent_version = entry.agent_version},
                    models.evidence);
}

/// Everything that needs no model.
void collect_client(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
                    Facts& facts) {
  const bool wants_client = has(keys, FactKey::juju_client);
  const bool wants_controller = has(keys, FactKey::juju_controller);
  const bool wants_models = has(keys, FactKey::juju_models);
  Call version = make_call(juju::version_command());
  Call controllers = make_call(juju::controllers_command());
  Call whoami = make_call(juju::whoami_command(questions.controller));
  Call models = make_call(juju::models_command(questions.controller));
  std::vector<Call*> calls;
  if (wants_client) calls.push_back(&version);
  if (wants_controller) calls.insert(calls.end(), {&controllers, &whoami});
  if (wants_controller || wants_models) calls.push_back(&models);
  if (calls.empty()) return;
  run(calls, effects);
  if (wants_client) {
    facts.juju_client = observe(version, questions.controller, juju::decode_version);
  }
  if (wants_controller) {
    facts.juju_controller = observe_controller(controllers, whoami, models, questions.controller);
  }
  if (wants_models) {
    facts.juju_models = observe(models, questions.controller, juju::decode_models);
  }
}

Observation<DryRun> observe_dry_run(const Call& call, const std::string& controller) {
  using Seen = Observation<DryRun>;
  if (!call.result) {
    const Result<std::string> out = call.output(controller);
    return Seen::failed(out.error(), call.evidence);
  }
  Result<DryRun> dry_run = juju::decode_dry_run(*call.result, controller);
  if (!dry_run) {
    return Seen::failed(with_context(dry_run.error(), call.evidence.locator), call.evidence);
  }
  return Seen::seen(std::move(*dry_run), call.evidence);
}

void keep_status(Observation<ModelStatus> status, Facts& facts) {
  const Moment at = status.evidence().at;
  const ModelStatus* now = status.value();
  facts.history = now ? with_sample(std::move(facts.history), *now, at)
                      : with_gap(std::move(facts.history), at);
  facts.model_status = std::move(status);
}

/// What a model is asked for.
void collect_model(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
                   Facts& facts) {
  const juju::ModelName model{questions.controller, questions.model};
  Call spaces = make_call(juju::spaces_command(model));
  Call dry_run = make_call(juju::dry_run_command(model, {.bundle = questions.bundle_file,
                                                         .overlays = questions.overlay_files,
                                                         .map_machines = questions.map_machines}));
  Call status = make_call(juju::status_command(model));
  std::vector<Call*> calls;
  if (has(keys, FactKey::juju_spaces)) calls.push_back(&spaces);
  if (has(keys, FactKey::dry_run)) calls.push_back(&dry_run);
  if (has(keys, FactKey::model_status)) calls.push_back(&status);
  if (calls.empty()) return;
  run(calls, effects);
  if (has(keys, FactKey::juju_spaces)) {
    facts.juju_spaces = observe(spaces, questions.controller, juju::decode_spaces);
  }
  if (has(keys, FactKey::dry_run)) {
    facts.dry_run = observe_dry_run(dry_run, questions.controller);
  }
  if (has(keys, FactKey::model_status)) {
    keep_status(observe(status, questions.controller, juju::decode_status), facts);
  }
}

void collect_from_juju(std::span<const FactKey> keys, const Questions& questions, Effects& effects,
                       Facts& facts) {
  facts.at = effects.clock.now();
  collect_client(keys, questions, effects, facts);
  collect_model(keys, questions, effects, facts);
  if (has(keys, FactKey::name_lookups)) juju::collect_lookups(questions, effects, facts);
  if (has(keys, FactKey::unit_certificates)) {
    juju::collect_unit_certificates(questions, effects, facts);
  }
}

}  // namespace

const FactSource juju_source{
    .keys = {FactKey::juju_client, FactKey::juju_controller, FactKey::juju_models,
             FactKey::juju_spaces, FactKey::dry_run, FactKey::model_status, FactKey::name_lookups,
             FactKey::unit_certificates},
    .collect = collect_from_juju,
};

}  // namespace gatehouse
