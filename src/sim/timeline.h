// When things happen in a model of the lab: a pure function of the model, the seed and the faults.
// Time never runs backwards here: what a later moment shows follows from the same history.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/model.h"
#include "sim/scripts.h"

namespace gatehouse::sim {

struct MachineTimes {
  std::optional<Moment> landed;     ///< none: the change that adds it has not landed
  std::optional<Moment> allocated;  ///< none: no machine of the site is left for it
  std::optional<Moment> running;    ///< its operating system answers; its agent does not yet
  std::optional<Moment> started;    ///< its agent answers; may lie in the future
};

/// What a unit shows.
struct UnitState {
  std::string workload;
  std::string message;
  std::string agent;
  std::string agent_message;
  Moment workload_since{};
  Moment agent_since{};
};

class Timeline {
 public:
  /// Both must outlive it. The model has a plan.
  Timeline(const LabWorld& world, const LabModel& model);

  MachineTimes machine(const std::string& number) const;
  MachineTimes container(const std::string& id) const;
  /// Of a machine or a container, by the form of its id.
  MachineTimes place(const std::string& id) const;
  /// None as long as the unit does not exist: a subordinate comes with its principal's relations.
  std::optional<UnitState> unit(const LabUnit& unit, Moment now) const;
  /// The existing unit of the application with the lowest number.
  bool is_leader(const LabUnit& unit, Moment now) const;
  bool exists(const LabUnit& unit, Moment now) const;
  /// "" where none: the container whose names the fault keeps from resolving.
  std::string place_without_dns() const;
  const ScriptBook& book() const { return book_; }

 private:
  struct Step {
    Moment begin;
    ScriptStage shown;
  };
  std::optional<Moment> birth(const LabUnit& unit) const;
  std::vector<Step> steps_of(const LabUnit& unit, bool is_leader) const;
  void append_end(const LabUnit& unit, const Script& script, bool is_leader, Moment at,
                  std::vector<Step>& steps) const;
  Milliseconds draw(const std::string& name, const MinuteRange& range) const;
  std::string unit_with_hook_error() const;

  const LabWorld& world_;
  const LabModel& model_;
  ScriptBook book_;
  std::map<std::string, MachineTimes> places_;
};

/// "a|b|c", each a glob.
bool names_application(const std::string& applications, const std::string& application);

}  // namespace gatehouse::sim
