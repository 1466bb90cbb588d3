#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "sim/chance.h"
#include "sim/charm_facts.h"
#include "sim/embedded.h"
#include "sim/model.h"
#include "sim/scripts.h"

namespace gatehouse::sim {
namespace {

using FactsByApplication = std::map<std::string, CharmFacts>;

/// Which change brings what, by the words of its first line, which are Juju's.
class ChangeIndex {
 public:
  explicit ChangeIndex(const Plan& plan) {
    for (std::size_t i = 0; i < plan.changes.size(); ++i) {
      const Change& change = plan.changes[i];
      if (change.description.empty()) continue;
      const std::vector<std::string> words = words_of(change.description.front());
      if (words.size() < 3) continue;
      if (words[0] == "deploy") note("application " + words[2], i);
      if (words[0] == "expose") note("expose " + exposed_in(words), i);
      if (words[0] != "add" || words.size() < 4) continue;
      if (words[1] == "new") note("machine " + words[3], i);
      if (words[1] == "unit") note("unit " + words[2], i);
      if (words[2] == "container") note("container " + words[3], i);
      if (words[1] == "relation" && words.size() >= 5) {
        note("relation " + words[2] + " " + words[4], i);
      }
    }
  }
  std::size_t of(const std::string& thing) const {
    const auto found = changes_.find(thing);
    return found == changes_.end() ? 0 : found->second;
  }

 private:
  void note(const std::string& thing, std::size_t change) { changes_.try_emplace(thing, change); }
  static std::string exposed_in(const std::vector<std::string>& words) {
    const auto of_word = std::find(words.begin(), words.end(), "of");
    return of_word == words.end() || of_word + 1 == words.end() ? "" : *(of_word + 1);
  }
  std::map<std::string, std::size_t> changes_;
};

FactsByApplication gather_facts(const json::value& catalogue, const Bundle& bundle) {
  FactsByApplication facts;
  for (const auto& [name, application] : bundle.applications) {
    CharmFacts known = facts_of_charm(catalogue, application.charm_name());
    if (!known.is_known) {
      known.is_subordinate = application.num_units == 0 && application.to.empty();
    }
    facts[name] = std::move(known);
  }
  return facts;
}

/// Every endpoint with its space, as status shows them.
std::map<std::string, std::string> bindings_of(const LabWorld& world,
                                               const BundleApplication& application,
                                               const CharmFacts& facts) {
  const LabPlane* boot = world.boot_plane();
  std::string otherwise = boot == nullptr ? "alpha" : boot->plane.space;
  std::map<std::string, std::string> written;
  for (const auto& [endpoint, space] : application.bindings) written[endpoint] = space.value;
  const auto& wrong = world.faults.juju.wrong_binding;
  if (wrong && wrong->application == application.name) {
    const LabPlane* plane = world.plane(wrong->wrong_plane);
    const std::string former = written.contains(wrong->endpoint) ? written[wrong->endpoint] : "";
    for (auto& [endpoint, space] : written) {
      if (plane != nullptr && space == former) space = plane->plane.space;
    }
    if (plane != nullptr) written[wrong->endpoint] = plane->plane.space;
  }
  if (written.contains("")) otherwise = written[""];
  std::map<std::string, std::string> bindings = {{"", otherwise}};
  for (const std::string& endpoint : facts.bindable) bindings[endpoint] = otherwise;
  for (const auto& [endpoint, space] : written) bindings[endpoint] = space;
  return bindings;
}

void add_peers(const CharmFacts& facts, LabApplication& application) {
  for (const auto& [name, endpoint] : facts.endpoints) {
    if (endpoint.role != EndpointRole::peers) continue;
    application.relations.push_back({.endpoint = name,
                                     .application = application.name,
                                     .interface = endpoint.interface,
                                     .scope = "global",
                                     .change = application.change});
  }
}

void add_relations(const std::vector<ResolvedRelation>& relations,
                   const std::vector<std::size_t>& changes, LabApplication& application) {
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const ResolvedRelation& relation = relations[i];
    const std::string scope = relation.is_container_scoped ? "container" : "global";
    if (relation.first_application == application.name) {
      application.relations.push_back({relation.first_endpoint, relation.second_application,
                                       relation.interface, scope, changes[i]});
    }
    if (relation.second_application == application.name) {
      application.relations.push_back({relation.second_endpoint, relation.first_application,
                                       relation.interface, scope, changes[i]});
    }
  }
}

std::set<std::string> related_endpoints(const LabApplication& application) {
  std::set<std::string> endpoints;
  for (const LabRelation& relation : application.relations) {
    if (relation.application != application.name) endpoints.insert(relation.endpoint);
  }
  return endpoints;
}

/// One unit of each subordinate beside each unit of the principals that it has a container-scoped
/// relation with, numbered in the order of the principals.
void add_subordinates(const std::vector<ResolvedRelation>& relations, ModelPlan& model) {
  std::map<std::string, std::size_t> next_number;
  const std::vector<LabUnit> principals = model.units;
  std::set<std::pair<std::string, std::string>> placed;
  for (const LabApplication& application : model.applications) {
    if (!application.is_subordinate) continue;
    for (const LabUnit& principal : principals) {
      for (const ResolvedRelation& relation : relations) {
        if (!relation.is_container_scoped) continue;
        const bool fits = (relation.first_application == application.name &&
                           relation.second_application == principal.application) ||
                          (relation.second_application == application.name &&
                           relation.first_application == principal.application);
        if (!fits || !placed.emplace(application.name, principal.name).second) continue;
        model.units.push_back(
            {.name = fmt::format("{}/{}", application.name, next_number[application.name]++),
             .application = application.name,
             .machine = principal.machine,
             .principal = principal.name,
             .change = principal.change});
      }
    }
  }
}

/// The default binding's space first, then the others as the site lists its planes.
std::vector<std::string> spaces_of(const LabWorld& world, const ModelPlan& model,
                                   const std::string& machine) {
  std::vector<std::string> wanted;
  std::set<std::string> bound;
  for (const LabUnit& unit : model.units) {
    if (unit.machine != machine || !unit.principal.empty()) continue;
    const LabApplication* application = model.application(unit.application);
    if (application == nullptr) continue;
    for (const auto& [endpoint, space] : application->bindings) {
      if (endpoint.empty()) wanted.push_back(space);
      bound.insert(space);
    }
  }
  for (const LabPlane& plane : world.planes) {
    const std::string& space = plane.plane.space;
    if (!bound.contains(space)) continue;
    if (std::find(wanted.begin(), wanted.end(), space) == wanted.end()) wanted.push_back(space);
  }
  return wanted;
}

void wire_container(const LabWorld& world, const ModelPlan& model, AddressPool& pool,
                    LabContainer& container) {
  std::set<std::string> wired;
  for (const std::string& space : spaces_of(world, model, container.id)) {
    const LabPlane* plane = world.plane_of_space(space);
    if (plane == nullptr || !wired.insert(plane->plane.name).second) continue;
    const std::optional<Ipv4> address = pool.next(*plane);
    const std::string name = fmt::format("eth{}", container.nics.size());
    const std::uint64_t bits = chance_bits(world.settings.seed, "mac " + container.id + " " + name);
    container.nics.push_back(
        {.name = name,
         .space = plane->plane.space,
         .address = address ? to_string(*address) : "",
         .mac = fmt::format("00:16:3e:{:02x}:{:02x}:{:02x}", bits & 0xff, (bits >> 8) & 0xff,
                            (bits >> 16) & 0xff),
         .gateway = plane->plane.gateway ? to_string(*plane->plane.gateway) : ""});
  }
}

void add_applications(const LabWorld& world, const Bundle& bundle, const Plan& plan,
                      const FactsByApplication& facts, const ChangeIndex& index,
                      const std::vector<ResolvedRelation>& relations,
                      const std::vector<std::size_t>& relation_changes, ModelPlan& model) {
  const ScriptBook book;
  for (const PlannedApplication& planned : plan.applications) {
    const BundleApplication* written = bundle.find(planned.name);
    if (written == nullptr) continue;
    LabApplication application{.name = planned.name,
                               .charm = planned.charm,
                               .channel = planned.channel,
                               .base = planned.base,
                               .is_exposed = written->expose,
                               .is_subordinate = facts.at(planned.name).is_subordinate,
                               .change = index.of("application " + planned.name),
                               .bindings = bindings_of(world, *written, facts.at(planned.name)),
                               .relations = {},
                               .script = {}};
    add_peers(facts.at(planned.name), application);
    add_relations(relations, relation_changes, application);
    application.script = book.script_for(*written, related_endpoints(application));
    model.applications.push_back(std::move(application));
  }
}

void add_machines(const LabWorld& world, const Plan& plan, const ChangeIndex& index,
                  ModelPlan& model) {
  for (std::size_t i = 0; i < plan.machines.size(); ++i) {
    const PlannedMachine& planned = plan.machines[i];
    const bool is_lacking = world.faults.juju.lacks_last_machine && i + 1 == plan.machines.size();
    model.machines.push_back(
        {.number = planned.number,
         .hostname = i < world.machines.size() && !is_lacking ? world.machines[i].hostname : "",
         .constraints = planned.constraints,
         .change = index.of("machine " + planned.number)});
  }
}

}  // namespace

ModelPlan make_model_plan(const LabWorld& world, const Bundle& bundle, const Plan& plan) {
  const json::value& catalogue = charm_catalogue();
  const FactsByApplication facts = gather_facts(catalogue, bundle);
  const ChangeIndex index(plan);
  ModelPlan model;
  std::string lines;
  for (const Change& change : plan.changes) {
    model.changes.emplace_back(change.description.begin(), change.description.end());
    lines += join(model.changes.back(), "\n") + "\n";
  }
  model.digest = sha256_hex(lines);

  std::vector<ResolvedRelation> relations;
  std::vector<std::size_t> relation_changes;
  for (const BundleRelation& relation : bundle.relations) {
    relations.push_back(resolve_relation(relation, facts));
    relation_changes.push_back(index.of("relation " + relation.first + " " + relation.second));
  }
  add_applications(world, bundle, plan, facts, index, relations, relation_changes, model);
  add_machines(world, plan, index, model);
  for (const PlannedUnit& unit : plan.units) {
    model.units.push_back({.name = unit.name,
                           .application = unit.application,
                           .machine = unit.machine,
                           .principal = "",
                           .change = index.of("unit " + unit.name)});
  }
  AddressPool pool(world);
  for (const PlannedContainer& planned : plan.containers) {
    LabContainer container{.id = planned.id,
                           .machine = planned.machine,
                           .change = index.of("container " + planned.id),
                           .nics = {}};
    wire_container(world, model, pool, container);
    model.containers.push_back(std::move(container));
  }
  add_subordinates(relations, model);
  return model;
}

}  // namespace gatehouse::sim
