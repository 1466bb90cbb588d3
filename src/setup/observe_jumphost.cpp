#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "clients/juju/commands.h"
#include "clients/juju/failure.h"
#include "clients/maas/exchange.h"
#include "clients/maas/login.h"
#include "clients/sources.h"
#include "clients/ssh/remote.h"
#include "setup/jumphost.h"

namespace gatehouse::setup {

namespace {

constexpr Milliseconds kDeadline{20'000};
constexpr std::size_t kTextBytesMax = std::size_t{1} << 20;
constexpr const char* kControllerModel = "controller";

Command command_of(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.environment = {{"LC_ALL", "C"}};
  command.deadline = kDeadline;
  command.output_bytes_max = kTextBytesMax;
  return command;
}

Evidence evidence_of(const Command& command, Moment at) {
  return {.source = "command", .locator = command_line(command.argv), .at = at, .digest = {}};
}

tl::unexpected<Error> ended(const Command& command, const ProcessResult& result) {
  return fail(ErrorKind::malformed, fmt::format("{} ended {}: {}", command.argv.front(),
                                                result.exit_code, ssh::last_line(result.err)));
}

/// The first line of either stream: ssh tells its version on standard error.
Observation<std::string> version_line(const std::vector<std::string>& argv, Effects& effects) {
  using Seen = Observation<std::string>;
  const Command command = command_of(argv);
  const auto result = run_one(effects.processes, command);
  Evidence evidence = evidence_of(command, effects.clock.now());
  if (!result) return Seen::failed(result.error(), evidence);
  const std::string said = result->out + result->err;
  evidence.digest = sha256_hex(said);
  const auto lines = lines_of(said);
  if (result->exit_code != 0 || lines.empty()) {
    return Seen::failed(ended(command, *result).value(), evidence);
  }
  return Seen::seen(printable(lines.front()), evidence);
}

bool is_asked_here(const Questions& questions) {
  return std::any_of(questions.disks.begin(), questions.disks.end(), [&](const DiskQuestion& disk) {
    return ssh::is_here(questions.ssh, disk.host);
  });
}

void observe_hosts(const Questions& questions, Effects& effects, JumphostFacts& facts) {
  using Seen = Observation<std::string>;
  const SshAccess access = ssh::with_reuse_where_possible(questions.ssh, effects.files);
  std::set<std::string> names;
  for (const DiskQuestion& disk : questions.disks) {
    if (!ssh::is_here(access, disk.host)) names.insert(disk.host);
  }
  std::vector<std::string> asked;
  std::vector<Command> commands;
  for (const std::string& name : names) {
    Result<Command> command = ssh::remote_command(access, name, "true");
    if (!command) {
      facts.hosts[name] = Seen::failed(command.error(), {.source = "command", .locator = "ssh"});
      continue;
    }
    asked.push_back(name);
    commands.push_back(std::move(*command));
  }
  const auto results = effects.processes.run(commands, std::max<std::size_t>(1, access.parallel));
  for (std::size_t at = 0; at < asked.size(); ++at) {
    const Evidence evidence = evidence_of(commands[at], effects.clock.now());
    Observation<std::string>& slot = facts.hosts[asked[at]];
    if (!results[at]) {
      slot = Seen::failed(results[at].error(), evidence);
    } else if (results[at]->exit_code == ssh::kSshTrouble) {
      slot = Seen::failed(ssh::ssh_failure(asked[at], results[at]->err), evidence);
    } else if (results[at]->exit_code != 0) {
      slot = Seen::failed(ended(commands[at], *results[at]).value(), evidence);
    } else {
      slot = Seen::seen("answers", evidence);
    }
  }
}

/// The Date of an answer that needs no key.
Observation<ClockReading> observe_maas_clock(const MaasAccess& access, Effects& effects) {
  using Seen = Observation<ClockReading>;
  const Result<maas::Login> login = maas::read_login(access, effects.files);
  if (!login) {
    return Seen::failed(login.error(), {.source = "file", .locator = maas::login_file(access)});
  }
  HttpRequest request;
  request.url = login->root + "version/";
  request.ca_file = login->ca_file;
  request.deadline = kDeadline;
  request.body_bytes_max = kTextBytesMax;
  ClockReading reading;
  reading.before = effects.clock.now();
  const auto answers = effects.http.send(std::span<const HttpRequest>(&request, 1));
  reading.after = effects.clock.now();
  const Evidence evidence{
      .source = "http", .locator = "GET " + request.url, .at = reading.after, .digest = {}};
  if (!answers.front()) {
    return Seen::failed(with_context(answers.front().error(), evidence.locator), evidence);
  }
  const auto theirs = maas::parse_http_date(answers.front()->header("Date"));
  if (!theirs) {
    return Seen::failed(
        fail(ErrorKind::malformed, "MAAS's answer has no Date that can be read").value(), evidence);
  }
  reading.theirs = *theirs;
  return Seen::seen(reading, evidence);
}

/// Its own model is the one that every controller has; a status of it tells its time of day.
Observation<ClockReading> observe_controller_clock(const std::string& controller,
                                                   Effects& effects) {
  using Seen = Observation<ClockReading>;
  const Command command =
      juju::status_command({.controller = controller, .model = kControllerModel});
  ClockReading reading;
  reading.before = effects.clock.now();
  const auto result = run_one(effects.processes, command);
  reading.after = effects.clock.now();
  Evidence evidence = evidence_of(command, reading.after);
  const Result<std::string> out = juju::output_of(result, controller);
  if (!out) return Seen::failed(out.error(), evidence);
  evidence.digest = sha256_hex(*out);
  const Result<json::value> document = parse_json(*out);
  if (!document) return Seen::failed(document.error(), evidence);
  const json::object* told = find_object(*document, "controller");
  const auto theirs =
      told ? nearest_time_of_day(string_or_empty(*told, "timestamp"), reading.after) : std::nullopt;
  if (!theirs) {
    return Seen::failed(
        fail(ErrorKind::malformed, "the status tells no time of its controller").value(), evidence);
  }
  reading.theirs = *theirs;
  return Seen::seen(reading, evidence);
}

std::string existing_folder(std::string path, FileStore& files) {
  while (path.size() > 1 && !files.info(path)) {
    const std::size_t slash = path.rfind('/');
    path = slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  }
  return path.empty() ? "/" : path;
}

std::optional<std::uint64_t> number_of(const std::string& text, int base) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// From `df -P -B1`: the fourth column of the second line.
Observation<std::uint64_t> observe_free_bytes(const std::string& folder, Effects& effects) {
  using Seen = Observation<std::uint64_t>;
  const Command command =
      command_of({"df", "-P", "-B1", "--", existing_folder(folder, effects.files)});
  const auto result = run_one(effects.processes, command);
  Evidence evidence = evidence_of(command, effects.clock.now());
  if (!result) return Seen::failed(result.error(), evidence);
  evidence.digest = sha256_hex(result->out);
  const auto lines = lines_of(result->out);
  const auto words = lines.size() < 2 ? std::vector<std::string>() : words_of(lines[1]);
  const auto bytes = words.size() < 4 ? std::nullopt : number_of(words[3], 10);
  if (result->exit_code != 0 || !bytes) {
    return Seen::failed(ended(command, *result).value(), evidence);
  }
  return Seen::seen(*bytes, evidence);
}

/// What Linux tells of this very process; it came from the shell that started us.
Observation<unsigned> observe_umask(Effects& effects) {
  using Seen = Observation<unsigned>;
  constexpr const char* kFile = "/proc/self/status";
  const Evidence evidence{
      .source = "file", .locator = kFile, .at = effects.clock.now(), .digest = {}};
  const auto text = effects.files.read(kFile, kTextBytesMax);
  if (!text) return Seen::failed(text.error(), evidence);
  for (const std::string_view line : lines_of(*text)) {
    if (!line.starts_with("Umask:")) continue;
    const auto mask = number_of(std::string(trim(line.substr(6))), 8);
    if (mask) return Seen::seen(static_cast<unsigned>(*mask), evidence);
  }
  return Seen::failed(fail(ErrorKind::malformed, "no Umask in /proc/self/status").value(),
                      evidence);
}

/// Names in a folder; none where there is no such folder.
Result<std::vector<std::string>> names_in(const std::string& folder, FileStore& files) {
  Result<std::vector<std::string>> names = files.list(folder);
  if (!names && names.error().kind == ErrorKind::not_found) return std::vector<std::string>();
  return names;
}

/// The staged copy of a run goes when its deploy is whole or the run is given up.
Result<void> add_unfinished_runs(const JumphostQuestions& asked, FileStore& files,
                                 std::vector<Leftover>& leftovers) {
  const std::string& state = asked.state_folder;
  const auto runs = names_in(state + "/runs", files);
  if (!runs) return fail(runs.error());
  for (const std::string& run : *runs) {
    if (!files.info(state + "/runs/" + run + "/stage")) continue;
    leftovers.push_back({.what = "run " + run + " did not come to its end",
                         .next = "gatehouse resume " + shell_quote(run) + asked.site_option,
                         .is_in_the_way = true});
  }
  return {};
}

Result<void> add_labs(const std::string& home, FileStore& files, std::vector<Leftover>& leftovers) {
  const std::string labs = home + "/gatehouse-lab";
  const auto names = names_in(labs, files);
  if (!names) return fail(names.error());
  for (const std::string& name : *names) {
    leftovers.push_back({.what = "a lab in " + labs + "/" + name,
                         .next = "gatehouse-lab down --state " + shell_quote(labs + "/" + name)});
  }
  const std::string rehearsals = home + "/gatehouse/rehearsals";
  const auto kept = names_in(rehearsals, files);
  if (!kept) return fail(kept.error());
  if (!kept->empty()) {
    leftovers.push_back({.what = fmt::format("{} rehearsals in {}", kept->size(), rehearsals),
                         .next = "rm -r " + shell_quote(rehearsals)});
  }
  return {};
}

Observation<std::vector<Leftover>> observe_leftovers(const JumphostQuestions& asked,
                                                     Effects& effects) {
  using Seen = Observation<std::vector<Leftover>>;
  const Evidence evidence{.source = "file",
                          .locator = asked.has_site ? asked.state_folder : asked.home,
                          .at = effects.clock.now(),
                          .digest = {}};
  std::vector<Leftover> leftovers;
  Result<void> done;
  if (asked.has_site) done = add_unfinished_runs(asked, effects.files, leftovers);
  if (done) done = add_labs(asked.home, effects.files, leftovers);
  if (!done) return Seen::failed(done.error(), evidence);
  return Seen::seen(std::move(leftovers), evidence);
}

void observe_peers(const JumphostQuestions& asked, Effects& effects, JumphostFacts& facts) {
  constexpr std::array kMaas{FactKey::maas_version, FactKey::maas_identity};
  constexpr std::array kJuju{FactKey::juju_client, FactKey::juju_controller, FactKey::juju_models};
  maas_source.collect(kMaas, asked.questions, effects, facts.facts);
  juju_source.collect(kJuju, asked.questions, effects, facts.facts);
  facts.maas_clock = observe_maas_clock(asked.questions.maas, effects);
  facts.controller_clock = observe_controller_clock(asked.questions.controller, effects);
  observe_hosts(asked.questions, effects, facts);
}

}  // namespace

JumphostFacts observe_jumphost(const JumphostQuestions& asked, Effects& effects) {
  JumphostFacts facts;
  facts.has_site = asked.has_site;
  facts.state_folder = asked.has_site ? asked.state_folder : asked.home;
  facts.controller = asked.questions.controller;
  facts.ssh_version = version_line({"ssh", "-V"}, effects);
  if (asked.has_site) {
    if (is_asked_here(asked.questions)) {
      facts.qemu_img_version = version_line({"qemu-img", "--version"}, effects);
    }
    observe_peers(asked, effects, facts);
  } else {
    constexpr std::array kClient{FactKey::juju_client};
    juju_source.collect(kClient, asked.questions, effects, facts.facts);
  }
  facts.free_bytes = observe_free_bytes(facts.state_folder, effects);
  facts.umask = observe_umask(effects);
  facts.leftovers = observe_leftovers(asked, effects);
  return facts;
}

std::optional<Moment> nearest_time_of_day(std::string_view text, Moment near) {
  // With the day of `near` in UTC it is a moment, which may be a day off.
  const std::string day = to_rfc3339(near).substr(0, 10);
  const bool has_zone = text.size() > 8;
  if (text.size() < 8) return std::nullopt;
  const auto moment = parse_rfc3339(day + "T" + std::string(text) + (has_zone ? "" : "Z"));
  if (!moment) return std::nullopt;
  constexpr std::chrono::hours kDay{24};
  Moment nearest = *moment;
  while (nearest - near > kDay / 2) nearest -= kDay;
  while (near - nearest > kDay / 2) nearest += kDay;
  return nearest;
}

}  // namespace gatehouse::setup
