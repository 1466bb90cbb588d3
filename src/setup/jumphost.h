// Can this jumphost do the phase? Tools and versions, logins, reachability, clocks, free disk,
// umask, and what earlier runs left behind. Looked at first, then judged by a pure function; each
// check carries the next command to run. Changes nothing. Start at observe_jumphost.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "facts/questions.h"
#include "gates/gate.h"

namespace gatehouse::setup {

struct JumphostQuestions {
  bool has_site = false;  ///< without one, only this machine is looked at
  Questions questions;    ///< of the site
  std::string state_folder;
  std::string site_option;  ///< " --site FILE" for the commands that are told; "" where not needed
  std::string home;
};

/// Two clocks at one moment: ours before the question and after the answer, theirs between.
struct ClockReading {
  Moment before{};
  Moment after{};
  Moment theirs{};  ///< cut to the second
};

struct Leftover {
  std::string what;
  std::string next;
  bool is_in_the_way = false;  ///< a new run would meet it; else it only takes room
};

struct JumphostFacts {
  bool has_site = false;
  std::string state_folder;
  std::string controller;
  Observation<std::string> ssh_version;
  std::optional<Observation<std::string>> qemu_img_version;  ///< only where it is run here
  Facts facts;                                               ///< MAAS's and Juju's own
  std::optional<Observation<ClockReading>> maas_clock, controller_clock;
  std::map<std::string, Observation<std::string>> hosts;  ///< by name: that it answers
  Observation<std::uint64_t> free_bytes;                  ///< where the state folder lies
  Observation<unsigned> umask;
  Observation<std::vector<Leftover>> leftovers;
};

JumphostFacts observe_jumphost(const JumphostQuestions& asked, Effects& effects);

/// One verdict for each topic: "tools", "logins", "hosts", "clocks", "room", "umask", "leftovers".
/// Each check has a next command, also one that holds: then it is how to see the same.
std::vector<Verdict> judge_jumphost(const JumphostFacts& facts);

/// A line for each check and under it what to run.
std::string jumphost_text(std::span<const Verdict> verdicts);

/// How far apart the clocks are at the least, beyond what a clock cut to the second may hide.
Milliseconds difference(const ClockReading& reading);

/// "15:04:05", "15:04:05Z", "15:04:05+13:00" as the moment nearest to `near`; nothing else.
std::optional<Moment> nearest_time_of_day(std::string_view text, Moment near);

}  // namespace gatehouse::setup
