#include "cli/site_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "clients/sources.h"
#include "pki/pki_source.h"

namespace gatehouse::cli {

namespace {

// A lab answers at once, unless a fault wants it to be late: nobody should wait a minute for that.
constexpr Milliseconds kLabDeadline{10'000};

// Every value of a secret overlay, also where it stands in a file that the overlay includes. The
// names that a run goes by are no secrets, though a value may be one of them.
void add_secrets(const Inputs& inputs, Redactor& redactor) {
  if (!inputs.bundle()) return;
  const SiteJuju& juju = inputs.site.juju;
  const auto is_name = [&](const std::string& value) {
    return inputs.bundle()->applications.contains(value) || value == juju.model ||
           value == juju.controller || value == juju.cloud || value == juju.region ||
           value == juju.credential;
  };
  for (const auto& [name, application] : inputs.bundle()->applications) {
    for (const auto& [option, value] : application.options) {
      const bool is_secret = value.span.source && value.span.source->is_secret();
      if (is_secret && !is_name(value.text)) redactor.add(value.text);
    }
  }
}

}  // namespace

std::optional<int> SiteSession::open() {
  if (const auto stopped = read_site_file()) return stopped;
  const bool can_go_on = read_.inputs && read_.plan;
  if (telling_ == Telling::at_once || !can_go_on) tell(context_.console, read_.findings);
  if (!read_.inputs) return refuse_site_file();
  if (!read_.plan) {
    context_.console.talk(read_.refusal + "\n");
    return kExitInput;
  }
  return std::nullopt;
}

std::optional<int> SiteSession::open_site_file() {
  if (const auto stopped = read_site_file()) return stopped;
  if (read_.inputs) return std::nullopt;
  tell(context_.console, read_.findings);
  return refuse_site_file();
}

int SiteSession::refuse_site_file() {
  context_.console.talk(
      fmt::format("{}: cannot be used; see docs/formats/site.md\n", context_.options.site_file));
  return kExitInput;
}

std::optional<int> SiteSession::read_site_file() {
  const std::string site_file =
      absolute_path(context_.options.site_file, context_.environment.working_directory,
                    context_.environment.home);
  auto read = read_inputs(site_file, context_.options.site_file, context_.effects.files, sources_,
                          judging_);
  if (!read) return tell_error(context_.console, read.error());
  read_ = std::move(*read);
  if (!read_.inputs) return std::nullopt;
  site_folder_ = inputs().folder;
  add_secrets(inputs(), context_.redactor);
  return std::nullopt;
}

std::optional<int> SiteSession::refuse_state() const {
  const auto refuse = [this](std::string message, std::string help) {
    return tell_error(context_.console, {.kind = ErrorKind::invalid_input,
                                         .message = std::move(message),
                                         .contexts = {},
                                         .delivery = Delivery::not_sent,
                                         .help = std::move(help)});
  };
  const std::string& state = inputs().site.state;
  const bool is_below_home = state.starts_with("~") || !context_.environment.lab.empty();
  if (is_below_home && context_.environment.state_folder.empty()) {
    if (context_.environment.home.empty()) {
      return refuse("HOME is not set, and the state folder lies below it",
                    "set HOME, or give `state` in the site file as an absolute path");
    }
    if (state.starts_with("~") && state != "~" && !state.starts_with("~/")) {
      return refuse("state " + printable(state) + ": only ~ and ~/... stand for a home folder",
                    "give `state` in the site file as an absolute path");
    }
  }
  for (const std::string& path : {site_folder_, inputs().site_file.path, state_folder()}) {
    if (printable(path) == path) continue;
    return refuse("path " + printable(path) +
                      " holds control characters or is no UTF-8, and could not be recorded",
                  "rename it");
  }
  return std::nullopt;
}

std::optional<int> SiteSession::open_stage(const std::string& stage) {
  const std::vector<InputFile> original = read_.inputs->overlays;
  const std::vector<InputFile> files = read_.inputs->files;
  auto read = read_inputs(stage + "/" + read_.inputs->site_file.path, context_.options.site_file,
                          context_.effects.files, sources_);
  if (!read) return tell_error(context_.console, read.error());
  read_ = std::move(*read);
  if (!read_.inputs || !read_.plan) {
    context_.console.talk("the inputs changed while they were copied; begin anew\n");
    return kExitInput;
  }
  for (std::size_t i = 0; i < original.size() && i < read_.inputs->overlays.size(); ++i) {
    read_.inputs->overlays[i].mode = original[i].mode;
  }
  for (std::size_t i = 0; i < files.size() && i < read_.inputs->files.size(); ++i) {
    read_.inputs->files[i].mode = files[i].mode;
  }
  // Those that are deployed may be others than the operator's files hold by now.
  add_secrets(inputs(), context_.redactor);
  return std::nullopt;
}

std::string ssh_control_folder(const Environment& environment) {
  if (!environment.ssh_config.empty()) return parent_folder(environment.ssh_config) + "/control";
  if (!environment.runtime_folder.empty()) return environment.runtime_folder + "/gatehouse-ssh";
  return environment.home + "/.ssh/gatehouse";
}

Questions SiteSession::questions() const {
  const Environment& environment = context_.environment;
  Questions questions = questions_of(inputs(), plan(), environment.home);
  questions.ssh.control_folder = ssh_control_folder(environment);
  // The jumphost of a lab is one of its hosts, and not the machine that the lab runs on.
  if (!environment.ssh_config.empty()) questions.ssh.names_of_here.clear();
  if (!environment.lab.empty()) {
    questions.maas = {.profile = {},
                      .url = environment.maas_url,
                      .key_file = environment.maas_key_file,
                      .ca_file = {},
                      .home = environment.home,
                      .deadline = kLabDeadline};
  } else if (questions.maas.profile.empty() && !environment.maas_key_file.empty()) {
    questions.maas.key_file = environment.maas_key_file;
  }
  for (std::string* path : {&questions.maas.key_file, &questions.maas.ca_file}) {
    if (!path->empty()) *path = absolute_path(*path, site_folder_, environment.home);
  }
  questions.judged_at = context_.options.at;
  return questions;
}

std::string SiteSession::state_folder() const {
  const Site& site = inputs().site;
  const Environment& environment = context_.environment;
  if (!environment.state_folder.empty()) return environment.state_folder;
  // What happens in a lab never stands beside what happened to the real cloud.
  if (!environment.lab.empty()) return environment.home + "/gatehouse/lab-" + environment.lab;
  return absolute_path(site.state, site_folder_, context_.environment.home);
}

std::vector<const FactSource*> all_sources() {
  std::vector<const FactSource*> sources{&pki_source};
  const auto clients = client_sources();
  sources.insert(sources.end(), clients.begin(), clients.end());
  return sources;
}

void tell(Console& console, const std::vector<Diagnostic>& findings) {
  for (const Diagnostic& finding : findings) console.talk(render(finding, console.colour()));
}

int exit_code_of(std::span<const Verdict> verdicts) {
  const auto any = [&](Ruling ruling) {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& verdict) { return verdict.ruling == ruling; });
  };
  if (any(Ruling::fail)) return kExitFails;
  return verdicts.empty() || any(Ruling::unknown) ? kExitUnknown : kExitHolds;
}

int tell_error(Console& console, const Error& error) {
  std::string text = fmt::format("error: {}\n", printable(to_string(error)));
  if (!error.help.empty()) text += fmt::format("  = help: {}\n", printable(error.help));
  console.talk(text);
  switch (error.kind) {
    case ErrorKind::invalid_input:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::io:
      return kExitInput;
    case ErrorKind::denied:
    case ErrorKind::unavailable:
    case ErrorKind::timed_out:
    case ErrorKind::malformed:
      return kExitUnknown;
    case ErrorKind::interrupted:
      return kExitInterrupted;
  }
  return kExitBug;
}

}  // namespace gatehouse::cli
