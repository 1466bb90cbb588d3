#include "tests/simulation/checkers.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/run_events.h"
#include "sim/faults.h"

namespace gatehouse::simulation {

namespace {

using Sentences = std::vector<std::string>;

constexpr Milliseconds kFreshest{60'000};
constexpr std::chrono::hours kLongestSession{48};

std::string text_at(const Event& event, std::string_view member) {
  return string_or_empty(event.body, member);
}

bool has_jump(const History& history) {
  return std::any_of(history.requests.begin(), history.requests.end(), [](const auto& request) {
    return request.disturbance.wall_jump != Milliseconds(0);
  });
}

// The guards of an intent: those of its step, judged after the step was begun (or taken up again)
// and after whatever was done before.
Sentences check_guards(const History& history) {
  Sentences wrong;
  std::vector<const Event*> guards;
  for (const Event& event : history.rows) {
    const bool is_change =
        event.kind == event_kind::kOutcome || event.kind == event_kind::kChildStarted ||
        event.kind == event_kind::kStepStarted || event.kind == event_kind::kRunStarted ||
        event.kind == event_kind::kRunResumed;
    if (is_change) guards.clear();
    if (event.kind == event_kind::kVerdict && text_at(event, "purpose") == "guard") {
      guards.push_back(&event);
    }
    if (event.kind != event_kind::kIntent) continue;
    if (guards.empty()) {
      wrong.push_back(fmt::format("row {}: an effect without a guard", event.sequence));
    }
    for (const Event* guard : guards) {
      if (text_at(*guard, "step") != text_at(event, "step") || guard->run != event.run) {
        wrong.push_back(fmt::format("row {}: guarded by another step", event.sequence));
      }
      if (text_at(*guard, "ruling") != "pass" && !find(guard->body, "waived")) {
        wrong.push_back(fmt::format("row {}: an effect although guard {} says {}", event.sequence,
                                    text_at(*guard, "gate"), text_at(*guard, "ruling")));
      }
      if (!has_jump(history) && event.at - guard->at > kFreshest) {
        wrong.push_back(fmt::format("row {}: guard {} is older than {}", event.sequence,
                                    text_at(*guard, "gate"), to_words(kFreshest)));
      }
    }
    guards.clear();
  }
  return wrong;
}

// A command is given again only where the one before it did not come to its end.
Sentences check_once(World& world) {
  Sentences wrong;
  std::map<std::string, const Child*> last;
  for (const Child& child : world.children()) {
    const std::string verb = child.command.argv.size() > 1 ? child.command.argv[1] : "";
    const Child*& former = last[verb];
    if (former) {
      const auto said = world.disk().read(former->command.exit_file, 64);
      if (said && trim(*said) == "0") wrong.push_back("juju " + verb + " was given twice");
      if (former->applied < former->writes.size()) {
        wrong.push_back("juju " + verb + " was given while the one before still ran");
      }
    }
    former = &child;
  }
  const auto models = sim::read_models(world.lab().paths, world.disk());
  if (!models) {
    wrong.push_back(to_string(models.error()));
    return wrong;
  }
  for (const sim::LabModel& model : *models) {
    if (!model.plan) continue;
    if (model.done > model.plan->changes.size()) {
      wrong.push_back("more changes have landed than were planned");
    }
    for (std::size_t run = 1; run < model.runs.size(); ++run) {
      if (model.runs[run].first < model.runs[run - 1].first) {
        wrong.push_back("a change of the plan was applied twice");
      }
    }
  }
  return wrong;
}

bool may_hold_secrets(const std::string& path) {
  return path.ends_with("/overlays/octavia-pki.yaml") || path.ends_with("/maas.key");
}

Sentences check_secrets(World& world, const History& history) {
  Sentences wrong;
  const auto scan = [&](const std::string& where, std::string_view text) {
    const std::string found = find_secret(text, world.secrets());
    if (!found.empty()) wrong.push_back(where + " holds " + found);
  };
  for (const SessionEnd& session : history.sessions) scan("the output", session.out + session.err);
  // All at once, for the forms of a secret are made anew for each text; row by row to name it.
  std::string rows;
  for (const Event& event : history.rows) rows += to_json_line(event) + "\n";
  if (!find_secret(rows, world.secrets()).empty()) {
    for (const Event& event : history.rows) {
      scan(fmt::format("row {}", event.sequence), to_json_line(event));
    }
  }
  for (const auto& [path, file] : world.disk().all()) {
    if (may_hold_secrets(path)) {
      if ((file.mode & 077) != 0) wrong.push_back(path + " is open to others");
    } else {
      scan(path, file.bytes);
    }
  }
  scan("an argument list, an environment or a URL", world.exposed());
  return wrong;
}

Sentences check_waits(const History& history) {
  Sentences wrong;
  if (history.took > kLongestSession) wrong.push_back("a wait did not end in two days");
  for (const SessionEnd& session : history.sessions) {
    if (session.exit_code == cli::kExitBug) wrong.push_back("a session ended as a bug");
  }
  return wrong;
}

Sentences check_journal(World& world, const History& history) {
  Sentences wrong;
  const auto whole = world.journal().verify();
  if (!whole) wrong.push_back("the journal is damaged: " + to_string(whole.error()));
  for (std::size_t i = 0; i < history.rows.size(); ++i) {
    if (history.rows[i].sequence != static_cast<std::int64_t>(i + 1)) {
      wrong.push_back(fmt::format("row {} is not where it belongs", i + 1));
      break;
    }
  }
  return wrong;
}

// A world without a fault never makes a gate fail, however badly it answers, and in the end all
// holds; a world with a fault never ends well, but where going on is the cure.
Sentences check_end(const History& history) {
  Sentences wrong;
  const int code = history.exit_code();
  const sim::Fault* fault = history.fault.empty() ? nullptr : sim::find_fault(history.fault);
  if (fault && fault->exit_code != 0) {
    // A run that is to stop early does not come to every gate.
    const bool is_whole = history.requests.back().until.empty();
    // A deploy that stops on its way leaves its run in doubt; resume does the rest.
    const bool may_go_on = fault->exit_code == cli::kExitEffect && history.sessions.size() > 1;
    if (code == 0 && is_whole && !may_go_on)
      wrong.push_back("the lab has fault " + history.fault + " and the run ended 0");
    return wrong;
  }
  // A deploy that died on its way is for a person to judge: exit code 4.
  const bool may_be_in_doubt = history.has_killed_child;
  if (code != 0 && !(may_be_in_doubt && code == cli::kExitEffect)) {
    wrong.push_back(fmt::format("nothing was wrong with the lab and the run ended {}: {}", code,
                                history.sessions.empty() ? "" : history.sessions.back().err));
  }
  for (const Event& event : history.rows) {
    if (event.kind != event_kind::kVerdict || text_at(event, "ruling") != "fail") continue;
    const std::string purpose = text_at(event, "purpose");
    if (purpose == "hold" || purpose == "abort") continue;  // not yet
    wrong.push_back(fmt::format("row {}: {} fails although the lab has no fault: {}",
                                event.sequence, text_at(event, "gate"),
                                json::serialize(event.body).substr(0, 600)));
  }
  if (code != 0) return wrong;
  for (const std::string& ruling : exit_rulings(history.report)) {
    if (!ruling.ends_with(" pass")) wrong.push_back("the run ended 0 with " + ruling);
  }
  return wrong;
}

}  // namespace

std::vector<std::string> check_all(World& world, const History& history) {
  Sentences all;
  for (const Sentences& part :
       {check_guards(history), check_once(world), check_secrets(world, history),
        check_waits(history), check_journal(world, history), check_end(history)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace gatehouse::simulation
