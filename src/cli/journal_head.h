// The HEAD file beside the journal: the last row as a run left it at its end. It is what tells that
// rows were cut off the journal's end, which the chain of their hashes cannot.
#pragma once

#include <string>

#include "cli/context.h"
#include "journal/journal.h"

namespace gatehouse::cli {

/// What the HEAD file says of the journal's end.
struct Tail {
  enum class State { whole, cut, unknown };
  State state = State::unknown;
  std::string words;
};

/// `head` is the journal's own.
Tail judge_tail(const std::string& state_folder, Journal& journal, const JournalHead& head,
                FileStore& files);

/// malformed where rows are gone from its end.
Result<void> refuse_cut_tail(const std::string& state_folder, Journal& journal, FileStore& files);

/// Writes the journal's head to its file and tells where that fails.
void write_head(const std::string& state_folder, Journal& journal, Context& context);

}  // namespace gatehouse::cli
