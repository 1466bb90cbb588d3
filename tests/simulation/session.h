// One process of the product in a World: its effects, which may be disturbed, and the plug, which
// may be pulled. What is pulled reaches the world no more: every call fails at once and changes
// nothing, so the rest of the program runs down like a process that is no longer there.
#pragma once

#include <limits>

#include "cli/context.h"
#include "tests/simulation/world.h"

namespace gatehouse::simulation {

/// How strongly the world is disturbed: chances of one call, from 0 to 1.
struct Disturbance {
  double unreachable = 0;     ///< a request or a program is not answered
  double truncated = 0;       ///< an answer ends early
  double wrong_type = 0;      ///< a number comes as a text
  double slow = 0;            ///< an answer comes after its deadline
  double disk_full = 0;       ///< a file of the client cannot be written
  double journal_full = 0;    ///< a row cannot be written
  Milliseconds wall_jump{0};  ///< the wall clock is set so much ahead, once, on the way
  bool kills_child = false;   ///< a child that outlives us dies on its way, with its keeper
  bool loses_exit = false;    ///< its answer is lost after the effect
};

struct Boundary {
  std::string what;  ///< "before commit of intent", "after effect juju deploy"
};

struct SessionEnd {
  int exit_code = 0;
  bool was_killed = false;
  std::string out;
  std::string err;
};

class Plug {
 public:
  std::size_t pulled_at = std::numeric_limits<std::size_t>::max();
  std::vector<Boundary> passed;
  bool is_pulled = false;

  /// True from the boundary on at which the plug is pulled.
  bool pass(std::string what) {
    if (is_pulled) return true;
    passed.push_back({std::move(what)});
    is_pulled = passed.size() == pulled_at;
    return is_pulled;
  }
};

struct SessionRequest {
  enum class Verb { run, resume, verify, report } verb = Verb::run;
  Disturbance disturbance{};
  std::size_t pulled_at = std::numeric_limits<std::size_t>::max();
  Milliseconds interrupted_after = Milliseconds::max();  ///< the operator's first Ctrl-C
  std::string until{};
  std::string format{};      ///< of a report
  std::string bundle{};      ///< a file for all of a run
  std::uint64_t number = 0;  ///< of the session in its history: chance goes on from it
};

/// The effects that a session gives to the product; the three must outlive it.
class SessionEffects {
 public:
  SessionEffects(World& world, const SessionRequest& request, Plug& plug);
  SessionEffects(const SessionEffects&) = delete;
  SessionEffects& operator=(const SessionEffects&) = delete;
  ~SessionEffects();
  Effects& effects();

 private:
  friend SessionEnd run_session(World& world, const SessionRequest& request, Plug& plug);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Runs the command to its end. `plug` tells afterwards which boundaries it came to.
SessionEnd run_session(World& world, const SessionRequest& request, Plug& plug);

}  // namespace gatehouse::simulation
