// How a charm comes up, as data/lab/bring-up.json tells it: which stages its units go through and
// what they show in the end. Conditions on the model (relations, options) are resolved here, once;
// the one on leadership stays, for a leader is known only later.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/moment.h"
#include "input/bundle/bundle.h"

namespace gatehouse::sim {

struct MinuteRange {
  Milliseconds least{0};
  Milliseconds most{0};
};

struct ScriptStage {
  MinuteRange length;
  std::string workload;
  std::string message;
  std::string agent;
  std::string agent_message;
};

struct ScriptEnd {
  std::optional<bool> is_leader;  ///< only for leaders, only for others, or for both
  std::string workload;
  std::string message;
};

struct Script {
  std::vector<ScriptStage> stages;
  std::vector<ScriptEnd> ends;
  std::string version;
  std::vector<std::string> open_ports;

  const ScriptEnd& end_for(bool is_leader) const;
};

/// Of a script as ScriptBook made it.
Script script_from(const json::object& script);

class ScriptBook {
 public:
  ScriptBook();
  json::object script_for(const BundleApplication& application,
                          const std::set<std::string>& related_endpoints) const;

  MinuteRange machine_allocate() const { return range_of("machine", "allocate"); }
  MinuteRange machine_deploy() const { return range_of("machine", "deploy"); }
  MinuteRange container_start() const { return range_of("container", "start"); }
  MinuteRange agent_start() const { return range_of("agent", "start"); }
  MinuteRange container_stagger() const { return range_of("container", "stagger"); }
  /// What every unit goes through before its charm speaks.
  std::vector<ScriptStage> unit_stages() const;
  std::string agent_version() const;

 private:
  MinuteRange range_of(const char* section, const char* key) const;
  const json::value& scripts_;
};

}  // namespace gatehouse::sim
