// What one seed does to one world: which fault the lab has, how its answers are disturbed, when the
// program is killed or interrupted, and how its operator goes on until the run is over. And the
// checkers: what must hold of every history. Start at play.
#pragma once

#include "tests/simulation/session.h"

namespace gatehouse::simulation {

struct History {
  std::string script;  ///< what chance decided, one line, for a person
  std::vector<SessionRequest> requests;
  std::vector<SessionEnd> sessions;
  std::vector<Event> rows;  ///< of the whole journal, in order
  std::string fault;        ///< of the lab; "" for none
  bool has_killed_child = false;
  Milliseconds took{0};                 ///< of virtual time
  std::vector<std::string> violations;  ///< empty: all checkers hold
  std::vector<Boundary> boundaries;     ///< of the first session
  json::object report;                  ///< of the newest run
  std::string transcript;               ///< every byte that the history left

  int exit_code() const { return sessions.empty() ? -1 : sessions.back().exit_code; }
};

struct Script {
  std::string site = "omega";
  std::uint64_t seed = 1;
  bool is_calm = false;  ///< nothing is disturbed: the straight run of that seed
  std::size_t pulled_at =
      std::numeric_limits<std::size_t>::max();  ///< of a calm one's first session
  std::string until{};
  std::string fault{};  ///< of a calm one
};

History play(const Script& script);

/// Gate and ruling of each exit gate that was judged last: "unit_states pass".
std::set<std::string> exit_rulings(const json::object& report);

}  // namespace gatehouse::simulation
