// Why a model is not settled yet, at one moment: who holds it up and the chain behind it, out of
// statuses, messages, the plan's relations and those that the model shows. Pure, like a gate, and
// given the same Case; it rules nothing. Without a plan it tells of what the model shows alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gates/gate.h"

namespace gatehouse {

enum class LinkKind {
  waits_for,   ///< another unit or application
  on_machine,  ///< the machine that it is on, which is not there yet
  in_machine,  ///< the machine that a container is in
  shows,       ///< the end: what the last one says of itself
};

struct WaitLink {
  LinkKind kind = LinkKind::shows;
  std::string who;   ///< "vault/0", "2/lxd/3"; of `shows`: the one before
  std::string what;  ///< of waits_for: the endpoint; of a machine: "has no address"; else the words

  bool operator==(const WaitLink&) const = default;
};

/// Units of one application that show the same and wait for the same.
struct Waiting {
  std::string application;           ///< "" for machines
  std::vector<std::string> who;      ///< unit names, or machine ids
  std::string shows;                 ///< "waiting, idle: 'secrets-storage' incomplete"
  std::vector<WaitLink> chain;       ///< never empty; ends with `shows` or with a machine
  bool is_as_expected = false;       ///< it waits, and the site wants it so
  bool ends_as_expected = false;     ///< the end of the chain is what the site wants
  std::optional<Moment> since = {};  ///< by our own clock: when the last of them changed

  /// What makes it the same at another moment: everything except `since`.
  bool is_same(const Waiting& other) const;
};

/// The end of chains, with how many units are behind it.
struct Root {
  std::string who;
  std::string what;
  std::size_t units = 0;
  bool is_as_expected = false;
};

struct NotYet {
  std::optional<std::string> unobserved;  ///< why the model was not seen; then the rest is empty
  std::vector<Waiting> holding_up;        ///< not as the site wants it
  std::vector<Waiting> expected;          ///< waiting, and as the site wants it
  std::vector<std::string> absent;  ///< expected, not in the model: "vault", "store: 1 of 3 units"
  std::vector<std::string> unexpected;  ///< in the model, not expected
  std::vector<std::string> unread;      ///< parts of the status that cannot be read
  std::vector<Root> roots;              ///< of `holding_up`, the most units first
  Moment at{};                          ///< of the sample

  bool is_empty() const {
    return !unobserved && holding_up.empty() && absent.empty() && unexpected.empty() &&
           unread.empty();
  }
};

NotYet why_not_yet(const Case& c);

/// "barbican-vault/0 waits for vault/0 (secrets), which is blocked \"...\": expected".
std::string in_words(const Waiting& waiting);

/// The lines that somebody who watches wants to see, with elapsed times; at most so many of each
/// kind, and how many there are beyond.
std::vector<std::string> lines_of(const NotYet& why, std::size_t lines_max);

json::object to_json(const NotYet& why);
json::object to_json(const Waiting& waiting);
json::object to_json(const Root& root);

}  // namespace gatehouse
