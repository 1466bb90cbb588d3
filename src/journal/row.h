// A row as it stands in the database, and the hash that binds it to the row before it.
#pragma once

#include <cstdint>
#include <string>

#include "journal/journal.h"

namespace gatehouse::journal {

struct Row {
  std::int64_t sequence = 0;
  std::string run;
  std::string at;
  std::string kind;
  std::int64_t version = 1;
  std::string body;
  std::string hash;
};

/// SHA-256 over the previous row's hash ("" for the first row) and this row's texts, each led by
/// its length, so that no two rows give one input (docs/formats/journal.md).
std::string row_hash(const std::string& previous_hash, const Row& row);

/// malformed, by name of the row.
Result<Event> to_event(const Row& row);

/// Follows rows in the order of the table, and stops at the first that does not fit.
class Chain {
 public:
  /// `anchor`: the last row that was pruned away; none for a whole journal.
  explicit Chain(JournalHead anchor = {}) : head_(std::move(anchor)) {}
  Result<void> follow(const Row& row);
  const JournalHead& head() const { return head_; }

 private:
  JournalHead head_;
};

}  // namespace gatehouse::journal
