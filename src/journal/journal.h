// The record of what was judged and done at one site: rows that are only ever added, each bound to
// the one before it by a hash. It stores and does not interpret; kinds and bodies belong to the
// engine. Format: docs/formats/journal.md. Start at open_journal.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/moment.h"
#include "base/result.h"

namespace gatehouse {

struct Event {
  std::string run{};
  std::int64_t sequence = 0;  ///< from 1, without gaps, over all runs of the site
  Moment at{};
  std::string kind{};
  int version = 1;  ///< of the body's shape, counted for each kind
  json::object body{};
  std::string hash{};  ///< 64 hexadecimal digits
};

/// The last row. Kept outside the journal, it proves that no rows were cut off the end.
struct JournalHead {
  std::int64_t sequence = 0;  ///< 0 and no hash: there is no row
  std::string hash{};

  bool operator==(const JournalHead&) const = default;
};

class Journal {
 public:
  virtual ~Journal() = default;
  /// On the disk when this returns. Errors: conflict (another process added rows since we opened,
  /// or holds the database), denied (opened for reading), io (disk full), malformed (the text is no
  /// UTF-8). On failure nothing was added.
  virtual Result<Event> append(const std::string& run, Moment at, std::string kind,
                               json::object body) = 0;
  /// In order; empty for a run that is not there. malformed names a row that cannot be read.
  virtual Result<std::vector<Event>> events_of(const std::string& run) = 0;
  /// Oldest first.
  virtual Result<std::vector<std::string>> runs() = 0;
  virtual Result<JournalHead> head() = 0;
  /// Reads the whole chain; malformed names the first row that is changed, dropped or reordered.
  /// That the end was cut off shows only by comparison with a head that was kept elsewhere.
  virtual Result<JournalHead> verify() = 0;
};

enum class JournalMode {
  write,  ///< makes the folder (0700) and the database (0600) where there are none
  read,   ///< never creates, never migrates
};

/// One writer at a time: the caller holds the site's lock. A journal that is damaged, of a newer
/// schema or not ours is refused before a byte of it is changed. Errors: not_found (read, and there
/// is none), malformed (damaged, named by its row; or no journal), invalid_input (newer schema),
/// denied, conflict, io.
Result<std::unique_ptr<Journal>> open_journal(const std::string& state_folder, JournalMode mode);

/// Removes the rows up to `up_to`, which must be the end of a run with no other run still open
/// across it, in one transaction, and gives the row at which the chain now begins. The caller holds
/// the site's lock and has kept the rows elsewhere. not_found, invalid_input, or as open_journal's.
Result<JournalHead> prune_journal(const std::string& state_folder, std::int64_t up_to);

/// One of its own that ends with the process and touches no disk: for simulations. Rows, chain and
/// errors are those of the other.
Result<std::unique_ptr<Journal>> open_journal_in_memory();

/// "<state_folder>/journal.db".
std::string journal_file(const std::string& state_folder);

/// What the HEAD file beside the journal holds: "SEQUENCE HASH" and a line feed.
std::string head_text(const JournalHead& head);

/// One object on one line, without the line feed.
std::string to_json_line(const Event& event);

}  // namespace gatehouse
