#include "cli/watched_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/read_inputs.h"
#include "phases/watch.h"

namespace gatehouse::cli {

namespace {

constexpr FactKey kStatus[] = {FactKey::model_status};

// What stands in a path and in an argument: no more than the names that Juju gives.
bool is_name(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(),
                     [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                              c == '@' || c == '/';
                     }) &&
         name.front() != '-' && name.find("..") == std::string::npos;
}

}  // namespace

bool WatchedModel::has_site_file() const {
  const std::string path =
      absolute_path(context_.options.site_file, context_.environment.working_directory,
                    context_.environment.home);
  return context_.effects.files.info(path).has_value();
}

std::optional<int> WatchedModel::open(const std::string& model) {
  has_site_ = model.empty() || has_site_file();
  if (has_site_) {
    if (const auto stopped = session_.open()) return stopped;
  }
  if (model.empty()) return std::nullopt;
  const std::size_t colon = model.find(':');
  const std::string controller = model.substr(0, colon);
  const std::string name = colon == std::string::npos ? "" : model.substr(colon + 1);
  if (!is_name(controller) || !is_name(name)) {
    context_.console.talk(
        fmt::format("error: --model {}: CONTROLLER:MODEL is wanted, as in omega:openstack\n"
                    "  = help: juju controllers, juju models -c CONTROLLER\n",
                    printable(model)));
    return kExitInput;
  }
  if (has_site_) {
    inputs_ = session_.inputs();
    inputs_->site.juju.controller = controller;
    inputs_->site.juju.model = name;
  } else {
    inputs_ = undeclared_inputs(controller, name);
  }
  return std::nullopt;
}

std::optional<int> WatchedModel::refuse_state() const {
  if (has_site_) return session_.refuse_state();
  if (!context_.environment.home.empty()) return std::nullopt;
  context_.console.talk(
      "error: HOME is not set, and what is watched is recorded below it\n"
      "  = help: set HOME\n");
  return kExitInput;
}

std::optional<int> WatchedModel::expect_what_is_there() {
  if (plan()) return std::nullopt;
  const Questions asked = questions();
  const std::vector<const FactSource*> sources = all_sources();
  FactCollector collector(sources, asked, context_.effects);
  const Milliseconds began = context_.effects.clock.monotonic();
  const Settled& declared = inputs().site.settled;
  for (bool is_told = false;;) {
    const auto& seen = collector.refresh(kStatus, Milliseconds(0)).model_status;
    if (const ModelStatus* status = seen.value()) {
      plan_ = plan_of_model(*status);
      return std::nullopt;
    }
    collector.forget_before_effect();
    if (!is_told) {
      context_.console.talk(fmt::format("{} cannot be observed: {}\n", name(), seen.why_unknown()));
    }
    is_told = true;
    // A model or a login that is not there does not come by waiting.
    const ErrorKind kind = seen.error() ? seen.error()->kind : ErrorKind::malformed;
    const bool may_come = kind == ErrorKind::unavailable || kind == ErrorKind::timed_out;
    if (!may_come || context_.effects.clock.monotonic() - began > declared.deadline) {
      return kExitUnknown;
    }
    if (context_.effects.clock.wait(declared.interval) == WaitEnd::interrupted) {
      return kExitInterrupted;
    }
  }
}

Questions WatchedModel::questions() const {
  Questions questions =
      has_site_ ? session_.questions() : questions_of(inputs(), nullptr, context_.environment.home);
  questions.controller = inputs().site.juju.controller;
  questions.model = inputs().site.juju.model;
  return questions;
}

std::string WatchedModel::state_folder() const {
  if (has_site_ && !inputs_) return session_.state_folder();
  std::string folder = name();
  std::replace(folder.begin(), folder.end(), ':', '/');
  const std::string top =
      has_site_ ? session_.state_folder() : context_.environment.home + "/gatehouse";
  return top + "/models/" + folder;
}

std::string WatchedModel::name() const {
  return inputs().site.juju.controller + ":" + inputs().site.juju.model;
}

}  // namespace gatehouse::cli
