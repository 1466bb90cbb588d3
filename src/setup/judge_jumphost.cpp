#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "setup/jumphost.h"

namespace gatehouse::setup {

namespace {

// Stage, journal and reports of a run take some megabytes; what is left must also serve the clients
// of Juju and MAAS.
constexpr std::uint64_t kFreeBytesMin = std::uint64_t{1} << 30;
// MAAS refuses a request whose time is 300 s behind its own (django-piston); tokens and
// certificates are judged by clocks as well. Well-kept clocks differ by milliseconds.
constexpr Milliseconds kDifferenceMax{10'000};
constexpr unsigned kWritableByOthers = 022;
constexpr std::string_view kFirstClass = "3.6";

struct Line {
  std::string subject;
  std::string expected;
  std::string see;  ///< how to see it oneself; the next command where the error knows no better
};

Check holds(const Line& line, std::string observed) {
  Check check = passed(line.subject, line.expected, std::move(observed));
  check.help = line.see;
  return check;
}

/// The value of an observation, or its unknown check.
template <class T>
const T* seen(const Observation<T>& observation, const Line& line, std::vector<Check>& checks) {
  if (const T* value = observation.value()) return value;
  const Error* error = observation.error();
  Check check = unknown(line.subject, line.expected, observation.why_unknown(),
                        error && !error->help.empty() ? error->help : line.see);
  check.evidence = observation.evidence();
  checks.push_back(std::move(check));
  return nullptr;
}

Verdict named(std::string topic, std::vector<Check> checks, std::vector<Diagnostic> findings = {}) {
  Verdict verdict = conclude(std::move(checks), std::move(findings));
  verdict.gate = std::move(topic);
  return verdict;
}

void judge_juju(const Observation<JujuClient>& client, std::vector<Check>& checks) {
  const Line line{"juju", "2.9, 3.x or 4.x; built for 3.6", "juju version"};
  const JujuClient* found = seen(client, line, checks);
  if (!found) return;
  const std::string& version = found->version;
  const bool is_known =
      version.starts_with("2.9.") || version.starts_with("3.") || version.starts_with("4.");
  if (!is_known) {
    checks.push_back(failed(line.subject, line.expected, version, "sudo snap refresh juju"));
    return;
  }
  const bool is_first_class = version.starts_with(kFirstClass);
  checks.push_back(
      holds(line, is_first_class ? version : version + ", understood where its output is known"));
}

Verdict judge_tools(const JumphostFacts& facts) {
  std::vector<Check> checks;
  judge_juju(facts.facts.juju_client, checks);
  const Line ssh{"ssh", "OpenSSH", "ssh -V"};
  if (const std::string* version = seen(facts.ssh_version, ssh, checks)) {
    const bool is_openssh = version->find("OpenSSH") != std::string::npos;
    checks.push_back(is_openssh ? holds(ssh, *version)
                                : failed(ssh.subject, ssh.expected, *version,
                                         "sudo apt-get install openssh-client"));
  }
  if (facts.qemu_img_version) {
    const Line line{"qemu-img", "here, for the disks of the site", "qemu-img --version"};
    if (const std::string* version = seen(*facts.qemu_img_version, line, checks)) {
      checks.push_back(holds(line, *version));
    }
  }
  return named("tools", std::move(checks));
}

Verdict judge_logins(const JumphostFacts& facts) {
  std::vector<Check> checks;
  const Line maas{"MAAS", "reached, and the key is good", "gatehouse observe maas"};
  const std::string* version = seen(facts.facts.maas_version, maas, checks);
  const MaasIdentity* who = seen(facts.facts.maas_identity, maas, checks);
  if (version && who) {
    checks.push_back(holds(
        maas, fmt::format("MAAS {}, as {}{}", version->empty() ? "of unknown version" : *version,
                          who->username, who->is_superuser ? ", an administrator" : "")));
  }
  const Line controller{"controller " + facts.controller, "reached, and somebody is logged in",
                        "juju models -c " + facts.controller};
  if (const JujuController* found = seen(facts.facts.juju_controller, controller, checks)) {
    checks.push_back(
        found->name.empty()
            ? failed(controller.subject, controller.expected,
                     "the juju client lists no controller of that name", "juju controllers")
            : holds(controller, fmt::format("Juju {}, as {}", found->agent_version, found->user)));
  }
  return named("logins", std::move(checks));
}

Verdict judge_hosts(const JumphostFacts& facts) {
  std::vector<Check> checks;
  for (const auto& [name, answer] : facts.hosts) {
    const Line line{name, "answers ssh without a question",
                    "ssh -o BatchMode=yes " + name + " true"};
    if (const std::string* said = seen(answer, line, checks)) checks.push_back(holds(line, *said));
  }
  return named("hosts", std::move(checks));
}

void judge_clock(const Line& line, const Observation<ClockReading>& clock,
                 std::vector<Check>& checks) {
  const ClockReading* reading = seen(clock, line, checks);
  if (!reading) return;
  const Milliseconds apart = difference(*reading);
  const bool is_behind = reading->theirs > reading->after;
  const std::string observed =
      apart == Milliseconds(0)
          ? "no difference that shows"
          : fmt::format("this machine is {} {}", to_words(apart), is_behind ? "behind" : "ahead");
  if (apart <= kDifferenceMax) {
    checks.push_back(holds(line, observed));
    return;
  }
  checks.push_back(failed(line.subject, line.expected, observed,
                          "timedatectl status, here and there; both want the same time servers"));
}

Verdict judge_clocks(const JumphostFacts& facts) {
  std::vector<Check> checks;
  const std::string expected = "at most " + to_words(kDifferenceMax) + " from ours";
  if (facts.maas_clock) {
    judge_clock({"clock of MAAS", expected, "date --utc, beside the Date of curl -I on MAAS's URL"},
                *facts.maas_clock, checks);
  }
  if (facts.controller_clock) {
    judge_clock({"clock of controller " + facts.controller, expected,
                 "juju status --utc --format json -m " + facts.controller + ":controller"},
                *facts.controller_clock, checks);
  }
  return named("clocks", std::move(checks));
}

Verdict judge_room(const JumphostFacts& facts) {
  std::vector<Check> checks;
  const Line line{"free disk for " + facts.state_folder, "at least " + size_in_words(kFreeBytesMin),
                  "df -h"};
  if (const std::uint64_t* bytes = seen(facts.free_bytes, line, checks)) {
    const std::string observed = size_in_words(*bytes);
    checks.push_back(*bytes >= kFreeBytesMin
                         ? holds(line, observed)
                         : failed(line.subject, line.expected, observed,
                                  "free some room there, or set `state` in the site file"));
  }
  return named("room", std::move(checks));
}

// Gatehouse sets the mode of what it makes; the umask is for what juju and the operator make.
Verdict judge_umask(const JumphostFacts& facts) {
  std::vector<Check> checks;
  const Line line{"umask", "nobody else may write to new files", "umask"};
  if (const unsigned* mask = seen(facts.umask, line, checks)) {
    const std::string observed = fmt::format("{:04o}", *mask);
    checks.push_back((*mask & kWritableByOthers) == kWritableByOthers
                         ? holds(line, observed)
                         : failed(line.subject, line.expected, observed, "umask 077"));
  }
  return named("umask", std::move(checks));
}

Verdict judge_leftovers(const JumphostFacts& facts) {
  std::vector<Check> checks;
  const Line line{"leftovers", "no run that did not come to its end", "gatehouse journal list"};
  const auto* found = seen(facts.leftovers, line, checks);
  if (!found) return named("leftovers", std::move(checks));
  for (const Leftover& leftover : *found) {
    checks.push_back(leftover.is_in_the_way
                         ? failed("leftover", line.expected, leftover.what, leftover.next)
                         : holds({"leftover", "takes room only", leftover.next}, leftover.what));
  }
  if (found->empty()) checks.push_back(holds(line, "none"));
  return named("leftovers", std::move(checks));
}

std::string line_of(const Check& check) {
  const std::string ruling = check.ruling == Ruling::fail ? "FAIL" : to_string(check.ruling);
  std::string text =
      fmt::format("{:<8} {}: {}\n", ruling, printable(check.subject), printable(check.observed));
  if (check.ruling != Ruling::pass) {
    text += fmt::format("         wanted: {}\n", printable(check.expected));
  }
  const std::string_view word = check.ruling == Ruling::pass ? "see" : "next";
  return text + fmt::format("         {}: {}\n", word, printable(check.help));
}

}  // namespace

Milliseconds difference(const ClockReading& reading) {
  constexpr Milliseconds kSecond{1000};
  if (reading.theirs > reading.after) return reading.theirs - reading.after;
  if (reading.theirs + kSecond < reading.before) return reading.before - reading.theirs - kSecond;
  return Milliseconds(0);
}

std::vector<Verdict> judge_jumphost(const JumphostFacts& facts) {
  std::vector<Verdict> verdicts{judge_tools(facts)};
  if (facts.has_site) {
    verdicts.push_back(judge_logins(facts));
    if (!facts.hosts.empty()) verdicts.push_back(judge_hosts(facts));
    verdicts.push_back(judge_clocks(facts));
  } else {
    verdicts.push_back(named("site", {unknown("site file", "one that can be read",
                                              "none, so MAAS, controller and hosts "
                                              "are not looked at",
                                              "gatehouse site init --help")}));
  }
  verdicts.insert(verdicts.end(), {judge_room(facts), judge_umask(facts), judge_leftovers(facts)});
  return verdicts;
}

std::string jumphost_text(std::span<const Verdict> verdicts) {
  std::string text;
  for (const Verdict& verdict : verdicts) {
    for (const Check& check : verdict.checks) text += line_of(check);
  }
  return text;
}

}  // namespace gatehouse::setup
