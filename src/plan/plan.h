// The changes that Juju would make to an empty model for a bundle, in Juju's order, with Juju's
// ids, arguments and words; and the same as tables. Computed offline, without contact to anything.
// Source: Juju 3.6.28, core/bundle/changes and cmd/juju/application/deployer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>

#include "base/json.h"
#include "input/bundle/bundle.h"

namespace gatehouse {

/// A change knows what it needs by number; the list of ids is made on request (`Requirements`),
/// since each container requires every machine before it. Small, for a large plan has 300,000.
struct Change {
  std::size_t number = 0;   ///< in order of creation
  std::string_view method;  ///< "addCharm": a constant
  json::object args;        ///< empty where the plan was made without them
  /// The lines of a dry run without "- ".
  boost::container::small_vector<std::string, 1> description;
  boost::container::static_vector<std::size_t, 3> needs;  ///< numbers of changes, unsorted
  std::size_t machine_changes_before = 0;  ///< that many of Plan::machine_changes are needed too

  /// "addCharm-0"
  std::string id() const;
};

struct PlanCounts {
  std::size_t applications = 0;
  std::size_t units = 0;
  std::size_t relations = 0;
  std::size_t machines = 0;  ///< also those that only a unit or a container introduces
  std::size_t containers = 0;
  std::size_t changes = 0;

  bool operator==(const PlanCounts&) const = default;
};

struct PlannedApplication {
  std::string name;
  std::string charm;    ///< "ceph-osd", or a path
  std::string channel;  ///< as written
  std::string base;     ///< "ubuntu@22.04/stable"; "" where none
};

struct PlannedMachine {
  std::string number;     ///< in the model: "0"
  std::string bundle_id;  ///< "8"; "" where no machine of the bundle stands behind it
  std::string constraints;
};

struct PlannedContainer {
  std::string id;       ///< "0/lxd/3"
  std::string type;     ///< "lxd"
  std::string machine;  ///< "0"
};

struct PlannedUnit {
  std::string name;  ///< "ceph-mon/0"
  std::string application;
  std::string machine;  ///< "1" or "0/lxd/3"
};

struct PlannedRelation {
  std::string first;  ///< as written
  std::string second;
};

struct Plan {
  std::vector<Change> changes;  ///< in the order of the dry run
  PlanCounts counts;
  std::vector<PlannedApplication> applications;  ///< by name, in byte order
  std::vector<PlannedMachine> machines;          ///< by number
  std::vector<PlannedContainer> containers;      ///< in order of the changes
  std::vector<PlannedUnit> units;                ///< by application in byte order, then number
  std::vector<PlannedRelation> relations;        ///< in file order
  std::vector<std::string> located;              ///< the "Located charm" lines
  std::vector<std::size_t> machine_changes;      ///< numbers of the addMachines changes, ascending
};

/// What each change of a plan requires, as ids. Borrows the plan.
class Requirements {
 public:
  explicit Requirements(const Plan& plan);

  /// Sorted as text; good as long as this.
  std::vector<std::string_view> of(const Change& change) const;

 private:
  const Plan& plan_;
  std::vector<std::string> ids_;             ///< of each change, by its number
  std::vector<std::size_t> machines_by_id_;  ///< places in Plan::machine_changes, by the id's text
};

/// Why Juju would stop while planning, in its words: "ERROR cannot deploy bundle: ...".
struct PlanRefusal {
  std::string text;
};

/// Only JSON shows arguments, and in a large plan they are most of it.
enum class PlanArguments { made, left_out };

std::variant<Plan, PlanRefusal> compute_plan(const Bundle& bundle,
                                             PlanArguments arguments = PlanArguments::made);

/// How many bytes of ids all changes together require: it grows with the square of the machines.
std::size_t requirement_bytes(const Plan& plan);
/// More than this is not written as JSON: some 2,500 containers require as much.
inline constexpr std::size_t kRequirementBytesMax = std::size_t{64} << 20;

/// What `juju deploy --dry-run` prints on standard output, with the heading and a final line feed;
/// "" where there is nothing to do.
std::string dry_run_text(const Plan& plan);

json::object to_json(const PlanCounts& counts);

/// {"changes":[...],"counts":{...}}: CONTRACT.md, `bundle plan --format json`, less its warnings.
json::object to_json(const Plan& plan);

/// The same as one line of text, with the warnings of the reader. Numbers are as Go writes them:
/// each goes through a double, whole ones below 1e21 without an exponent.
std::string json_text(const Plan& plan, const json::array& warnings);

}  // namespace gatehouse
