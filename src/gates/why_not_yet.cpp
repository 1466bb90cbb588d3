#include "gates/why_not_yet.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/expected_units.h"
#include "gates/message_parts.h"

namespace gatehouse {

namespace {

constexpr std::size_t kChainMax = 8;
constexpr int kActive = 4;

bool is_in_error(const UnitStatus& unit) {
  return unit.workload.current == "error" || unit.agent.current == "failed";
}

std::string words_of(const StatusValue& value) {
  return value.message.empty() ? value.current
                               : fmt::format("{} \"{}\"", value.current, value.message);
}

/// "is waiting \"'db' incomplete\", executing: running install hook".
std::string state_in_words(const UnitStatus& unit) {
  std::string words = "is " + words_of(unit.workload);
  if (unit.agent.current == "idle") return words;
  words += ", agent " + unit.agent.current;
  return unit.agent.message.empty() ? words : words + ": " + unit.agent.message;
}

bool is_up(const MachineStatus& machine) {
  return machine.agent.current == "started";
}

bool is_sound(const MachineStatus& machine) {
  return is_up(machine) && machine.agent.life.empty() && machine.modification.current != "error";
}

std::string state_in_words(const MachineStatus& machine) {
  if (is_up(machine)) {
    if (!machine.agent.life.empty()) return "is " + machine.agent.life;
    return "has a profile change in error: " + machine.modification.message;
  }
  std::string state = machine.agent.current.empty() ? "unknown" : machine.agent.current;
  for (const std::string& message : {machine.agent.message, machine.instance.message}) {
    if (!message.empty()) state += ": " + message;
  }
  const bool is_coming = machine.agent.current == "pending";
  return is_coming && machine.addresses.empty() ? "has no address, " + state : "is " + state;
}

/// A chain's next link, and the unit that it leads to where it goes on.
struct Step {
  WaitLink link;
  const UnitStatus* unit = nullptr;
};

class Explaining {
 public:
  Explaining(const Case& c, const ModelStatus& status)
      : c_(c), status_(status), planned_(c.plan), units_(status) {}
  NotYet explain();

 private:
  const ExpectedUnits& expected(const std::string& application);
  bool is_as_expected(const UnitStatus& unit);
  int readiness(const UnitStatus& unit);
  const std::set<Partner>& partners(const std::string& application);
  std::vector<Partner> named_partners(const UnitStatus& unit);
  const UnitStatus* worst_unit(const std::string& application);
  const UnitStatus* unit_for(const UnitStatus& unit, const std::string& application);
  Step step_to(const UnitStatus& unit, const Partner& partner);
  Step next(const UnitStatus& unit);
  std::vector<WaitLink> chain_of(const UnitStatus& unit, bool& ends_as_expected);
  void add_machine_links(const std::string& id, LinkKind kind, std::vector<WaitLink>& chain);

  void explain_application(const ApplicationStatus& application);
  void explain_unit(const UnitStatus& unit);
  void explain_machines();
  void count_machines();
  void note_absent_relations();
  void add(Waiting waiting, std::optional<Moment> since);
  void find_roots();

  const Case& c_;
  const ModelStatus& status_;
  PlannedUnits planned_;
  UnitIndex units_;
  std::map<std::string, ExpectedUnits> expected_;
  std::map<std::string, std::set<Partner>> partners_;
  std::map<std::string, const UnitStatus*> worst_;
  std::map<std::string, Step> next_;
  std::set<std::string> told_machines_;
  std::map<std::string, std::size_t> places_;  ///< of a group in its list, by what is the same
  NotYet why_;
};

const ExpectedUnits& Explaining::expected(const std::string& application) {
  const auto known = expected_.find(application);
  if (known != expected_.end()) return known->second;
  return expected_[application] = expected_units(c_.inputs.site.settled, application);
}

bool Explaining::is_as_expected(const UnitStatus& unit) {
  const auto history = c_.facts.history.units.find(unit.name);
  const bool has_failed =
      history != c_.facts.history.units.end() && history->second.in_error_since.has_value();
  return !has_failed && shows(unit, expected(unit.application));
}

// What a chain follows first: the least ready.
int Explaining::readiness(const UnitStatus& unit) {
  if (is_in_error(unit)) return 0;
  if (unit.agent.current == "lost") return 1;
  if (!is_as_expected(unit)) return 2;
  return unit.workload.current == "active" ? kActive : 3;
}

const std::set<Partner>& Explaining::partners(const std::string& application) {
  const auto known = partners_.find(application);
  if (known != partners_.end()) return known->second;
  std::set<Partner> all = planned_.partners(application);
  if (const auto entry = status_.applications.find(application);
      entry != status_.applications.end()) {
    for (const RelationStatus& relation : entry->second.relations) {
      all.insert({relation.endpoint, relation.application});
    }
  }
  return partners_[application] = std::move(all);
}

// In the order of the message's parts; a peer relation is no reason to look elsewhere.
std::vector<Partner> Explaining::named_partners(const UnitStatus& unit) {
  std::vector<Partner> named;
  const std::set<Partner>& all = partners(unit.application);
  for (const std::string& part : message_parts(shown_message(unit.workload.message).text)) {
    for (const std::string& word : endpoint_words(part)) {
      const auto meant = endpoints_meant(word);
      for (const Partner& partner : all) {
        const bool is_named =
            partner.application == word ||
            std::find(meant.begin(), meant.end(), partner.endpoint) != meant.end();
        if (is_named && partner.application != unit.application) named.push_back(partner);
      }
    }
  }
  return named;
}

const UnitStatus* Explaining::worst_unit(const std::string& application) {
  const auto known = worst_.find(application);
  if (known != worst_.end()) return known->second;
  const UnitStatus* worst = nullptr;
  int least = 0;
  for (const UnitStatus* unit : units_.units_of(application)) {
    const int ready = readiness(*unit);
    if (!worst || ready < least) worst = unit, least = ready;
  }
  return worst_[application] = worst;
}

// A subordinate waits for its own principal, and a principal for its own subordinate.
const UnitStatus* Explaining::unit_for(const UnitStatus& unit, const std::string& application) {
  for (const UnitStatus* carried : units_.subordinates_of(unit.name)) {
    if (carried->application == application) return carried;
  }
  const auto principal = status_.units.find(unit.principal);
  if (principal != status_.units.end() && principal->second.application == application) {
    return &principal->second;
  }
  return worst_unit(application);
}

Step Explaining::step_to(const UnitStatus& unit, const Partner& partner) {
  Step step{{LinkKind::waits_for, partner.application, partner.endpoint}, nullptr};
  step.unit = unit_for(unit, partner.application);
  if (step.unit) step.link.who = step.unit->name;
  return step;
}

Step Explaining::next(const UnitStatus& unit) {
  const auto known = next_.find(unit.name);
  if (known != next_.end()) return known->second;
  Step step{{LinkKind::shows, unit.name, state_in_words(unit)}, nullptr};
  const auto machine = status_.machines.find(unit.machine);
  const bool is_placed = !unit.machine.empty();
  const bool has_machine = machine != status_.machines.end() && is_up(machine->second);
  if (is_in_error(unit)) {
    // What a failed hook says is the end of the chain.
  } else if (is_placed && !has_machine) {
    step.link = {LinkKind::on_machine, unit.machine, ""};
  } else if (unit.workload.current != "active" && unit.agent.current != "lost") {
    const std::vector<Partner> named = named_partners(unit);
    const auto unready = std::find_if(named.begin(), named.end(), [&](const Partner& partner) {
      const UnitStatus* other = unit_for(unit, partner.application);
      return !other || readiness(*other) < kActive;
    });
    if (unready != named.end()) {
      step = step_to(unit, *unready);
    } else if (!named.empty()) {
      step = step_to(unit, named.front());
    }
  }
  return next_[unit.name] = step;
}

void Explaining::add_machine_links(const std::string& id, LinkKind kind,
                                   std::vector<WaitLink>& chain) {
  told_machines_.insert(id);
  const auto machine = status_.machines.find(id);
  if (machine == status_.machines.end()) {
    chain.push_back({kind, id, "is not in the model"});
    return;
  }
  chain.push_back({kind, id, state_in_words(machine->second)});
  const std::size_t slash = id.find('/');
  if (slash == id.npos) return;
  const auto host = status_.machines.find(id.substr(0, slash));
  if (host == status_.machines.end() || is_up(host->second)) return;
  add_machine_links(host->first, LinkKind::in_machine, chain);
}

std::vector<WaitLink> Explaining::chain_of(const UnitStatus& unit, bool& ends_as_expected) {
  std::vector<WaitLink> chain;
  std::set<const UnitStatus*> seen = {&unit};
  const UnitStatus* at = &unit;
  ends_as_expected = false;
  while (chain.size() < kChainMax) {
    const Step step = next(*at);
    if (step.link.kind == LinkKind::on_machine) {
      add_machine_links(step.link.who, LinkKind::on_machine, chain);
      return chain;
    }
    chain.push_back(step.link);
    if (step.link.kind == LinkKind::shows) {
      // What it waits for is there; what is left is to hear of it.
      const bool is_ready = at != &unit && readiness(*at) == kActive;
      if (is_ready) chain.back().what = "is ready";
      ends_as_expected = !is_ready && is_as_expected(*at);
      return chain;
    }
    if (!step.unit) {
      const bool is_there = status_.applications.contains(step.link.who);
      const auto remote = status_.remotes.find(step.link.who);
      chain.push_back({LinkKind::shows, step.link.who,
                       remote != status_.remotes.end() ? "is " + words_of(remote->second)
                       : is_there                      ? "has no unit"
                                                       : "is not in the model"});
      return chain;
    }
    if (!seen.insert(step.unit).second) {
      chain.push_back({LinkKind::shows, step.link.who, "waits in a circle"});
      return chain;
    }
    at = step.unit;
  }
  return chain;
}

std::string key_of(const Waiting& waiting) {
  std::string key = waiting.application + '\n' + waiting.shows;
  for (const WaitLink& link : waiting.chain) {
    // A group's units differ in their own name alone.
    const bool is_own = link.kind == LinkKind::shows && &link == &waiting.chain.front();
    key += '\n' + (is_own ? std::string() : link.who) + '\t' + link.what;
  }
  return key + (waiting.is_as_expected ? "\ne" : "\nh");
}

void Explaining::add(Waiting waiting, std::optional<Moment> since) {
  auto& list = waiting.is_as_expected ? why_.expected : why_.holding_up;
  const auto [place, is_new] = places_.try_emplace(key_of(waiting), list.size());
  if (is_new)
    list.push_back(std::move(waiting));
  else
    list[place->second].who.push_back(std::move(waiting.who.front()));
  Waiting& group = list[place->second];
  if (since && (!group.since || *group.since < *since)) group.since = since;
}

void Explaining::explain_unit(const UnitStatus& unit) {
  Waiting waiting;
  waiting.is_as_expected = is_as_expected(unit);
  const bool is_quiet = unit.workload.current == "active" ||
                        (unit.workload.current == "unknown" && unit.workload.message.empty());
  if (waiting.is_as_expected && is_quiet) return;
  waiting.application = unit.application;
  waiting.who = {unit.name};
  waiting.shows = state_in_words(unit).substr(3);
  waiting.chain = chain_of(unit, waiting.ends_as_expected);
  const auto history = c_.facts.history.units.find(unit.name);
  add(std::move(waiting), history == c_.facts.history.units.end()
                              ? std::nullopt
                              : std::optional(history->second.changed));
}

void Explaining::explain_application(const ApplicationStatus& application) {
  const auto units = units_.units_of(application.name);
  for (const UnitStatus* unit : units) explain_unit(*unit);
  std::vector<std::string> wrong = wrong_counts(units, expected(application.name));
  if (!application.life.empty()) wrong.push_back("the application is " + application.life);
  for (const std::string& words : wrong) {
    Waiting waiting;
    waiting.application = application.name;
    waiting.who = {application.name};
    waiting.shows = words;
    waiting.chain = {{LinkKind::shows, application.name, "shows " + words}};
    add(std::move(waiting), std::nullopt);
  }
  if (!c_.plan) return;
  if (!planned_.has(application.name)) {
    why_.unexpected.push_back(application.name);
    return;
  }
  const UnitsWanted wanted = units_wanted(planned_, application, units_);
  if (!wanted.bare_principals.empty()) {
    why_.absent.push_back(application.name + " with " + listed(wanted.bare_principals));
  } else if (!wanted.count) {
    if (units.empty()) why_.absent.push_back(application.name + ": any unit");
  } else if (units.size() < *wanted.count) {
    why_.absent.push_back(fmt::format("{}: {} of {}", application.name, units.size(),
                                      counted(*wanted.count, "unit")));
  }
  if (wanted.count && units.size() > *wanted.count) {
    why_.unexpected.push_back(fmt::format("{}: {}, {} expected", application.name,
                                          counted(units.size(), "unit"), *wanted.count));
  }
}

// Those that no unit's chain has told of.
void Explaining::explain_machines() {
  for (const auto& [id, machine] : status_.machines) {
    if (is_sound(machine) || told_machines_.contains(id)) continue;
    Waiting waiting;
    waiting.who = {id};
    waiting.shows = state_in_words(machine);
    add_machine_links(id, LinkKind::on_machine, waiting.chain);
    add(std::move(waiting), std::nullopt);
  }
}

void Explaining::count_machines() {
  const auto containers = static_cast<std::size_t>(
      std::count_if(status_.machines.begin(), status_.machines.end(),
                    [](const auto& entry) { return entry.second.is_container(); }));
  const auto compare = [&](std::string_view what, std::size_t seen, std::size_t wanted) {
    if (seen < wanted) why_.absent.push_back(fmt::format("{}: {} of {}", what, seen, wanted));
    if (seen > wanted)
      why_.unexpected.push_back(fmt::format("{}: {}, {} expected", what, seen, wanted));
  };
  compare("machines", status_.machines.size() - containers, c_.plan->machines.size());
  compare("containers", containers, c_.plan->containers.size());
}

// Either end may be a remote application, which is not among the model's own.
void Explaining::note_absent_relations() {
  const auto is_related = [&](const std::string& one, const std::string& other) {
    const auto entry = status_.applications.find(one);
    return entry != status_.applications.end() &&
           std::any_of(entry->second.relations.begin(), entry->second.relations.end(),
                       [&](const RelationStatus& r) { return r.application == other; });
  };
  for (const PlannedRelation& relation : c_.plan->relations) {
    const std::string first = application_of(relation.first);
    const std::string second = application_of(relation.second);
    if (!status_.applications.contains(first) || !status_.applications.contains(second)) continue;
    if (is_related(first, second) || is_related(second, first)) continue;
    why_.absent.push_back(fmt::format("relation {} - {}", relation.first, relation.second));
  }
}

void Explaining::find_roots() {
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const Waiting& waiting : why_.holding_up) {
    const WaitLink& end = waiting.chain.back();
    const std::string who = end.kind == LinkKind::shows ? end.who : "machine " + end.who;
    const auto [place, is_new] = places.try_emplace({who, end.what}, why_.roots.size());
    if (is_new) why_.roots.push_back({who, end.what, 0, waiting.ends_as_expected});
    why_.roots[place->second].units += waiting.who.size();
  }
  std::stable_sort(why_.roots.begin(), why_.roots.end(),
                   [](const Root& a, const Root& b) { return a.units > b.units; });
}

NotYet Explaining::explain() {
  why_.at = c_.facts.history.newest;
  why_.unread = status_.unread;
  for (const auto& [name, application] : status_.applications) explain_application(application);
  if (c_.plan) {
    for (const PlannedApplication& planned : c_.plan->applications) {
      if (!status_.applications.contains(planned.name)) why_.absent.push_back(planned.name);
    }
    count_machines();
    note_absent_relations();
  }
  explain_machines();
  std::stable_partition(why_.holding_up.begin(), why_.holding_up.end(),
                        [](const Waiting& waiting) { return waiting.shows.starts_with("error"); });
  find_roots();
  return std::move(why_);
}

}  // namespace

bool Waiting::is_same(const Waiting& other) const {
  return std::tie(application, who, shows, chain, is_as_expected, ends_as_expected) ==
         std::tie(other.application, other.who, other.shows, other.chain, other.is_as_expected,
                  other.ends_as_expected);
}

NotYet why_not_yet(const Case& c) {
  const ModelStatus* status = c.facts.model_status.value();
  if (status) return Explaining(c, *status).explain();
  NotYet why;
  why.at = c.facts.history.newest;
  why.unobserved = c.facts.model_status.why_unknown();
  return why;
}

}  // namespace gatehouse
