#include "tests/simulation/history.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/console.h"
#include "engine/run_events.h"
#include "report/run_view.h"
#include "sim/chance.h"
#include "sim/faults.h"
#include "tests/simulation/checkers.h"

namespace gatehouse::simulation {

namespace {

using Verb = SessionRequest::Verb;

constexpr std::size_t kCalmSessionsMax = 6;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  double draw(std::string_view what) const { return sim::chance(seed_, what); }
  bool is(std::string_view what, double probability) const { return draw(what) < probability; }
  std::size_t below(std::string_view what, std::size_t end) const {
    return std::min(end - 1, static_cast<std::size_t>(draw(what) * static_cast<double>(end)));
  }
  /// Off mostly; else of some strength up to `most`.
  double strength(std::string_view what, double most) const {
    const std::string name(what);
    return is(name + " at all", 0.3) ? most * draw(name) : 0;
  }

 private:
  std::uint64_t seed_;
};

Disturbance disturbance_of(const Dice& dice, std::string_view session) {
  const std::string name(session);
  Disturbance d;
  d.unreachable = dice.strength(name + " unreachable", 0.05);
  d.truncated = dice.strength(name + " truncated", 0.03);
  d.wrong_type = dice.strength(name + " wrong type", 0.03);
  d.slow = dice.strength(name + " slow", 0.01);
  d.disk_full = dice.strength(name + " disk full", 0.03);
  d.journal_full = dice.strength(name + " journal full", 0.005);
  if (dice.is(name + " jumps", 0.15)) {
    d.wall_jump =
        Milliseconds(static_cast<std::int64_t>(7'200'000 * dice.draw(name + " jump")) - 3'600'000);
  }
  d.kills_child = dice.is(name + " kills child", 0.08);
  d.loses_exit = dice.is(name + " loses exit", 0.15);
  return d;
}

SessionRequest disturbed_session(const Dice& dice, std::uint64_t number) {
  const std::string name = fmt::format("session {}", number);
  SessionRequest request;
  request.number = number;
  request.disturbance = disturbance_of(dice, name);
  if (dice.is(name + " is killed", 0.5)) request.pulled_at = 1 + dice.below(name + " at", 260);
  if (dice.is(name + " is interrupted", 0.25)) {
    request.interrupted_after =
        Milliseconds(static_cast<std::int64_t>(9'000'000 * dice.draw(name + " after")));
  }
  return request;
}

std::string fault_of(const Script& script, const Dice& dice) {
  if (script.is_calm) return script.fault;
  if (!dice.is("the lab is broken", 0.35)) return {};
  const auto faults = sim::all_faults();
  const std::string name(faults[dice.below("fault", faults.size())].name);
  // The jumphost that is simulated is the host of the disks itself: no way to it can be closed.
  // tests/scenarios/faults_test.cpp plays these with a real ssh.
  return name.starts_with("host-") ? std::string() : name;
}

std::unique_ptr<World> make_world(const Script& script, History& history) {
  WorldSettings settings{.site = script.site, .seed = script.seed, .faults = {}, .days_later = 0};
  if (!history.fault.empty()) {
    settings.faults.insert(history.fault);
    if (const sim::Fault* fault = sim::find_fault(history.fault)) {
      settings.days_later = fault->pki_created_days_ago;
    }
  }
  auto world = std::make_unique<World>(settings);
  if (world->trouble().empty()) return world;
  // The site declares nothing that this fault could touch.
  history.fault.clear();
  settings.faults.clear();
  settings.days_later = 0;
  return std::make_unique<World>(settings);
}

std::vector<Event> all_rows(Journal& journal) {
  std::vector<Event> rows;
  const auto runs = journal.runs();
  if (!runs) return rows;
  for (const std::string& run : *runs) {
    if (auto events = journal.events_of(run)) {
      rows.insert(rows.end(), events->begin(), events->end());
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const Event& a, const Event& b) { return a.sequence < b.sequence; });
  return rows;
}

// What an operator does: a run that has begun to change something is resumed, any other is begun
// anew.
Verb next_verb(Journal& journal) {
  const auto runs = journal.runs();
  if (!runs || runs->empty()) return Verb::run;
  const auto events = journal.events_of(runs->back());
  const bool has_intent =
      events && std::any_of(events->begin(), events->end(),
                            [](const Event& event) { return event.kind == event_kind::kIntent; });
  return has_intent ? Verb::resume : Verb::run;
}

void run_next(World& world, History& history, SessionRequest request) {
  request.verb = next_verb(world.journal());
  Plug plug;
  history.requests.push_back(request);
  history.sessions.push_back(run_session(world, request, plug));
  if (history.boundaries.empty()) history.boundaries = std::move(plug.passed);
  if (request.disturbance.kills_child) history.has_killed_child = true;
}

bool is_over(const History& history) {
  const SessionEnd& last = history.sessions.back();
  if (last.was_killed) return false;
  return last.exit_code == cli::kExitHolds || last.exit_code == cli::kExitFails;
}

// Nothing disturbs any more: it must come to an end, and what two sessions say is the answer.
void finish(World& world, History& history, const Script& script) {
  for (std::size_t tries = 0; tries < kCalmSessionsMax; ++tries) {
    if (!history.sessions.empty() && is_over(history)) return;
    SessionRequest request;
    request.number = 100 + tries;
    request.until = script.until;
    if (tries == 0 && script.is_calm) request.pulled_at = script.pulled_at;
    run_next(world, history, request);
    const std::size_t count = history.sessions.size();
    if (tries > 0 && count > 1 && !history.sessions[count - 1].was_killed &&
        history.sessions[count - 1].exit_code == history.sessions[count - 2].exit_code) {
      return;
    }
  }
}

std::string script_text(const History& history) {
  std::string text = history.fault.empty() ? "no fault in the lab" : "fault " + history.fault;
  for (const SessionRequest& request : history.requests) {
    const Disturbance& d = request.disturbance;
    text += request.verb == Verb::run ? "; run" : "; resume";
    const std::pair<const char*, double> strengths[] = {
        {"unreachable", d.unreachable}, {"truncated", d.truncated},
        {"wrong-type", d.wrong_type},   {"slow", d.slow},
        {"disk-full", d.disk_full},     {"journal-full", d.journal_full}};
    for (const auto& [name, strength] : strengths) {
      if (strength > 0) text += fmt::format(" {}={:.3f}", name, strength);
    }
    if (d.wall_jump.count() != 0)
      text += " jump=" + std::to_string(d.wall_jump.count() / 1000) + "s";
    if (d.kills_child) text += " kills-child";
    if (d.loses_exit) text += " loses-exit";
    if (request.pulled_at < 100'000) text += fmt::format(" killed-at={}", request.pulled_at);
    if (request.interrupted_after != Milliseconds::max()) {
      text += " interrupted-after=" + to_words(request.interrupted_after);
    }
  }
  return text;
}

std::string transcript_of(World& world, const History& history) {
  std::string text;
  for (const Event& event : history.rows) text += to_json_line(event) + "\n";
  for (const SessionEnd& session : history.sessions) {
    text += fmt::format("exit {}\n{}{}", session.exit_code, session.out, session.err);
  }
  for (const auto& [path, file] : world.disk().all()) {
    if (path.find("/state/") != path.npos) text += path + "\n" + file.bytes + "\n";
  }
  return text;
}

}  // namespace

std::set<std::string> exit_rulings(const json::object& report) {
  std::set<std::string> rulings;
  const json::array* steps = find_array(report, "steps");
  if (!steps) return rulings;
  for (const json::value& step : *steps) {
    const json::array* verdicts = find_array(step, "verdicts");
    if (!verdicts) continue;
    for (const json::value& verdict : *verdicts) {
      if (string_or_empty(verdict, "purpose") != "exit") continue;
      rulings.insert(string_or_empty(verdict, "gate") + " " + string_or_empty(verdict, "ruling"));
    }
  }
  return rulings;
}

History play(const Script& script) {
  History history;
  const Dice dice(script.seed);
  history.fault = fault_of(script, dice);
  const std::unique_ptr<World> world = make_world(script, history);
  if (!world->trouble().empty()) {
    history.violations.push_back("the world cannot be made: " + world->trouble());
    return history;
  }
  const std::size_t disturbed = script.is_calm ? 0 : 1 + dice.below("sessions", 3);
  for (std::size_t i = 0; i < disturbed; ++i) {
    SessionRequest request = disturbed_session(dice, i);
    request.until = script.until;
    run_next(*world, history, std::move(request));
    if (is_over(history)) break;
  }
  // The wall is right again, as a time server makes it.
  world->set_wall_ahead(Milliseconds(0));
  finish(*world, history, script);
  history.took = world->passed() / static_cast<std::int64_t>(history.sessions.size());
  history.rows = all_rows(world->journal());
  if (const auto runs = world->journal().runs(); runs && !runs->empty()) {
    if (const auto events = world->journal().events_of(runs->back())) {
      history.report = to_json(fold(*events));
    }
  }
  history.script = script_text(history);
  history.transcript = transcript_of(*world, history);
  history.violations = check_all(*world, history);
  return history;
}

}  // namespace gatehouse::simulation
