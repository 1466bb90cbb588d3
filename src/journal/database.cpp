#include "journal/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace gatehouse::journal {
namespace {

// "GATE": tells our database from another program's
// (https://www.sqlite.org/fileformat2.html, 1.3.4).
constexpr int kApplicationId = 0x47415445;
constexpr int kSchemaVersion = 2;
constexpr int kBusyMilliseconds = 5'000;

// The triggers stop slips of the hand; against intent there is the chain.
constexpr const char* kSchema = R"(
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY,
  run      TEXT NOT NULL,
  at       TEXT NOT NULL,
  kind     TEXT NOT NULL,
  version  INTEGER NOT NULL,
  body     TEXT NOT NULL,
  hash     TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_run ON events (run, sequence);
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'a journal row is never changed'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'a journal row is never removed'); END;
)";

// Since version 2: where the chain begins after old runs were pruned away.
constexpr const char* kAnchorTable = R"(
CREATE TABLE anchor (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  sequence INTEGER NOT NULL,
  hash     TEXT NOT NULL
) STRICT;
)";

ErrorKind kind_of(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::conflict;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorKind::denied;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return ErrorKind::malformed;
    default:
      return ErrorKind::io;
  }
}

std::string help_for(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "wait for the other process to end";
    case SQLITE_FULL:
      return "free space on that disk; nothing was lost";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return "where the folder cannot be written, read a copy of the whole folder";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return kDamagedHelp;
    default:
      return {};
  }
}

int pragma_integer(SQLite::Database& database, const char* name) {
  return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

void make_schema(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(kSchema);
  database.exec(kAnchorTable);
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

// Rows stay as they are; only what is beside them is new.
void bring_forward(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(kAnchorTable);
  database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

}  // namespace

Error database_error(const SQLite::Exception& exception, const std::string& path) {
  Error error;
  error.kind = kind_of(exception.getErrorCode());
  error.message = fmt::format("journal {}: {}", path, exception.what());
  error.help = help_for(exception.getErrorCode());
  return error;
}

Result<std::unique_ptr<SQLite::Database>> open_for_reading(const std::string& path) {
  return attempt(path, [&path] {
    auto database =
        std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY, kBusyMilliseconds);
    database->exec("PRAGMA trusted_schema = OFF");
    return database;
  });
}

Result<SchemaState> examine_schema(SQLite::Database& database, const std::string& path) {
  int version = 0;
  int application = 0;
  int objects = 0;
  const Result<void> asked = attempt(path, [&] {
    version = pragma_integer(database, "user_version");
    application = pragma_integer(database, "application_id");
    objects = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt();
  });
  if (!asked) return fail(asked.error());
  if (objects == 0 && version == 0 && application == 0) return SchemaState::absent;
  if (application != kApplicationId) {
    return fail(ErrorKind::malformed, path + " is a database of another program",
                "move it aside, or give another `state` in the site file");
  }
  if (version > kSchemaVersion) {
    return fail(ErrorKind::invalid_input,
                fmt::format("journal {} has schema version {}, and this program knows {}", path,
                            version, kSchemaVersion),
                "use the newer gatehouse that wrote it");
  }
  if (version == 1) return SchemaState::first;
  if (version != kSchemaVersion) {
    return fail(ErrorKind::malformed,
                fmt::format("journal {} has schema version {}, which never was", path, version),
                kDamagedHelp);
  }
  return SchemaState::current;
}

Result<std::unique_ptr<SQLite::Database>> open_for_writing(const std::string& path,
                                                           SchemaState state) {
  return attempt(path, [&path, state] {
    auto database =
        std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
    database->exec("PRAGMA trusted_schema = OFF");
    // Readers go on while we write; each commit is flushed before it returns.
    database->exec("PRAGMA journal_mode = WAL");
    database->exec("PRAGMA synchronous = FULL");
    if (state == SchemaState::absent) make_schema(*database);
    if (state == SchemaState::first) bring_forward(*database);
    return database;
  });
}

JournalHead read_anchor(SQLite::Database& database, SchemaState state) {
  if (state != SchemaState::current) return {};
  SQLite::Statement statement(database, "SELECT sequence, hash FROM anchor");
  if (!statement.executeStep()) return {};
  return {.sequence = statement.getColumn(0).getInt64(),
          .hash = statement.getColumn(1).getString()};
}

void remove_rows(SQLite::Database& database, const JournalHead& last) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // The one removal that is meant; the trigger is there again before anybody else can see it gone.
  database.exec("DROP TRIGGER events_are_not_removed");
  SQLite::Statement removal(database, "DELETE FROM events WHERE sequence <= ?");
  removal.bind(1, last.sequence);
  removal.exec();
  SQLite::Statement anchor(database,
                           "INSERT OR REPLACE INTO anchor (only, sequence, hash) VALUES (1, ?, ?)");
  anchor.bind(1, last.sequence);
  anchor.bind(2, last.hash);
  anchor.exec();
  database.exec(
      "CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events "
      "BEGIN SELECT RAISE(ABORT, 'a journal row is never removed'); END");
  transaction.commit();
}

Result<std::unique_ptr<SQLite::Database>> open_in_memory() {
  const std::string path = ":memory:";
  return attempt(path, [&path] {
    auto database = std::make_unique<SQLite::Database>(
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMilliseconds);
    make_schema(*database);
    return database;
  });
}

}  // namespace gatehouse::journal
