// The one place that speaks to SQLite: opening, the schema and its version, and what an SQLite
// error means to a caller.
#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/result.h"
#include "journal/journal.h"

namespace gatehouse::journal {

/// What to do where the file itself is not what was written.
inline constexpr const char* kDamagedHelp =
    "keep a copy of its folder, from which alone an unfinished run can be resumed; where it is "
    "moved "
    "aside, the next run begins a new journal";

/// The error of a failed call: conflict (held by another), io (disk full or failing), denied (not
/// writable), malformed (no database, or damaged).
Error database_error(const SQLite::Exception& exception, const std::string& path);

/// Runs what may throw, and gives its value or the error.
template <class Work>
auto attempt(const std::string& path, Work work) -> Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const SQLite::Exception& exception) {
    return fail(database_error(exception, path));
  }
}

enum class SchemaState {
  absent,
  first,  ///< without the table `anchor`; read as it is, brought forward by a writer
  current,
};

/// Opens an existing file without any right to change it.
Result<std::unique_ptr<SQLite::Database>> open_for_reading(const std::string& path);

/// invalid_input for a newer schema, malformed for a database of another program.
Result<SchemaState> examine_schema(SQLite::Database& database, const std::string& path);

/// Opens an existing file, which examine_schema has found to be `state`; makes the schema where it
/// is absent, and brings an older one forward, in one transaction.
Result<std::unique_ptr<SQLite::Database>> open_for_writing(const std::string& path,
                                                           SchemaState state);

/// The last row that was pruned away; sequence 0 where none was.
JournalHead read_anchor(SQLite::Database& database, SchemaState state);

/// Removes all rows up to that one, whose hash is `last`'s, and keeps it as the anchor.
void remove_rows(SQLite::Database& database, const JournalHead& last);

/// A new one with our schema, which lies in memory alone.
Result<std::unique_ptr<SQLite::Database>> open_in_memory();

}  // namespace gatehouse::journal
